"""The life of an order: every pair of state and event, and the rules of money that stand in it."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import Money, Quantity
from bot.domain.orders import (
    GRACE,
    OPEN,
    TRANSITIONS,
    Event,
    NotAllowed,
    Order,
    Outcome,
    State,
    Step,
    Terms,
    Vote,
    apply,
    is_dead,
    look_alike,
    may_resend,
    needs_price,
    next_step,
    outcome_event,
    wake_at,
)
from bot.domain.policy import Requirement
from bot.domain.quotes import PriceBand
from tests.domain.sample import (
    BEN,
    BOOT,
    CLEO,
    FAY,
    MOMENTS,
    NOW,
    SMALL,
    attempt,
    in_state,
    order,
    orders,
    terms,
)

PAIRS = list(product(State, Event))
LEGAL = [pair for pair in PAIRS if pair in TRANSITIONS]
ILLEGAL = [pair for pair in PAIRS if pair not in TRANSITIONS]


@pytest.mark.parametrize(("state", "event"), LEGAL)
def test_a_legal_event_leads_where_the_table_says(state: State, event: Event) -> None:
    """The table is the law: one version on, the named fields changed, nothing else."""
    before = in_state(state)

    after = apply(before, event, note="why")

    assert after.state is TRANSITIONS[state, event]
    assert after == replace(before, state=after.state, version=before.version + 1, note="why")


@pytest.mark.parametrize(("state", "event"), ILLEGAL)
def test_any_other_event_is_refused_and_nothing_happens(state: State, event: Event) -> None:
    """A missing key is the error: no order slips through a pair that nobody thought of."""
    before = in_state(state)
    kept = replace(before)

    with pytest.raises(NotAllowed) as refused:
        apply(before, event, note="why")

    assert (refused.value.state, refused.value.event) == (state, event)
    assert before == kept


def test_every_state_can_be_reached_and_every_event_can_happen() -> None:
    """A state or event without a line in the table is a word that means nothing yet."""
    reached = {State.PENDING_APPROVAL, *TRANSITIONS.values()}

    assert reached == set(State)
    assert {event for _, event in TRANSITIONS} == set(Event)


def test_nothing_but_an_approved_or_doubted_order_can_be_sent() -> None:
    """The one door through which money leaves."""
    senders = {state for state, event in TRANSITIONS if event is Event.SENT}
    to_submitting = {state for (state, _), to in TRANSITIONS.items() if to is State.SUBMITTING}

    assert senders == to_submitting == {State.APPROVED, State.IN_DOUBT}


def test_only_votes_lead_to_approved_except_for_a_vendor_that_was_away() -> None:
    """No other event may stand for people's consent."""
    to_approved = {
        (state, event)
        for (state, event), to in TRANSITIONS.items()
        if to is State.APPROVED and state is not State.APPROVED
    }
    assert to_approved == {
        (State.PENDING_APPROVAL, Event.APPROVED),
        (State.SUBMITTING, Event.UNAVAILABLE),
    }


def test_a_doubted_order_never_goes_back_to_approved_or_to_a_vote() -> None:
    """Doubt is settled by evidence or by people, never by starting over."""
    out = {to for (state, _), to in TRANSITIONS.items() if state is State.IN_DOUBT}
    assert out.isdisjoint({State.APPROVED, State.PENDING_APPROVAL, State.CANCELLED, State.EXPIRED})


def test_a_closed_order_moves_only_by_late_evidence_or_a_reversal() -> None:
    """Once people were told that it is over, only a fact from the vendor opens it again."""
    events = {event for state, event in TRANSITIONS if state not in OPEN}
    assert events == {Event.LATE_EVIDENCE, Event.REVERSED}


@pytest.mark.parametrize("event", Event)
def test_after_doubt_no_refusal_settles_the_order(event: Event) -> None:
    """A duplicate-key refusal after a lost reply must not read as "nothing was bought"."""
    doubted = in_state(State.SUBMITTING, doubted=True)

    meant = outcome_event(doubted, event)

    silent = {Event.REFUSED, Event.UNAVAILABLE}
    assert meant is (Event.DOUBTED if event in silent else event)


@pytest.mark.parametrize("event", Event)
def test_the_first_attempt_means_what_its_reply_says(event: Event) -> None:
    """Without doubt before it, a refusal is a refusal."""
    assert outcome_event(in_state(State.SUBMITTING), event) is event


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
def test_a_closed_order_never_wakes_the_clock(one: Order) -> None:
    """Nothing is left to be done by itself once an order is over."""
    if not one.state.is_open:
        assert wake_at(one) is None


LIFETIME = timedelta(hours=1)
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
    ],
)
def test_the_same_key_is_sent_again_only_while_that_cannot_buy_twice(
    one: Order, lifetime: timedelta | None, after: timedelta, may: bool
) -> None:
    """The key must live, with a margin for a slow request, and people's approval must stand."""
    assert may_resend(one, now=NOW + after, key_lifetime=lifetime) is may


OTHER_TERMS: dict[str, Any] = {
    "provider": "oak",
    "asset": "eth",
    "spend": Money.of(251, "EUR"),
    "currency": "USD",
    "cost": Money.of(256, "EUR"),
    "max_price": Decimal(65000),
    "outlet": "gcash",
    "target": "cold",
    "reason": "rent",
}
OTHER_RULE: dict[str, Any] = {
    "name": "tiny",
    "up_to": Money.of(999, "EUR"),
    "approvals": (Requirement(group="approvers", count=2),),
    "requesters": None,
    "providers": ("kriptomat",),
    "assets": ("btc",),
    "quote_required": True,
    "require_reason": True,
}
OTHER_BAND: dict[str, Any] = {
    "ceiling": Decimal(1),
    "reference": Decimal(2),
    "drift": Decimal("0.05"),
    "wanted": True,
}


@pytest.mark.parametrize("name", [part.name for part in fields(Terms)])
def test_a_vote_is_for_every_word_of_the_terms(name: str) -> None:
    """Changing anything that people were shown must void their votes."""
    changed = order(terms=replace(terms(), **{name: OTHER_TERMS[name]}))
    assert changed.digest != order().digest


@pytest.mark.parametrize("name", [part.name for part in fields(SMALL)])
def test_a_vote_is_for_every_word_of_the_rule(name: str) -> None:
    """A rule that was softened after the vote is not the rule that people trusted."""
    changed = order(rule=replace(SMALL, **{name: OTHER_RULE[name]}))
    assert changed.digest != order().digest


@pytest.mark.parametrize("name", [part.name for part in fields(PriceBand)])
def test_a_vote_is_for_the_price_band(name: str) -> None:
    """People approve a band of prices; another band is another question."""
    changed = order(band=replace(PriceBand(), **{name: OTHER_BAND[name]}))
    assert changed.digest != order().digest


@pytest.mark.parametrize(
    "changes", [{"id": "BUY-00000"}, {"revision": 1}, {"requester": CLEO}], ids=str
)
def test_a_vote_is_for_one_order_of_one_person_asked_once(changes: dict[str, Any]) -> None:
    """A vote may not be carried to a twin order, nor from an older card to a newer one."""
    assert order(**changes).digest != order().digest


@pytest.mark.parametrize(
    "changes",
    [
        {"votes": (Vote(voter=BEN, digest="d", at=NOW),)},
        {"eligible": frozenset({FAY})},
        {"state": State.APPROVED, "version": 9},
        {"note": "waiting", "tries": 4, "due_at": NOW},
        {"expires_at": NOW, "asked_again": 1},
        {"outcome": Outcome(word="SUCCESS")},
    ],
    ids="-".join,
)
def test_what_happens_to_an_order_leaves_its_votes_good(changes: dict[str, Any]) -> None:
    """Joining, voting and waiting change nothing of what was asked."""
    assert order(**changes).digest == order().digest


@pytest.mark.parametrize("name", ["provider", "asset", "spend", "target"])
def test_orders_that_differ_at_the_vendor_do_not_look_alike(name: str) -> None:
    """Only these can be seen in a vendor's listing."""
    assert not look_alike(terms(), replace(terms(), **{name: OTHER_TERMS[name]}))


def test_two_orders_for_the_same_look_alike_whatever_their_reason() -> None:
    """A purchase found at the vendor may then belong to either, so neither may claim it."""
    assert look_alike(terms(reason="rent"), terms(reason="more rent", max_price=Decimal(1)))


def test_a_quantity_never_looks_like_an_amount_of_money() -> None:
    """``250`` of btc and ``250`` of EUR are worlds apart."""
    assert not look_alike(terms(), terms(spend=Quantity.of(250, "btc")))


@pytest.mark.parametrize(
    ("band", "needed"),
    [
        (PriceBand(), False),
        (PriceBand(ceiling=Decimal(5)), False),
        (PriceBand(wanted=True), True),
        (PriceBand(wanted=True, reference=Decimal(5)), False),
    ],
)
def test_a_card_waits_for_a_price_that_was_asked_for(band: PriceBand, needed: bool) -> None:
    """A card without its price would be voted upon with half of its terms."""
    assert needs_price(order(band=band)) is needed


@pytest.mark.parametrize("state", State)
def test_a_state_is_read_as_words(state: State) -> None:
    """People and scripts read the words of the agreed list, without underscores."""
    assert state.words == state.value.replace("_", " ")
    assert state.is_open is (state in OPEN)


def test_what_is_open_is_what_may_still_move_by_itself_or_by_a_click() -> None:
    """An open order that nobody lists is money that nobody watches."""
    ends: Callable[[State], bool] = lambda state: all(  # noqa: E731 - one use, one line down
        event in {Event.LATE_EVIDENCE, Event.REVERSED} for at, event in TRANSITIONS if at is state
    )
    assert {state for state in State if not ends(state)} == OPEN
