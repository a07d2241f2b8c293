"""Day, week and month as the team's calendar has them, and windows that roll: pure.

A calendar window begins at the first instant at which the team's clocks show its first midnight or
later, and it ends where the next one begins. So the windows of a zone follow each other without gap
or overlap, also where a midnight is skipped, repeated, or belongs to a day that never was. Weeks
begin on Monday.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CALENDAR = ("day", "week", "month")

_ROLLING = re.compile(r"([1-9][0-9]{0,2})d")

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start`` (UTC) until ``end``; None: it rolls, and ends at the moment of asking."""

    start: datetime
    end: datetime | None


def is_window(per: str) -> bool:
    """``day``, ``week``, ``month``, or a number of days such as ``30d``."""
    return per in CALENDAR or _ROLLING.fullmatch(per) is not None


def rolling(per: str) -> timedelta | None:
    """How long a window that rolls is; None: it is one of the calendar."""
    match = _ROLLING.fullmatch(per)
    return None if match is None else timedelta(days=int(match[1]))


def window_at(per: str, zone: str, at: datetime) -> Window:
    """The window in which an instant lies. ``zone`` is a name of the tz database; a rolling window
    is that many times 24 hours, up to ``at``, wherever the team is.

    What happened exactly at the ``start`` of a calendar window is in it; what happened exactly at
    the ``start`` of a rolling one has just left it.
    """
    if (length := rolling(per)) is not None:
        return Window(at - length, None)
    clocks = ZoneInfo(zone)
    first = _first_day(per, at.astimezone(clocks).date())
    start = first_instant(first, clocks)
    # Clocks that are turned back over midnight show a day's date again after the next has begun.
    while at >= (end := first_instant(_next_first(per, first), clocks)):
        first, start = _next_first(per, first), end
    return Window(start, end)


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """When clocks in the zone first show the midnight that begins this day, or more; UTC."""
    midnight = datetime.combine(day, time(), zone)
    early, late = sorted(midnight.replace(fold=fold).astimezone(UTC) for fold in (0, 1))

    def shown(at: datetime) -> bool:
        # Two times of one zone are compared by what its clocks show.
        return at.astimezone(zone) >= midnight

    if shown(early):
        return early
    # This midnight never was: the clocks jumped over it, somewhere in between.
    while late - early > _SECOND:
        middle = early + (late - early) // (2 * _SECOND) * _SECOND
        early, late = (early, middle) if shown(middle) else (middle, late)
    return late


def _first_day(per: str, day: date) -> date:
    """The first day of the window that this day belongs to."""
    match per:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case _:
            return day


def _next_first(per: str, first: date) -> date:
    """The first day of the window after the one that begins on this day."""
    match per:
        case "week":
            return first + timedelta(days=7)
        case "month":
            return (first + timedelta(days=31)).replace(day=1)
        case _:
            return first + timedelta(days=1)
