"""What an order draws on a budget follows its state, in the transaction that moves it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.orders import OPEN, TRANSITIONS, Event, Order, Outcome, State, apply
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


RESERVED = {
    State.APPROVED,
    State.SUBMITTING,
    State.IN_DOUBT,
    State.ACCEPTED,
    State.AWAITING_PAYMENT,
}


@pytest.mark.parametrize(("state", "event"), sorted(TRANSITIONS))
def test_the_reservation_follows_every_move(tx: Tx, state: State, event: Event) -> None:
    """Budgets will count these rows: promised until nothing can leave, spent once it has left."""
    before = placed(tx, in_state(state))
    if state in RESERVED:
        tx.execute(
            "INSERT INTO reservations VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (before.id, ANA, "kriptomat", "btc", "255.00", "EUR", NOW.isoformat(), "reserved"),
        )
    total = Decimal("249.99") if TRANSITIONS[state, event] is State.COMPLETED else None

    after = moved(tx, before, event, outcome=Outcome(word="x", total=total))

    rows = tx.rows("SELECT amount, status FROM reservations")
    if after.state in RESERVED:
        assert rows == [{"amount": "255.00", "status": "reserved"}]
    elif after.state is State.COMPLETED:
        assert rows == [{"amount": "249.99", "status": "spent"}]
    elif state in RESERVED:
        assert rows == [{"amount": "255.00", "status": "released"}]
    else:
        assert rows == []


def test_only_orders_that_may_still_cost_money_are_reserved() -> None:
    """The set of the product, spelled out here, so that a new state is thought about."""
    assert reservations.RESERVING == RESERVED == OPEN - {State.PENDING_APPROVAL}


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
