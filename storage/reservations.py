"""What an order draws on budgets: promised at its approval, spent or released at its end.

The rows move in the very transaction that moves the order, so the two cannot disagree, and sums
are taken in the transaction that needs them. ``bot.domain.budgets`` adds the amounts up as
decimals; SQLite would make binary fractions of them.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.domain.budgets import Entry, Status, counted
from bot.domain.money import LIMIT
from bot.domain.orders import OPEN, Order, State
from storage.database import Tx

RESERVING = OPEN - {State.PENDING_APPROVAL}
"""States whose money is promised: from the deciding vote until nothing can leave any more."""

SPENT = frozenset({State.COMPLETED, State.REVERSED})
"""A purchase that the vendor has reversed still counts: that the money is back is only its word."""


def status_of(order: Order) -> Status | None:
    """What has become of its money; None: nothing has left, and nothing will."""
    if order.state is State.IN_DOUBT or (order.state is State.SUBMITTING and order.doubted):
        return Status.IN_DOUBT
    if order.state in RESERVING:
        return Status.RESERVED
    if order.state in SPENT or (order.state is State.FAILED and order.paid_by is not None):
        # Somebody says that they have paid what failed: then it has left.
        return Status.SPENT
    return None


def follow(tx: Tx, before: Order, after: Order, at: datetime) -> bool:
    """Keep the reservation in step with the order; written in the approving transaction itself.

    True when what is left of a budget may be another figure now.
    """
    status, was = status_of(after), status_of(before)
    if status is None:
        if was is None:
            return False
        tx.execute("UPDATE reservations SET status = 'released' WHERE order_id = ?", (after.id,))
        return True
    if status is was and after.outcome == before.outcome:
        return False
    tx.execute(
        "INSERT INTO reservations"
        " (order_id, requester, provider, asset, amount, currency, at, status, marks)"
        " VALUES (:id, :requester, :provider, :asset, :amount, :currency,"
        " coalesce(:decided, :now), :status, :marks) ON CONFLICT (order_id) DO UPDATE SET"
        " amount = :amount, status = :status, marks = :marks, at = coalesce(:decided, at)",
        {
            "id": after.id,
            "requester": after.requester,
            "provider": after.terms.provider,
            "asset": after.terms.asset,
            "amount": format(_amount(after, status), "f"),
            "currency": after.terms.currency,
            # What was bought without an approval that we know of counts from when it turned up.
            "decided": None if after.decided_at is None else after.decided_at.isoformat(),
            "now": at.isoformat(),
            "status": status.value,
            "marks": " ".join(budget.mark for budget in after.budgets),
        },
    )
    return True


def _amount(order: Order, status: Status) -> Decimal:
    """What really left, once the vendor has told the total; until then the most that was approved.

    A total that is no amount, or is not in the currency of the order, says nothing. While it is not
    over yet, a total can only raise what is reserved.
    """
    cost, outcome = order.terms.cost.amount, order.outcome
    total = outcome.total if outcome.spent is None else outcome.spent
    foreign = order.outcome.currency not in {None, order.terms.currency}
    if total is None or foreign or not 0 < total <= LIMIT:
        return cost
    told = counted(total, order.terms.currency)
    return told if status is Status.SPENT else max(cost, told)


def of(tx: Tx, order_id: str) -> dict[str, Any] | None:
    """What is written down of one order; None: it was never approved."""
    return tx.row("SELECT * FROM reservations WHERE order_id = ?", (order_id,))


_STATUS = {status.value: status for status in Status}


def entries(tx: Tx, currency: str, *, since: datetime, but: str | None = None) -> list[Entry]:
    """All that counts in this currency and was approved from ``since`` on, except one order."""
    rows = tx.tuples(
        "SELECT requester, provider, asset, amount, at, status, marks FROM reservations"
        " WHERE currency = ? AND at >= ? AND status <> 'released' AND order_id <> ?",
        (currency, since.isoformat(), but or ""),
    )
    entry, moment = Entry._make, datetime.fromisoformat
    return [
        entry((who, provider, asset, currency, Decimal(amount), moment(at), _STATUS[status], marks))
        for who, provider, asset, amount, at, status, marks in rows
    ]
