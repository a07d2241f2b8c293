"""What is done on some days of the week at one time of the day: when it is due, and its key.

An occurrence is named by its local wall time, so it happens once although the clocks are put back
over it, and is not left out because they are put forward over it: it comes when they have been.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.recurrence import DAYS, Occurrence
from bot.domain.zones import instant

_DAYS = {
    "daily": frozenset(range(7)),
    "weekdays": frozenset(range(5)),
    **{f"{name}s": frozenset({number}) for number, name in enumerate(DAYS)},
}
_FORM = re.compile(r"([a-z]+) ([01]\d|2[0-3]):([0-5]\d)", re.ASCII)

SUCH = 'write days and a time such as "weekdays 09:00", "daily 18:30" or "mondays 08:00"'


@dataclass(frozen=True, slots=True)
class Routine:
    """``days``: 0 is Monday. ``at``: local time, to the minute."""

    days: frozenset[int]
    at: time


def routine(text: str) -> Routine:
    """``weekdays 09:00``, ``daily 09:00``, ``mondays 09:00``. Raises ValueError, saying what to."""
    found = _FORM.fullmatch(" ".join(text.lower().split()))
    days = _DAYS.get(found[1]) if found else None
    if found is None or days is None:
        raise ValueError(SUCH)
    return Routine(days=days, at=time(int(found[2]), int(found[3])))


def latest(one: Routine, now: datetime, zone: ZoneInfo) -> Occurrence:
    """The last one that is due at ``now``."""
    return max(each for each in _around(one, now, zone) if each.at <= now)


def following(one: Routine, now: datetime, zone: ZoneInfo) -> Occurrence:
    """The next one after ``now``."""
    return min(each for each in _around(one, now, zone) if each.at > now)


def _around(one: Routine, now: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
    """All from nine days before to nine days after: there is always one on either side."""
    middle = now.astimezone(zone).date()
    for days in range(-9, 10):
        day = middle + timedelta(days=days)
        if day.weekday() in one.days:
            local = datetime.combine(day, one.at)
            yield Occurrence(local, instant(local, zone.key))
