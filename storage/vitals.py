"""What operators watch, in a few queries: each reads an index and no more rows than are open."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.comparisons import Last
from bot.domain.orders import OPEN
from storage import audit, comparisons
from storage.database import Tx
from storage.queries import count, marks, moment
from storage.rows import time_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many there are, and since when the oldest of them; None when there is none."""

    count: int
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """One snapshot."""

    orders: dict[str, Waiting]
    """Every open state by its name, those without an order included."""
    overdue_since: datetime | None
    """When the order that is longest due became due; it may lie ahead."""
    unsent: Waiting
    """Messages that are due and still owed to Slack."""
    refused: int
    """Of those, the ones that Slack has refused and that are tried again later and later."""
    freezes: int
    audit_rows: int
    comparisons: tuple[Last, ...]
    """With each provider that was ever compared."""
    began_at: datetime | None
    """When the records begin."""


def read(tx: Tx, *, now: datetime) -> Vitals:
    """All of it as of now."""
    return Vitals(
        orders=_orders(tx),
        overdue_since=moment(tx, "SELECT min(wake_at) AS at FROM orders WHERE wake_at IS NOT NULL"),
        unsent=_unsent(tx, now),
        refused=count(
            tx, "SELECT count(*) AS n FROM outbox WHERE wanted > paid AND trouble IS NOT NULL"
        ),
        freezes=count(tx, "SELECT count(*) AS n FROM freezes WHERE lifted_at IS NULL"),
        audit_rows=audit.head(tx).number,
        comparisons=comparisons.last(tx),
        began_at=audit.began_at(tx),
    )


def _orders(tx: Tx) -> dict[str, Waiting]:
    rows = tx.rows(
        "SELECT state, count(*) AS n, min(coalesce(moved_at, created_at)) AS at FROM orders"
        f" WHERE state IN ({marks(OPEN)}) GROUP BY state",
        tuple(state.value for state in OPEN),
    )
    found = {row["state"]: Waiting(row["n"], datetime.fromisoformat(row["at"])) for row in rows}
    return {state.value: found.get(state.value, Waiting(0, None)) for state in OPEN}


def _unsent(tx: Tx, now: datetime) -> Waiting:
    (row,) = tx.rows(
        "SELECT count(*) AS n, min(owed_since) AS at FROM outbox"
        " WHERE wanted > paid AND (due_at <= ? OR tries > 0)",
        (now.isoformat(),),
    )
    return Waiting(row["n"], time_of(row["at"]))


def news(tx: Tx, *, after: int, limit: int) -> tuple[int, dict[str, int]]:
    """What has happened since the audit row ``after``: the newest row counted, and how often what.

    At most ``limit`` rows are read; whoever wants the rest asks again.
    """
    rows = tx.rows(
        "SELECT max(number) AS last, what, count(*) AS n FROM"
        " (SELECT number, what FROM audit WHERE number > ? ORDER BY number LIMIT ?) GROUP BY what",
        (after, limit),
    )
    return max((row["last"] for row in rows), default=after), {r["what"]: r["n"] for r in rows}
