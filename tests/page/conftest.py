"""A playground with its page and a browser, started once for each worker: both are slow to start.

The tests share the workspace, as people would: each asks for amounts of its own and counts from
what there was before.
"""

import time
from collections.abc import AsyncIterator, Generator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from rich.console import Console

from bot.domain.orders import State
from bot.playground.furniture import BEN, CHANNEL, CLEO
from bot.playground.ground import Playground, opened
from bot.playground.page.booths import booths
from bot.playground.page.curtain import Curtain
from bot.playground.page.scenes import is_frozen
from bot.playground.page.site import Site
from commands.cards import EVENT_TYPE
from tests.page import chromium
from tests.page.chromium import MISSING, browsing
from tests.playground.conftest import bot, slack  # noqa: F401 - the same workspace and bot


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """All tests without a browser are told in one line: they are skipped at one place."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and MISSING in report.longrepr[2]:
        report.longrepr = (str(Path(chromium.__file__)), 1, report.longrepr[2])
    return report


STANDSTILL = 5.0
"""Seconds after which the bot has begun to wonder where its Slack is."""


@dataclass
class House:
    """The playground and its page."""

    playground: Playground
    site: Site
    left_at: float = field(default_factory=time.monotonic)
    """When the last test went out."""

    async def enter(self) -> None:
        """Begin with a bot that knows of no trouble.

        Its Slack lives in an event loop that stands still while other tests run. A bot that has
        seen that has given its connection up, and tries again later and later, as it should.
        """
        if time.monotonic() - self.left_at > STANDSTILL:
            await self.playground.bot.kill()
            gone = lambda slack: not slack.socket.usable  # noqa: E731 - one use, one line down
            await self.playground.slack.wait_for(gone, timeout=60)
        await self.calm()

    def waiting(self) -> list[str]:
        """The orders whose cards ask for votes."""
        told = [one.metadata or {} for one in self.playground.slack.messages(CHANNEL)]
        orders = [one["event_payload"] for one in told if one.get("event_type") == EVENT_TYPE]
        return [one["order"] for one in orders if one["state"] == State.PENDING_APPROVAL.value]

    async def calm(self) -> None:
        """Nothing broken, the bot alive, no form open, nothing frozen, nobody's vote wanted."""
        await self.curtain.do({"do": "calm"})
        await self.curtain.do({"do": "start"})
        people = self.playground.slack
        await people.wait_connected(timeout=60)
        for view in list(people.workspace.views.values()):
            await people.close_view(view.user, view)
        for user in (BEN, CLEO) if is_frozen(self.playground) else ():
            await people.slash(user, "/buy", "unfreeze", channel=CHANNEL)
        for order in self.waiting():
            await people.slash(BEN, "/buy", f"cancel {order}", channel=CHANNEL)
        self.left_at = time.monotonic()

    @property
    def url(self) -> str:
        return self.site.url

    @property
    def curtain(self) -> Curtain:
        """The switches, as the page has them."""
        return Curtain(self.playground, booths(self.playground))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium; without one the test is skipped."""
    async with browsing() as one:
        yield one


@pytest_asyncio.fixture(loop_scope="session")
async def house(everything: House) -> AsyncIterator[House]:
    """The playground as everybody expects it: nothing broken, the bot alive, nothing frozen."""
    await everything.enter()
    yield everything
    await everything.calm()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def everything(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Everything that ``countersign demo`` starts, the real bot included."""
    folder = Path(tmp_path_factory.mktemp("playground"))
    async with opened(folder, Console(quiet=True)) as playground:
        site = Site(playground)
        await site.start(0)
        try:
            yield House(playground, site)
        finally:
            await site.stop()
