"""The table of things done by the clock. APScheduler is the timer; our tables are the truth.

One job with ``max_instances=16`` and a lock, moved to the next due moment, with a safety net every
few seconds: measured, the only form of APScheduler 3 that neither skips a wake nor stops for good.
What is due is read from the database each time, so a lost wake-up, a suspended machine or a restart
costs lateness and nothing else.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import Clock
from bot.domain.orders import State
from bot.workflow import advance, occurring, renewing, reproposing, rewinding, rounds
from bot.workflow.desk import Desk
from storage import audit, orders, waking
from storage.database import DatabaseClosed, Tx

log = structlog.get_logger()

SAFETY_NET_SECONDS = 5
"""The clock looks at least that often."""

BATCH = 100
"""Orders started in one look; the first that is done brings the next look."""


Chore = Callable[[datetime], Awaitable[datetime | None]]
"""Something else that is done by the clock: does, or starts in the background, what is due at this
moment, and says when it wants to be asked again; None: whenever the clock looks. It reads and
writes the database and waits for nothing else."""


class Schedule:
    """Wakes due orders, and asks the chores."""

    def __init__(
        self,
        desk: Desk,
        clock: Clock,
        *,
        chores: Sequence[Chore] = (),
        safety_net: float = SAFETY_NET_SECONDS,
        looked: Callable[[float], None] = lambda _lag: None,
    ) -> None:
        """``looked`` hears of each look that succeeded, and how many seconds late it began."""
        self._desk = desk
        self._clock = clock
        self._chores = tuple(chores)
        self._safety_net = safety_net
        self._looked = looked
        self._planned = 0.0
        """When the next look is to begin at the latest, by the loop's own clock."""
        self._next = 0.0
        """When the timer is set to bring the next look, by the loop's own clock."""
        self._seen = clock.now()
        """The latest look: a clock that shows less now was set back."""
        self._lock = asyncio.Lock()
        self._timer = AsyncIOScheduler(timezone=UTC)
        self._guard: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the timer in the running loop."""
        self._planned = self._next = asyncio.get_running_loop().time()
        self._timer.add_job(
            self._tick,
            IntervalTrigger(seconds=self._safety_net, timezone=UTC),
            id="tick",
            max_instances=16,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )
        self._timer.start()
        self._guard = asyncio.create_task(self._watch_the_timer(), name="watch of the timer")

    def stop(self) -> None:
        if self._guard is not None:
            self._guard.cancel()
        if self._timer.running:
            self._timer.shutdown(wait=False)

    async def _watch_the_timer(self) -> None:
        """APScheduler waits by the machine's clock: set back by an hour, it would look in an hour.
        The loop's own clock is never set."""
        while True:
            await asyncio.sleep(self._safety_net)
            overdue = asyncio.get_running_loop().time() > self._next + self._safety_net
            if overdue and not self._lock.locked() and self._timer.running:
                log.warning("the timer has missed a look")
                self._look_in(0)

    def wake(self, at: datetime | None = None) -> None:
        """Look at this moment at the latest; None: now.

        Most of what is written is due in hours, long after the next look: that costs nothing here.
        """
        if not self._timer.running:
            return
        now = asyncio.get_running_loop().time()
        seconds = 0.0 if at is None else self._clock.seconds_until(at)
        self._planned = min(self._planned, now + seconds)
        if now + seconds < self._next:
            self._look_in(seconds)

    def _look_in(self, seconds: float) -> None:
        self._next = asyncio.get_running_loop().time() + seconds
        at = datetime.now(UTC) + timedelta(seconds=seconds)
        self._timer.modify_job("tick", next_run_time=at)

    async def recover(self) -> int:
        """At start: everything unfinished of the process before. How many orders that is.

        An order that was being sent is nobody's any more and comes into doubt at once; one that
        waits for votes may have been asked about under another configuration; the others stand in
        the table with the moment at which they are due.
        """
        written = await self._desk.db.read(audit.latest)
        self._seen = self._seen if written is None else written
        await self._see_to_the_clock(self._clock.now())
        sending = await self._desk.db.read(lambda tx: orders.in_state(tx, State.SUBMITTING))
        for order in sending:
            advance.wake(self._desk, order.id)
        await renewing.renew(self._desk)
        await renewing.show_again(self._desk)
        await reproposing.renew(self._desk)
        await reproposing.show_again(self._desk)
        await occurring.retime(self._desk)
        unfinished = await self._desk.db.read(waking.unfinished)
        log.info("recovered", unfinished=unfinished, being_sent=len(sending))
        return unfinished

    async def _tick(self) -> None:
        """Look, start what is due, and set the timer to the next due moment."""
        if self._desk.stopping:
            return
        try:
            async with self._lock:
                began = asyncio.get_running_loop().time()
                lag = max(0.0, began - self._planned)
                # Whoever wakes us from now on may have written what this look does not see.
                self._next = began + self._safety_net
                soon = await self._look()
                self._planned = began + min(soon, self._safety_net)
                self._looked(lag)
        except DatabaseClosed:
            return
        except asyncio.CancelledError:
            # The timer cancels a look that is under way when it is stopped, and would call that a
            # fault; whatever is due is found by the next start.
            if self._timer.running:
                raise
        except Exception:
            # The clock must go on whatever one look met; the next one comes in seconds.
            log.exception("a look at what is due failed")

    async def _look(self) -> float:
        """Start what is due; in how many seconds something else is."""
        now = self._clock.now()
        await self._see_to_the_clock(now)
        # Whatever an operator has written beside us is owed to Slack as well.
        self._desk.wake_announcer()
        moments = [await self._orders(now), *[await self._chore(one, now) for one in self._chores]]
        # The next look is set by the moment of this one, not by the present.
        soon = min((self._clock.seconds_until(one) for one in moments if one), default=math.inf)
        loop = asyncio.get_running_loop()
        if loop.time() + soon < self._next and self._timer.running:
            self._look_in(soon)
        return soon

    async def _see_to_the_clock(self, now: datetime) -> None:
        """Whether it was set back since the last look, or since the last process."""
        await rewinding.see_to(self._desk, now, stood=self._seen)
        self._seen = now

    async def _orders(self, now: datetime) -> datetime | None:
        """Start what is due; when the next order is."""
        desk, surveyed = self._desk, rounds.surveyors(self._desk)
        # Those that are carried or left alone for a while must not take the places of the others.
        limit = BATCH + len(desk.busy) + len(desk.resting)

        def look(tx: Tx) -> tuple[list[str], list[str]]:
            due = waking.due(tx, now=now, limit=limit, surveyed=surveyed)
            return due, waking.providers_to_read(tx, now=now)

        due, to_read = await desk.db.read(look)
        for order_id in due:
            advance.wake(desk, order_id)
        for name in set(to_read) & set(surveyed):
            rounds.wake(desk, name)
        # What was due at ``now`` is carried, and its own task wakes us. What has become due since
        # is not.
        return await desk.db.read(lambda tx: waking.next_wake(tx, after=now))

    async def _chore(self, chore: Chore, now: datetime) -> datetime | None:
        """One of the other things; what fails must not keep the rest from being done."""
        try:
            return await chore(now)
        except DatabaseClosed:
            raise
        except Exception:
            log.exception("something that is done by the clock failed", chore=chore)
            return None
