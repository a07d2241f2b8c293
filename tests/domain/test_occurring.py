"""What becomes of dates that have come, whatever the clock did: each exactly once."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.occurring import Due, due_dates, origin_of
from bot.domain.plans import Missed
from bot.domain.schedules import LATE, Schedule, dates_from, next_after
from tests.domain.schedule_sample import FIRST, NOW, running

DATES = list(dates_from(running(), FIRST))


def after(one: Schedule, dealt: list[Due]) -> Schedule:
    """The schedule after these dates were dealt with, as storage would have it."""
    if not dealt:
        return one
    last = dealt[-1].occurrence.local
    return running(missed=one.plan.missed, reminds=one.reminds, next=next_after(one, last))


@given(
    st.sampled_from(Missed),
    st.booleans(),
    st.lists(st.timedeltas(timedelta(0), timedelta(days=25)), min_size=1, max_size=12),
)
@settings(max_examples=200)
def test_each_date_is_dealt_with_once_however_the_clock_is_turned(
    missed: Missed, reminds: bool, looks: list[timedelta]
) -> None:
    """Looks at random moments, backwards as well: no date twice, none left out."""
    one, dealt = running(missed=missed, reminds=reminds), []
    for passed in looks:
        found = due_dates(one, now=NOW + passed)
        dealt += found
        one = after(one, found)
    assert [due.occurrence for due in dealt] == DATES[: len(dealt)]
    latest = NOW + max(looks)
    assert len(dealt) == sum(date.at <= latest for date in DATES)


@given(st.sampled_from(Missed), st.timedeltas(timedelta(0), timedelta(days=15)))
@settings(max_examples=200)
def test_what_runs_is_what_is_on_time_and_what_the_plan_makes_up_for(
    missed: Missed, passed: timedelta
) -> None:
    """Against the rule written out once more, date by date."""
    now = NOW + passed
    late = [date for date in DATES if date.at < now - LATE]
    made_up = {Missed.SKIP: [], Missed.ONE: late[-1:], Missed.ALL: late}[missed]
    for due in due_dates(running(missed=missed), now=now):
        on_time = due.occurrence.at >= now - LATE
        assert due.made_up == (due.occurrence in made_up)
        assert due.runs == (on_time or due.made_up)


def test_of_missed_reminders_the_last_one_is_posted() -> None:
    """Whatever a plan says: reminders have no such word."""
    now = DATES[2].at + timedelta(hours=2)
    assert [due.runs for due in due_dates(running(reminds=True), now=now)] == [False, False, True]


@pytest.mark.parametrize(
    ("minutes", "runs"), [(0, True), (15, True), (15.02, False), (60 * 23, False)]
)
def test_a_quarter_of_an_hour_is_late_and_more_is_missed(minutes: float, runs: bool) -> None:
    """A restart at nine must not cost a purchase, a restart at noon must not make one."""
    (due,) = due_dates(running(), now=DATES[0].at + timedelta(minutes=minutes))
    assert due.runs is runs


def test_nothing_is_due_before_the_first_date_nor_when_none_comes() -> None:
    """Also for a schedule that is not running."""
    assert due_dates(running(), now=DATES[0].at - timedelta(seconds=1)) == []
    assert due_dates(running(next=None), now=NOW + timedelta(days=99)) == []


def test_the_origin_of_an_order_is_its_schedule_and_its_local_time() -> None:
    """An hour that comes twice has one name."""
    local = datetime.fromisoformat("2027-10-31T02:30")
    assert origin_of("REC-7K3FQ", local) == "schedule:REC-7K3FQ:2027-10-31T02:30"
