"""What is done by the clock besides orders: the list of chores, put together from the settings."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from bot.config import Config
from bot.people import REFILL, SlackDirectory
from bot.schedule import Chore
from bot.slack import Place
from bot.workflow import occurring, renewing, reproposing
from bot.workflow.calling_out import SlowChore
from bot.workflow.desk import Desk
from bot.workflow.digesting import DigestChore
from bot.workflow.reconciling import ReconcileChore


def chores(
    desk: Desk, config: Config, directory: SlackDirectory, place: Place, team: str
) -> list[Chore]:
    """In the order in which the clock asks them."""

    async def refill() -> None:
        await directory.refill(team)
        await renewing.renew(desk)
        await reproposing.renew(desk)

    made: list[Chore] = [
        Repeated(desk, refill, REFILL, name="who is who"),
        Repeated(desk, place.look, REFILL, name="the channel"),
        partial(occurring.look, desk),
        ReconcileChore(desk),
        SlowChore(desk),
    ]
    if config.digest is not None:
        made.append(DigestChore(desk, config.digest))
    return made


class Repeated:
    """A chore that runs in the background, time and again; one that still runs is not doubled."""

    def __init__(
        self, desk: Desk, work: Callable[[], Awaitable[None]], every: timedelta, *, name: str
    ) -> None:
        self._desk = desk
        self._work = work
        self._every = every
        self._name = name
        self._at = desk.now() + every

    async def __call__(self, now: datetime) -> datetime:
        # A clock that was set back does not wait until it is there again.
        if not now < self._at <= now + self._every:
            self._at = now + self._every
            self._desk.spawn(self._run(), name=self._name)
        return self._at

    async def _run(self) -> None:
        await self._work()
