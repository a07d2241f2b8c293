"""What an order draws on a budget follows its state, in the transaction that moves it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.orders import TRANSITIONS, Event, Order, Outcome, State, apply
from storage import orders, reservations
from storage.database import Tx
from tests.domain.sample import ANA, NOW, in_state, order


def placed(tx: Tx, one: Order | None = None) -> Order:
    one = one or order()
    orders.create(tx, one, wishes=(), facts={"said": "hello"})
    return one


def moved(tx: Tx, before: Order, event: Event, **changes: Any) -> Order:
    after = apply(before, event, **changes)
    return orders.move(tx, before, after, event, actor="bot", at=NOW)


COUNTED = {
    State.APPROVED: "reserved",
    State.SUBMITTING: "reserved",
    State.IN_DOUBT: "in_doubt",
    State.ACCEPTED: "reserved",
    State.AWAITING_PAYMENT: "reserved",
    State.COMPLETED: "spent",
    State.REVERSED: "spent",
}


@pytest.mark.parametrize(("state", "event"), sorted(TRANSITIONS))
def test_the_reservation_follows_every_move(tx: Tx, state: State, event: Event) -> None:
    """Budgets will count these rows: promised until nothing can leave, spent once it has left."""
    before = placed(tx, in_state(state))
    if state in COUNTED:
        tx.execute(
            "INSERT INTO reservations VALUES (?, ?, ?, ?, ?, ?, ?, ?, '')",
            (before.id, ANA, "kriptomat", "btc", "255.00", "EUR", NOW.isoformat(), COUNTED[state]),
        )
    total = Decimal("249.99") if TRANSITIONS[state, event] is State.COMPLETED else None

    after = moved(tx, before, event, outcome=Outcome(word="x", total=total))

    rows = [tuple(row.values()) for row in tx.rows("SELECT amount, status FROM reservations")]
    if (state, event) == (State.IN_DOUBT, Event.SENT):
        assert rows == [("255.00", "in_doubt")]
    elif after.state in COUNTED:
        amount = "249.99" if after.state is State.COMPLETED else "255.00"
        assert rows == [(amount, COUNTED[after.state])]
    elif state in COUNTED:
        assert rows == [("255.00", "released")]
    else:
        assert rows == []


@pytest.mark.parametrize("state", State)
def test_only_what_surely_cost_nothing_counts_nowhere(state: State) -> None:
    """The table of the product, spelled out here, so that a new state is thought about."""
    status = reservations.status_of(in_state(state))

    assert (None if status is None else status.value) == COUNTED.get(state)


def test_a_resend_of_an_order_in_doubt_is_as_doubtful_as_before(tx: Tx) -> None:
    """The attempt before it may have bought: that does not become a mere promise again."""
    sent = placed(tx, in_state(State.SUBMITTING))
    doubtful = moved(tx, sent, Event.DOUBTED, doubted=True)

    again = moved(tx, doubtful, Event.SENT)
    assert tx.rows("SELECT status FROM reservations") == [{"status": "in_doubt"}]

    moved(tx, again, Event.ACCEPTED)
    assert tx.rows("SELECT status FROM reservations") == [{"status": "reserved"}]


def test_what_somebody_has_paid_and_what_failed_then_counts_as_spent(tx: Tx) -> None:
    """The vendor says that it failed; that the money came back nobody has said."""
    paid = placed(tx, in_state(State.AWAITING_PAYMENT, paid_by=ANA))

    moved(tx, paid, Event.FAILED)

    assert tx.rows("SELECT amount, status FROM reservations") == [
        {"amount": "255.00", "status": "spent"}
    ]


@pytest.mark.parametrize(
    ("total", "currency", "reserved", "spent"),
    [
        ("249.99", None, "255.00", "249.99"),
        ("256.001", None, "256.01", "256.01"),
        ("249.99", "USD", "255.00", "255.00"),
        ("1" + "0" * 30, None, "255.00", "255.00"),
    ],
)
def test_only_a_final_total_in_the_same_currency_lowers_what_counts(
    tx: Tx, total: str, currency: str | None, reserved: str, spent: str
) -> None:
    """What really left counts, rounded up; a total that says nothing of that frees nothing."""
    told = Outcome(word="PENDING", total=Decimal(total), currency=currency)
    accepted = moved(tx, placed(tx, in_state(State.SUBMITTING)), Event.ACCEPTED, outcome=told)
    assert tx.rows("SELECT amount FROM reservations") == [{"amount": reserved}]

    moved(tx, accepted, Event.COMPLETED, outcome=told)

    assert tx.rows("SELECT amount FROM reservations") == [{"amount": spent}]


@pytest.mark.parametrize("total", [None, Decimal(0), Decimal(-250), Decimal("-0.00")])
def test_a_total_that_is_no_amount_counts_as_the_most_that_was_approved(
    tx: Tx, total: Decimal | None
) -> None:
    """A vendor that books its sales as minus must neither stop the move nor free a budget."""
    before = placed(tx, in_state(State.SUBMITTING))

    moved(tx, before, Event.COMPLETED, outcome=Outcome(word="SUCCESS", total=total))

    assert tx.rows("SELECT amount, status FROM reservations") == [
        {"amount": "255.00", "status": "spent"}
    ]


def test_an_order_that_was_approved_anew_counts_from_the_newer_approval(tx: Tx) -> None:
    """It counts at the instant of its approval; the votes of the first time are void."""
    first = placed(tx, in_state(State.PENDING_APPROVAL))
    approved = moved(tx, first, Event.APPROVED, decided_at=NOW)
    again = moved(tx, approved, Event.ASKED_AGAIN, decided_at=None, revision=1)
    assert tx.rows("SELECT status FROM reservations") == [{"status": "released"}]

    moved(tx, again, Event.APPROVED, decided_at=NOW + timedelta(days=30))

    assert tx.rows("SELECT status, at FROM reservations") == [
        {"status": "reserved", "at": (NOW + timedelta(days=30)).isoformat()}
    ]


def test_a_window_is_read_from_its_first_instant_on_and_only_in_its_currency(tx: Tx) -> None:
    """What was approved at the very midnight belongs to the new day."""
    for number, ago in enumerate((0, 1, -1)):
        name = f"BUY-0000{number}"
        pending = in_state(State.PENDING_APPROVAL, id=name, origin=name, key=f"{number:032x}")
        one = placed(tx, pending)
        moved(tx, one, Event.APPROVED, decided_at=NOW - timedelta(microseconds=ago))

    assert {one.at for one in reservations.entries(tx, "EUR", since=NOW)} == {
        NOW,
        NOW + timedelta(microseconds=1),
    }
    assert reservations.entries(tx, "USD", since=NOW) == []
    assert len(reservations.entries(tx, "EUR", since=NOW, but="BUY-00000")) == 1


def test_what_turned_up_without_an_approval_counts_from_then_on_whatever_follows(tx: Tx) -> None:
    """A reversal a month later must not carry it into another window."""
    ended = placed(tx, in_state(State.EXPIRED))
    found = moved(tx, ended, Event.LATE_EVIDENCE, outcome=Outcome(word="SUCCESS"))
    later = apply(found, Event.REVERSED)

    orders.move(tx, found, later, Event.REVERSED, actor="bot", at=NOW + timedelta(days=30))

    assert tx.rows("SELECT status, at FROM reservations") == [
        {"status": "spent", "at": NOW.isoformat()}
    ]
