"""What became of each date of each schedule: one row, by its local time, written once.

The row goes into the transaction that creates the order and moves the schedule on, so a date
cannot be dealt with twice, nor half.
"""

from datetime import datetime

from bot.domain.occurring import Fate, Run
from storage.database import Tx
from storage.rows import time_column
from storage.schedule_rows import local_column, run_of


def add(tx: Tx, run: Run) -> None:
    """Write what became of a date. The primary key refuses a second word about it."""
    tx.execute(
        "INSERT INTO occurrences (schedule_id, local, at, fate, order_id, actor, note, decided_at,"
        " asked, ask_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            run.schedule_id,
            local_column(run.local),
            run.at.isoformat(),
            run.fate.value,
            run.order_id,
            run.actor,
            run.note,
            run.decided_at.isoformat(),
            run.asked,
            time_column(run.ask_at),
        ),
    )


def answer(tx: Tx, before: Run, after: Run) -> bool:
    """Replace what is written about a date by this; False when somebody else was first."""
    changed = tx.execute(
        "UPDATE occurrences SET fate = ?, order_id = ?, actor = ?, note = ?, decided_at = ?,"
        " asked = ?, ask_at = ? WHERE schedule_id = ? AND local = ? AND fate = ? AND asked = ?"
        " AND ask_at IS ?",
        (
            after.fate.value,
            after.order_id,
            after.actor,
            after.note,
            after.decided_at.isoformat(),
            after.asked,
            time_column(after.ask_at),
            before.schedule_id,
            local_column(before.local),
            before.fate.value,
            before.asked,
            time_column(before.ask_at),
        ),
    )
    return changed == 1


def load(tx: Tx, schedule_id: str, local: datetime) -> Run | None:
    row = tx.row(
        "SELECT * FROM occurrences WHERE schedule_id = ? AND local = ?",
        (schedule_id, local_column(local)),
    )
    return None if row is None else run_of(row)


def of_schedule(tx: Tx, schedule_id: str, *, limit: int = 400) -> list[Run]:
    """What became of its dates so far, newest first."""
    rows = tx.rows(
        "SELECT * FROM occurrences WHERE schedule_id = ? ORDER BY local DESC LIMIT ?",
        (schedule_id, limit),
    )
    return [run_of(row) for row in rows]


def unanswered(tx: Tx, schedule_id: str) -> list[Run]:
    """Its reminders that nobody has answered yet, however old; oldest first."""
    rows = tx.rows(
        "SELECT * FROM occurrences WHERE schedule_id = ? AND fate = ? ORDER BY local",
        (schedule_id, Fate.REMINDED.value),
    )
    return [run_of(row) for row in rows]


def tally(tx: Tx, schedule_id: str) -> dict[Fate, int]:
    """How many of its dates had which fate."""
    rows = tx.rows(
        "SELECT fate, count(*) AS n FROM occurrences WHERE schedule_id = ? GROUP BY fate",
        (schedule_id,),
    )
    return {Fate(row["fate"]): row["n"] for row in rows}


def latest(tx: Tx, schedule_id: str) -> datetime | None:
    """The last date (local) of which it is decided what becomes of it."""
    row = tx.row(
        "SELECT max(local) AS local FROM occurrences WHERE schedule_id = ?", (schedule_id,)
    )
    return datetime.fromisoformat(row["local"]) if row and row["local"] else None


def in_hand(tx: Tx, schedule_id: str) -> list[str]:
    """Ids of the orders of its dates that the vendor does not have, or may not have, oldest first:
    those that are asked about, approved, being sent or in doubt."""
    rows = tx.rows(
        "SELECT orders.id FROM occurrences JOIN orders ON orders.id = occurrences.order_id"
        " WHERE occurrences.schedule_id = ? AND orders.state IN"
        " ('pending_approval', 'approved', 'submitting', 'in_doubt') ORDER BY occurrences.local",
        (schedule_id,),
    )
    return [row["id"] for row in rows]


def asking(tx: Tx, *, now: datetime, limit: int = 100) -> list[Run]:
    """The reminders that are to be posted again now."""
    rows = tx.rows(
        "SELECT * FROM occurrences WHERE ask_at <= ? ORDER BY ask_at LIMIT ?",
        (now.isoformat(), limit),
    )
    return [run_of(row) for row in rows]


def next_asking(tx: Tx, *, after: datetime) -> datetime | None:
    row = tx.row("SELECT min(ask_at) AS at FROM occurrences WHERE ask_at > ?", (after.isoformat(),))
    return datetime.fromisoformat(row["at"]) if row and row["at"] else None
