"""What comparisons with the providers came to: the last one of each, and what was told already."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.comparisons import Last
from bot.domain.orders import Order, State
from storage import orders
from storage.database import Tx
from storage.rows import time_of


def compared(tx: Tx, provider: str, *, at: datetime, unexplained: int) -> None:
    """Keep that it was compared, and how much nothing explains."""
    tx.execute(
        "INSERT INTO comparisons (provider, tried_at, compared_at, unexplained)"
        " VALUES (?1, ?2, ?2, ?3) ON CONFLICT (provider) DO UPDATE SET tried_at = ?2,"
        " compared_at = ?2, unexplained = ?3, trouble = NULL",
        (provider, at.isoformat(), unexplained),
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
            unexplained=row["unexplained"],
        )
        for row in tx.rows("SELECT * FROM comparisons ORDER BY provider")
    )


def is_news(tx: Tx, provider: str, *, kind: str, name: str, what: str, at: datetime) -> bool:
    """Keep a finding; True: it was never told, or is another one now."""
    sql = (
        "INSERT INTO findings (provider, kind, name, what, found_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (provider, kind, name) DO UPDATE SET what = excluded.what,"
        " found_at = excluded.found_at WHERE what <> excluded.what"
    )
    return tx.execute(sql, (provider, kind, name, what, at.isoformat())) == 1


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
