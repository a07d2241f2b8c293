"""One writer, group commit, durable before anybody is told: shown on real files."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from storage.build import wal_reset_fixed
from storage.database import (
    GROUP,
    Database,
    DatabaseClosed,
    Tx,
)
from tests.storage.conftest import WISH, Look, wish

CARD = "INSERT INTO cards (order_id, revision, channel, ts) VALUES (?, ?, ?, ?)"


async def test_everything_written_at_once_is_on_the_disk(db: Database, look: Look) -> None:
    """Many clicks in one instant share commits, and every one of them is kept."""
    await asyncio.gather(*(db.write(wish(f"w{n}")) for n in range(5 * GROUP)))

    assert look("SELECT count(*) FROM outbox") == [(5 * GROUP,)]


async def test_one_failing_write_takes_only_itself_back(db: Database, look: Look) -> None:
    """Somebody else's approval may not vanish because mine was a duplicate."""

    def half(tx: Tx) -> None:
        tx.execute(WISH, ("half",))
        raise RuntimeError("changed my mind")

    told = await asyncio.gather(
        db.write(wish("before")),
        db.write(half),
        db.write(wish("before")),
        db.write(wish("after")),
        return_exceptions=True,
    )

    assert told[0] == told[3] == 1
    assert isinstance(told[1], RuntimeError)
    assert isinstance(told[2], sqlite3.IntegrityError)
    assert look("SELECT key FROM outbox ORDER BY id") == [("before",), ("after",)]


async def test_an_error_that_no_future_takes_leaves_nobody_waiting(db: Database) -> None:
    """``next()`` of nothing, somewhere deep in a function: its caller and all others must hear."""

    def emptied(_tx: Tx) -> None:
        raise StopIteration

    async with asyncio.timeout(5):
        told = await asyncio.gather(
            db.write(emptied), db.write(wish("after")), db.read(emptied), return_exceptions=True
        )

    assert [type(one) for one in told] == [RuntimeError, int, RuntimeError]


async def test_a_write_returns_what_its_function_returned(db: Database) -> None:
    """Workflows hand their verdict out of the transaction that made it."""
    assert await db.write(lambda tx: tx.row("SELECT 7 AS n")) == {"n": 7}


async def test_nobody_is_told_before_the_commit(db: Database, look: Look) -> None:
    """An acknowledgement that outruns the disk would be a vote that a crash can take back."""
    loop = asyncio.get_running_loop()
    held = threading.Event()
    seen: list[object] = []
    blocker = asyncio.create_task(db.write(lambda _tx: held.wait(5)))
    first = asyncio.create_task(db.write(wish("first")))

    def second(_tx: Tx) -> None:
        # The loop gets its turn: had the first been told already, it would be done after this.
        turned = threading.Event()
        loop.call_soon_threadsafe(turned.set)
        turned.wait(5)
        seen.extend((first.done(), look("SELECT count(*) FROM outbox")))

    later = asyncio.create_task(db.write(second))
    await asyncio.sleep(0)
    held.set()
    await asyncio.gather(blocker, first, later)

    assert seen == [False, [(0,)]]
    assert look("SELECT count(*) FROM outbox") == [(1,)]


async def test_whoever_was_told_finds_it_committed(db: Database, look: Look) -> None:
    """The same promise from the other side, a hundred times."""
    for n in range(100):
        await db.write(wish(f"w{n}"))
        assert look("SELECT count(*) FROM outbox") == [(n + 1,)]


async def test_a_commit_that_fails_fails_everybody_in_it(db: Database, look: Look) -> None:
    """A reference that nothing stands behind is found at COMMIT only: then nothing was written."""
    held = threading.Event()
    blocker = asyncio.create_task(db.write(lambda _tx: held.wait(5)))

    def dangling(tx: Tx) -> None:
        tx.execute("PRAGMA defer_foreign_keys=ON")
        tx.execute(CARD, ("BUY-NONE0", 0, "C1", "1.0"))

    both = [asyncio.create_task(db.write(one)) for one in (wish("innocent"), dangling)]
    await asyncio.sleep(0)
    held.set()
    told = await asyncio.gather(*both, return_exceptions=True)
    await asyncio.gather(blocker, return_exceptions=True)

    assert [type(one) for one in told] == [sqlite3.IntegrityError] * 2
    assert look("SELECT count(*) FROM outbox") == [(0,)]
    await db.write(wish("afterwards"))
    assert look("SELECT key FROM outbox") == [("afterwards",)]


async def test_what_was_queued_before_the_end_is_written_and_nothing_after(path: Path) -> None:
    """SIGTERM in the middle of a rush loses no vote, and nobody is told a lie afterwards."""
    db = await Database.open(path)
    queued = [asyncio.create_task(db.write(wish(f"w{n}"))) for n in range(200)]
    await asyncio.sleep(0)

    await db.close()

    assert await asyncio.gather(*queued) == [1] * 200
    with pytest.raises(DatabaseClosed):
        await db.write(wish("late"))
    with pytest.raises(DatabaseClosed):
        await db.read(lambda tx: tx.rows("SELECT 1"))


async def test_a_caller_who_gave_up_does_not_disturb_the_others(db: Database, look: Look) -> None:
    """A cancelled task's write lands all the same: it was queued, and its order may rely on it."""
    impatient = asyncio.create_task(db.write(wish("impatient")))
    await asyncio.sleep(0)
    impatient.cancel()

    await db.write(wish("patient"))

    assert look("SELECT key FROM outbox") == [("impatient",), ("patient",)]


async def test_a_reader_cannot_write(db: Database, look: Look) -> None:
    """Whatever a look does by mistake, it changes nothing."""
    with pytest.raises(sqlite3.OperationalError):
        await db.read(wish("sneaked"))

    assert look("SELECT count(*) FROM outbox") == [(0,)]
    assert await db.read(lambda tx: tx.rows("SELECT 1 AS n")) == [{"n": 1}]


async def test_a_read_sees_what_was_written_before_it(db: Database) -> None:
    """A person who has just voted and asks for the status must see the vote."""
    for n in range(50):
        await db.write(wish(f"w{n}"))
        (row,) = await db.read(lambda tx: tx.rows("SELECT count(*) AS n FROM outbox"))
        assert row["n"] == n + 1


async def test_the_loop_stays_free_while_the_disk_is_slow(db: Database) -> None:
    """An ack may not wait for somebody else's commit."""
    held = threading.Event()
    slow = asyncio.create_task(db.write(lambda _tx: held.wait(5)))
    await asyncio.sleep(0)

    assert await db.read(lambda tx: tx.row("SELECT 1 AS n")) == {"n": 1}
    assert not slow.done()

    held.set()
    await slow


WAL = wal_reset_fixed(sqlite3.sqlite_version_info)

PRAGMAS = [
    ("synchronous", 2 if WAL else 3),
    ("foreign_keys", 1),
    ("trusted_schema", 0),
    ("busy_timeout", 10_000),
    ("recursive_triggers", 1),
    ("journal_mode", "wal" if WAL else "delete"),
]


@pytest.mark.parametrize(("name", "value"), PRAGMAS)
async def test_both_connections_are_set_as_promised(db: Database, name: str, value: object) -> None:
    """``synchronous=NORMAL`` lost a third of the acknowledged commits in a power-cut test."""
    for run in (db.write, db.read):
        (row,) = await run(lambda tx: tx.rows(f"PRAGMA {name}"))
        assert list(row.values()) == [value]


async def test_only_the_reader_is_read_only(db: Database) -> None:
    """The other way round nothing would ever be written."""
    told = [await run(lambda tx: tx.rows("PRAGMA query_only")) for run in (db.write, db.read)]
    assert told == [[{"query_only": 0}], [{"query_only": 1}]]
