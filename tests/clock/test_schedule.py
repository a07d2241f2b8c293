"""The clock sees to what is due when it is due, not when its safety net catches it.

The net is an hour wide here, so a wake-up that is lost shows as a test that does not end.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.domain.ids import order_id_from
from bot.domain.orders import State
from bot.domain.people import Roster
from bot.schedule import BATCH, Schedule
from bot.workflow.desk import Desk
from storage import orders
from storage.database import Database, Tx
from tests.domain.sample import POLICY, ROSTER, order

AN_HOUR = 3600.0


class Known:
    """Everybody is known."""

    roster = ROSTER

    async def confirm(self, users: Iterable[str], groups: Iterable[str]) -> Roster:
        assert not {*users, *groups}, "nobody has to be asked about"
        return self.roster


class ScriptedClock:
    """The machine's time, but for the first looks at it, which are given."""

    def __init__(self, *first: datetime) -> None:
        self._first = list(first)

    def now(self) -> datetime:
        return self._first.pop(0) if self._first else datetime.now(UTC)

    def seconds_until(self, at: datetime) -> float:
        return max(0.0, (at - self.now()).total_seconds())


async def desk_with(path: Path, *expire_at: datetime) -> Desk:
    """A desk with one pending order for each of these deadlines."""
    db = await Database.open(path)

    def write(tx: Tx) -> None:
        for nth, at in enumerate(expire_at, 1):
            change = {"id": order_id_from(nth), "origin": f"slash:{nth}", "key": f"{nth:032x}"}
            one = order(**change, created_at=at - timedelta(hours=8), expires_at=at)
            orders.create(tx, one, wishes=(), facts={})

    await db.write(write)
    return Desk(
        db=db,
        providers={},
        policy=POLICY,
        directory=Known(),
        now=lambda: datetime.now(UTC),
        entropy=bytes,
        boot_id="b007b007b007b007",
    )


@asynccontextmanager
async def ticking(desk: Desk, clock: ScriptedClock) -> AsyncIterator[None]:
    """The clock of this desk runs, with a safety net that catches nothing."""

    schedule = Schedule(desk, clock, safety_net=AN_HOUR)
    desk.wake_clock = schedule.wake
    schedule.start()
    try:
        yield
    finally:
        schedule.stop()
        desk.stopping = True
        await asyncio.gather(*desk.tasks)
        await desk.db.close()


async def until(look: Callable[[], Coroutine[Any, Any, bool]]) -> None:
    """Wait for it; the limit is far from both what is right and the safety net."""
    async with asyncio.timeout(30):
        while not await look():  # noqa: ASYNC110 - a database has no bell
            await asyncio.sleep(0.01)


async def expired(desk: Desk, count: int) -> bool:
    """So many orders have expired."""
    return len(await desk.db.read(lambda tx: orders.in_state(tx, State.EXPIRED))) == count


async def test_what_becomes_due_while_the_clock_looks_is_seen_to_at_once(tmp_path: Path) -> None:
    """The timer fires a moment early: not yet due when asked for, due when the timer is set."""
    at = datetime.now(UTC) - timedelta(seconds=1)
    desk = await desk_with(tmp_path / "a.db", at)
    early = at - timedelta(milliseconds=1)

    async with ticking(desk, ScriptedClock(early)):
        await until(lambda: expired(desk, 1))


async def test_one_order_after_the_other_is_seen_to_in_its_moment(tmp_path: Path) -> None:
    """Each look sets the timer for the next one, whatever is being carried meanwhile."""
    soon = [datetime.now(UTC) + timedelta(milliseconds=30 * nth) for nth in range(1, 20)]
    desk = await desk_with(tmp_path / "a.db", *soon)

    async with ticking(desk, ScriptedClock()):
        await until(lambda: expired(desk, len(soon)))


async def test_a_machine_whose_clock_is_set_back_keeps_looking(tmp_path: Path) -> None:
    """The timer was set by the clock of before: its next look is an hour away by that of now."""
    desk = await desk_with(tmp_path / "a.db")
    schedule = Schedule(desk, ScriptedClock(), safety_net=0.1)
    schedule.start()
    schedule._timer.modify_job("tick", next_run_time=datetime.now(UTC) + timedelta(hours=1))
    try:
        past = datetime.now(UTC) - timedelta(minutes=1)
        late = order(id=order_id_from(1), origin="slash:1", key=f"{1:032x}", expires_at=past)
        await desk.db.write(lambda tx: orders.create(tx, late, wishes=(), facts={}))
        await until(lambda: expired(desk, 1))
    finally:
        schedule.stop()
        desk.stopping = True
        await asyncio.gather(*desk.tasks)
        await desk.db.close()


async def test_orders_that_are_left_alone_for_a_while_hold_up_no_others(tmp_path: Path) -> None:
    """A client that always fails may leave many due; the next ones have their turn all the same."""
    past = datetime.now(UTC) - timedelta(hours=1)
    desk = await desk_with(tmp_path / "a.db", *[past] * BATCH, past + timedelta(minutes=1))
    rest_until = datetime.now(UTC) + timedelta(hours=1)
    desk.resting = {order_id_from(nth): rest_until for nth in range(1, BATCH + 1)}

    async with ticking(desk, ScriptedClock()):
        await until(lambda: expired(desk, 1))
        # Nor does the timer wait for the next of its looks to be set because of them.
        fresh = order(
            id=order_id_from(999),
            origin="slash:999",
            key=f"{999:032x}",
            expires_at=datetime.now(UTC) + timedelta(milliseconds=50),
        )
        await desk.db.write(lambda tx: orders.create(tx, fresh, wishes=(), facts={}))
        desk.wake_clock(None)
        await until(lambda: expired(desk, 2))
