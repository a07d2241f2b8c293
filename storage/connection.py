"""Connections to the file, all set in one way: durable, strict, without plugins."""

from pathlib import Path
from typing import Any

from sqlite_utils import Database as SqliteUtilsDatabase
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from storage.build import wal_reset_fixed
from storage.files import BUSY_SECONDS

STATEMENTS = 1000
"""Prepared statements that a connection keeps: more than there are, migrations included. Once it is
full, pysqlite3 forgets the newest of them first, and would prepare those anew every time."""


def connect(
    path: Path, *, version: tuple[int, ...] = sqlite3.sqlite_version_info
) -> SqliteUtilsDatabase:
    """A connection in the only mode we use: durable, strict, no plugins, explicit transactions.

    ``version`` is SQLite's own and decides whether its WAL can be trusted.
    """
    settings: dict[str, Any] = {
        "isolation_level": None,
        "timeout": BUSY_SECONDS,
        "check_same_thread": False,
        "cached_statements": STATEMENTS,
    }
    return prepare(sqlite3.connect(str(path), **settings), version)


def prepare(conn: sqlite3.Connection, version: tuple[int, ...]) -> SqliteUtilsDatabase:
    """Set a connection as all of ours are set."""
    db = SqliteUtilsDatabase(conn, execute_plugins=False, strict=True)
    if wal_reset_fixed(version):
        mode = ("journal_mode=WAL", "journal_size_limit=67108864", "synchronous=FULL")
    else:
        # A commit is the removal of the journal, and only EXTRA waits until it is removed for good.
        mode = ("journal_mode=DELETE", "mmap_size=0", "synchronous=EXTRA")
    for pragma in (*mode, "foreign_keys=ON", "trusted_schema=OFF"):
        db.execute(f"PRAGMA {pragma}")
    return db
