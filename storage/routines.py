"""What is done by the clock once for each local time: which of it was begun, and what became of it.

The name of an occurrence is its local wall time, so a second process, a restart or an hour that
comes twice finds the row and does nothing.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.canonical import canonical
from storage.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One occurrence that was done: when, and what there is to know of it."""

    occurrence: str
    at: datetime
    facts: dict[str, Any]


def begin(tx: Tx, name: str, occurrence: str, *, at: datetime) -> bool:
    """Claim it; False: it was claimed before."""
    sql = (
        "INSERT INTO routines (name, occurrence, begun_at) VALUES (?, ?, ?)"
        " ON CONFLICT (name, occurrence) DO NOTHING"
    )
    return tx.execute(sql, (name, occurrence, at.isoformat())) == 1


def done(tx: Tx, name: str, occurrence: str, *, at: datetime, facts: dict[str, Any]) -> None:
    """It was begun, and now it is done; ``at`` is the moment of which it speaks."""
    tx.execute(
        "UPDATE routines SET done_at = ?, facts = ? WHERE name = ? AND occurrence = ?",
        (at.isoformat(), canonical(facts), name, occurrence),
    )


def last(tx: Tx, name: str) -> Done | None:
    """The newest one that is done."""
    row = tx.row(
        "SELECT occurrence, done_at, facts FROM routines WHERE name = ? AND done_at IS NOT NULL"
        " ORDER BY done_at DESC LIMIT 1",
        (name,),
    )
    if row is None:
        return None
    at = datetime.fromisoformat(row["done_at"])
    return Done(occurrence=row["occurrence"], at=at, facts=json.loads(row["facts"]))


def sending(tx: Tx, name: str, occurrence: str, *, mark: str | None) -> str | None:
    """Note that its message is about to leave (or, with None, that it surely did not); the mark
    that stood there: whoever left one may have sent it already."""
    row = tx.row(
        "SELECT sending FROM routines WHERE name = ? AND occurrence = ?", (name, occurrence)
    )
    tx.execute(
        "UPDATE routines SET sending = ? WHERE name = ? AND occurrence = ?",
        (mark, name, occurrence),
    )
    return None if row is None else row["sending"]
