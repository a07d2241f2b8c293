"""The playground's ground: a pretend Slack and the vendors' sandboxes, the real bot as a child.

The child gets a scrubbed environment, a configuration of the playground's own and addresses on
127.0.0.1 only, so nothing that happens here can reach a real workspace or a real vendor.
"""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bot.playground.child import BotProcess
from bot.playground.furniture import CONFIGURATION, furnish
from bot.playground.reporter import Reporter
from bot.playground.slack import PretendSlack
from providers.sandbox.coins_ph import CoinsPhSandbox
from providers.sandbox.kriptomat import KriptomatSandbox
from providers.sandbox.oak import OakSandbox

Vendor = KriptomatSandbox | CoinsPhSandbox | OakSandbox

READY_SECONDS = 60
"""A bot that has not connected by then has said why in its log; one that dies says so at once."""


@dataclass(slots=True, kw_only=True)
class Playground:
    """Everything that is running."""

    slack: PretendSlack
    kriptomat: KriptomatSandbox
    coins_ph: CoinsPhSandbox
    oak: OakSandbox
    bot: BotProcess
    console: Console
    reporter: Reporter


class NotReady(Exception):
    """The bot did not come up; the text ends with the last lines of its log."""


@contextlib.asynccontextmanager
async def opened(data: Path | None, console: Console) -> AsyncIterator[Playground]:
    """Start Slack, the vendor and the bot, in this order; stop them in the other."""
    async with contextlib.AsyncExitStack() as stack:
        folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory("-countersign")))
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        slack = PretendSlack(rate_limits=True)
        furnish(slack)
        await slack.start()
        stack.push_async_callback(slack.stop)
        kriptomat = KriptomatSandbox()
        # A demo that is restarted must not wait half a minute for the next one-time code.
        kriptomat.behaviour.single_use_codes = False
        coins_ph, oak = CoinsPhSandbox(), OakSandbox()
        vendors: dict[str, Vendor] = {"kriptomat": kriptomat, "coins_ph": coins_ph, "oak": oak}
        for vendor in vendors.values():
            await vendor.start()
            stack.push_async_callback(vendor.stop)
        environment = await asyncio.to_thread(_environment, folder, slack, vendors)
        bot = BotProcess(folder, environment)
        await bot.start()
        stack.push_async_callback(bot.stop)
        await _ready(slack, bot)
        reporter = Reporter(slack, console)
        yield Playground(
            slack=slack,
            kriptomat=kriptomat,
            coins_ph=coins_ph,
            oak=oak,
            bot=bot,
            console=console,
            reporter=reporter,
        )


def _environment(
    folder: Path, slack: PretendSlack, vendors: Mapping[str, Vendor]
) -> dict[str, str]:
    """Write the configuration; what the bot reads from its environment."""
    path = folder / "countersign.toml"
    text = CONFIGURATION.format(**{name: one.base_url for name, one in vendors.items()})
    path.write_text(text, encoding="utf-8")
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "COUNTERSIGN_CONFIG": str(path.absolute()),
        "COUNTERSIGN_DATABASE": str(folder.absolute() / "countersign.db"),
        **{name: one for vendor in vendors.values() for name, one in vendor.credentials.items()},
    }


async def _ready(slack: PretendSlack, bot: BotProcess) -> None:
    def settled() -> bool:
        return bool(slack.socket.usable) or not bot.running

    bot.changed = slack.workspace.changed.ring
    with contextlib.suppress(TimeoutError):
        await slack.workspace.changed.wait_until(settled, READY_SECONDS, "the bot")
    if not slack.socket.usable:
        raise NotReady(f"the bot did not come up:\n{bot.last_words()}")
