"""One history's world: the true time, the vendor, and the bot's process, which may die.

A process is a desk with its tasks and its open database. When it dies only what was committed is
left: its tasks end where they stand, the file and its log are copied away as they are, and a new
desk with a boot id of its own opens the copy and recovers as ``bot.schedule`` does.
"""

import asyncio
import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from bot.domain.canonical import sha256
from bot.domain.states import State
from bot.workflow import advance
from bot.workflow.desk import Desk
from providers.base import Draft
from storage import orders, waking
from tests.domain.sample import NOW
from tests.histories import law, money
from tests.histories.firm import Firm
from tests.histories.kinds import NAME, Kind, Twice
from tests.histories.quiet import FAULTS
from tests.histories.steady import Steady
from tests.histories.vendor import Pier


class Died(BaseException):
    """The process is killed here."""


@dataclass(slots=True)
class Saved:
    """A copy of the file, and what had happened until then."""

    path: Path
    acknowledged: set[str]
    calls: Counter[str]


@dataclass(slots=True)
class Sabotage:
    """What is broken on purpose; nothing, unless a test of the tests says so."""

    late_intent: bool = False
    """The intent is not on the disk when the vendor is called: a crash loses it."""
    same_boot: bool = False
    """Every process takes itself for the one before."""
    forget_doubt: bool = False
    """Nobody remembers that an attempt was in doubt."""
    lose_money: bool = False
    """What is reserved and spent is found in no budget."""


@dataclass(slots=True)
class Tally:
    """What all histories of one run had in them."""

    counts: Counter[str] = field(default_factory=Counter)


class World:
    """Open it, let things happen with ``do``, close it."""

    def __init__(
        self,
        folder: Path,
        blank: Path,
        kind: Kind,
        twice: Twice,
        sabotage: Sabotage,
        tally: Tally,
        *,
        firm: Firm,
    ) -> None:
        """``blank`` is an empty, migrated database."""
        self.firm, self.people = firm, firm.people
        self.folder, self.sabotage, self.counts = folder, sabotage, tally.counts
        self.loop = asyncio.new_event_loop()
        self.true, self.skew = NOW, timedelta(0)
        self.pier = Pier(kind, twice, now=lambda: self.true, witness=self.witness, die=self.die)
        self.acknowledged: set[str] = set()
        self.calls: Counter[str] = Counter()
        self.saved: list[Saved] = []
        self.copy_at: str | None = None
        self.die_at: str | None = None
        self.dead = False
        self.examined: set[tuple[str, int]] = set()
        self._chance = 0
        self._files = 0
        self._works: list[asyncio.Task[Any]] = []
        self._unwritten: Path | None = None
        self.path = self._copy(blank)
        self.loop.run_until_complete(self._open())

    def now(self) -> datetime:
        return self.true + self.skew

    def entropy(self, size: int) -> bytes:
        """Different each time, and the same in each run."""
        self._chance += 1
        return hashlib.sha256(str(self._chance).encode()).digest()[:size]

    def witness(self, draft: Draft) -> None:
        """The vendor has been called."""
        self.counts["calls"] += 1
        self.calls[draft.key + sha256(draft.body)] += 1
        try:
            law.at_call(self.eyes, self.pier, draft, now=self.now(), agreed=self.firm.agreed)
            money.within(self.eyes.tx, self.firm.policy.budgets, now=self.now())
        except law.Violation as violation:
            # The workflow would take it for a fault of the client, and be right.
            FAULTS.append(violation)

    def checkpoint(self, name: str) -> None:
        """The workflow passes a named step: copy the file here, or die here."""
        if name == "before intent" and self.sabotage.late_intent:
            self._unwritten = self._copy(self.path)
        if name == "outcome committed":
            self._unwritten = None
        if name == self.copy_at:
            self.copy_at = None
            self.save()
        if name == self.die_at:
            self.die_at = None
            self.die()

    def save(self, path: Path | None = None) -> None:
        """Keep a copy (made by hand unless one is given) to be put back later."""
        copy = path or self._copy(self.path)
        self.saved.append(Saved(copy, set(self.acknowledged), Counter(self.calls)))

    def die(self) -> NoReturn:
        """As kill -9: nothing is flushed, closed or said."""
        self.kill()
        raise Died

    def kill(self) -> None:
        """End the process from outside."""
        self.dead = True
        self.counts["crashes"] += 1
        self.db.forget()
        for task in [*self.desk.tasks, *self._works]:
            if self.loop.is_running() and task is asyncio.current_task(self.loop):
                continue
            task.cancel()

    def do(self, *works: Coroutine[Any, Any, Any]) -> list[Any]:
        """Let these happen at once, until everything rests; a process that died starts again."""
        answers = self.loop.run_until_complete(self._do(works))
        faults = [fault for fault in FAULTS if not isinstance(fault, Died)]
        FAULTS.clear()
        if faults:
            raise faults[0]
        while self.dead:
            self.restart()
        return answers

    def restart(self, put: Callable[[Path], Path] | None = None) -> None:
        """A new process opens what is on the disk, or what ``put`` makes of it."""
        law.hasty(self.eyes, self.desk.boot_id, self.examined)
        path = self._copy(self._unwritten or self.path)
        self._unwritten = None
        self.eyes.close()
        self.loop.run_until_complete(self._buried())
        self.path = path if put is None else put(path)
        self.dead = False
        self.loop.run_until_complete(self._open())
        self.do(self._recover())
        self.do(self.look())

    async def look(self) -> None:
        """What the clock does when it looks: whatever is due is carried on."""
        due = await self.db.read(lambda tx: waking.due(tx, now=self.now()))
        for order_id in due:
            advance.wake(self.desk, order_id)

    def move_clock(self, by: timedelta) -> None:
        """Time passes: what was late arrives, what takes too long is given up."""
        until = self.true + by
        while arrives := [at for at, _ in self.pier.late if at < until]:
            self.true = max(self.true, min(arrives))
            self.pier.tick()
            self.do(self.look())
        self.true = until
        if by >= timedelta(seconds=self.desk.buy_seconds):
            for hung in self.pier.hung:
                if not hung.gate.done():
                    hung.gate.set_exception(TimeoutError())
        self.do()
        self.pier.tick()
        self.do(self.look())

    def examine(self) -> None:
        """Everything that must be true after each step is."""
        law.hasty(self.eyes, self.desk.boot_id, self.examined)
        law.at_rest(self.eyes, self.pier, acknowledged=self.acknowledged, calls=self.calls)
        if self.sabotage.forget_doubt:
            self.do(self.db.write(lambda tx: tx.execute("UPDATE orders SET doubted = 0")))
        if self.sabotage.lose_money:
            # XTS is the code that ISO 4217 keeps for tests: no budget is in it.
            lost = "UPDATE reservations SET currency = 'XTS'"
            self.do(self.db.write(lambda tx: tx.execute(lost)))

    def close(self) -> None:
        """End of the history."""
        if not self.dead:
            self.kill()
            self.counts["crashes"] -= 1
        self.eyes.close()
        self.loop.run_until_complete(self._buried())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        shutil.rmtree(self.folder)
        FAULTS.clear()

    async def _open(self) -> None:
        self.db = await Steady.open(self.path)
        self.eyes = law.Eyes(self.path)
        boot = self.entropy(8).hex()
        self.desk = Desk(
            db=self.db,
            providers={NAME: self.pier},
            policy=self.firm.believed or self.firm.policy,
            directory=self.firm.directory or self.people,
            now=self.now,
            entropy=self.entropy,
            boot_id="b007" * 4 if self.sabotage.same_boot else boot,
            checkpoint=self.checkpoint,
        )

    async def _recover(self) -> None:
        sending = await self.db.read(lambda tx: orders.in_state(tx, State.SUBMITTING))
        for order in sending:
            advance.wake(self.desk, order.id)

    async def _do(self, works: Iterable[Coroutine[Any, Any, Any]]) -> list[Any]:
        if self.dead:
            # What hung went on before this began, and the process died of it.
            for work in works:
                work.close()
            works = ()
        begun = [self.loop.create_task(work) for work in works]
        self._works = [task for task in self._works if not task.done()] + begun
        while True:
            await asyncio.sleep(0)
            running = [task for task in self._works if not task.done()]
            if len(running) + len(self.desk.tasks) <= (0 if self.dead else len(self.pier.hung)):
                break
        for task in begun:
            if task.done() and not task.cancelled() and (fault := task.exception()):
                FAULTS.append(fault)
        answered = [task for task in begun if task.done() and not task.cancelled()]
        return [task.result() for task in answered if task.exception() is None]

    async def _buried(self) -> None:
        await asyncio.gather(*self._works, *self.desk.tasks, return_exceptions=True)
        self._works.clear()
        self.pier.hung.clear()
        await self.db.close()

    def _copy(self, source: Path) -> Path:
        """The file with its log, as they are at this moment."""
        self._files += 1
        target = self.folder / f"{self._files}.db"
        for suffix in ("", "-wal"):
            one = Path(f"{source}{suffix}")
            if one.exists():
                shutil.copyfile(one, f"{target}{suffix}")
        return target
