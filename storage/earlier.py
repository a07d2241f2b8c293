"""What has been bought before: equal orders of the last day, and whether anything ever was."""

from datetime import datetime

from bot.domain.money import Money
from bot.domain.orders import Alike, State, Terms
from storage.database import Tx
from storage.queries import marks

NOT_BOUGHT = (State.DENIED, State.CANCELLED, State.EXPIRED, State.REJECTED, State.FAILED)
"""How an order ends that has cost nothing."""


def alike(tx: Tx, terms: Terms, *, since: datetime, limit: int = 5) -> tuple[Alike, ...]:
    """Orders for the same at the same provider that were bought or may still be, newest first."""
    spared = tuple(state.value for state in NOT_BOUGHT)
    unit = terms.spend.currency if isinstance(terms.spend, Money) else terms.asset
    rows = tx.rows(
        "SELECT id, requester, created_at FROM orders"
        " WHERE provider = ? AND asset = ? AND spend_amount = ?"
        f" AND spend_unit = ? AND created_at >= ? AND state NOT IN ({marks(spared)})"
        " ORDER BY created_at DESC, id LIMIT ?",
        (
            terms.provider,
            terms.asset,
            terms.spend.text,
            unit,
            since.isoformat(),
            *spared,
            limit,
        ),
    )
    return tuple(
        Alike(
            id=row["id"],
            requester=row["requester"],
            at=datetime.fromisoformat(row["created_at"]),
        )
        for row in rows
    )


def has_completed(tx: Tx, provider: str) -> bool:
    """Some order has been completed at this provider."""
    sql = "SELECT 1 FROM orders WHERE provider = ? AND state = 'completed' LIMIT 1"
    return tx.row(sql, (provider,)) is not None
