"""A backup is whole, private and examined, or it is not there; and the bot does not notice it."""

import asyncio
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from storage import audit, orders
from storage.backup import Unsound, backup, examine
from storage.connection import connect
from storage.database import Database, Tx
from storage.files import Unusable
from storage.migrations import NewerFile, countersign, migrate
from tests.domain.sample import NOW, order
from tests.storage.conftest import wish


def lived(tx: Tx) -> audit.Head:
    """One order and two starts of the bot."""
    orders.create(tx, order(), wishes=(), facts={})
    for second in (1, 2):
        at = NOW + timedelta(seconds=second)
        audit.append(tx, at=at, actor="bot", what="started", order_id=None, facts={})
    return audit.head(tx)


@pytest.fixture
def target(path: Path) -> Path:
    return path.with_name("backup.db")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(path: Path) -> set[str]:
    return {one.name for one in path.parent.iterdir()}


async def test_a_backup_of_a_running_bot_has_all_that_was_acknowledged(
    db: Database, path: Path, target: Path
) -> None:
    """Nobody stops the bot for a backup; what it had said to be done is in it."""
    head = await db.write(lived)
    writing = [asyncio.create_task(db.write(wish(f"w{n}"))) for n in range(300)]
    await writing[0]

    told = await asyncio.to_thread(backup, path, target)

    assert await asyncio.gather(*writing) == [1] * 300
    assert told == head
    copy = sqlite3.connect(str(target))
    assert copy.execute("SELECT count(*) FROM outbox WHERE key = 'w0'").fetchone() == (1,)
    assert copy.execute("SELECT id FROM orders").fetchall() == [(order().id,)]
    copy.close()
    assert mode(target) == 0o600
    assert not [one for one in names(path) if one.endswith(".part") or "backup.db-" in one]


def test_a_backup_is_one_file_that_verifies_where_it_stands(
    tx: Tx, path: Path, target: Path
) -> None:
    """It is carried to another machine; a ``-wal`` that belongs to it would be left behind."""
    head = lived(tx)

    assert backup(path, target) == head

    assert examine(target, head=head.hash) == head
    copy = connect(target, version=(3, 40, 1))
    assert tuple(copy.execute("PRAGMA journal_mode").fetchone()) == ("delete",)
    copy.close()


def test_a_backup_never_replaces_a_file(tx: Tx, path: Path, target: Path) -> None:
    """The file with that name may be the last good backup, or the database itself."""
    target.write_text("precious", encoding="utf-8")
    before = names(path)

    for there in (target, path):
        with pytest.raises(Unusable, match="is there already"):
            backup(path, there)

    assert target.read_text(encoding="utf-8") == "precious"
    assert names(path) == before


def test_a_log_that_does_not_verify_is_not_backed_up(tx: Tx, path: Path, target: Path) -> None:
    """A backup that nobody could trust is worse than a loud failure today."""
    lived(tx)
    tx.execute("DROP TRIGGER audit_is_append_only_update")
    tx.execute("UPDATE audit SET actor = 'U0EVE' WHERE number = 2")
    before = names(path)

    with pytest.raises(Unsound, match="the audit log does not verify: row 2 was changed"):
        backup(path, target)

    assert names(path) == before


def test_a_row_without_its_order_is_not_backed_up(tx: Tx, path: Path, target: Path) -> None:
    """A vote for an order that is gone shows that something was removed."""
    lived(tx)
    tx.execute("PRAGMA foreign_keys=OFF")
    tx.execute("INSERT INTO votes VALUES ('BUY-GONE', 0, 'U', 'approve', 'd', NULL, 'x')")

    with pytest.raises(Unsound, match="a row of votes belongs to an order that is not there"):
        backup(path, target)

    assert not target.exists()


def test_a_damaged_file_is_not_backed_up(path: Path, target: Path) -> None:
    """Copying rebuilds every index: the damage would be gone from sight, not from the data."""
    raw = connect(path, version=(3, 40, 1))
    migrate(raw)
    lived(Tx(raw))
    (size,) = raw.execute("PRAGMA page_size").fetchone()
    (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'orders'").fetchone()
    raw.close()
    content = bytearray(path.read_bytes())
    content[(root - 1) * size : (root - 1) * size + 100] = b"\xff" * 100
    path.write_bytes(content)
    before = names(path)

    with pytest.raises((Unsound, Unusable)):
        backup(path, target)

    assert names(path) == before


def test_what_is_not_ours_is_not_backed_up(path: Path, target: Path) -> None:
    """A mistyped path must not look like a good backup until the day it is needed."""
    with pytest.raises(Unusable, match="no such file"):
        backup(path, target)
    path.write_bytes(b"this is a letter, not a database" * 100)
    with pytest.raises(Unusable, match="not a database"):
        backup(path, target)
    path.unlink()
    other = sqlite3.connect(str(path))
    other.execute("CREATE TABLE songs (name)")
    other.close()
    with pytest.raises(Unusable, match="no database of Countersign"):
        backup(path, target)

    assert names(path) == {path.name}


def test_a_file_from_the_future_is_not_ours_to_judge(tx: Tx, path: Path, target: Path) -> None:
    """A later version may keep what this one does not look at."""
    tx.execute("INSERT INTO _sqlite_migrations VALUES (999, 'countersign', 'm999_future', '2030')")

    with pytest.raises(NewerFile, match="a later version of the bot"):
        backup(path, target)


def test_a_file_of_an_older_version_is_backed_up_as_it_is(path: Path, target: Path) -> None:
    """One makes a backup before an update, with the program of the day after."""
    raw = connect(path)
    countersign.apply(raw, stop_before="m004_doubt")
    raw.close()

    assert backup(path, target) == audit.Head(0, audit.GENESIS)

    copy = connect(target)
    assert {one.name for one in countersign.pending(copy)} >= {"m004_doubt"}
    copy.close()


def test_a_folder_that_is_not_there_is_told(tx: Tx, path: Path) -> None:
    """The mount of the backups may be missing on the very day."""
    with pytest.raises(FileNotFoundError):
        backup(path, path.parent / "mnt" / "backup.db")
