"""Writing beside the bot: an operator's command shares the file and loses nobody's write."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from storage.connection import connect
from storage.database import Database
from storage.files import FileInUse, Unusable, check_file, lock_file, lock_to_replace, restoring
from storage.migrations import STEPS, NewerFile, countersign
from tests.storage.conftest import Look, wish

WRITES = 200

BESIDE = """
import asyncio, pathlib, sys
from storage.database import Database
from tests.storage.conftest import wish

async def main():
    db = await Database.open(pathlib.Path(sys.argv[1]), beside=True)
    await asyncio.gather(*(db.write(wish(f"{sys.argv[2]}{n}")) for n in range(int(sys.argv[3]))))
    await db.close()

asyncio.run(main())
"""


def leave_half_restored(path: Path) -> None:
    for one in (path, restoring(path)):
        one.touch(0o600)


async def test_two_processes_beside_the_bot_lose_nothing(
    db: Database, path: Path, look: Look
) -> None:
    """Every write is acknowledged after its own commit, whoever else is writing."""
    children = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", BESIDE, str(path), name, str(WRITES),
            cwd=Path(__file__).parents[2], stderr=asyncio.subprocess.PIPE,
        )
        for name in ("a", "b")
    ]  # fmt: skip

    for number in range(WRITES):
        await db.write(wish(f"bot{number}"))
    ended = await asyncio.gather(*(child.communicate() for child in children))

    assert [child.returncode for child in children] == [0, 0], ended
    assert look("SELECT count(*) FROM outbox") == [(3 * WRITES,)]
    assert look("PRAGMA integrity_check") == [("ok",)]


async def test_a_file_that_nobody_has_is_locked_and_migrated(path: Path) -> None:
    """While a command writes, the bot must not start on the file in the middle of a migration."""
    raw = connect(path)
    countersign.apply(raw, stop_before="m004_doubt")
    raw.close()

    db = await Database.open(path, beside=True)

    assert await db.read(lambda tx: len(tx.rows("SELECT * FROM _sqlite_migrations"))) == len(STEPS)
    with pytest.raises(FileInUse):
        await Database.open(path)
    await db.close()


async def test_nothing_is_migrated_under_the_feet_of_the_bot(path: Path) -> None:
    """A running bot of an older version knows the old columns only."""
    raw = connect(path)
    countersign.apply(raw, stop_before="m004_doubt")
    holding = lock_file(path)

    with pytest.raises(Unusable, match="restart it first"):
        await Database.open(path, beside=True)

    assert "m004_doubt" in {step.name for step in countersign.pending(raw)}
    raw.close()
    os.close(holding)


async def test_a_file_from_the_future_is_refused_beside_the_bot_as_well(
    db: Database, path: Path
) -> None:
    """An old command must not write what a new bot would misread."""
    await db.write(
        lambda tx: tx.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('countersign', 'm999_future', '2030')"
        )
    )
    with pytest.raises(NewerFile):
        await Database.open(path, beside=True)


async def test_a_mistyped_path_makes_no_database(path: Path) -> None:
    """An order that is not found in an empty file was not lost; the file was the wrong one."""
    with pytest.raises(Unusable, match="no such file"):
        await Database.open(path, beside=True)

    assert list(path.parent.iterdir()) == []


async def test_who_writes_beside_the_bot_keeps_the_file_from_being_replaced(
    db: Database, path: Path
) -> None:
    """The bot may stop while a command is still writing; its file must not be swapped then."""
    beside = await Database.open(path, beside=True)
    await db.close()

    with pytest.raises(FileInUse):
        lock_to_replace(path)
    await beside.close()

    held = lock_to_replace(path)
    with pytest.raises(FileInUse):
        await Database.open(path, beside=True)
    for one in held:
        os.close(one)


@pytest.mark.parametrize("beside", [True, False])
async def test_a_file_that_an_interrupted_restore_has_left_is_not_opened(
    path: Path, beside: bool
) -> None:
    """What stands there then may lack its newest commits: an order would be bought again."""
    leave_half_restored(path)

    with pytest.raises(Unusable, match="a restore of it was interrupted"):
        await Database.open(path, beside=beside)
    assert "interrupted" in str(check_file(path))
