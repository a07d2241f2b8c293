"""When the clock has something to decide: which orders are due, and when the next one is.

A partial index on ``wake_at`` holds only what waits for the clock, so a look does not depend on how
many orders are not due.
"""

import json
from collections.abc import Collection
from datetime import datetime

from bot.domain.orders import Order, State
from bot.domain.steps import WATCHED, wake_at
from storage.database import Tx
from storage.queries import count, moment
from storage.rows import time_column

TO_READ = "ref IS NOT NULL AND state IN ({})".format(
    ", ".join(f"'{state.value}'" for state in sorted({State.ACCEPTED, *WATCHED}))
)
"""Orders whose next step is to read at the vendor what has become of a purchase."""


def due(tx: Tx, *, now: datetime, limit: int = 100, surveyed: Collection[str] = ()) -> list[str]:
    """Ids of the orders for which the clock has something to decide, longest overdue first.

    Without those that are merely to be read at the ``surveyed`` providers: see ``due_to_read``.
    """
    rows = tx.rows(
        f"SELECT id FROM orders WHERE wake_at <= ? AND NOT ({TO_READ} AND provider IN"
        " (SELECT value FROM json_each(?))) ORDER BY wake_at LIMIT ?",
        (now.isoformat(), json.dumps(list(surveyed)), limit),
    )
    return [row["id"] for row in rows]


def providers_to_read(tx: Tx, *, now: datetime) -> list[str]:
    """Where purchases of ours are to be read now."""
    sql = f"SELECT DISTINCT provider FROM orders WHERE wake_at <= ? AND {TO_READ}"
    return [row["provider"] for row in tx.rows(sql, (now.isoformat(),))]


def due_to_read(tx: Tx, provider: str, *, now: datetime) -> dict[str, str]:
    """The orders whose purchases are to be read there now, and the vendor's references to them."""
    rows = tx.rows(
        f"SELECT id, ref FROM orders WHERE wake_at <= ? AND {TO_READ} AND provider = ?"
        " ORDER BY wake_at",
        (now.isoformat(), provider),
    )
    return {row["id"]: row["ref"] for row in rows}


def next_wake(tx: Tx, *, after: datetime | None = None) -> datetime | None:
    """When the next order is due, of those that are not due yet at ``after``."""
    since = after.isoformat() if after else ""
    return moment(tx, "SELECT min(wake_at) AS at FROM orders WHERE wake_at > ?", (since,))


def accepted_before(tx: Tx, provider: str, at: datetime, *, limit: int) -> list[str]:
    """The ids of the purchases there that were first sent before then and are not final yet,
    oldest first."""
    rows = tx.rows(
        "SELECT id FROM orders WHERE state = 'accepted' AND provider = ? AND first_sent_at <= ?"
        " ORDER BY first_sent_at, id LIMIT ?",
        (provider, at.isoformat(), limit),
    )
    return [row["id"] for row in rows]


def put_off(tx: Tx, *, now: datetime) -> list[str]:
    """The ids of the orders that are to be looked at later, or were approved or sent later, than
    now."""
    rows = tx.rows(
        "SELECT id FROM orders WHERE wake_at IS NOT NULL"
        " AND (due_at > ?1 OR decided_at > ?1 OR first_sent_at > ?1)",
        (now.isoformat(),),
    )
    return [row["id"] for row in rows]


def rewind(tx: Tx, before: Order, after: Order) -> None:
    """As ``orders.touch``, where the clock was set back. Silent if it moved on."""
    tx.execute(
        "UPDATE orders SET due_at = ?, valid_until = ?, wake_at = ? WHERE id = ? AND version = ?",
        (
            time_column(after.due_at),
            time_column(after.valid_until),
            time_column(wake_at(after)),
            before.id,
            before.version,
        ),
    )


def unfinished(tx: Tx) -> int:
    """How many orders the clock still has to see to."""
    return count(tx, "SELECT count(*) AS n FROM orders WHERE wake_at IS NOT NULL")
