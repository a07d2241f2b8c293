"""Recurrences of every kind for property tests, and a calendar that is walked day by day.

The walk knows nothing of RFC 5545: it looks at each day and asks whether it is one of them.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.domain.recurrence import (
    LAST_DAY,
    MOST,
    MonthDay,
    NthWeekday,
    Occurrence,
    Recurrence,
    Short,
    Unit,
)

ZONES = (
    "Europe/Ljubljana", "America/New_York", "Asia/Manila", "UTC", "Australia/Lord_Howe",
    "Africa/Casablanca", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "Europe/Dublin",
    "America/Santiago", "Asia/Gaza", "Antarctica/Troll", "Pacific/Chatham",
)  # fmt: skip
"""With whole, half and odd hours, with half an hour and with two hours of summer time, and without;
some turn their clocks at midnight, one for Ramadan, one by law in the negative."""

times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
weekday_sets = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
month_days = st.one_of(
    st.builds(MonthDay, day=st.integers(1, 28)),
    st.just(MonthDay(day=LAST_DAY)),
    st.builds(MonthDay, day=st.integers(29, 31), short=st.sampled_from(Short)),
    st.builds(NthWeekday, nth=st.sampled_from((1, 2, 3, 4, -1)), weekday=st.integers(0, 6)),
)


def recurrences(zones: st.SearchStrategy[str | None]) -> st.SearchStrategy[Recurrence]:
    """Any recurrence that can be said, in one of these zones."""
    return st.one_of(
        st.builds(
            Recurrence,
            unit=st.just(Unit.DAY),
            at=times,
            every=st.integers(1, MOST[Unit.DAY]),
            zone=zones,
        ),
        st.builds(
            Recurrence,
            unit=st.just(Unit.WEEK),
            at=times,
            every=st.integers(1, MOST[Unit.WEEK]),
            weekdays=weekday_sets,
            zone=zones,
        ),
        st.builds(
            Recurrence,
            unit=st.just(Unit.MONTH),
            at=times,
            every=st.integers(1, MOST[Unit.MONTH]),
            on=month_days,
            zone=zones,
        ),
    )


def walked_days(recurrence: Recurrence, first: date, until: date) -> list[date]:
    """The days on which it happens, from its first one on."""
    days = (until - first).days + 1
    walk = (first + timedelta(days=number) for number in range(days))
    return [day for day in walk if is_one(recurrence, first, day)]


def is_one(recurrence: Recurrence, first: date, day: date) -> bool:
    """The rhythm that began on ``first`` has this day."""
    every = recurrence.every
    match recurrence.unit:
        case Unit.DAY:
            return (day - first).days % every == 0
        case Unit.WEEK:
            monday = first - timedelta(days=first.weekday())
            week = (day - monday).days // 7
            return week % every == 0 and day.weekday() in recurrence.weekdays
        case Unit.MONTH:
            months = (day.year - first.year) * 12 + day.month - first.month
            return months % every == 0 and day.day == _of_month(recurrence, day.year, day.month)


def _of_month(recurrence: Recurrence, year: int, month: int) -> int | None:
    """The number of the day in this month; None: it has none."""
    length = monthrange(year, month)[1]
    match recurrence.on:
        case NthWeekday(nth=nth, weekday=weekday):
            days = [
                one for one in range(1, length + 1) if date(year, month, one).weekday() == weekday
            ]
            return days[nth if nth < 0 else nth - 1]
        case MonthDay(day=day, short=short):
            if day == LAST_DAY or (day > length and short is Short.LAST):
                return length
            return day if day <= length else None
    return None


def walked_instant(local: datetime, zone: str) -> datetime:
    """The first minute at which the clock on the wall has reached this time, found by walking.

    The walk begins more than a day before, since a zone may leave out a whole day.
    """
    place = ZoneInfo(zone)
    at = local.replace(tzinfo=UTC) - timedelta(hours=40)
    for step in (timedelta(hours=1), timedelta(minutes=1)):
        while shown(at, place) < local:
            at += step
        at -= step
    return at + timedelta(minutes=1)


def shown(at: datetime, place: ZoneInfo) -> datetime:
    """What the clock on the wall shows, naive."""
    return at.astimezone(place).replace(tzinfo=None, fold=0)


def turnings(zone: str, begin: datetime, end: datetime) -> Iterator[datetime]:
    """The minutes at which the clock is turned, in order."""
    place, at, day = ZoneInfo(zone), begin, timedelta(days=1)
    while at < end:
        before = at.astimezone(place).utcoffset()
        if (at + day).astimezone(place).utcoffset() != before:
            low, high = at, at + day
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) // 2
                if middle.astimezone(place).utcoffset() == before:
                    low = middle
                else:
                    high = middle
            yield high.replace(second=0, microsecond=0)
        at += day


def keys(found: Iterator[Occurrence] | list[Occurrence]) -> list[str]:
    return [one.key for one in found]
