"""A real file for every test, opened as the bot opens it, and a plain second pair of eyes on it."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from bot.domain.orders import State
from storage import audit, orders
from storage.backup import backup
from storage.connection import connect
from storage.database import Database, Tx
from storage.migrations import migrate
from tests.domain.sample import NOW, in_state

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


def fill(tx: Tx) -> audit.Head:
    """An order in every state, and the start of a bot."""
    for number, state in enumerate(State):
        one = replace(
            in_state(state),
            id=f"BUY-{number:05}",
            origin=f"slash:{number}",
            key=f"{number:032x}",
            ref=None,
        )
        orders.create(tx, one, wishes=(), facts={})
    audit.append(tx, at=NOW, actor="bot", what="started", order_id=None, facts={})
    return audit.head(tx)


@pytest.fixture
def saved(path: Path) -> Path:
    """A backup in a folder of its own."""
    folder = path.parent / "backups"
    folder.mkdir()
    first = folder / "first.db"
    raw = connect(first)
    migrate(raw)
    fill(Tx(raw))
    raw.close()
    backup(first, folder / "monday.db")
    first.unlink()
    return folder / "monday.db"


def put(path: Path, key: str) -> None:
    """A database in use, with this in it."""
    raw = connect(path)
    migrate(raw)
    raw.execute(WISH, (key,))
    raw.close()
    path.chmod(0o600)


def keys(path: Path) -> list[str]:
    raw = connect(path)
    found = [key for (key,) in raw.execute("SELECT key FROM outbox ORDER BY id").fetchall()]
    raw.close()
    return found
