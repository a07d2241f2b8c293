"""What every look-up has shown: where, when, matched or not, and which rule decided.

A row is written in the transaction that moves the order because of it.
"""

import json
from datetime import datetime
from typing import Any

from bot.domain.canonical import canonical
from bot.domain.evidence import Ground, Shown
from storage.database import Tx


def note(
    tx: Tx,
    order_id: str,
    *,
    at: datetime,
    place: str,
    shown: Shown,
    ground: Ground,
    facts: dict[str, Any],
) -> None:
    """Keep one look-up. ``facts``: the vendor's rows as they came, or why nothing could be read."""
    tx.execute(
        "INSERT INTO evidence (order_id, number, at, place, shown, rule, facts)"
        " SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5, ?6"
        " FROM evidence WHERE order_id = ?1",
        (order_id, at.isoformat(), place, shown.value, ground.value, canonical(facts)),
    )


def refs(tx: Tx, order_id: str) -> frozenset[str]:
    """Every purchase that any look-up has shown."""
    return frozenset(ref for row in of(tx, order_id) for ref in row["facts"].get("refs", ()))


def of(tx: Tx, order_id: str) -> list[dict[str, Any]]:
    """All look-ups of an order, oldest first: ``number, at, place, shown, rule, facts``."""
    rows = tx.rows("SELECT * FROM evidence WHERE order_id = ? ORDER BY number", (order_id,))
    return [row | {"facts": json.loads(row["facts"])} for row in rows]
