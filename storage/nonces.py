"""Numbers that only grow, also across restarts: what a vendor's signature may use once."""

from storage.database import Database, Tx


class StoredNonces:
    """Implements ``providers.base.Nonces``: each number is on the disk before it is given out."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def next(self, account: str, at_least: int) -> int:
        """A number above every one given for this account before, and not below ``at_least``."""
        return await self._db.write(lambda tx: _next(tx, account, at_least))


def _next(tx: Tx, account: str, at_least: int) -> int:
    row = tx.row(
        "INSERT INTO nonces (account, last) VALUES (?1, ?2) ON CONFLICT (account)"
        " DO UPDATE SET last = max(last + 1, excluded.last) RETURNING last",
        (account, at_least),
    )
    assert row is not None, "an upsert returns its row"
    return int(row["last"])
