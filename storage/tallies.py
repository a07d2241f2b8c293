"""Orders counted: for the digest, which tells many in few words."""

from datetime import datetime
from decimal import Decimal

from bot.domain.orders import OPEN, Order, State
from storage import orders
from storage.database import Tx
from storage.queries import marks, sums

_OPEN = ", ".join(repr(state.value) for state in sorted(OPEN))
"""The open states as SQL has them."""


def standing(tx: Tx) -> dict[State, int]:
    """How many orders are in each open state."""
    sql = f"SELECT state, count(*) AS n FROM orders WHERE state IN ({_OPEN}) GROUP BY state"
    return {State(row["state"]): row["n"] for row in tx.rows(sql)}


def oldest(tx: Tx, *states: State, limit: int) -> list[Order]:
    """The orders that have been in these states for longest."""
    rows = tx.rows(
        f"SELECT * FROM orders WHERE state IN ({marks(states)})"
        " ORDER BY coalesce(moved_at, created_at), id LIMIT ?",
        (*(state.value for state in states), limit),
    )
    return orders.many(tx, rows)


def ended(tx: Tx, *, since: datetime, until: datetime) -> dict[State, int]:
    """How many orders came into each final state in this time and are there still."""
    rows = tx.rows(
        f"SELECT state, count(*) AS n FROM orders WHERE state NOT IN ({_OPEN}) AND moved_at > ?"
        " AND moved_at <= ? GROUP BY state",
        (since.isoformat(), until.isoformat()),
    )
    return {State(row["state"]): row["n"] for row in rows}


def spent(tx: Tx, *, since: datetime, until: datetime) -> dict[str, Decimal]:
    """What the orders that were completed in this time cost, fees included, by currency."""
    sold = tx.each(
        "SELECT r.currency, r.amount FROM orders AS o JOIN reservations AS r ON r.order_id = o.id"
        " WHERE o.state = 'completed' AND o.moved_at > ? AND o.moved_at <= ?",
        (since.isoformat(), until.isoformat()),
    )
    return sums(sold)
