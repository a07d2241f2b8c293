"""The audit log: append-only rows, each with the hash of the one before.

Every move of an order writes one row in its own transaction, so the log cannot disagree with the
orders. ``verify`` names the first row that was edited, removed or put elsewhere; a cut tail shows
against a head that was noted elsewhere (a digest message, a backup).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.canonical import canonical, sha256
from storage.database import Tx

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row: how long the log is, and its hash."""

    number: int
    hash: str


def append(
    tx: Tx, *, at: datetime, actor: str, what: str, order_id: str | None, facts: dict[str, Any]
) -> Head:
    """Add a row. ``facts`` must hold no secret: it is shown to operators and kept for ever."""
    before = head(tx)
    number, text, when = before.number + 1, canonical(facts), at.isoformat()
    mark = _hash(number, when, actor, what, order_id, text, before.hash)
    tx.execute(
        "INSERT INTO audit (number, at, actor, what, order_id, facts, previous, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (number, when, actor, what, order_id, text, before.hash, mark),
    )
    return Head(number, mark)


def head(tx: Tx) -> Head:
    """The newest row, or number 0 with the genesis hash."""
    row = tx.row("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
    return Head(row["number"], row["hash"]) if row else Head(0, GENESIS)


def verify(tx: Tx) -> str | None:
    """None when every row follows from the one before, else what is wrong, naming the row."""
    previous, expected = GENESIS, 1
    for row in tx.rows("SELECT * FROM audit ORDER BY number"):
        if row["number"] != expected:
            return f"row {expected} is missing"
        mark = _hash(
            row["number"],
            row["at"],
            row["actor"],
            row["what"],
            row["order_id"],
            row["facts"],
            row["previous"],
        )
        if row["previous"] != previous or row["hash"] != mark:
            return f"row {expected} was changed"
        previous, expected = row["hash"], expected + 1
    return None


def _hash(*parts: object) -> str:
    return sha256(canonical(parts))
