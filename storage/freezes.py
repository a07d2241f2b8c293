"""Freezes: what may not be sent, by whom and why, until two people lift it.

Each change writes its audit row in the same transaction. A freeze that has been lifted is kept.
"""

from datetime import datetime
from typing import Any

from bot.domain.freezes import Freeze, Scope
from storage import audit
from storage.database import Tx
from storage.rows import time_of


def active(tx: Tx) -> tuple[Freeze, ...]:
    """The freezes that stand, oldest first."""
    rows = tx.rows("SELECT * FROM freezes WHERE lifted_at IS NULL ORDER BY id")
    return tuple(_freeze(row) for row in rows)


def load(tx: Tx, number: int) -> Freeze | None:
    """This freeze, whether it still stands or not."""
    row = tx.row("SELECT * FROM freezes WHERE id = ?", (number,))
    return None if row is None else _freeze(row)


def put(tx: Tx, *, scope: Scope, name: str, reason: str, by: str, at: datetime) -> Freeze:
    """Freeze it. One that stands already is renewed: whoever began to lift it has to begin anew."""
    found = tx.row(
        "INSERT INTO freezes (kind, name, reason, set_by, set_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (kind, name) WHERE lifted_at IS NULL DO UPDATE SET"
        " reason = excluded.reason, set_by = excluded.set_by, set_at = excluded.set_at,"
        " lift_asked_by = NULL, lift_asked_at = NULL RETURNING *",
        (scope.value, name, reason, by, at.isoformat()),
    )
    assert found is not None, "an upsert returns its row"
    facts = {"freeze": found["id"], "scope": scope.value, "name": name, "reason": reason}
    audit.append(tx, at=at, actor=by, what="frozen", order_id=None, facts=facts)
    return _freeze(found)


def ask_lift(tx: Tx, freeze: Freeze, *, by: str, at: datetime) -> Freeze:
    """The first of two people wants it lifted."""
    sql = "UPDATE freezes SET lift_asked_by = ?, lift_asked_at = ? WHERE id = ? RETURNING *"
    row = tx.row(sql, (by, at.isoformat(), freeze.id))
    assert row is not None, "it stands"
    facts = {"freeze": freeze.id}
    audit.append(tx, at=at, actor=by, what="lift asked", order_id=None, facts=facts)
    return _freeze(row)


def lift(tx: Tx, freeze: Freeze, *, by: str, at: datetime) -> None:
    """It stands no more."""
    tx.execute(
        "UPDATE freezes SET lifted_by = ?, lifted_at = ? WHERE id = ? AND lifted_at IS NULL",
        (by, at.isoformat(), freeze.id),
    )
    facts = {"freeze": freeze.id, "asked by": freeze.lift_asked_by}
    audit.append(tx, at=at, actor=by, what="unfrozen", order_id=None, facts=facts)


def place(tx: Tx, number: int) -> tuple[str, str] | None:
    """Channel and ts of its message."""
    row = tx.row("SELECT channel, ts FROM freezes WHERE id = ?", (number,))
    return (row["channel"], row["ts"]) if row and row["ts"] else None


def untold(tx: Tx) -> None:
    """Forget where the messages of the freezes that stand are: each is to be told anew."""
    tx.execute("UPDATE freezes SET channel = NULL, ts = NULL WHERE lifted_at IS NULL")


def posted(tx: Tx, number: int, channel: str, ts: str) -> None:
    tx.execute("UPDATE freezes SET channel = ?, ts = ? WHERE id = ?", (channel, ts, number))


def lifted_by(tx: Tx, number: int) -> tuple[str, datetime] | None:
    """Who lifted it, and when; None while it stands."""
    row = tx.row("SELECT lifted_by, lifted_at FROM freezes WHERE id = ?", (number,))
    if row is None or row["lifted_at"] is None:
        return None
    return str(row["lifted_by"]), datetime.fromisoformat(row["lifted_at"])


def _freeze(row: dict[str, Any]) -> Freeze:
    return Freeze(
        id=row["id"],
        scope=Scope(row["kind"]),
        name=row["name"],
        reason=row["reason"],
        set_by=row["set_by"],
        set_at=datetime.fromisoformat(row["set_at"]),
        lift_asked_by=row["lift_asked_by"],
        lift_asked_at=time_of(row["lift_asked_at"]),
    )
