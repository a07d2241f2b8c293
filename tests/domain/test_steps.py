"""What is to be done with an order now, when its clock rings, and when a key may be reused."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.capabilities import Lookup, Sheet
from bot.domain.evidence import Ground, Looks, Shown
from bot.domain.orders import OPEN, Order, Outcome, Proposal, State
from bot.domain.quotes import PriceBand, Told
from bot.domain.steps import (
    GRACE,
    Step,
    is_dead,
    is_settleable,
    may_resend,
    needs_people,
    needs_price,
    next_step,
    wake_at,
)
from tests.domain.sample import (
    BEN,
    BOOT,
    CLEO,
    MOMENTS,
    NOW,
    attempt,
    in_state,
    order,
)
from tests.domain.sample_orders import orders


@pytest.mark.parametrize("after", [timedelta(0), timedelta(seconds=120), timedelta(days=3)])
def test_an_attempt_whose_reply_is_awaited_is_alive_however_slow(after: timedelta) -> None:
    """Taking a slow reply for a crash made nine purchases of one."""
    assert not is_dead(attempt(), boot_id=BOOT, now=NOW + after, running=True)


def test_an_attempt_of_another_process_is_dead_at_once() -> None:
    """Nobody is left who could hear its reply, inside its deadline or not."""
    assert is_dead(attempt(), boot_id="another", now=NOW, running=False)
    assert is_dead(attempt(), boot_id="another", now=NOW, running=True)


def test_an_attempt_that_nobody_awaits_is_dead_a_grace_after_its_deadline() -> None:
    """The task may have been lost; until deadline and grace have passed it is taken for alive."""
    end = attempt().deadline + GRACE

    just_before = is_dead(
        attempt(), boot_id=BOOT, now=end - timedelta(microseconds=1), running=False
    )
    then = is_dead(attempt(), boot_id=BOOT, now=end, running=False)

    assert (just_before, then) == (False, True)


EXPECTED = [
    (in_state(State.PENDING_APPROVAL), Step.NOTHING),
    (in_state(State.PENDING_APPROVAL, expires_at=NOW), Step.EXPIRE),
    (in_state(State.PENDING_APPROVAL, due_at=NOW, band=PriceBand(wanted=True)), Step.PRICE),
    (in_state(State.PENDING_APPROVAL, due_at=NOW), Step.NOTHING),
    (in_state(State.APPROVED), Step.SEND),
    (in_state(State.APPROVED, valid_until=NOW), Step.ASK_AGAIN),
    (in_state(State.APPROVED, due_at=NOW + timedelta(seconds=1)), Step.NOTHING),
    (in_state(State.SUBMITTING), Step.NOTHING),
    (in_state(State.IN_DOUBT), Step.RESOLVE),
    (in_state(State.IN_DOUBT, due_at=NOW + timedelta(seconds=1)), Step.NOTHING),
    (in_state(State.ACCEPTED), Step.POLL),
    (in_state(State.AWAITING_PAYMENT), Step.POLL),
    *((in_state(state), Step.NOTHING) for state in set(State) - OPEN),
]


@pytest.mark.parametrize(("one", "step"), EXPECTED)
def test_each_state_asks_for_its_own_step(one: Order, step: Step) -> None:
    """The one function that decides what happens next, case by case."""
    decided = next_step(one, now=NOW, boot_id=BOOT, attempt=attempt(), running=False)
    assert decided is step


def test_a_dead_submitting_is_declared_in_doubt_and_never_sent_again() -> None:
    """The crash between intent and outcome: the first thing is to say that nobody knows."""
    one = in_state(State.SUBMITTING)

    of_another = next_step(one, now=NOW, boot_id="another", attempt=attempt(), running=False)
    unwritten = next_step(one, now=NOW, boot_id=BOOT, attempt=None, running=False)

    assert of_another is unwritten is Step.DECLARE_DOUBT


@given(orders(), MOMENTS, st.booleans())
def test_whatever_is_to_be_done_wakes_the_clock(one: Order, now: Any, running: bool) -> None:
    """An order whose step is due but whose clock never rings would wait for ever."""
    mine = attempt(deadline=one.deadline or now)
    one = replace(one, deadline=mine.deadline)

    step = next_step(one, now=now, boot_id=BOOT, attempt=mine, running=running)

    at = wake_at(one)
    if step is not Step.NOTHING:
        assert at is not None
        assert at <= now


@given(orders(), st.sampled_from(sorted(OPEN)), st.timedeltas(timedelta(0), timedelta(hours=9)))
def test_a_clock_that_rings_finds_something_to_do(
    one: Order, state: State, later: timedelta
) -> None:
    """An order that is due without a step would be looked at again and again, for nothing."""
    deadline = one.deadline or NOW
    one = replace(one, state=state, deadline=deadline)
    mine = attempt(deadline=deadline)

    at = wake_at(one)

    if at is not None:
        now = at + later
        step = next_step(one, now=now, boot_id=BOOT, attempt=mine, running=False)
        assert step is not Step.NOTHING


@given(orders())
def test_a_closed_order_wakes_the_clock_only_to_be_watched(one: Order) -> None:
    """What was sent is looked at again for a while; once reversed, there is nothing to wait for."""
    if not one.state.is_open:
        assert wake_at(one) == one.due_at
        later = one.due_at or NOW
        step = next_step(one, now=later, boot_id=BOOT, attempt=None, running=False)
        watched = one.due_at is not None and one.state is not State.REVERSED
        assert step is (Step.WATCH if watched else Step.NOTHING)


LIFETIME = timedelta(hours=1)


SAID = Proposal(bought=False, ref=None, by=BEN, at=NOW, because="not in their list")

SENT = in_state(State.IN_DOUBT, first_sent_at=NOW, valid_until=NOW + timedelta(hours=2))


@pytest.mark.parametrize(
    ("one", "lifetime", "after", "may"),
    [
        (SENT, LIFETIME, timedelta(0), True),
        (SENT, LIFETIME, timedelta(minutes=54) - timedelta(microseconds=1), True),
        (SENT, LIFETIME, timedelta(minutes=54), False),
        (SENT, None, timedelta(0), False),
        (replace(SENT, first_sent_at=None), LIFETIME, timedelta(0), False),
        (replace(SENT, valid_until=None), LIFETIME, timedelta(0), False),
        (replace(SENT, valid_until=NOW), LIFETIME, timedelta(0), False),
        (SENT, timedelta(days=9), timedelta(hours=2), False),
        (replace(SENT, settled_by=(BEN, CLEO)), LIFETIME, timedelta(0), False),
        (replace(SENT, proposal=SAID), LIFETIME, timedelta(0), False),
    ],
)
def test_the_same_key_is_sent_again_only_while_that_cannot_buy_twice(
    one: Order, lifetime: timedelta | None, after: timedelta, may: bool
) -> None:
    """The key must live, with a margin for a slow request, and people's approval must stand."""
    assert may_resend(one, now=NOW + after, key_lifetime=lifetime) is may


@pytest.mark.parametrize(
    ("band", "needed"),
    [
        (PriceBand(), False),
        (PriceBand(ceiling=Decimal(5)), False),
        (PriceBand(wanted=True), True),
        (PriceBand(wanted=True, reference=Decimal(5)), False),
        (PriceBand(wanted=True, told=Told(at=NOW)), False),
    ],
)
def test_a_card_waits_for_a_price_that_was_asked_for(band: PriceBand, needed: bool) -> None:
    """A card without its price would be voted upon with half of its terms."""
    assert needs_price(order(band=band)) is needed


FREE = Sheet(
    provider="coins",
    title="Coins",
    currencies=frozenset({"PHP"}),
    assets=frozenset({"btc"}),
    lookup=Lookup.ATTRIBUTES,
    free_until_paid=True,
    payment_window=timedelta(minutes=15),
    listing_lag=timedelta(seconds=30),
)


@pytest.mark.parametrize(
    ("shown", "seconds", "needed"),
    [
        (Shown.CANDIDATES, 30, True),
        (Shown.CANDIDATES, 29, False),
        (Shown.NOTHING, 3600, False),
        (Shown.UNREAD, 3600, False),
    ],
)
def test_where_nothing_is_paid_people_are_called_for_what_was_found_only(
    shown: Shown, seconds: int, needed: bool
) -> None:
    """Absence ends such an order by itself; two that fit stay there until somebody decides."""
    looks = Looks(count=1, first_at=NOW, last_at=NOW, shown=shown, ground=Ground.MAYBE_ANOTHERS)
    one = in_state(State.IN_DOUBT, first_sent_at=NOW, looks=looks)
    assert needs_people(one, FREE, now=NOW + timedelta(seconds=seconds)) is needed

    soon = replace(looks, ground=Ground.ONLY_UNPAID_YET)
    one = in_state(State.IN_DOUBT, first_sent_at=NOW, looks=soon)
    assert not needs_people(one, FREE, now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("settled", [False, True])
@pytest.mark.parametrize("word", ["", "PENDING"])
def test_people_settle_what_is_in_doubt_or_what_the_vendor_does_not_know(
    state: State, settled: bool, word: str
) -> None:
    """An accepted order is the vendor's to tell about, unless only people say that it exists."""
    one = in_state(state, settled_by=(BEN, CLEO) if settled else (), outcome=Outcome(word=word))
    unknown = state is State.ACCEPTED and settled and not word
    assert is_settleable(one) is (state is State.IN_DOUBT or unknown)
