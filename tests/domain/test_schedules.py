"""The life of a schedule: what may follow what, when the clock looks, what a vote is for."""

from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import Money
from bot.domain.orders import Vote
from bot.domain.plans import Missed
from bot.domain.recurrence import Occurrence
from bot.domain.schedules import (
    AHEAD,
    OPEN,
    TRANSITIONS,
    Dates,
    Schedule,
    ScheduleEvent,
    ScheduleNotAllowed,
    ScheduleState,
    Step,
    apply,
    dates_from,
    end_at,
    next_after,
    next_from,
    next_step,
    wake_at,
)
from tests.domain.sample import BEN, LARGE, SMALL, terms
from tests.domain.schedule_sample import FIRST, NOW, plan, running, schedule


@given(st.lists(st.sampled_from(ScheduleEvent), max_size=30))
def test_whatever_happens_follows_the_table_and_what_has_ended_stays_ended(
    events: list[ScheduleEvent],
) -> None:
    """Random lives: a missing pair is an error that changes nothing, versions count moves."""
    one, moves = schedule(), 0
    for event in events:
        if (one.state, event) in TRANSITIONS:
            before = one
            one, moves = apply(one, event), moves + 1
            assert one.state is TRANSITIONS[before.state, event]
            assert before.state in OPEN
        else:
            with pytest.raises(ScheduleNotAllowed):
                apply(one, event)
        assert one.version == moves
        assert one.next is None or one.state is ScheduleState.ACTIVE


def test_every_state_can_be_reached_and_every_open_one_can_be_stopped() -> None:
    """No dead ends for people, no state that exists on paper only."""
    assert set(TRANSITIONS.values()) | {ScheduleState.PROPOSED} == set(ScheduleState)
    assert {state for state, event in TRANSITIONS if event is ScheduleEvent.STOPPED} == OPEN
    assert {state for state, _ in TRANSITIONS} == OPEN


def test_only_a_running_schedule_has_a_next_date() -> None:
    """Paused, stopped or ended, nothing can come due by accident."""
    one = running()
    for event in (ScheduleEvent.PAUSED, ScheduleEvent.STOPPED, ScheduleEvent.ENDED):
        assert apply(one, event).next is None


states = st.sampled_from(
    [
        schedule(),
        schedule(remind_at=NOW + timedelta(minutes=30)),
        running(),
        running(reminds=True),
        running(next=None),
    ]
)


@given(
    states,
    st.lists(st.sampled_from(ScheduleEvent), max_size=4),
    st.timedeltas(timedelta(0), timedelta(days=20)),
)
def test_the_clock_is_woken_exactly_when_there_is_something_to_do(
    one: Schedule, events: list[ScheduleEvent], passed: timedelta
) -> None:
    """A schedule whose step is due but whose moment is not would sleep for ever."""
    for event in events:
        if (one.state, event) in TRANSITIONS:
            one = apply(one, event)
    now, at = NOW + passed, wake_at(one)
    assert (next_step(one, now=now) is Step.NOTHING) == (at is None or at > now)


def test_what_is_to_be_done_when() -> None:
    """Expire, look ahead, deal with dates, end: one line each."""
    one = running()
    assert one.next is not None
    at = one.next.at
    looked = replace(one, looked_ahead=one.next.local)
    paused, last = apply(one, ScheduleEvent.PAUSED), end_at(one)
    assert last is not None
    soon = timedelta(seconds=1)
    assert next_step(schedule(), now=NOW) is Step.NOTHING
    assert next_step(schedule(), now=NOW + timedelta(hours=8)) is Step.EXPIRE
    assert next_step(one, now=at - AHEAD - soon) is Step.NOTHING
    assert next_step(one, now=at - AHEAD) is Step.LOOK_AHEAD
    assert next_step(looked, now=at - soon) is Step.NOTHING
    assert next_step(looked, now=at) is Step.OCCUR
    assert next_step(one, now=at) is Step.OCCUR
    asked = schedule(remind_at=NOW + timedelta(minutes=30))
    assert next_step(asked, now=NOW + timedelta(minutes=30)) is Step.REMIND
    assert next_step(asked, now=asked.expires_at) is Step.EXPIRE
    assert next_step(running(reminds=True), now=at - soon) is Step.NOTHING
    assert next_step(running(next=None), now=NOW) is Step.END
    assert next_step(paused, now=last - soon) is Step.NOTHING
    assert next_step(paused, now=last) is Step.END
    assert next_step(apply(one, ScheduleEvent.STOPPED), now=last) is Step.NOTHING


def test_the_dates_are_those_from_first_to_last() -> None:
    """Ten days were approved: never an eleventh."""
    one = running()
    dates = list(dates_from(one, FIRST))
    assert [date.local for date in dates] == [FIRST + timedelta(days=day) for day in range(10)]
    assert next_after(one, dates[3].local) == dates[4]
    assert next_after(one, dates[9].local) is None
    assert next_from(one, dates[4].at) == dates[5]
    assert next_from(one, dates[9].at) is None
    assert next_from(one, dates[4].at, dealt=dates[6].local) == dates[7]
    assert next_from(one, dates[4].at, dealt=dates[2].local) == dates[5]
    assert next_from(one, dates[4].at, dealt=dates[9].local) is None


OTHER: dict[str, Any] = {
    "id": "REC-00000",
    "requester": BEN,
    "plan": plan(missed=Missed.ALL),
    "terms": terms(max_price=Decimal(1)),
    "dates": Dates(first=FIRST, last=FIRST, count=1),
    "total": Money.of(1, "EUR"),
    "rule": LARGE,
    "revision": 1,
}
LATER: dict[str, Any] = {
    "origin": "slash:2",
    "remind_at": NOW,
    "reminders": 1,
    "eligible": frozenset({BEN}),
    "created_at": NOW + timedelta(days=1),
    "expires_at": NOW,
    "state": ScheduleState.ACTIVE,
    "version": 9,
    "votes": (Vote(voter=BEN, digest="0" * 64, at=NOW),),
    "decided_at": NOW,
    "next": Occurrence(FIRST, NOW),
    "looked_ahead": FIRST,
    "note": "note",
    "closed_by": BEN,
    "moved_at": NOW,
}


def test_a_vote_is_for_everything_that_was_shown_and_for_nothing_that_happens_later() -> None:
    """The digest covers the first table and none of the second; no field is forgotten."""
    one = schedule()
    assert OTHER.keys() | LATER.keys() == {field.name for field in fields(Schedule)}
    for name, value in OTHER.items():
        assert replace(one, **{name: value}).digest != one.digest, name
    for name, value in LATER.items():
        assert replace(one, **{name: value}).digest == one.digest, name
    assert one.rule == SMALL


def test_times_of_the_wall_clock_are_naive() -> None:
    """A local time with a zone of its own would be another name for the same date."""
    assert {date.local.tzinfo for date in dates_from(running(), FIRST)} == {None}
