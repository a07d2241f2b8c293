"""What comparisons with the providers came to: the last one of each, what was told, what explained.

An explanation is of a finding as it stood then: one that has become another is unexplained again.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.comparisons import Explanation, Last
from bot.domain.orders import Order, State
from storage import audit, orders
from storage.database import Tx
from storage.rows import time_of

EXPLAINED = (
    "SELECT count(*) FROM findings AS f JOIN explanations AS e ON e.provider = f.provider"
    " AND e.kind = f.kind AND e.name = f.name AND e.what = f.what"
    " WHERE f.provider = c.provider AND f.seen_at = c.compared_at"
)
"""Of what the comparison ``c`` has found."""


def compared(tx: Tx, provider: str, *, at: datetime, found: int) -> None:
    """Keep that it was compared, and how much was found, explained or not."""
    tx.execute(
        "INSERT INTO comparisons (provider, tried_at, compared_at, found)"
        " VALUES (?1, ?2, ?2, ?3) ON CONFLICT (provider) DO UPDATE SET tried_at = ?2,"
        " compared_at = ?2, found = ?3, trouble = NULL",
        (provider, at.isoformat(), found),
    )


def failed(tx: Tx, provider: str, *, at: datetime, trouble: str) -> None:
    """Keep that it could not be compared; what was found before stands."""
    tx.execute(
        "INSERT INTO comparisons (provider, tried_at, trouble) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (provider) DO UPDATE SET tried_at = ?2, trouble = ?3",
        (provider, at.isoformat(), trouble),
    )


def last(tx: Tx) -> tuple[Last, ...]:
    """Of each provider that was ever tried, by its name."""
    return tuple(
        Last(
            provider=row["provider"],
            tried_at=datetime.fromisoformat(row["tried_at"]),
            trouble=row["trouble"],
            compared_at=time_of(row["compared_at"]),
            unexplained=row["found"] - row["explained"],
            explained=row["explained"],
        )
        for row in tx.rows(
            f"SELECT c.*, ({EXPLAINED}) AS explained FROM comparisons AS c ORDER BY provider"
        )
    )


def is_news(tx: Tx, provider: str, *, kind: str, name: str, what: str, at: datetime) -> bool:
    """Keep a finding of the comparison ``at``; True: it was never told, or is another one now."""
    sql = (
        "INSERT INTO findings (provider, kind, name, what, found_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (provider, kind, name) DO UPDATE SET what = excluded.what,"
        " found_at = excluded.found_at WHERE what <> excluded.what"
    )
    news = tx.execute(sql, (provider, kind, name, what, at.isoformat())) == 1
    tx.execute(
        "UPDATE findings SET seen_at = ? WHERE provider = ? AND kind = ? AND name = ?",
        (at.isoformat(), provider, kind, name),
    )
    return news


def explain(tx: Tx, provider: str, *, kind: str, name: str, what: str, said: Explanation) -> None:
    """Keep what people know of a finding; the audit log keeps what they knew before."""
    tx.execute(
        "INSERT INTO explanations (provider, kind, name, what, because, actor, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (provider, kind, name) DO UPDATE SET"
        " what = excluded.what, because = excluded.because, actor = excluded.actor,"
        " at = excluded.at",
        (provider, kind, name, what, said.because, said.by, said.at.isoformat()),
    )
    facts = {"provider": provider, "kind": kind, "name": name, "what": what}
    audit.append(
        tx,
        at=said.at,
        actor=said.by,
        what="explained",
        order_id=None,
        facts=facts | {"reason": said.because},
    )


def explanation(tx: Tx, provider: str, *, kind: str, name: str, what: str) -> Explanation | None:
    """What people have said of this finding as it stands; None: nothing, or it was another then."""
    row = tx.row(
        "SELECT because, actor, at FROM explanations"
        " WHERE provider = ? AND kind = ? AND name = ? AND what = ?",
        (provider, kind, name, what),
    )
    if row is None:
        return None
    return Explanation(
        because=row["because"], by=row["actor"], at=datetime.fromisoformat(row["at"])
    )


def owners(tx: Tx, provider: str, refs: Sequence[str]) -> dict[str, Order]:
    """The orders that own these references, by them."""
    found: dict[str, Order] = {}
    for ref in refs:
        sql = "SELECT * FROM orders WHERE provider = ? AND ref = ?"
        for order in orders.many(tx, tx.rows(sql, (provider, ref))):
            found[ref] = order
    return found


def sent(tx: Tx, provider: str, *, since: datetime) -> list[str]:
    """The ids of the orders asked for since then that the provider has given a reference."""
    sql = "SELECT id FROM orders WHERE created_at >= ? AND provider = ? AND ref IS NOT NULL"
    return [row["id"] for row in tx.rows(sql, (since.isoformat(), provider))]


def unsettled(tx: Tx, provider: str) -> list[Order]:
    """The orders there that are in doubt or being sent."""
    found = orders.in_state(tx, State.IN_DOUBT, State.SUBMITTING)
    return [order for order in found if order.terms.provider == provider]
