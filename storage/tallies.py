"""Orders counted: for the digest, which tells many in few words."""

from datetime import datetime
from decimal import Decimal

from bot.domain.money import EXACT
from bot.domain.orders import OPEN, Order, State
from storage import orders
from storage.database import Tx


def standing(tx: Tx) -> dict[State, int]:
    """How many orders are in each open state."""
    rows = tx.rows(f"SELECT state, count(*) AS n FROM orders {_IN_OPEN} GROUP BY state")
    return {State(row["state"]): row["n"] for row in rows}


_IN_OPEN = f"WHERE state IN ({', '.join(repr(state.value) for state in sorted(OPEN))})"


def oldest(tx: Tx, *states: State, limit: int) -> list[Order]:
    """The orders that have been in these states for longest."""
    marks = ", ".join("?" for _ in states)
    rows = tx.rows(
        f"SELECT * FROM orders WHERE state IN ({marks})"
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


_OPEN = ", ".join(repr(state.value) for state in sorted(OPEN))


def spent(tx: Tx, *, since: datetime, until: datetime) -> dict[str, Decimal]:
    """What the orders that were completed in this time cost, fees included, by currency."""
    rows = tx.each(
        "SELECT r.currency, r.amount FROM orders AS o JOIN reservations AS r ON r.order_id = o.id"
        " WHERE o.state = 'completed' AND o.moved_at > ? AND o.moved_at <= ?",
        (since.isoformat(), until.isoformat()),
    )
    sums: dict[str, Decimal] = {}
    for row in rows:
        before = sums.get(row["currency"], Decimal(0))
        sums[row["currency"]] = EXACT.add(before, Decimal(row["amount"]))
    return sums
