"""The file on the disk: closed to others, held by one process, refused when it is none."""

import asyncio
import os
import stat
import sys
import threading
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from storage.build import sqlite_build, wal_reset_fixed
from storage.connection import connect
from storage.database import Database
from storage.files import FileInUse, Unusable, check_file, lock_file
from tests.storage.conftest import wish


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def make(path: Path, text: bytes) -> None:
    path.write_bytes(text)
    path.chmod(0o644)


def content(path: Path) -> bytes:
    return path.read_bytes()


async def test_nobody_else_on_the_machine_can_read_the_files(path: Path) -> None:
    """Who buys what, and who may approve it, is nobody else's business."""
    before = os.umask(0)
    try:
        db = await Database.open(path)
        await db.write(wish("w"))
        files = sorted(path.parent.iterdir())
        modes = {one.name.removeprefix(path.name): mode(one) for one in files}
        await db.close()
    finally:
        os.umask(before)

    assert {"", ".lock"} <= modes.keys()
    if wal_reset_fixed(sqlite3.sqlite_version_info):
        assert {"-wal", "-shm"} <= modes.keys()
    assert set(modes.values()) == {0o600}


async def test_a_file_that_was_readable_is_closed_to_others(path: Path) -> None:
    """A copy from a backup often comes back with wide permissions."""
    make(path, b"")
    assert check_file(path) == "other users of this machine can read it; chmod 600 it"

    db = await Database.open(path)
    await db.close()

    assert mode(path) == 0o600
    assert check_file(path) is None


SECOND = """
import asyncio, pathlib, sys
from storage.database import Database
from storage.files import FileInUse
try:
    asyncio.run(Database.open(pathlib.Path(sys.argv[1])))
except FileInUse as refused:
    print(refused)
"""


async def test_a_second_process_on_the_same_file_is_refused(db: Database, path: Path) -> None:
    """Two bots on one file would carry every order twice."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        SECOND,
        str(path),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    said, _ = await child.communicate()

    assert said.decode().strip() == f"{path} is in use by another countersign process"
    with pytest.raises(FileInUse):
        await Database.open(path)
    assert await db.write(wish("still mine")) == 1


async def test_the_lock_ends_with_its_process_or_its_database(path: Path) -> None:
    """A stale lock would need a person at every restart."""
    db = await Database.open(path)
    await db.close()
    again = await Database.open(path)
    await again.close()

    os.close(lock_file(path))


async def test_a_start_that_is_called_off_gives_the_file_back(path: Path) -> None:
    """Ctrl-C in the first instant: no thread may go on writing to a file whose lock is gone."""
    strange: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, facts: strange.append(facts))
    opening = asyncio.create_task(Database.open(path))
    await asyncio.sleep(0)
    opening.cancel()

    with pytest.raises(asyncio.CancelledError):
        await opening

    assert not [one for one in threading.enumerate() if one.name.startswith("storage-")]
    os.close(lock_file(path))
    await asyncio.sleep(0)
    assert strange == []


def test_who_is_refused_has_not_touched_the_file(path: Path) -> None:
    """The first process may be restoring or moving it; the lock is asked for before all else."""
    held = lock_file(path)
    path.unlink()

    with pytest.raises(FileInUse):
        lock_file(path)

    assert not path.exists()
    os.close(held)


async def test_what_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    """A mistyped path must not cost somebody their file; and the lock is given back."""
    letter = b"this is a letter, not a database" * 100
    make(path, letter)

    with pytest.raises(Unusable, match="not a database"):
        await Database.open(path)

    assert content(path) == letter
    os.close(lock_file(path))
    assert "not a database" in str(check_file(path))


def test_a_missing_file_is_fine_where_it_can_be_made(path: Path) -> None:
    """``doctor`` runs before the first start as well, and makes nothing."""
    assert check_file(path) is None
    assert "cannot be written" in str(check_file(Path("/nowhere/at/all/countersign.db")))
    assert not path.exists()


@pytest.mark.parametrize(
    ("version", "fixed"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_wal_is_trusted_only_where_its_race_is_fixed(
    version: tuple[int, ...], *, fixed: bool
) -> None:
    """The releases and the two older branches that carry the fix, by sqlite.org."""
    assert wal_reset_fixed(version) is fixed


def test_the_build_says_who_it_is() -> None:
    """``doctor`` names the library, because a wheel may go stale."""
    version, module = sqlite_build()
    assert version == sqlite3.sqlite_version
    assert module in {"pysqlite3", "sqlite3"}


def test_a_second_connection_waits_for_the_lock_of_a_backup(path: Path) -> None:
    """An operator's read may hold the file for a moment; that is no error."""
    raw = connect(path)
    (waits,) = raw.execute("PRAGMA busy_timeout").fetchone()
    raw.close()
    assert waits == 10_000
