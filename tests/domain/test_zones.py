"""What a wall clock shows and when, against a clock that is watched minute by minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.zones import instant, wall_clock, zone_named, zone_names
from tests.domain.recurrences import ZONES, shown, turnings, walked_instant

NOW, IN_TEN_YEARS = datetime(2026, 11, 24, tzinfo=UTC), datetime(2036, 12, 31, tzinfo=UTC)
LONG_AGO = datetime(1975, 1, 1, tzinfo=UTC)
"""From then on every zone has been turned at whole minutes only."""


def differences(zone: str, turned: datetime, minutes: int) -> list[str]:
    """Times near a turning whose instant is not the one that watching the clock finds."""
    place, step = ZoneInfo(zone), timedelta(minutes=1)
    jump = abs(shown(turned, place) - shown(turned - step, place))
    reach = timedelta(hours=3) + jump
    watched = [turned - reach + step * number for number in range(int(2 * reach / step))]
    walls = [shown(at, place) for at in watched]
    wanted = turned - timedelta(hours=2)
    local, end = shown(wanted, place), shown(turned, place) + timedelta(hours=2)
    found, at = [], 0
    while local < end:
        while at and walls[at - 1] >= local:
            at -= 1
        while walls[at] < local:
            at += 1
        if instant(local, zone) != watched[at]:
            found.append(f"{zone} {local}: {instant(local, zone)} instead of {watched[at]}")
        local += timedelta(minutes=minutes)
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_near_every_turning_of_ten_years_a_time_is_reached_when_the_clock_reaches_it(
    zone: str,
) -> None:
    """Twice a year is when a recurring purchase would run twice, or not at all."""
    turned = list(turnings(zone, NOW, IN_TEN_YEARS))
    assert [one for at in turned for one in differences(zone, at, minutes=10)] == []


@pytest.mark.proof
@pytest.mark.parametrize("zone", sorted(zone_names().values()))
def test_near_every_turning_since_1975_in_every_zone_a_time_is_reached_when_the_clock_reaches_it(
    zone: str,
) -> None:
    """The long table: every zone of tzdata, what has been and what is to come."""
    turned = list(turnings(zone, LONG_AGO, IN_TEN_YEARS))
    assert [one for at in turned for one in differences(zone, at, minutes=5)] == []


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        ("Europe/Ljubljana", "2027-03-28T01:59", "2027-03-28T00:59"),
        ("Europe/Ljubljana", "2027-03-28T02:00", "2027-03-28T01:00"),
        ("Europe/Ljubljana", "2027-03-28T02:30", "2027-03-28T01:00"),
        ("Europe/Ljubljana", "2027-03-28T03:00", "2027-03-28T01:00"),
        ("Europe/Ljubljana", "2027-03-28T03:01", "2027-03-28T01:01"),
        ("Europe/Ljubljana", "2027-10-31T02:30", "2027-10-31T00:30"),
        ("Europe/Ljubljana", "2027-10-31T03:00", "2027-10-31T02:00"),
        ("Australia/Lord_Howe", "2027-10-03T02:15", "2027-10-02T15:30"),
        ("Pacific/Apia", "2011-12-30T09:00", "2011-12-30T10:00"),
        ("Asia/Manila", "2027-03-28T02:30", "2027-03-27T18:30"),
    ],
)
def test_a_skipped_time_moves_to_the_turning_and_a_repeated_one_is_meant_the_first_time(
    zone: str, local: str, utc: str
) -> None:
    """Written out by hand from the rules of each place; Apia left out a whole day."""
    assert instant(datetime.fromisoformat(local), zone) == datetime.fromisoformat(f"{utc}:00+00:00")


def test_the_minute_walk_of_the_other_tests_agrees_with_what_was_written_out_by_hand() -> None:
    """A yardstick that is wrong would find everything right."""
    skipped, repeated = map(datetime.fromisoformat, ("2027-03-28T02:30", "2027-10-31T02:30"))
    assert walked_instant(skipped, "Europe/Ljubljana") == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert walked_instant(repeated, "Europe/Ljubljana") == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_zones_are_named_by_their_place_in_any_case() -> None:
    """``EST`` is Panama's time all year and ``Etc/GMT+5`` lies west: nobody means either."""
    assert zone_named("europe/LJUBLJANA") == "Europe/Ljubljana"
    assert zone_named("utc") == "UTC"
    assert [zone_named(one) for one in ("EST", "CET", "Etc/GMT+5", "Europe/Lubljana", "")] == [
        None
    ] * 5


def test_the_wall_clock_is_what_people_there_see() -> None:
    """The day on which something is asked for is the asker's day."""
    at = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert wall_clock(at, "Asia/Manila") == datetime(2026, 11, 25, 7, 30)  # noqa: DTZ001 - naive
