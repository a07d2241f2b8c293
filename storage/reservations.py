"""What an order draws on a budget: promised at its approval, spent or released at its end.

The rows move in the very transaction that moves the order, so the two cannot disagree.
"""

from datetime import datetime

from bot.domain.orders import OPEN, Order, State
from storage.database import Tx

RESERVING = OPEN - {State.PENDING_APPROVAL}
"""States whose money is promised: from the deciding vote until nothing can leave any more."""

SPENT = frozenset({State.COMPLETED})


def follow(tx: Tx, before: Order, after: Order, at: datetime) -> None:
    """Keep the reservation in step with the state; written in the approving transaction itself."""
    if after.state is before.state and after.outcome == before.outcome:
        return
    if after.state in RESERVING:
        status, amount = "reserved", after.terms.cost.text
    elif after.state in SPENT:
        status = "spent"
        total = after.outcome.total
        # A total that is no amount says nothing: the most that was approved counts as spent then.
        known = total is not None and total > 0
        amount = format(total, "f") if known else after.terms.cost.text
    else:
        tx.execute("UPDATE reservations SET status = 'released' WHERE order_id = ?", (after.id,))
        return
    tx.execute(
        "INSERT INTO reservations"
        " (order_id, requester, provider, asset, amount, currency, at, status)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (order_id) DO UPDATE SET"
        " amount = excluded.amount, status = excluded.status, at = excluded.at",
        (
            after.id,
            after.requester,
            after.terms.provider,
            after.terms.asset,
            amount,
            after.terms.currency,
            (after.decided_at or at).isoformat(),
            status,
        ),
    )
