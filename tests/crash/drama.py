"""A supervised bot that dies as told, on a stage that survives.

The pretend Slack and the vendor live in the test's process; the bot is a child that kills itself at
a named step, or is killed from outside, and is started again, as systemd would.
"""

import asyncio
import contextlib
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.births.child import ROOT, Child, bear
from tests.cli.test_run import environment_of
from tests.crash.cases import BUY
from tests.crash.vendors import Vendor, vendor_of
from tests.stage import TOML, Stage
from tests.vendors.kinds import Kind

SILENCE = 2.0
"""Real seconds that the client waits for a vendor that hangs."""


@dataclass(frozen=True, slots=True)
class Death:
    """Die at the ``passage``-th time that ``step`` is reached."""

    step: str
    passage: int = 1


@dataclass(slots=True)
class Drama:
    """The stage and the supervised child."""

    stage: Stage
    vendor: Vendor
    deaths: list[Death] = field(default_factory=list)
    """What is still to happen; each start of the child takes the next one."""
    words: tuple[str, ...] = ()
    """Said on every child's command line."""
    fresh: bool = False
    """Each child is an interpreter of its own, as systemd would start it; that takes its time."""
    died: int = 0
    handed: list[str] = field(default_factory=list)
    """Who has put money on the vendor's counter; an entry for each time."""
    delivered: list[str] = field(default_factory=list)
    """What the vendor had delivered at the moment at which the card showed the end."""
    _process: asyncio.subprocess.Process | Child | None = None
    _supervisor: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the child and the supervisor."""
        await self._spawn()
        self._supervisor = asyncio.create_task(self._supervise())
        await self.stage.slack.wait_connected(timeout=30)

    async def _spawn(self) -> None:
        clock = self.stage.clock
        words = ["--base", clock.base.isoformat(), "--rate", str(clock.rate)]
        words += [*self.words, *self.vendor.words()]
        if self.deaths:
            death = self.deaths.pop(0)
            words += ["--step", death.step, "--passage", str(death.passage)]
        folder, environment = self.stage.folder, environment_of(self.stage) | self.stage.credentials
        environment |= {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        with (folder / "bot.log").open("ab") as log:
            if self.fresh:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "tests.crash.child", *words,
                    env=environment, cwd=folder,
                    stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                )  # fmt: skip
                return
            self._process = await bear(
                "tests.crash.child:main", ["child", *words],
                environment=environment, folder=folder,
                streams=(log.fileno(), log.fileno()),
            )  # fmt: skip

    async def _supervise(self) -> None:
        while True:
            assert self._process is not None, "spawned before"
            code = await self._process.wait()
            assert code == -9, f"the bot ended by itself with {code}: {self.last_words()}"
            self.died += 1
            await self._spawn()

    async def kill(self) -> None:
        """``kill -9`` from outside; the supervisor starts the next one."""
        assert self._process is not None, "spawned before"
        before = self.died
        self._process.kill()
        await self.stage.eventually(lambda: self.died > before, timeout=10)

    def last_words(self) -> str:
        """The end of the child's log."""
        return (self.stage.folder / "bot.log").read_text(encoding="utf-8")[-3000:]

    async def stop(self) -> None:
        """End the supervisor, then the child."""
        if self._supervisor is not None:
            self._supervisor.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._supervisor
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            try:
                async with asyncio.timeout(10):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()

    def rows(self, sql: str) -> list[sqlite3.Row]:
        """Look into the database file from outside."""
        with contextlib.closing(sqlite3.connect(self.stage.folder / "countersign.db")) as db:
            db.row_factory = sqlite3.Row
            return db.execute(sql).fetchall()


@asynccontextmanager
async def drama(
    folder: Path,
    deaths: Sequence[Death] = (),
    *,
    vendor: str = "kriptomat",
    believed: Kind | None = None,
    fault: str | None = None,
    call: str = BUY,
    rate: float = 20.0,
    fresh_keys: bool = False,
    fresh: bool = False,
    toml: str = TOML,
) -> AsyncIterator[Drama]:
    """A stage with a supervised child that will die as told; ``rate`` is how fast time passes.

    ``believed``: what the bot takes Corner for, where that is not what it is. ``call``: the request
    that the fault meets.
    """
    stage = Stage(folder, toml=toml, rate=rate)
    stage.slack.socket.ack_seconds = 1.0
    at = vendor_of(stage, vendor, believed)
    await stage.open()
    await at.start()
    (folder / "countersign.toml").write_text(stage.toml_text(), encoding="utf-8")
    words = ["--fresh-keys"] if fresh_keys else []
    if fault is not None:
        at.arm(fault, call)
        words += ["--read-seconds", str(SILENCE)] if fault.startswith("hang") else []
    one = Drama(stage, at, list(deaths), tuple(words), fresh)
    async with AsyncExitStack() as ends:
        ends.push_async_callback(stage.close)
        ends.push_async_callback(at.stop)
        ends.push_async_callback(one.stop)
        await one.start()
        yield one
