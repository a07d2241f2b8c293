"""Windows of budgets: every instant lies in exactly one, whatever clocks do at midnight."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.windows import first_instant, is_window, rolling, window_at

ZONES = st.sampled_from(sorted(available_timezones() - {"localtime"}))
CALENDAR = st.sampled_from(["day", "week", "month"])
MOMENTS = st.datetimes(
    datetime(1970, 1, 8),  # noqa: DTZ001 - hypothesis adds the zone itself
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
INSTANT = timedelta(microseconds=1)

TURNED = [
    ("America/Sao_Paulo", "2017-10-15", "2017-10-15 01:00 -02:00"),
    ("Africa/Cairo", "2026-04-24", "2026-04-24 01:00 +03:00"),
    ("Pacific/Apia", "2011-12-30", "2011-12-31 00:00 +14:00"),
    ("Pacific/Apia", "2011-12-31", "2011-12-31 00:00 +14:00"),
    ("America/Havana", "2026-11-01", "2026-11-01 00:00 -04:00"),
    ("America/St_Johns", "2006-10-29", "2006-10-29 00:00 -02:30"),
    ("America/Toronto", "1919-03-31", "1919-03-31 00:30 -04:00"),
    ("Europe/Ljubljana", "2026-03-29", "2026-03-29 00:00 +01:00"),
]


@pytest.mark.parametrize(("zone", "day", "begins"), TURNED)
def test_a_day_begins_when_its_clocks_first_show_midnight_or_more(
    zone: str, day: str, begins: str
) -> None:
    """Midnights that were skipped, repeated, or of a day that never was, with their sources in the
    tz database."""
    first = first_instant(date.fromisoformat(day), ZoneInfo(zone))

    assert first == datetime.strptime(begins, "%Y-%m-%d %H:%M %z")


def test_clocks_that_are_turned_back_over_midnight_do_not_bring_the_day_before_back() -> None:
    """Newfoundland, at 00:01: a minute of Sunday, then an hour of Saturday evening once more."""
    zone, sunday = ZoneInfo("America/St_Johns"), datetime(2006, 10, 29, 2, 30, tzinfo=UTC)
    evening = sunday + timedelta(minutes=30)
    assert evening.astimezone(zone).date() == date(2006, 10, 28), "as its clocks show it"

    window = window_at("day", "America/St_Johns", evening)

    assert window == window_at("day", "America/St_Johns", sunday)
    assert window.start == sunday


@given(zone=ZONES, per=CALENDAR, at=MOMENTS)
def test_every_instant_lies_in_one_window_that_touches_its_neighbours(
    zone: str, per: str, at: datetime
) -> None:
    """A gap would let money through uncounted, an overlap would count it twice."""
    window = window_at(per, zone, at)
    assert window.end is not None
    assert window.start <= at < window.end

    assert window_at(per, zone, window.start) == window
    assert window_at(per, zone, window.end - INSTANT) == window
    assert window_at(per, zone, window.end).start == window.end
    assert window_at(per, zone, window.start - INSTANT).end == window.start


@given(zone=ZONES, at=MOMENTS)
def test_weeks_and_months_are_made_of_whole_days(zone: str, at: datetime) -> None:
    """What a day's budget counts, the week's and the month's count as well."""
    day = window_at("day", zone, at)
    assert day.end is not None
    for per in ("week", "month"):
        window = window_at(per, zone, at)
        assert window.end is not None
        assert window.start <= day.start < day.end <= window.end


@given(zone=ZONES, at=MOMENTS)
def test_a_week_begins_on_monday_and_a_month_on_its_first(zone: str, at: datetime) -> None:
    """Where clocks skip a day, the window begins with what the clocks show next."""
    clocks = ZoneInfo(zone)
    week = window_at("week", zone, at).start.astimezone(clocks)
    month = window_at("month", zone, at).start.astimezone(clocks)

    assert week.weekday() == 0 or first_instant(week.date(), clocks) == week
    assert month.day == 1 or first_instant(month.date().replace(day=1), clocks) == month
    assert at - week <= timedelta(days=8)
    assert at - month <= timedelta(days=32)


@given(days=st.integers(1, 999), zone=ZONES, at=MOMENTS)
def test_a_rolling_window_is_so_many_times_a_day_of_24_hours(
    days: int, zone: str, at: datetime
) -> None:
    """Summer time makes no day of it longer or shorter, and no team's midnight matters."""
    window = window_at(f"{days}d", zone, at)

    assert (window.start, window.end) == (at - timedelta(days=days), None)


@pytest.mark.parametrize(
    ("per", "length"), [("30d", 30), ("1d", 1), ("999d", 999), ("day", None), ("month", None)]
)
def test_what_can_be_written_in_the_configuration(per: str, length: int | None) -> None:
    """The five forms, and which of them roll."""
    assert is_window(per)
    assert rolling(per) == (None if length is None else timedelta(days=length))


@pytest.mark.parametrize("per", ["", "days", "0d", "030d", "1000d", "30", "30 d", "year", "Month"])
def test_what_is_no_window_is_told_apart(per: str) -> None:
    """A mistyped window must not become some other one."""
    assert not is_window(per)
