"""The power is cut at every sync and after every acknowledgement: what was told is still there.

The real writer thread, its group commit, its pragmas and the real storage functions run on a disk
that forgets what was not synced (``tests.storage.disk``). Each cut is then opened as the next start
of the bot opens it.
"""

import asyncio
import itertools
import os
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import apsw
import pytest

from bot.domain.orders import Event, Order, State
from storage import audit, orders
from storage.build import wal_reset_fixed
from storage.connection import connect, prepare
from storage.database import Database, Tx
from storage.migrations import migrate
from tests.domain.sample import BEN, NOW, attempt, order
from tests.storage.disk import Connection, Content, Disk

OLD, NEW = (3, 40, 1), (3, 53, 4)
"""Without WAL and with it."""

DISKS = itertools.count()


@dataclass
class Told:
    """What callers have been told to be done: the version of each order, its votes, its sends."""

    versions: dict[str, int] = field(default_factory=dict)
    votes: set[str] = field(default_factory=set)
    sends: set[str] = field(default_factory=set)

    def copy(self) -> "Told":
        return Told(dict(self.versions), set(self.votes), set(self.sends))


@dataclass
class Cuts:
    """Every moment at which the power was cut: what was left, and what had been told by then."""

    disk: Disk = field(init=False)
    told: Told = field(default_factory=Told)
    all: list[tuple[Content, Told]] = field(default_factory=list)
    chance: random.Random | None = None

    def cut(self) -> None:
        told = self.told.copy()
        self.all.append((self.disk.left(), told))
        if self.chance is not None:
            self.all.append((self.disk.left(self.chance), told))


async def life(db: Database, cuts: Cuts, number: int) -> None:
    """One order from the request to its end, each step after the one before was acknowledged."""
    one = replace(order(), id=f"BUY-{number:05}", origin=f"slash:{number}", key=f"{number:032x}")

    async def done(write: Callable[[Tx], Order | None]) -> Order:
        after = await db.write(write) or one
        cuts.told.versions[after.id] = after.version
        if after.version == 1:
            cuts.told.votes.add(after.id)
        if after.version == 2:
            cuts.told.sends.add(after.id)
        cuts.cut()
        return after

    await done(lambda tx: orders.create(tx, one, wishes=(), facts={"said": "x" * 200}))
    one = await done(lambda tx: voted(tx, one))
    one = await done(lambda tx: sent(tx, one))
    one = await done(lambda tx: moved(tx, one, State.ACCEPTED, Event.ACCEPTED))
    await done(lambda tx: moved(tx, one, State.COMPLETED, Event.COMPLETED))


def moved(tx: Tx, before: Order, state: State, event: Event) -> Order:
    after = replace(before, state=state, version=before.version + 1)
    return orders.move(tx, before, after, event, actor="bot", at=NOW + timedelta(seconds=1))


def voted(tx: Tx, one: Order) -> Order:
    orders.add_vote(tx, one, voter=BEN, choice="approve", at=NOW, digest=one.digest)
    return moved(tx, one, State.APPROVED, Event.APPROVED)


def sent(tx: Tx, one: Order) -> Order:
    orders.start_attempt(tx, one, attempt(key=one.key), "POST")
    return moved(tx, one, State.SUBMITTING, Event.SENT)


@asynccontextmanager
async def powered(
    path: Path, cuts: Cuts, *, version: tuple[int, ...], pragma: str | None = None
) -> AsyncIterator[Database]:
    """A database on such a disk, which moves its WAL into the file often; ``pragma`` spoils it."""
    os.close(os.open(path, os.O_CREAT, 0o600))
    disk = cuts.disk = Disk(f"disk{next(DISKS)}", path, on_sync=cuts.cut)

    def opener(where: Path) -> Any:
        db = prepare(Connection(disk, where), version)  # type: ignore[arg-type]
        db.execute("PRAGMA wal_autocheckpoint=40")
        if pragma:
            db.execute(f"PRAGMA {pragma}")
        return db

    db = await Database.open(path, opener=opener)
    yield db
    await db.close()
    disk.unregister()


async def lived(cuts: Cuts, path: Path, lives: int, **how: Any) -> None:
    """This many orders, four at a time."""
    async with powered(path, cuts, **how) as db:
        for start in range(0, lives, 4):
            await asyncio.gather(*(life(db, cuts, start + n) for n in range(4)))


def lost(folder: Path, content: Content, told: Told) -> str | None:
    """What is missing or broken when the bot starts again on what was left."""
    folder.mkdir()
    for name, data in content.items():
        (folder / name).write_bytes(data)
    raw = connect(folder / "countersign.db")
    try:
        migrate(raw)
        tx = Tx(raw)
        (verdict,) = raw.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            return str(verdict)
        if fault := audit.verify(tx):
            return fault
        found = {row["id"]: row["version"] for row in tx.rows("SELECT id, version FROM orders")}
        votes = {row["order_id"] for row in tx.rows("SELECT order_id FROM votes")}
        sends = {row["order_id"] for row in tx.rows("SELECT order_id FROM attempts")}
    finally:
        raw.close()
    for name, version in told.versions.items():
        if found.get(name, -1) < version:
            return f"{name} was told to be at version {version} and is at {found.get(name)}"
    return None if told.votes <= votes and told.sends <= sends else "a vote or a send is lost"


def losses(folder: Path, cuts: Cuts) -> list[str]:
    folder.mkdir()
    every = enumerate(cuts.all)
    return [fault for n, (left, told) in every if (fault := lost(folder / str(n), left, told))]


@pytest.mark.parametrize("version", [NEW, OLD], ids=["wal", "journal"])
async def test_nothing_acknowledged_is_lost_whenever_the_power_is_cut(
    path: Path, version: tuple[int, ...]
) -> None:
    """A vote or a send that was told and is gone after the reboot would be bought or asked anew."""
    cuts = Cuts(chance=random.Random(1))

    await lived(cuts, path, 8, version=version)

    assert len(cuts.told.versions) == 8
    assert cuts.disk.syncs > 20
    assert losses(path.parent / "cuts", cuts) == []


@pytest.mark.parametrize(
    ("version", "pragma"),
    [(NEW, "synchronous=NORMAL"), (NEW, "synchronous=OFF"), (OLD, "synchronous=FULL"),
     (OLD, "synchronous=OFF")],
)  # fmt: skip
async def test_a_weaker_setting_is_found_out(
    path: Path, version: tuple[int, ...], pragma: str
) -> None:
    """A disk that forgets nothing would let the test above pass with any setting."""
    cuts = Cuts()

    await lived(cuts, path, 4, version=version, pragma=pragma)

    assert any("was told to be at version" in one for one in losses(path.parent / "cuts", cuts))


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("version", [NEW, OLD], ids=["wal", "journal"])
async def test_nothing_is_lost_in_long_lives(
    path: Path, version: tuple[int, ...], seed: int
) -> None:
    """The long table: other groups of writes, other remains of what was not synced."""
    cuts = Cuts(chance=random.Random(seed))

    await lived(cuts, path, 40, version=version)

    assert losses(path.parent / "cuts", cuts) == []


def test_the_disk_runs_a_library_whose_wal_is_trusted() -> None:
    """Else the test with WAL would prove nothing about what people run."""
    assert wal_reset_fixed(tuple(int(part) for part in apsw.sqlite_lib_version().split(".")))
