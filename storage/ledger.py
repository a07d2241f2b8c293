"""The orders of a month with all that reports and exports tell of them, in portions.

An order belongs to the instant at which its money was promised, as budgets count it; one that never
was approved to the instant at which it was asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.budgets import Status
from bot.domain.orders import Order
from storage import orders
from storage.database import Tx
from storage.queries import sums
from storage.rows import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One order, and what it has taken out of the budgets."""

    order: Order
    booked_at: datetime
    status: Status | None
    """What has become of its money; None: nothing has left, and nothing will."""
    amount: Decimal | None
    """What was spent or may still be, in the order's currency; None where ``status`` is."""
    votes: tuple[Row, ...]
    """Every vote, those of earlier terms included, oldest first."""


def booked(tx: Tx, *, since: datetime, until: datetime) -> list[str]:
    """The ids of the orders in this time (its end is not in it), in the order of their booking."""
    span = (since.isoformat(), until.isoformat())
    rows = tx.rows(
        "SELECT order_id AS id, at FROM reservations WHERE at >= ?1 AND at < ?2 UNION ALL"
        " SELECT id, created_at AS at FROM orders WHERE created_at >= ?1 AND created_at < ?2"
        " AND NOT EXISTS (SELECT 1 FROM reservations WHERE order_id = orders.id) ORDER BY at, id",
        span,
    )
    return [row["id"] for row in rows]


def spent(tx: Tx, *, since: datetime, until: datetime) -> dict[str, Decimal]:
    """What was spent of what was booked in this time, by currency."""
    sql = "SELECT currency, amount FROM reservations WHERE at >= ? AND at < ? AND status = 'spent'"
    return sums(tx.each(sql, (since.isoformat(), until.isoformat())))


def lines(tx: Tx, ids: Sequence[str]) -> list[Line]:
    """These orders as they are now, in the order of ``ids``."""
    found = []
    for order_id in ids:
        order = orders.load(tx, order_id)
        if order is None:
            continue
        held = tx.row("SELECT at, amount, status FROM reservations WHERE order_id = ?", (order_id,))
        taken = held is not None and held["status"] != "released"
        found.append(
            Line(
                order=order,
                booked_at=datetime.fromisoformat(held["at"]) if held else order.created_at,
                status=Status(held["status"]) if held and taken else None,
                amount=Decimal(held["amount"]) if held and taken else None,
                votes=tuple(orders.all_votes(tx, order_id)),
            )
        )
    return found
