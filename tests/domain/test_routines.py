"""What is done by the clock on some days: once for each local time, in every zone there is."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.routines import Routine, following, latest, routine
from bot.domain.zones import instant

LJUBLJANA = ZoneInfo("Europe/Ljubljana")
ZONES = sorted(available_timezones())
routines = st.builds(
    Routine,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.times().map(lambda at: time(at.hour, at.minute)),
)
moments = st.datetimes(
    min_value=datetime(2005, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2036, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.just(UTC),
)
zones = st.sampled_from(ZONES).map(ZoneInfo)


@pytest.mark.parametrize(
    ("text", "days", "at"),
    [
        ("weekdays 09:00", {0, 1, 2, 3, 4}, "09:00"),
        ("daily 18:30", set(range(7)), "18:30"),
        ("Mondays 08:05", {0}, "08:05"),
        ("sundays 00:00", {6}, "00:00"),
    ],
)
def test_days_and_a_time_are_read(text: str, days: set[int], at: str) -> None:
    """The three forms of the settings."""
    assert routine(text) == Routine(frozenset(days), time.fromisoformat(at))


@pytest.mark.parametrize(
    "text",
    ["", "09:00", "weekdays", "weekdays 9:00", "weekdays 24:00", "monday 09:00", "daily 09:00:00",
     "every day 09:00", "daily 9am", "daily \u0660\u0669:\u0660\u0660"],
)  # fmt: skip
def test_what_is_neither_is_refused_with_what_to_write(text: str) -> None:
    """A digest that never comes is noticed late."""
    with pytest.raises(ValueError, match='such as "weekdays 09:00"'):
        routine(text)


@given(routines, moments, zones)
def test_of_all_occurrences_one_is_the_last_and_one_the_next(
    one: Routine, now: datetime, zone: ZoneInfo
) -> None:
    """Counted again day by day: nothing is due between the two."""
    before, after = latest(one, now, zone), following(one, now, zone)
    assert before.at <= now < after.at
    day = before.local.date()
    between = []
    while day < after.local.date():
        day += timedelta(days=1)
        if day.weekday() in one.days:
            between.append(instant(datetime.combine(day, one.at), zone.key))
    assert between[-1] == after.at
    assert all(at in {before.at, after.at} for at in between)


@given(routines, moments, zones)
def test_an_occurrence_shows_the_time_that_was_wanted_or_the_first_after_a_gap(
    one: Routine, now: datetime, zone: ZoneInfo
) -> None:
    """Nine o'clock is nine o'clock, in summer and in winter."""
    found = latest(one, now, zone)
    shown = found.at.astimezone(zone).replace(tzinfo=None, fold=0)
    assert shown == found.local or shown > found.local
    assert shown - found.local <= timedelta(days=1)
    assert found.local.time() == one.at
    assert found.local.weekday() in one.days


def test_every_occurrence_of_a_year_happens_once_under_its_own_key() -> None:
    """Asked every three hours over both changes of the clocks, each key is seen as one moment."""
    daily = Routine(frozenset(range(7)), time(2, 30))
    seen: dict[str, set[datetime]] = {}
    at = datetime(2026, 1, 1, tzinfo=UTC)
    while at < datetime(2027, 1, 1, tzinfo=UTC):
        found = latest(daily, at, LJUBLJANA)
        seen.setdefault(found.key, set()).add(found.at)
        at += timedelta(hours=3)
    assert len(seen) == 366  # the last of December before is due as well
    assert all(len(moments) == 1 for moments in seen.values())
    assert seen["2026-03-29T02:30"] == {datetime(2026, 3, 29, 1, 0, tzinfo=UTC)}
    assert seen["2026-10-25T02:30"] == {datetime(2026, 10, 25, 0, 30, tzinfo=UTC)}


def test_a_day_that_a_zone_leaves_out_comes_when_the_clocks_have_been_put_forward() -> None:
    """Samoa had no thirtieth of December in 2011: the day after it began at once."""
    samoa, daily = ZoneInfo("Pacific/Apia"), Routine(frozenset(range(7)), time(10, 0))
    at, seen = datetime(2011, 12, 30, 9, 50, tzinfo=UTC), {}
    while at < datetime(2011, 12, 30, 21, tzinfo=UTC):
        found = latest(daily, at, samoa)
        seen[found.key] = found.at.astimezone(samoa).isoformat(timespec="minutes")
        at += timedelta(minutes=10)
    assert seen["2011-12-30T10:00"] == "2011-12-31T00:00+14:00"
    assert seen["2011-12-31T10:00"] == "2011-12-31T10:00+14:00"
