"""Months: the words for them, and where they begin and end in every time zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.months import NAMES, Month, Said, meant, month_of, said

NOVEMBER = Month(2026, 11)
ZONES = sorted(available_timezones())
months = st.builds(Month, st.integers(1990, 2040), st.integers(1, 12))
moments = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2040, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.just(UTC),
)
zones = st.sampled_from(ZONES).map(ZoneInfo)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("", "2026-11"),
        ("this month", "2026-11"),
        ("last month", "2026-10"),
        ("Last  Month", "2026-10"),
        ("2026-11", "2026-11"),
        ("2025-02", "2025-02"),
        ("november", "2026-11"),
        ("NOV", "2026-11"),
        ("sept", "2026-09"),
        ("december", "2025-12"),
        ("dec 2026", "2026-12"),
        ("March 2024", "2024-03"),
        ("may", "2026-05"),
    ],
)
def test_a_month_is_read_as_people_write_it(text: str, month: str) -> None:
    """A name without a year is the latest such month that has begun: nobody reports on next May."""
    assert meant(said(text), NOVEMBER).text == month


@pytest.mark.parametrize(
    "text",
    [
        "ma", "ju", "novembre", "2026-13", "2026-00", "2026-1", "11-2026", "2026/11", "november 26",
        "1999-11", "2100-01", "november 1999", "last", "next month", "11", "\u0662026-11",
        "n\u00f6v",
    ],
)  # fmt: skip
def test_what_is_no_month_is_not_guessed(text: str) -> None:
    """A report on the wrong month looks like a right one."""
    with pytest.raises(ValueError, match="month"):
        said(text)


@given(months)
def test_what_a_month_is_called_leads_back_to_it(month: Month) -> None:
    """Its number and its name are both read as itself, whatever today is."""
    if not 2000 <= month.year <= 2099:
        return
    assert meant(said(month.text), NOVEMBER) == month
    assert meant(said(month.words), NOVEMBER) == month


@given(st.sampled_from(NAMES), months)
def test_a_bare_name_is_one_of_the_last_twelve_months(name: str, today: Month) -> None:
    """The present month included."""
    found = meant(said(name), today)
    assert found <= today < found.plus(12)
    assert found.words.startswith(name)


@given(months, st.integers(-500, 500))
def test_months_are_counted_like_a_calendar(month: Month, count: int) -> None:
    """There and back again, and always one of twelve."""
    assert month.plus(count).plus(-count) == month
    assert 1 <= month.plus(count).number <= 12
    assert (month.plus(count) > month) is (count > 0)


@given(months, zones)
def test_the_months_of_a_zone_follow_each_other_without_gap_or_overlap(
    month: Month, zone: ZoneInfo
) -> None:
    """Every purchase is in exactly one report."""
    begins, ends = month.span(zone)
    assert ends == month.plus(1).span(zone)[0]
    assert timedelta(days=27) < ends - begins < timedelta(days=32)
    assert month_of(begins, zone) == month
    assert month_of(ends - timedelta(microseconds=1), zone) == month


@given(moments, zones)
def test_a_moment_falls_into_the_month_that_spans_it(at: datetime, zone: ZoneInfo) -> None:
    """By the same rule by which reports are cut."""
    begins, ends = month_of(at, zone).span(zone)
    assert begins <= at < ends


@pytest.mark.parametrize(
    ("zone", "month", "begins"),
    [
        ("Europe/Ljubljana", Month(2026, 11), "2026-10-31T23:00:00+00:00"),
        ("Europe/Ljubljana", Month(2026, 7), "2026-06-30T22:00:00+00:00"),
        # Paraguay put its clocks forward over midnight: that first of October began at one.
        ("America/Asuncion", Month(2023, 10), "2023-10-01T04:00:00+00:00"),
        # Newfoundland put its clocks back at a minute past midnight: it came twice.
        ("America/St_Johns", Month(2009, 11), "2009-11-01T02:30:00+00:00"),
        ("Pacific/Kiritimati", Month(2026, 1), "2025-12-31T10:00:00+00:00"),
    ],
)
def test_a_month_begins_with_its_first_moment_there(zone: str, month: Month, begins: str) -> None:
    """Compared with what the tz database says of those nights, read by hand."""
    assert month.begins(ZoneInfo(zone)).isoformat() == begins


def test_nothing_said_is_the_present_month() -> None:
    """The default of every command."""
    assert said("") == said("this month") == Said()
