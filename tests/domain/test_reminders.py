"""Whom an order reminds, when: less and less often, never after it expires, not who is asleep."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.orders import Order, Snooze, State, Vote
from bot.domain.reminders import Round, Until, due_at, moment, next_round, snoozed
from tests.domain.sample import ANA, BEN, CLEO, FAY, NOW, order

HALF = timedelta(minutes=30)
EVERYBODY = {BEN, CLEO, FAY}


def asked(**changes: Any) -> Order:
    return order(**{"remind_at": NOW + HALF, **changes})


def turn(one: Order, after: timedelta, able: set[str] | None = None) -> Round:
    return next_round(one, able=able or EVERYBODY, now=NOW + after, remind_after=HALF)


def later(one: Order, done: Round) -> Order:
    return replace(one, reminders=done.reminders, remind_at=done.remind_at, snoozes=done.snoozes)


def test_each_pause_is_twice_as_long_as_the_one_before_and_none_ends_after_expiry() -> None:
    """Thirty minutes, one hour, two, four; the next would come after the eight hours."""
    one, told = asked(), []
    while (at := due_at(one)) is not None:
        told.append((at - NOW) / HALF)
        one = later(one, next_round(one, able=EVERYBODY, now=at, remind_after=HALF))

    assert told == [1, 3, 7, 15]


def test_only_those_who_have_not_voted_and_still_could_are_reminded() -> None:
    """Ben has voted, Fay is no approver any more."""
    one = asked(votes=(Vote(voter=BEN, digest="d", at=NOW),))
    assert turn(one, HALF, {BEN, CLEO}).people == {CLEO}


def test_nobody_is_reminded_before_it_is_time() -> None:
    """The clock may look for another reason."""
    early = turn(asked(), HALF - timedelta(seconds=1))
    assert (early.people, early.remind_at, early.reminders) == (frozenset(), NOW + HALF, 0)


def test_rounds_that_were_missed_are_one_round() -> None:
    """The bot was stopped over lunch: nobody wants three messages at once."""
    one = asked(expires_at=NOW + timedelta(days=2))
    late = turn(one, timedelta(hours=3))
    assert late.people == EVERYBODY
    assert late.remind_at == NOW + timedelta(hours=4)


def test_a_snooze_silences_one_person_and_wakes_that_person_alone() -> None:
    """Everybody else is reminded as ever; Cleo when her hour is over."""
    one = asked(snoozes=snoozed(asked(), CLEO, NOW + timedelta(minutes=50)))

    first = turn(one, HALF)
    second = turn(later(one, first), timedelta(minutes=50))

    assert first.people == {BEN, FAY}
    assert due_at(later(one, first)) == NOW + timedelta(minutes=50)
    assert second.people == {CLEO}
    assert second.snoozes == ()
    assert (second.reminders, second.remind_at) == (first.reminders, first.remind_at)


def test_a_snooze_that_ends_with_a_round_makes_one_round() -> None:
    """Both are due at the same moment: Cleo belongs to it again."""
    one = asked(snoozes=(Snooze(person=CLEO, until=NOW + HALF),))
    assert turn(one, HALF).people == EVERYBODY


def test_a_second_snooze_takes_the_place_of_the_first() -> None:
    """One person, one moment; others keep theirs."""
    one = asked(snoozes=(Snooze(person=CLEO, until=NOW), Snooze(person=BEN, until=NOW)))
    assert snoozed(one, CLEO, NOW + HALF) == (
        Snooze(person=BEN, until=NOW),
        Snooze(person=CLEO, until=NOW + HALF),
    )


def test_who_has_voted_meanwhile_is_not_woken() -> None:
    """They have answered; the snooze is forgotten."""
    one = asked(
        remind_at=None,
        snoozes=(Snooze(person=BEN, until=NOW + HALF),),
        votes=(Vote(voter=BEN, digest="d", at=NOW),),
    )
    assert turn(one, HALF).people == frozenset()


@pytest.mark.parametrize("state", sorted(set(State) - {State.PENDING_APPROVAL}))
def test_an_order_that_is_decided_reminds_nobody(state: State) -> None:
    """Whatever still stands in its row."""
    assert due_at(asked(state=state, snoozes=(Snooze(person=BEN, until=NOW),))) is None


@pytest.mark.parametrize("at", [NOW + timedelta(hours=8), NOW + timedelta(days=1)])
def test_nothing_is_due_from_the_instant_at_which_it_expires(at: datetime) -> None:
    """A reminder of what cannot be decided any more is noise."""
    assert due_at(asked(remind_at=at)) is None
    assert due_at(asked(remind_at=None, snoozes=(Snooze(person=BEN, until=at),))) is None


@pytest.mark.parametrize(
    ("zone", "now", "then"),
    [
        ("Europe/Ljubljana", "2026-11-24T13:00", "2026-11-25T08:00"),
        ("Europe/Ljubljana", "2026-11-24T23:30", "2026-11-26T08:00"),  # it is the 25th there
        ("America/New_York", "2026-11-25T02:00", "2026-11-25T14:00"),  # and still the 24th here
        ("Europe/Ljubljana", "2027-03-27T12:00", "2027-03-28T07:00"),  # the clocks go forward
        ("Europe/Ljubljana", "2026-10-24T12:00", "2026-10-25T08:00"),  # and back
        ("Asia/Manila", "2026-11-24T13:00", "2026-11-25T01:00"),
        ("Nowhere/Land", "2026-11-24T13:00", "2026-11-25T09:00"),
        ("../etc/passwd", "2026-11-24T13:00", "2026-11-25T09:00"),
        ("", "2026-11-24T13:00", "2026-11-25T09:00"),
    ],
)
def test_tomorrow_at_nine_is_the_morning_of_the_person(zone: str, now: str, then: str) -> None:
    """Slack tells everybody's zone; one that nobody knows is taken for UTC."""
    begun, ends = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, then))
    assert moment(Until.MORNING, begun, zone) == ends
    assert moment(Until.HOUR, begun, zone) == begun + timedelta(hours=1)


MINUTES = st.integers(1, 600).map(lambda minutes: timedelta(minutes=minutes))


@given(
    remind_after=MINUTES,
    open_for=MINUTES,
    sleeps=st.lists(st.tuples(st.sampled_from([BEN, CLEO]), MINUTES), max_size=3),
    late=st.lists(MINUTES, min_size=1, max_size=5),
)
def test_whatever_happens_rounds_grow_apart_and_end(
    remind_after: timedelta,
    open_for: timedelta,
    sleeps: list[tuple[str, timedelta]],
    late: list[timedelta],
) -> None:
    """Late looks, snoozes and odd durations: no burst, nobody asleep, nothing after the end."""
    one = order(
        remind_at=NOW + remind_after,
        expires_at=NOW + open_for,
        snoozes=tuple(Snooze(person=who, until=NOW + by) for who, by in dict(sleeps).items()),
    )
    regular: list[datetime] = []
    for turns in range(40):
        at = due_at(one)
        if at is None:
            break
        now = at + (late[turns % len(late)] if turns % 2 else timedelta(0))
        done = next_round(one, able={BEN, CLEO}, now=now, remind_after=remind_after)
        asleep = {snooze.person for snooze in one.snoozes if snooze.until > now}
        assert not done.people & asleep
        assert ANA not in done.people
        if done.reminders > one.reminders:
            regular.append(now)
        one = later(one, done)
        assert (due_at(one) or now + HALF) > now, "each round is behind it"
    assert due_at(one) is None
    gaps = [b - a for a, b in pairwise(regular)]
    assert all(gap >= remind_after * 2 ** (n + 1) for n, gap in enumerate(gaps))


def test_a_duration_without_end_is_no_error() -> None:
    """``remind_after = "999999d"`` means never; doubled often it would leave the calendar."""
    one = asked(reminders=400, remind_at=NOW)
    assert turn(one, HALF).remind_at is None
    huge = next_round(
        asked(remind_at=NOW), able=EVERYBODY, now=NOW, remind_after=timedelta(days=999_999)
    )
    assert huge.remind_at is None
