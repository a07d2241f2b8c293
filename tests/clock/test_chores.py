"""What is done time and again, when the machine's clock is set."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.chores import Repeated
from bot.workflow.calling_out import SlowChore
from bot.workflow.desk import Desk
from tests.clock.test_schedule import desk_with

BEGIN = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)

Chore = Callable[[datetime], Awaitable[datetime]]


async def waits(chore: Chore, now: datetime) -> timedelta:
    """How long from this moment on it wants to be left alone."""
    return await chore(now) - now


async def test_a_clock_that_is_set_back_by_a_month_stops_no_chore(tmp_path: Path) -> None:
    """It stood in the future for a while: what was planned there is not waited for."""
    desk = await desk_with(tmp_path / "a.db")
    desk.now = lambda: BEGIN
    done: list[str] = []
    for chore, most in ((repeated(desk, done), AN_HOUR), (SlowChore(desk), timedelta(minutes=5))):
        await chore(BEGIN + timedelta(days=30))
        assert await waits(chore, BEGIN) <= most
        assert await waits(chore, BEGIN + most / 2) <= most
    for task in list(desk.tasks):
        await task
    await desk.db.close()

    assert done == ["done", "done"]


def repeated(desk: Desk, done: list[str]) -> Repeated:
    """Something that is done once an hour."""

    async def work() -> None:
        done.append("done")

    return Repeated(desk, work, AN_HOUR, name="work")
