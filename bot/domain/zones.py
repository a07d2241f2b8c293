"""Time zones by name, and the instant at which a wall clock shows a time.

A wall clock is turned twice a year in many places. A time that exists twice is meant the first
time; one that does not exist means the first instant after the clock was turned.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

SECOND = timedelta(seconds=1)


@cache
def zone_names() -> dict[str, str]:
    """Every zone that is named by its place, and UTC: the name in lower case, and as it is written.

    Abbreviations are not among them. ``EST`` is Panama's time all the year, ``IST`` is three
    different times, and people mean none of that.
    """
    names = (name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return {name.lower(): name for name in (*names, "UTC")}


def zone_named(text: str) -> str | None:
    """The zone's name as it is written, whatever the case; None: there is no such place."""
    return zone_names().get(text.lower())


def instant(local: datetime, zone: str) -> datetime:
    """The first instant, in UTC, at which the wall clock of the zone has reached this naive time.

    Raises zoneinfo.ZoneInfoNotFoundError for a name that is none.
    """
    place = ZoneInfo(zone)
    at = local.replace(tzinfo=place, fold=0).astimezone(UTC)
    if _wall(at, place) == local:
        return at
    # The clock jumps over this time, from before ``early`` to after ``at``: find where it lands.
    early = local.replace(tzinfo=place, fold=1).astimezone(UTC)
    while at - early > SECOND:
        middle = early + (at - early) // 2
        middle = middle.replace(microsecond=0)
        if _wall(middle, place) < local:
            early = middle
        else:
            at = middle
    return at


def wall_clock(at: datetime, zone: str) -> datetime:
    """What the wall clock of the zone shows at this instant, naive. Raises as ``instant``."""
    return _wall(at, ZoneInfo(zone))


def wall_key(local: datetime) -> str:
    """``2026-11-25T09:00``: the name of a wall time in the records, to the minute."""
    return local.isoformat(timespec="minutes")


def _wall(at: datetime, place: ZoneInfo) -> datetime:
    return at.astimezone(place).replace(tzinfo=None, fold=0)
