"""A playground without its bot: for what the page does by itself. Nothing is started but Slack."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console

from bot.playground.child import BotProcess
from bot.playground.furniture import furnish
from bot.playground.ground import Playground
from bot.playground.reporter import Reporter
from bot.playground.slack import PretendSlack
from providers.sandbox.coins_ph import CoinsPhSandbox
from providers.sandbox.kriptomat import KriptomatSandbox
from providers.sandbox.oak import OakSandbox


@asynccontextmanager
async def botless(folder: Path) -> AsyncIterator[Playground]:
    """The people and the channel; whatever is typed reaches nobody."""
    async with PretendSlack() as slack:
        furnish(slack)
        console = Console(quiet=True)
        yield Playground(
            slack=slack,
            kriptomat=KriptomatSandbox(),
            coins_ph=CoinsPhSandbox(),
            oak=OakSandbox(),
            bot=BotProcess(folder, {}),
            console=console,
            reporter=Reporter(slack, console),
        )
