"""A real file for every test, opened as the bot opens it, and a plain second pair of eyes on it."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from storage.database import Database, Tx, connect
from storage.migrations import migrate

WISH = (
    "INSERT INTO outbox (key, kind, facts, due_at, created_at)"
    " VALUES (?, 'direct', '{}', '2026', '2026')"
)

Look = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database stands."""
    return tmp_path / "countersign.db"


@pytest.fixture
async def db(path: Path) -> AsyncIterator[Database]:
    """The database as the bot uses it: one writer thread, one reader thread."""
    one = await Database.open(path)
    yield one
    await one.close()


@pytest.fixture
def tx(path: Path) -> Iterator[Tx]:
    """Statements on one connection of this thread, for functions that take a ``Tx``."""
    raw = connect(path)
    migrate(raw)
    yield Tx(raw)
    raw.close()


@pytest.fixture
def look(path: Path) -> Iterator[Look]:
    """What another process would see: only what has been committed."""
    opened: list[Any] = []

    def select(sql: str, *values: Any) -> list[tuple[Any, ...]]:
        if not opened:
            opened.append(sqlite3.connect(str(path), isolation_level=None, check_same_thread=False))
        return list(opened[0].execute(sql, values).fetchall())

    yield select
    for one in opened:
        one.close()


def wish(key: str) -> Callable[[Tx], int]:
    """The smallest write there is: one row under this key."""
    return lambda tx: tx.execute(WISH, (key,))
