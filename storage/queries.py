"""What many queries need: placeholders for a list, one moment, one count, sums by currency."""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.domain.money import EXACT
from storage.database import Tx
from storage.rows import Row, time_of


def marks(values: Collection[object]) -> str:
    """``?, ?, ?``: as many as there are values."""
    return ", ".join("?" for _ in values)


def moment(tx: Tx, sql: str, values: tuple[Any, ...] = ()) -> datetime | None:
    """The column ``at`` of the one row; None where there is none, or nothing in it."""
    row = tx.row(sql, values)
    return None if row is None else time_of(row["at"])


def count(tx: Tx, sql: str, values: tuple[Any, ...] = ()) -> int:
    """The column ``n`` of the one row; an aggregate has one."""
    (row,) = tx.rows(sql, values)
    return int(row["n"])


def sums(rows: Iterable[Row]) -> dict[str, Decimal]:
    """The column ``amount`` added up by ``currency``, exactly."""
    found: dict[str, Decimal] = {}
    for row in rows:
        before = found.get(row["currency"], Decimal(0))
        found[row["currency"]] = EXACT.add(before, Decimal(row["amount"]))
    return found
