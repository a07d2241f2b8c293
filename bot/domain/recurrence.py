"""``every friday at 9:00`` as a value: its words, and the local times at which it happens.

Theory of operation. People mean the clock on their wall, so an occurrence is a *local* time, naive,
and that is its name for ever: ``2027-03-26T09:00``. The calendar part (which days) is asked of
dateutil's ``rrule`` on naive times, which know nothing of time zones; only then the zone says at
which instant the wall clock gets there (``bot.domain.zones``). An hour that is repeated in autumn
is one local time, so it happens once; one that is left out in spring happens when the clock has
been turned.

What repeats every two weeks or three days needs to know from when. That is the first occurrence:
everything later is counted from the one before it, which keeps the rhythm.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from dateutil.rrule import DAILY, MO, MONTHLY, WEEKLY, rrule, weekday

from bot.domain.zones import instant, wall_clock, wall_key

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}

WORKING_DAYS = (0, 1, 2, 3, 4)
LAST_DAY = -1
"""Of the month."""

SHORTEST_MONTH = 28


class Unit(StrEnum):
    """What ``every`` counts."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


MOST = {Unit.DAY: 366, Unit.WEEK: 52, Unit.MONTH: 12}
"""The longest pause between two occurrences: about a year."""


class Short(StrEnum):
    """What a month does that has no 29th, 30th or 31st."""

    LAST = "last"
    """Its last day takes the place."""
    SKIP = "skip"
    """It has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDay:
    """The 1st to the 31st, or ``LAST_DAY``. ``short`` is said for the 29th to the 31st only."""

    day: int
    short: Short | None = None

    def __post_init__(self) -> None:
        if self.day != LAST_DAY and not 1 <= self.day <= 31:
            raise ValueError(f"no month has a day {self.day}")
        if (self.short is not None) != (self.day > SHORTEST_MONTH):
            raise ValueError(
                "short months matter to the 29th, the 30th and the 31st, and only there"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class NthWeekday:
    """The first to fourth, or last (-1), of a day of the week (Monday is 0) in the month."""

    nth: int
    weekday: int

    def __post_init__(self) -> None:
        if self.nth not in NTH or not 0 <= self.weekday < len(DAYS):
            raise ValueError(f"no such day of the month: {self.nth}, {self.weekday}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """Every so many days, weeks or months, at a time of the wall clock in a zone.

    weekdays: for weeks, Monday is 0, in order; on: for months; at: to the minute;
    zone: a name of the tz database, None while it is whoever speaks who lives there.
    """

    unit: Unit
    at: time
    every: int = 1
    weekdays: tuple[int, ...] = ()
    on: MonthDay | NthWeekday | None = None
    zone: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.every <= MOST[self.unit]:
            raise ValueError(f"every {self.every} {self.unit}s is out of reach")
        if bool(self.weekdays) != (self.unit is Unit.WEEK):
            raise ValueError("days of the week go with weeks")
        if self.weekdays != tuple(sorted(set(self.weekdays) & set(range(len(DAYS))))):
            raise ValueError("days of the week are told once each, from Monday on")
        if (self.on is not None) != (self.unit is Unit.MONTH):
            raise ValueError("a day of the month goes with months")
        if self.at != time(self.at.hour, self.at.minute):
            raise ValueError("the time of day is to the minute, without a zone of its own")

    @property
    def words(self) -> str:
        """As a person could type it: ``every 2 weeks on monday at 9:00 Europe/Ljubljana``."""
        clock = f"at {self.at.hour}:{self.at.minute:02}"
        return " ".join(word for word in (self._rhythm, clock, self.zone) if word)

    @property
    def _rhythm(self) -> str:
        units = self.unit.value if self.every == 1 else f"{self.every} {self.unit.value}s"
        if self.unit is Unit.DAY:
            return f"every {units}"
        if self.on is not None:
            return f"every {units} on the {_day_words(self.on)}"
        working = self.weekdays == WORKING_DAYS
        days = "weekday" if working else " and ".join(DAYS[day] for day in self.weekdays)
        return f"every {days}" if self.every == 1 else f"every {units} on {days}"


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """One time at which it happens: what the wall clock says, and the instant in UTC."""

    local: datetime
    at: datetime

    @property
    def key(self) -> str:
        """Its name in the records: what makes it happen once."""
        return wall_key(self.local)


def first(recurrence: Recurrence, *, after: datetime, since: date | None = None) -> Occurrence:
    """The first occurrence later than the instant ``after``, and not before the day ``since``.

    The rhythm begins with it, so here every day, week or month counts.
    """
    zone = _zone(recurrence)
    # From the day before, because a whole day may be left out, and its time comes a day later.
    start = max(wall_clock(after, zone).date() - timedelta(days=1), since or date.min)
    locals_ = _walk(recurrence, start, every=1)
    return next(one for one in _occurrences(locals_, zone) if one.at > after)


def following(recurrence: Recurrence, local: datetime) -> Iterator[Occurrence]:
    """Every occurrence after the one at ``local``, which must be one itself."""
    locals_ = _walk(recurrence, local.date(), every=recurrence.every)
    later = (one for one in locals_ if one > local)
    return _occurrences(later, _zone(recurrence))


def at_local(recurrence: Recurrence, local: datetime) -> Occurrence:
    """The occurrence that has this name, by the rules that its time zone has today."""
    return Occurrence(local, instant(local, _zone(recurrence)))


def _zone(recurrence: Recurrence) -> str:
    if recurrence.zone is None:
        raise ValueError("a recurrence has no times before it has a zone")
    return recurrence.zone


def _occurrences(locals_: Iterator[datetime], zone: str) -> Iterator[Occurrence]:
    return (Occurrence(local, instant(local, zone)) for local in locals_)


def _walk(recurrence: Recurrence, start: date, *, every: int) -> Iterator[datetime]:
    """The local times from this day on, as the calendar has them."""
    begin = datetime.combine(start, recurrence.at)
    match recurrence.unit:
        case Unit.DAY:
            rule = rrule(DAILY, dtstart=begin, interval=every)
        case Unit.WEEK:
            days = recurrence.weekdays
            rule = rrule(WEEKLY, dtstart=begin, interval=every, byweekday=days, wkst=MO)
        case Unit.MONTH:
            rule = rrule(MONTHLY, dtstart=begin, interval=every, **_of_month(recurrence.on))
    return iter(rule)


def _of_month(on: MonthDay | NthWeekday | None) -> dict[str, Any]:
    """Which day of the month, in the words of RFC 5545."""
    match on:
        case NthWeekday(nth=nth, weekday=day):
            return {"byweekday": weekday(day, nth)}
        case MonthDay(day=day, short=Short.LAST):
            # Of the days that the month has among these, the last.
            return {"bymonthday": range(SHORTEST_MONTH, day + 1), "bysetpos": -1}
        case MonthDay(day=day):
            return {"bymonthday": day}
    raise ValueError("a month has a day")


def _day_words(on: MonthDay | NthWeekday) -> str:
    if isinstance(on, NthWeekday):
        return f"{NTH[on.nth]} {DAYS[on.weekday]}"
    if on.day == LAST_DAY:
        return "last day"
    rest = {None: "", Short.LAST: " or the last day", Short.SKIP: " only"}[on.short]
    return f"{ordinal(on.day)}{rest}"


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``11th``, ``23rd``."""
    teens = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
