"""On which days, at which instants: against a calendar that is walked day by day for ten years."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.recurrence import (
    LAST_DAY,
    MonthDay,
    NthWeekday,
    Recurrence,
    Short,
    Unit,
    at_local,
    first,
    following,
    ordinal,
)
from bot.domain.zones import wall_clock
from tests.domain.recurrences import ZONES, is_one, keys, recurrences, walked_days, walked_instant

NOON = time(12, 0)
moments = st.datetimes(datetime(2026, 11, 24), datetime(2029, 3, 1)).map(  # noqa: DTZ001 - naive
    lambda at: at.replace(tzinfo=UTC, microsecond=0)
)


def monthly(on: MonthDay | NthWeekday, every: int = 1) -> Recurrence:
    return Recurrence(unit=Unit.MONTH, at=NOON, every=every, on=on, zone="UTC")


def agrees(recurrence: Recurrence, now: datetime, years: int) -> None:
    """The days are those of the walk, and they come in order."""
    begun = first(recurrence, after=now)
    day = begun.local.date()
    end = date(day.year + years, 12, 31)
    found = [
        begun,
        *takewhile(lambda one: one.local.date() <= end, following(recurrence, begun.local)),
    ]
    assert [one.local.date() for one in found] == walked_days(recurrence, day, end)
    assert all(one.local.time() == recurrence.at for one in found)
    assert sorted(found) == found


@given(recurrences(st.sampled_from(ZONES)), moments)
@settings(max_examples=40)
def test_its_days_are_those_that_a_walk_through_ten_years_finds(
    recurrence: Recurrence, now: datetime
) -> None:
    """Leap days, short months, weeks over the turn of a year: whatever the calendar does."""
    agrees(recurrence, now, years=10)


@pytest.mark.proof
@given(recurrences(st.sampled_from(ZONES)), moments)
@settings(max_examples=3000)
def test_three_thousand_recurrences_have_the_days_that_a_walk_through_ten_years_finds(
    recurrence: Recurrence, now: datetime
) -> None:
    """The long table."""
    agrees(recurrence, now, years=10)


@given(recurrences(st.sampled_from(ZONES)), moments)
@settings(max_examples=100)
def test_it_begins_with_the_first_such_day_that_is_still_to_come(
    recurrence: Recurrence, now: datetime
) -> None:
    """Whoever says "every friday" on a friday morning means today, in the afternoon next week."""
    begun = first(recurrence, after=now)
    every_one = Recurrence(
        unit=recurrence.unit,
        at=recurrence.at,
        weekdays=recurrence.weekdays,
        on=recurrence.on,
        zone=recurrence.zone,
    )
    today = wall_clock(now, recurrence.zone or "").date()
    assert begun.at > now
    walk = (today + timedelta(days=number) for number in range(-1, 800))
    days = (
        day
        for day in walk
        if is_one(every_one, day if recurrence.unit is Unit.DAY else today, day)
        and walked_instant(datetime.combine(day, recurrence.at), recurrence.zone or "") > now
    )
    assert begun.local.date() == next(days)


@given(recurrences(st.sampled_from(ZONES)), moments, st.integers(0, 20))
@settings(max_examples=100)
def test_counting_on_from_any_occurrence_finds_the_same_ones(
    recurrence: Recurrence, now: datetime, number: int
) -> None:
    """The clock remembers one occurrence and asks for the next: the rhythm must not shift by it."""
    begun = first(recurrence, after=now)
    found = [begun, *islice(following(recurrence, begun.local), 40)]
    assert list(islice(following(recurrence, found[number].local), 20)) == found[number + 1 :][:20]


@given(recurrences(st.sampled_from(ZONES)), moments)
@settings(max_examples=60)
def test_each_occurrence_is_at_the_minute_at_which_the_clock_there_gets_to_it(
    recurrence: Recurrence, now: datetime
) -> None:
    """Local time is what people said; the instant follows from it, never the other way."""
    begun = first(recurrence, after=now)
    for one in islice(following(recurrence, begun.local), 8):
        assert one.at == walked_instant(one.local, recurrence.zone or "")
        assert at_local(recurrence, one.local) == one


def test_a_repeated_hour_happens_once_and_a_skipped_one_when_the_clock_has_been_turned() -> None:
    """The whole of daylight saving in one line for each."""
    daily = Recurrence(unit=Unit.DAY, at=time(2, 30), zone="Europe/Ljubljana")
    spring = first(daily, after=datetime(2027, 3, 27, 12, tzinfo=UTC))
    autumn = first(daily, after=datetime(2027, 10, 30, 12, tzinfo=UTC))
    after_spring, after_autumn = (next(following(daily, one.local)) for one in (spring, autumn))

    assert (spring.key, spring.at.isoformat()) == ("2027-03-28T02:30", "2027-03-28T01:00:00+00:00")
    assert (autumn.key, autumn.at.isoformat()) == ("2027-10-31T02:30", "2027-10-31T00:30:00+00:00")
    assert (after_spring.key, after_autumn.key) == ("2027-03-29T02:30", "2027-11-01T02:30")


@pytest.mark.parametrize(
    ("on", "days"),
    [
        (MonthDay(day=29, short=Short.LAST), ["01-29", "02-28", "03-29", "04-29"]),
        (MonthDay(day=29, short=Short.SKIP), ["01-29", "03-29", "04-29", "05-29"]),
        (MonthDay(day=31, short=Short.LAST), ["01-31", "02-28", "03-31", "04-30"]),
        (MonthDay(day=31, short=Short.SKIP), ["01-31", "03-31", "05-31", "07-31"]),
        (MonthDay(day=LAST_DAY), ["01-31", "02-28", "03-31", "04-30"]),
        (NthWeekday(nth=1, weekday=0), ["01-04", "02-01", "03-01", "04-05"]),
        (NthWeekday(nth=-1, weekday=4), ["01-29", "02-26", "03-26", "04-30"]),
    ],
)
def test_days_of_the_month_in_2027(on: MonthDay | NthWeekday, days: list[str]) -> None:
    """Read off a calendar on the wall."""
    recurrence = monthly(on)
    begun = first(recurrence, after=datetime(2027, 1, 1, tzinfo=UTC))
    found = [begun, *islice(following(recurrence, begun.local), 3)]
    assert keys(found) == [f"2027-{day}T12:00" for day in days]


def test_a_yearly_leap_day_comes_every_four_years_or_on_the_28th() -> None:
    """Every twelve months from the 29th of February on."""
    now = datetime(2028, 2, 1, tzinfo=UTC)
    years = {}
    for short in Short:
        recurrence = monthly(MonthDay(day=29, short=short), every=12)
        begun = first(recurrence, after=now, since=date(2028, 2, 1))
        years[short] = keys([begun, *islice(following(recurrence, begun.local), 2)])
    assert years == {
        Short.LAST: ["2028-02-29T12:00", "2029-02-28T12:00", "2030-02-28T12:00"],
        Short.SKIP: ["2028-02-29T12:00", "2032-02-29T12:00", "2036-02-29T12:00"],
    }


def test_a_day_from_which_on_it_is_meant_begins_the_rhythm() -> None:
    """``every 2 weeks on monday from 2027-01-04``: that monday, however long it is until then."""
    recurrence = Recurrence(unit=Unit.WEEK, at=NOON, every=2, weekdays=(0,), zone="UTC")
    now = datetime(2026, 11, 24, tzinfo=UTC)
    begun = first(recurrence, after=now, since=date(2027, 1, 4))
    assert keys([begun, *islice(following(recurrence, begun.local), 1)]) == [
        "2027-01-04T12:00",
        "2027-01-18T12:00",
    ]
    assert first(recurrence, after=now, since=date(2020, 1, 1)).key == "2026-11-30T12:00"


@pytest.mark.parametrize(
    ("recurrence", "words"),
    [
        (Recurrence(unit=Unit.DAY, at=time(9, 0)), "every day at 9:00"),
        (Recurrence(unit=Unit.DAY, at=time(0, 5), every=3), "every 3 days at 0:05"),
        (Recurrence(unit=Unit.WEEK, at=NOON, weekdays=(4,)), "every friday at 12:00"),
        (Recurrence(unit=Unit.WEEK, at=NOON, weekdays=(0, 1, 2, 3, 4)), "every weekday at 12:00"),
        (
            Recurrence(unit=Unit.WEEK, at=NOON, every=2, weekdays=(0, 3), zone="Asia/Manila"),
            "every 2 weeks on monday and thursday at 12:00 Asia/Manila",
        ),
        (monthly(MonthDay(day=1)), "every month on the 1st at 12:00 UTC"),
        (monthly(MonthDay(day=LAST_DAY)), "every month on the last day at 12:00 UTC"),
        (monthly(NthWeekday(nth=1, weekday=0)), "every month on the first monday at 12:00 UTC"),
        (
            monthly(MonthDay(day=31, short=Short.LAST), every=3),
            "every 3 months on the 31st or the last day at 12:00 UTC",
        ),
        (monthly(MonthDay(day=30, short=Short.SKIP)), "every month on the 30th only at 12:00 UTC"),
    ],
)
def test_it_is_said_as_a_person_would_say_it(recurrence: Recurrence, words: str) -> None:
    """The words on a card are those that could have been typed."""
    assert recurrence.words == words


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": Unit.DAY, "every": 0},
        {"unit": Unit.DAY, "every": 367},
        {"unit": Unit.DAY, "weekdays": (0,)},
        {"unit": Unit.WEEK},
        {"unit": Unit.WEEK, "weekdays": (4, 0)},
        {"unit": Unit.WEEK, "weekdays": (7,)},
        {"unit": Unit.MONTH},
        {"unit": Unit.DAY, "on": MonthDay(day=1)},
        {"unit": Unit.DAY, "at": time(9, 0, 30)},
    ],
)
def test_what_means_nothing_cannot_be_made(wrong: dict[str, object]) -> None:
    """A value that exists has occurrences."""
    given = {"at": NOON, **wrong}
    with pytest.raises(ValueError, match=r"\w"):
        Recurrence(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong", [{"day": 0}, {"day": 32}, {"day": 31}, {"day": 28, "short": Short.LAST}]
)
def test_a_day_of_the_month_says_what_short_months_do_where_that_matters(
    wrong: dict[str, object],
) -> None:
    """The 31st alone could mean two things, and the 28th needs no such word."""
    with pytest.raises(ValueError, match=r"\w"):
        MonthDay(**wrong)  # type: ignore[arg-type]


def test_no_fifth_monday_and_no_times_without_a_zone() -> None:
    """Most months have none; and nine o'clock is nowhere in particular."""
    with pytest.raises(ValueError, match="no such day"):
        NthWeekday(nth=5, weekday=0)
    with pytest.raises(ValueError, match="zone"):
        first(Recurrence(unit=Unit.DAY, at=NOON), after=datetime(2027, 1, 1, tzinfo=UTC))


def test_ordinals_are_spelt_as_in_english() -> None:
    """11th, not 11st."""
    assert [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 31)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "30th", "31st",
    ]  # fmt: skip
