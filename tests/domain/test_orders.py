"""The life of an order: every pair of state and event, and the rules of money that stand in it."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

from bot.domain.orders import (
    OPEN,
    TRANSITIONS,
    Event,
    NotAllowed,
    State,
    apply,
    outcome_event,
)
from tests.domain.sample import (
    in_state,
)

LIFE = {
    "pending_approval": (
        "priced -> pending_approval, voted -> pending_approval, asked_again -> pending_approval,"
        " over_budget -> pending_approval,"
        " approved -> approved, denied -> denied, cancelled -> cancelled, expired -> expired,"
        " reminded -> pending_approval, snoozed -> pending_approval"
    ),
    "approved": (
        "held -> approved, asked_again -> pending_approval, cancelled -> cancelled,"
        " sent -> submitting, doubted -> in_doubt, refused -> rejected"
    ),
    "submitting": (
        "unavailable -> approved, refused -> rejected, doubted -> in_doubt, accepted -> accepted,"
        " must_pay -> awaiting_payment, completed -> completed, failed -> failed"
    ),
    "in_doubt": (
        "looked_up -> in_doubt, sent -> submitting, accepted -> accepted,"
        " must_pay -> awaiting_payment, completed -> completed, failed -> failed,"
        " settled_bought -> accepted, settled_not_bought -> rejected, lapsed -> rejected,"
        " proposed -> in_doubt, objected -> in_doubt"
    ),
    "accepted": (
        "polled -> accepted, must_pay -> awaiting_payment, completed -> completed,"
        " failed -> failed, proposed -> accepted, objected -> accepted, settled_bought -> accepted,"
        " settled_not_bought -> rejected"
    ),
    "awaiting_payment": (
        "payer -> awaiting_payment, instructed -> awaiting_payment, reminded -> awaiting_payment,"
        " said_paid -> awaiting_payment, cancel_asked -> awaiting_payment,"
        " asked_again -> pending_approval,"
        " polled -> awaiting_payment, paid -> accepted, completed -> completed,"
        " cancelled -> cancelled, failed -> failed"
    ),
    "completed": "reversed -> reversed",
    "reversed": "",
    "denied": "late_evidence -> completed, reopened -> in_doubt",
    "cancelled": "late_evidence -> completed, reopened -> in_doubt",
    "expired": "late_evidence -> completed, reopened -> in_doubt",
    "rejected": "late_evidence -> completed, reopened -> in_doubt",
    "failed": "late_evidence -> completed, reopened -> in_doubt",
}
"""The agreed life of an order, written down a second time: whoever edits the table edits both."""


AGREED = {
    (State(state), Event(line.split(" -> ")[0])): State(line.split(" -> ")[1])
    for state, lines in LIFE.items()
    for line in filter(None, lines.split(", "))
}


PAIRS = list(product(State, Event))


@pytest.mark.parametrize(("state", "event"), AGREED)
def test_an_agreed_event_leads_to_the_agreed_state(state: State, event: Event) -> None:
    """One version on, the named fields changed, nothing else."""
    before = in_state(state)

    after = apply(before, event, note="why")

    assert after == replace(
        before, state=AGREED[state, event], version=before.version + 1, note="why"
    )


@pytest.mark.parametrize(("state", "event"), [pair for pair in PAIRS if pair not in AGREED])
def test_any_other_event_is_refused_and_nothing_happens(state: State, event: Event) -> None:
    """A missing key is the error: no order slips through a pair that nobody thought of."""
    before = in_state(state)
    kept = replace(before)

    with pytest.raises(NotAllowed) as refused:
        apply(before, event, note="why")

    assert (refused.value.state, refused.value.event) == (state, event)
    assert before == kept


def test_the_agreed_life_names_every_state_and_the_table_nothing_else() -> None:
    """A new state, event or line is agreed upon here before it is the law."""
    assert {State(name) for name in LIFE} == set(State)
    assert dict(TRANSITIONS) == AGREED


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
    assert events == {Event.LATE_EVIDENCE, Event.REOPENED, Event.REVERSED}


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


@pytest.mark.parametrize("state", State)
def test_a_state_is_read_as_words(state: State) -> None:
    """People and scripts read the words of the agreed list, without underscores."""
    assert state.words == state.value.replace("_", " ")
    assert state.is_open is (state in OPEN)


def test_what_is_open_is_what_may_still_move_by_itself_or_by_a_click() -> None:
    """An open order that nobody lists is money that nobody watches."""
    ends: Callable[[State], bool] = lambda state: all(  # noqa: E731 - one use, one line down
        event in {Event.LATE_EVIDENCE, Event.REOPENED, Event.REVERSED}
        for at, event in TRANSITIONS
        if at is state
    )
    assert {state for state in State if not ends(state)} == OPEN
