"""One order's life with a death in it: people who repeat themselves, a supervisor that restarts.

The pretend Slack and the vendor live in the test's process and survive; the bot is a child that
kills itself at a named step and is started again, as systemd would.
"""

import asyncio
import contextlib
import json
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.playground.messages import Message
from bot.playground.outcome import Outcome
from tests.cli.test_run import environment_of
from tests.stage import ANA, BEN, CHANNEL, Stage, state_of

ROOT = Path(__file__).resolve().parents[2]

STEPS = (
    "request received", "request committed", "before ack", "before post", "posted", "post marked",
    "vote received", "vote committed", "before intent", "intent committed", "reply received",
    "outcome committed", "before poll", "poll answered", "poll committed", "before edit", "edited",
)  # fmt: skip
"""Every named step of a purchase that goes well."""

DOUBT_STEPS = ("looked up",)
"""Steps that are passed only when a reply was lost."""


@dataclass(frozen=True, slots=True)
class Death:
    """Die at the ``passage``-th time that ``step`` is reached."""

    step: str
    passage: int = 1


@dataclass(slots=True)
class Drama:
    """The stage and the supervised child."""

    stage: Stage
    deaths: list[Death] = field(default_factory=list)
    """What is still to happen; each start of the child takes the next one."""
    fresh_keys: bool = False
    died: int = 0
    _process: asyncio.subprocess.Process | None = None
    _supervisor: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the child and the supervisor."""
        await self._spawn()
        self._supervisor = asyncio.create_task(self._supervise())
        await self.stage.slack.wait_connected(timeout=20)

    async def _spawn(self) -> None:
        words = ["--base", self.stage.clock.base.isoformat(), "--rate", str(self.stage.clock.rate)]
        if self.deaths:
            death = self.deaths.pop(0)
            words += ["--step", death.step, "--passage", str(death.passage)]
        if self.fresh_keys:
            words.append("--fresh-keys")
        environment = environment_of(self.stage) | {"PYTHONPATH": str(ROOT)}
        with (self.stage.folder / "bot.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.crash.child", *words,
                env={"PATH": os.environ["PATH"], **environment},
                cwd=self.stage.folder,
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    async def _supervise(self) -> None:
        while True:
            assert self._process is not None, "spawned before"
            code = await self._process.wait()
            assert code == -9, f"the bot ended by itself with {code}: {self.last_words()}"
            self.died += 1
            await self._spawn()

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

    async def play(self) -> Message:
        """Ana asks, Ben approves, both as people do who get no answer; the card at rest."""
        await self._asked()
        await self._approved()
        try:
            await self.stage.slack.wait_for(lambda _: state_of(self._newest()) == "completed", 30)
        except TimeoutError:
            raise AssertionError(f"{self._newest().text}\n{self.last_words()}") from None
        return self._newest()

    def _newest(self) -> Message:
        return self.stage.cards()[-1]

    async def _person(self, act: Callable[[], Awaitable[Outcome]]) -> Outcome | None:
        """One deed of a person; None when Slack showed an error instead of an answer."""
        await self.stage.slack.wait_connected(timeout=20)
        outcome = await act()
        return None if outcome.error else outcome

    async def _asked(self) -> Message:
        """Ana asks; without an answer she looks whether there is an order before she repeats."""
        slack = self.stage.slack
        for _ in range(5):
            asked = await self._person(lambda: self.stage.say(ANA, "250 EUR btc via kriptomat"))
            if asked is None:
                listed = await self._person(lambda: self.stage.say(ANA, "list mine"))
                if listed is None or "BUY-" not in (listed.text or ""):
                    continue
            await slack.wait_for(lambda _: self.stage.cards(), timeout=20)
            return self._newest()
        raise AssertionError(f"Ana got no order: {self.last_words()}")

    async def _approved(self) -> None:
        """Ben presses Approve; without an answer he looks and presses again while he can."""
        for _ in range(5):
            try:
                if await self._person(self._presses_approve):
                    return
            except LookupError:
                # The button went while he looked: his first click had been taken.
                return
        raise AssertionError(f"Ben's vote was never taken: {self.last_words()}")

    async def _presses_approve(self) -> Outcome:
        return await self.stage.slack.click(BEN, self._newest(), "approve")

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
    fault: str | None = None,
    fresh_keys: bool = False,
) -> AsyncIterator[Drama]:
    """A stage with a supervised child that will die as told."""
    stage = Stage(folder)
    stage.slack.socket.ack_seconds = 1.0
    stage.kriptomat.book.settle = "at once"
    await stage.open()
    (folder / "countersign.toml").write_text(stage.toml_text(), encoding="utf-8")
    if fault is not None:
        stage.kriptomat.faults.next("buy", fault)
    one = Drama(stage, list(deaths), fresh_keys=fresh_keys)
    try:
        await one.start()
        yield one
    finally:
        await one.stop()
        await stage.close()


def faults_of(one: Drama, card: Message) -> list[str]:
    """Everything that is not as it was promised; empty is good."""
    stage = one.stage
    posts = [post.body for post in stage.kriptomat.posts]
    keys = {json.loads(body)["idempotency_key"] for body in posts}
    orders = one.rows("SELECT id, state, key FROM orders")
    votes = one.rows("SELECT voter FROM votes")
    open_attempts = one.rows("SELECT number FROM attempts WHERE ended_at IS NULL")
    known = {row["ts"] for row in one.rows("SELECT ts FROM cards")}
    spare = [c for c in stage.cards() if c.ts not in known]
    claims = {
        "one order": len(orders) == 1,
        "one purchase": len(stage.kriptomat.purchases) == 1,
        "one key": len(keys) == 1 and keys == {row["key"] for row in orders},
        "one body": len(set(posts)) == 1,
        "completed": [row["state"] for row in orders] == ["completed"],
        "Ben's vote": [row["voter"] for row in votes] == [BEN],
        "the card is true": state_of(card) == "completed",
        "every attempt has an end": not open_attempts,
        "at most one spare copy": len(spare) <= 1,
        "the cards stand in the channel": card.channel == CHANNEL,
    }
    return [claim for claim, kept in claims.items() if not kept]
