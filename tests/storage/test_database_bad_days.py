"""The database on its bad days: impatient callers, a full disk, an old library, a damaged file."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from storage.connection import connect
from storage.database import GROUP, Database, Tx
from storage.files import check_file
from storage.migrations import migrate
from tests.storage.conftest import WISH, Look, wish

OLD = (3, 40, 1)
"""A SQLite whose WAL can lose a commit: Debian 12 has it."""


async def in_one_commit(db: Database, *runs: Callable[[Tx], Any]) -> list[Any]:
    """What became of writes that certainly shared one transaction."""
    held = threading.Event()
    blocker = asyncio.create_task(db.write(lambda _tx: held.wait(5)))
    tasks = [asyncio.create_task(db.write(run)) for run in runs]
    await asyncio.sleep(0)
    held.set()
    await asyncio.gather(blocker, return_exceptions=True)
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_who_gave_up_in_the_same_commit_keeps_nobody_waiting(
    db: Database, look: Look
) -> None:
    """One cancelled task must not leave the others without their answer, though all is written."""
    held = threading.Event()
    blocker = asyncio.create_task(db.write(lambda _tx: held.wait(5)))
    first, gone, last = (asyncio.create_task(db.write(wish(name))) for name in "abc")
    await asyncio.sleep(0)
    gone.cancel()
    held.set()

    async with asyncio.timeout(5):
        await asyncio.gather(blocker, first, last)

    assert gone.cancelled()
    assert look("SELECT key FROM outbox ORDER BY id") == [("a",), ("b",), ("c",)]


async def test_a_rush_is_cut_into_commits_of_a_bounded_size(db: Database) -> None:
    """The first of many clicks is answered while the last ones are still waiting their turn."""
    held, first_was_told = threading.Event(), threading.Event()
    blocker = asyncio.create_task(db.write(lambda _tx: held.wait(5)))
    rush = [asyncio.create_task(db.write(wish(f"w{number}"))) for number in range(GROUP)]
    rush[0].add_done_callback(lambda _: first_was_told.set())
    last = asyncio.create_task(db.write(lambda _tx: first_was_told.wait(5)))
    await asyncio.sleep(0)
    held.set()

    await asyncio.gather(blocker, *rush)

    assert await last is True


async def test_a_write_that_ends_the_transaction_itself_fails_everybody_in_it(
    db: Database, look: Look
) -> None:
    """As SQLite does on an I/O error: all is rolled back, so nobody may be told that it is not."""

    def torn(tx: Tx) -> None:
        tx.execute("ROLLBACK")
        raise OSError("the disk went away")

    told = await in_one_commit(db, wish("before"), torn, wish("after"))

    assert [type(one) for one in told] == [OSError] * 3
    assert look("SELECT count(*) FROM outbox") == [(0,)]
    assert await db.write(wish("next")) == 1


async def test_a_full_disk_is_told_and_what_was_acknowledged_stays(
    db: Database, look: Look
) -> None:
    """Nothing is half written, nobody waits for ever, and the bot goes on once there is room."""
    await db.write(wish("acknowledged"))
    pages = await db.write(lambda tx: tx.rows("PRAGMA page_count")[0]["page_count"])
    await db.write(lambda tx: tx.rows(f"PRAGMA max_page_count={pages}"))

    def large(tx: Tx) -> None:
        tx.execute(WISH, ("small",))
        tx.execute(WISH, ("x" * 100_000,))

    with pytest.raises(sqlite3.OperationalError, match="full"):
        await db.write(large)

    assert look("SELECT key FROM outbox") == [("acknowledged",)]
    await db.write(lambda tx: tx.rows("PRAGMA max_page_count=1000000"))
    await db.write(large)
    assert look("SELECT count(*) FROM outbox") == [(3,)]


async def test_closing_twice_is_closing_once(path: Path) -> None:
    """A start that failed closes, and whoever started it closes again."""
    db = await Database.open(path)

    await db.close()
    await db.close()

    again = await Database.open(path)
    await again.close()


@pytest.mark.parametrize(("version", "mode", "waits"), [(OLD, "delete", 3), ((3, 53, 4), "wal", 2)])
def test_an_old_library_runs_without_wal(path: Path, version: Any, mode: str, waits: int) -> None:
    """Slower, and safe; ``FULL`` alone lost acknowledged commits there (test_power_cut)."""
    raw = connect(path, version=version)
    (journal,) = raw.execute("PRAGMA journal_mode").fetchone()
    (synchronous,) = raw.execute("PRAGMA synchronous").fetchone()
    raw.close()

    assert (journal, synchronous) == (mode, waits)


def test_a_file_that_was_written_with_wal_is_whole_without_it(path: Path) -> None:
    """Somebody moves the file to an older machine, or the wheel of the library goes stale."""
    new = connect(path, version=(3, 53, 4))
    migrate(new)
    new.execute(WISH, ("kept",))
    new.close()

    old = connect(path, version=OLD)
    (journal,) = old.execute("PRAGMA journal_mode").fetchone()
    rows = old.execute("SELECT key FROM outbox").fetchall()
    old.close()

    assert journal == "delete"
    assert [tuple(row) for row in rows] == [("kept",)]


def test_a_damaged_file_is_found_by_the_doctor(path: Path) -> None:
    """The header is whole and the file opens; only a look inside tells."""
    raw = connect(path, version=OLD)
    migrate(raw)
    for number in range(200):
        raw.execute(WISH, (f"{number}" * 30,))
    (size,) = raw.execute("PRAGMA page_size").fetchone()
    (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'outbox'").fetchone()
    raw.close()
    path.chmod(0o600)
    assert check_file(path) is None

    content = bytearray(path.read_bytes())
    content[(root - 1) * size : (root - 1) * size + 100] = b"\xff" * 100
    path.write_bytes(content)

    assert check_file(path)
