"""The dates of a plan and what all of it may cost, before anything is made."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.money import BadAmount, Money
from bot.domain.planning import REACH, Outlook, PlanFault, Unplannable, outlook, total_of
from bot.domain.plans import MOST_RUNS
from bot.domain.recurrence import first, following
from tests.domain.recurrences import ZONES, recurrences
from tests.domain.schedule_sample import plan

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
zoned = recurrences(st.sampled_from(ZONES))


@given(zoned, st.integers(1, MOST_RUNS))
@settings(max_examples=100)
def test_so_many_runs_are_the_first_so_many_dates_within_a_year(when: Any, runs: int) -> None:
    """Or it is refused because it reaches too far."""
    begun = first(when, after=NOW)
    wanted = [begun, *islice(following(when, begun.local), runs - 1)]
    found = outlook(plan(when=when, runs=runs), now=NOW)
    if wanted[-1].at > NOW + REACH:
        assert isinstance(found, PlanFault)
        assert found.why is Unplannable.TOO_FAR
        return
    assert isinstance(found, Outlook)
    dates = found.dates
    assert (dates.first, dates.last, dates.count) == (begun.local, wanted[-1].local, runs)
    assert list(found.upcoming) == wanted[:3]


@given(zoned, st.integers(0, 400))
@settings(max_examples=100)
def test_until_includes_its_day_and_no_later_one(when: Any, days: int) -> None:
    """The last day that was said may have a date, the next one not."""
    until = NOW.date() + timedelta(days=days)
    found = outlook(plan(when=when, runs=None, until=until), now=NOW)
    begun = first(when, after=NOW)
    if isinstance(found, PlanFault):
        early = begun.local.date() > until
        assert found.why is (Unplannable.NO_DATE if early else Unplannable.TOO_FAR)
        assert early or (found.last is not None and found.last.at > NOW + REACH)
        return
    last = found.dates.last
    assert last is not None
    assert last.date() <= until
    assert next(following(when, last)).local.date() > until


def test_a_reminder_without_an_end_has_neither_last_nor_count() -> None:
    """It goes on until it is stopped; three dates are shown all the same."""
    found = outlook(plan(runs=None, reminds=True), now=NOW)
    assert isinstance(found, Outlook)
    assert (found.dates.last, found.dates.count) == (None, None)
    assert len(found.upcoming) == 3


@pytest.mark.parametrize("reminds", [False, True])
def test_nothing_begins_further_ahead_than_it_may_reach(reminds: bool) -> None:
    """No calendar goes past the year 9999; and whoever asks in a year asks anew."""
    for start in (date(2027, 11, 26), date.max):
        found = outlook(plan(start=start, runs=2, reminds=reminds), now=NOW)
        assert found == PlanFault(why=Unplannable.TOO_LATE)


def test_a_start_is_kept() -> None:
    """``from 2027-01-04``."""
    found = outlook(plan(start=date(2027, 1, 4), runs=2), now=NOW)
    assert isinstance(found, Outlook)
    assert [one.key for one in found.upcoming] == ["2027-01-04T09:00", "2027-01-05T09:00"]


def test_the_total_is_exact() -> None:
    """A third of a cent has no place in it."""
    assert total_of(Money.of("33.33", "EUR"), 3) == Money.of("99.99", "EUR")
    with pytest.raises(BadAmount):
        total_of(Money.of(Decimal(10) ** 15, "EUR"), 2)
