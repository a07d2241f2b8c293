"""What we rely on in sqlite-utils, as a contract: an upgrade that breaks it fails here first.

``isolation_level=None`` is not named in its documents as supported; everything that moves money
stands on it, so each behaviour is held down.
"""

from pathlib import Path

import pytest
from sqlite_utils import Migrations
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from storage.connection import connect
from storage.migrations import migrate
from tests.storage.conftest import Look

TABLE = "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT"


def test_a_statement_outside_a_transaction_commits_by_itself(path: Path, look: Look) -> None:
    """Python's own mode would leave a transaction open and the row unwritten."""
    db = connect(path)
    db.execute(TABLE)
    db.execute("INSERT INTO t (n) VALUES (1)")

    assert not db.conn.in_transaction
    assert look("SELECT n FROM t") == [(1,)]
    db.close()


def test_what_returns_rows_is_committed_when_they_are_read(path: Path, look: Look) -> None:
    """``UPDATE ... RETURNING`` once left an open transaction behind."""
    db = connect(path)
    db.execute(TABLE)
    db.execute("INSERT INTO t (n) VALUES (1)")

    rows = db.execute("UPDATE t SET n = 2 RETURNING n").fetchall()

    assert [tuple(row) for row in rows] == [(2,)]
    assert not db.conn.in_transaction
    assert look("SELECT n FROM t") == [(2,)]
    db.close()


def test_our_own_begin_and_savepoints_are_left_alone(path: Path, look: Look) -> None:
    """Group commit is these five statements; the library may add none of its own."""
    db = connect(path)
    db.execute(TABLE)
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO t (n) VALUES (1)")
    db.execute("SAVEPOINT job")
    db.execute("INSERT INTO t (n) VALUES (2)")
    db.execute("ROLLBACK TO job")
    db.execute("RELEASE job")

    assert db.conn.in_transaction
    assert look("SELECT n FROM t") == []

    db.execute("COMMIT")
    assert look("SELECT n FROM t") == [(1,)]
    db.close()


def test_the_number_of_changed_rows_is_told(path: Path) -> None:
    """Compare-and-set is this number."""
    db = connect(path)
    db.execute(TABLE)
    db.execute("INSERT INTO t (n) VALUES (1)")

    won = db.execute("UPDATE t SET n = 2 WHERE n = 1").rowcount
    lost = db.execute("UPDATE t SET n = 2 WHERE n = 1").rowcount
    db.close()

    assert (won, lost) == (1, 0)


def test_migrations_stay_inside_our_transaction(path: Path, look: Look) -> None:
    """All steps or none: a crash between two of them leaves the file as it was."""
    steps = Migrations("contract")

    @steps()
    def m001_first(db: object) -> None:
        db.execute(TABLE)  # type: ignore[attr-defined]

    db = connect(path)
    db.execute("BEGIN IMMEDIATE")
    steps.apply(db)
    assert db.conn.in_transaction
    db.execute("ROLLBACK")

    assert look("SELECT name FROM sqlite_master WHERE name = 't'") == []
    db.close()


def test_a_mistyped_table_is_an_error_and_not_a_new_table(path: Path, look: Look) -> None:
    """``db["ordres"].insert`` would make one; statements of our own never do."""
    db = connect(path)
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        db.execute("INSERT INTO ordres (n) VALUES (1)")
    db.close()
    assert look("SELECT count(*) FROM sqlite_master") == [(0,)]


def test_the_errors_caught_are_the_errors_raised(path: Path) -> None:
    """With pysqlite3 the standard library's classes catch nothing."""
    db = connect(path)
    with pytest.raises(sqlite3.Error):
        db.execute("SELECT nothing FROM nowhere")
    db.close()


def test_a_statement_is_prepared_once_however_many_were_run_before_it(path: Path) -> None:
    """A cache that the migrations have filled had every write prepare all its statements anew."""
    db, prepared = connect(path), []

    def asked(*facts: object) -> int:
        prepared.append(facts)
        return int(sqlite3.SQLITE_OK)

    def look() -> None:
        for table in ("orders", "audit", "outbox"):
            db.execute(f"SELECT 1 FROM {table}").fetchall()

    migrate(db)
    # SQLite asks what a statement may do when it prepares it, and only then; to begin to ask has
    # every statement prepared once more.
    db.conn.set_authorizer(asked)
    look()
    assert prepared
    prepared.clear()

    look()

    assert prepared == []
    db.close()
