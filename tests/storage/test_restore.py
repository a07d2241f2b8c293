"""A restored backup is frozen before anybody can use it, and what stood there is kept."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from bot.domain.freezes import Scope
from storage import audit, freezes
from storage.backup import Unsound, examine
from storage.connection import connect
from storage.database import Database, Tx
from storage.files import FileInUse, Unusable, lock_file, restoring
from storage.migrations import NewerFile, countersign
from storage.restore import MAYBE_SENT, restore
from tests.domain.sample import NOW
from tests.storage.conftest import WISH, keys, put, wish

LATER = datetime(2026, 11, 7, 8, 30, tzinfo=UTC)
ASIDE = ".before-restore-20261107T083000Z"


def modes(path: Path) -> set[int]:
    return {stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir() if one.is_file()}


async def test_everything_is_frozen_and_looked_up_first(path: Path, saved: Path) -> None:
    """The backup does not know what was bought after it; sent blindly, it would be bought again."""
    put(path, "newest")

    told = restore(saved, path, now=LATER, actor="fay")

    db = await Database.open(path)
    (freeze,) = await db.read(freezes.active)
    looked_up = await db.read(
        lambda tx: {row["state"] for row in tx.rows("SELECT state FROM orders WHERE look_first")}
    )
    assert await db.read(audit.verify) is None
    last = await db.read(lambda tx: tx.rows("SELECT * FROM audit ORDER BY number DESC LIMIT 2"))
    await db.close()
    assert (freeze.scope, freeze.set_by) == (Scope.EVERYTHING, "operator fay")
    assert freeze.reason == (
        f"restored from monday.db of 2026-11-06T09:00:00+00:00 (audit row {told.head.number})"
    )
    assert looked_up == {state.value for state in MAYBE_SENT}
    assert told.looked_up == len(MAYBE_SENT)
    assert [row["what"] for row in last] == ["frozen", "restored"]
    assert told.head.hash in last[1]["facts"]
    assert last[1]["actor"] == "operator fay"


def test_what_stood_there_is_kept_whole_and_private(path: Path, saved: Path) -> None:
    """A restore of the wrong backup must be a mistake that can be taken back."""
    put(path, "newest")

    told = restore(saved, path, now=LATER, actor="fay")

    assert told.kept == path.with_name(path.name + ASIDE)
    assert keys(told.kept) == ["newest"]
    assert keys(path) == []
    assert modes(path) == {0o600}
    assert examine(saved).number == told.head.number, "the backup is as it was"


def test_commits_that_are_only_in_the_wal_are_kept_too(path: Path, saved: Path) -> None:
    """A bot that was killed leaves its newest commits beside the file; both are one database."""
    put(path, "in the file")
    raw = connect(path)
    raw.execute(WISH, ("in the wal",))
    killed = path.with_name("killed.db")
    for suffix in ("", "-wal"):
        beside = Path(f"{path}{suffix}")
        if beside.exists():
            Path(f"{killed}{suffix}").write_bytes(beside.read_bytes())
    raw.close()

    told = restore(saved, killed, now=LATER, actor="fay")

    assert told.kept is not None
    assert keys(told.kept) == ["in the file", "in the wal"]
    assert not list(path.parent.glob("killed.db-*"))
    assert keys(killed) == []


def test_a_damaged_database_is_moved_away_as_it_is(path: Path, saved: Path) -> None:
    """This is what a restore is for; nothing of the old file may be read as part of the new one."""
    path.write_bytes(b"\xff" * 8192)
    Path(f"{path}-wal").write_bytes(b"\xee" * 4096)

    told = restore(saved, path, now=LATER, actor="fay")

    assert told.kept is not None
    assert told.kept.read_bytes() == b"\xff" * 8192
    assert Path(f"{told.kept}-wal").read_bytes() == b"\xee" * 4096
    assert not restoring(path).exists()
    assert examine(path).number == told.head.number + 2


def test_it_works_where_there_is_no_database_yet(path: Path, saved: Path) -> None:
    """A new machine after the loss of the old one."""
    told = restore(saved, path, now=LATER, actor="fay")

    assert told.kept is None
    assert examine(path).number == told.head.number + 2
    assert modes(path) == {0o600}


async def test_a_database_in_use_is_not_replaced(db: Database, path: Path, saved: Path) -> None:
    """The bot would go on writing to a file that has no name any more."""
    await db.write(wish("mine"))

    with pytest.raises(FileInUse):
        restore(saved, path, now=LATER, actor="fay")

    assert await db.write(wish("still mine")) == 1


def test_who_reads_it_with_another_program_is_waited_for_or_told(path: Path, saved: Path) -> None:
    """sqlite3 in another window does not know our lock, but SQLite knows its own."""
    put(path, "newest")
    other = sqlite3.connect(str(path), isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM outbox").fetchall()

    with pytest.raises(FileInUse, match="in use by another process"):
        restore(saved, path, now=LATER, actor="fay", patience=0)

    other.close()
    assert keys(path) == ["newest"]
    assert restore(saved, path, now=LATER, actor="fay").kept is not None


def test_a_backup_that_does_not_verify_changes_nothing(path: Path, saved: Path) -> None:
    """The database that stands there, however old, is better than a forged one."""
    put(path, "newest")
    raw = connect(saved, version=(3, 40, 1))
    raw.execute("DROP TRIGGER audit_is_append_only_delete")
    raw.execute("DELETE FROM audit WHERE number = 3")
    raw.close()

    with pytest.raises(Unsound, match="row 3 is missing"):
        restore(saved, path, now=LATER, actor="fay")

    assert keys(path) == ["newest"]
    os.close(lock_file(path))
    assert not list(path.parent.glob(".*part*"))


def test_the_database_cannot_be_restored_from_itself_or_from_the_future(
    path: Path, saved: Path
) -> None:
    """Both are slips of the hand at a bad moment."""
    put(path, "newest")
    with pytest.raises(Unusable, match="is the database itself"):
        restore(path, path, now=LATER, actor="fay")
    raw = connect(saved, version=(3, 40, 1))
    raw.execute("INSERT INTO _sqlite_migrations VALUES (999, 'countersign', 'm999_future', '2030')")
    raw.close()
    with pytest.raises(NewerFile):
        restore(saved, path, now=LATER, actor="fay")

    assert keys(path) == ["newest"]


def test_a_backup_of_an_older_version_is_brought_up_to_date(path: Path, tmp_path: Path) -> None:
    """The freeze has its table only in the newer schema."""
    old = tmp_path / "old.db"
    raw = connect(old)
    countersign.apply(raw, stop_before="m004_doubt")
    raw.close()

    restore(old, path, now=LATER, actor="fay")

    raw = connect(path)
    assert countersign.pending(raw) == []
    assert [one.reason for one in freezes.active(Tx(raw))] == [
        "restored from old.db of no time (audit row 0)"
    ]
    raw.close()


def test_a_freeze_that_stands_in_the_backup_stays_and_its_lift_begins_anew(
    path: Path, saved: Path
) -> None:
    """Who had wanted it lifted did so before the restore, for other reasons."""
    raw = connect(saved, version=(3, 40, 1))
    tx = Tx(raw)
    old = freezes.put(tx, scope=Scope.EVERYTHING, name="", reason="theft", by="U0FAY", at=NOW)
    freezes.ask_lift(tx, old, by="U0FAY", at=NOW)
    raw.close()

    restore(saved, path, now=LATER, actor="fay")

    raw = connect(path)
    (freeze,) = freezes.active(Tx(raw))
    raw.close()
    assert freeze.reason.startswith("theft; restored from monday.db")
    assert freeze.lift_asked_by is None
