"""The stage on which the bot is tested: a pretend Slack, a Kriptomat sandbox, the real bot between.

Everything is real: loopback HTTP, a WebSocket, an SQLite file. The bot is built by
``bot.app.build`` from a configuration text, with a clock that tests may move and no pacing.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot.app import Bot, Options, build
from bot.config import Config, config_of
from bot.domain.people import Standing
from bot.playground.messages import Message
from bot.playground.outcome import Outcome
from bot.playground.slack import PretendSlack
from bot.settings import Environment
from providers.sandbox.kriptomat import KriptomatSandbox
from storage.database import Tx

CHANNEL = "C0TREASURY"
ANA, BEN, CLEO, DAN, EVE, FAY = "U0ANA", "U0BEN", "U0CLEO", "U0DAN", "U0EVE", "U0FAY"

TOML = """
[team]
timezone = "Europe/Ljubljana"
operators = ["U0FAY"]

[slack]
channel = "C0TREASURY"

[approval]
expires_after = "8h"
valid_for = "1h"

[groups]
buyers = ["U0ANA", "U0BEN", "U0CLEO"]
approvers = ["U0BEN", "S0TREASURY"]

[[rules]]
name = "small"
requesters = ["buyers"]
up_to = "1000 EUR"
approvals = [{ from = "approvers", count = 1 }]

[[rules]]
name = "large"
requesters = ["buyers"]
up_to = "20000 EUR"
approvals = [{ from = "approvers", count = 2 }]
require_reason = true

[providers.kriptomat]
base_url = "BASE_URL"
user_id = "1"
assets = ["btc", "eth"]
key_lifetime = "1h"
fee_allowance = "2%"
reading = { calls_per_minute = 6000 }
"""
"""Ana asks; Ben, and Cleo and Fay by a user group, approve; Dan is a guest, Eve a stranger.
The clock runs twenty times as fast, and so do the calls."""

T = TypeVar("T")


class MovedClock:
    """The real time plus what the test has moved it by; ``rate`` makes it run faster."""

    def __init__(self, rate: float = 1.0, *, base: datetime | None = None) -> None:
        self.base = base or datetime.now(UTC)
        self.rate = rate
        self._moved = timedelta(0)

    def now(self) -> datetime:
        return self.base + (datetime.now(UTC) - self.base) * self.rate + self._moved

    def seconds_until(self, at: datetime) -> float:
        return max(0.0, (at - self.now()).total_seconds() / self.rate)

    def move(self, **by: float) -> None:
        self._moved += timedelta(**by)


class Stage:
    """One workspace, one vendor, one bot that can be stopped and started again."""

    def __init__(
        self,
        folder: Path,
        *,
        toml: str = TOML,
        rate: float = 20.0,
        clock: MovedClock | None = None,
    ) -> None:
        self.folder = folder
        self.toml = toml
        self.clock = clock or MovedClock(rate)
        self.slack = PretendSlack(ack_seconds=3.0)
        self.kriptomat = KriptomatSandbox(now=self.clock.now)
        self.kriptomat.behaviour.single_use_codes = False
        self.kriptomat.book.settle = "at once"
        self.bot: Bot | None = None
        self.options: dict[str, Any] = {}
        self.credentials: dict[str, str] = {}
        """What further vendors want to find in the environment."""

    async def open(self) -> None:
        """Start Slack and the vendor, and furnish the workspace."""
        await self.slack.start()
        await self.kriptomat.start()
        self.furnish()

    def furnish(self) -> None:
        """People, a user group and the channel."""
        add = self.slack.workspace.add_person
        for user, name in ((ANA, "Ana"), (BEN, "Ben"), (CLEO, "Cleo"), (FAY, "Fay")):
            add(user, name, tz="Europe/Ljubljana")
        add(DAN, "Dan", is_guest=True)
        add(EVE, "Eve", team="T0OTHER")
        self.slack.workspace.add_group("S0TREASURY", "treasury", [CLEO, FAY])
        self.slack.workspace.add_channel(CHANNEL, "treasury")

    def environment(self) -> Environment:
        """What ``countersign run`` would find in its environment."""
        known = {**self.kriptomat.credentials, **self.credentials}
        secrets = {name.lower(): value for name, value in known.items()}
        return Environment.model_validate(
            {
                "slack_bot_token": self.slack.bot_token,
                "slack_app_token": self.slack.app_token,
                "slack_api_url": self.slack.api_url,
                "countersign_database": str(self.folder / "countersign.db"),
                **secrets,
            }
        )

    def config(self) -> Config:
        """The configuration of this stage."""
        return config_of(self.toml_text(), self.environment())

    def toml_text(self) -> str:
        """What would stand in ``countersign.toml``."""
        return self.toml.replace("BASE_URL", self.kriptomat.base_url)

    async def start_bot(self, **options: Any) -> Bot:
        """Build and start the bot; options as of ``bot.app.Options``."""
        given = {"clock": self.clock, "posts_per_second": None, "ping_seconds": 1.0}
        chosen = Options(**{**given, **self.options, **options})
        self.bot = build(self.config(), chosen)
        await self.bot.start()
        await self.slack.wait_connected()
        return self.bot

    async def stop_bot(self) -> None:
        """Stop as SIGTERM would."""
        if self.bot is not None:
            bot, self.bot = self.bot, None
            await bot.stop()

    async def close(self) -> None:
        """Everything down."""
        await self.stop_bot()
        await self.kriptomat.stop()
        await self.slack.stop()
        # Whatever else a test is about: the bot sends nothing that Slack could not show.
        assert self.slack.workspace.rejected == []

    async def move_clock(self, **by: float) -> None:
        """Let time pass at once, and let the bot's clock notice."""
        self.clock.move(**by)
        assert self.bot is not None, "start the bot first"
        self.bot.desk.wake_clock(None)
        self.bot.desk.wake_announcer()

    async def until_known(self, user: str, standing: Standing, *, group: str = "") -> None:
        """Let the clock read who is who again, until the bot knows this of somebody."""
        await self.move_clock(minutes=6)

        def known() -> bool:
            assert self.bot is not None, "start the bot first"
            roster = self.bot.desk.directory.roster
            inside = not group or user in roster.usergroups.get(group, ())
            return inside and roster.standing(user) is standing

        await self.eventually(known)

    async def say(self, user: str, text: str) -> Outcome:
        """Type ``/buy TEXT`` in the channel."""
        return await self.slack.slash(user, "/buy", text, channel=CHANNEL)

    async def asked(self, user: str = ANA, text: str = "250 EUR btc via kriptomat") -> Message:
        """Ask for a purchase, say that a repetition is meant, and wait for its card."""
        outcome = await self.say(user, text)
        assert outcome.text, outcome.error
        if outcome.ack_message and outcome.ack_message.buttons():
            outcome = await self.slack.click(user, outcome.ack_message, "Yes, one more")
        order_id = (await outcome.answer()).text.split("*")[1]
        await self.slack.wait_for(lambda _: self.card(order_id))
        card = self.card(order_id)
        assert card is not None, "waited for"
        return card

    async def click(self, user: str, card: Message, button: str, **options: Any) -> str:
        """Press a button and wait for the private answer."""
        outcome = await self.slack.click(user, card, button, **options)
        return (await outcome.answer()).text

    def cards(self) -> list[Message]:
        """Every card in the channel, spare copies included, oldest first."""
        return [
            message
            for message in self.slack.messages(CHANNEL)
            if message.metadata
            and message.metadata["event_type"] == "countersign_order"
            and message.thread_ts is None
            and not message.deleted
        ]

    def card(self, order_id: str) -> Message | None:
        """The newest card of an order."""
        mine = [
            card
            for card in self.cards()
            if card.metadata and card.metadata["event_payload"]["order"] == order_id
        ]
        return mine[-1] if mine else None

    async def until(self, card: Message, state: str, timeout: float = 5) -> Message:  # noqa: ASYNC109
        """Wait until the card says this state (with an underscore where it has a space)."""

        def there(_: PretendSlack) -> bool:
            return state_of(card) == state

        await self.slack.wait_for(there, timeout)
        return card

    def thread(self, card: Message) -> list[str]:
        """What was replied in the card's thread."""
        return [
            message.text
            for message in self.slack.messages(card.channel)
            if message.thread_ts == card.ts
        ]

    async def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """Look into the database of the running bot."""
        assert self.bot is not None, "start the bot first"

        def look(tx: Tx) -> list[dict[str, Any]]:
            return tx.rows(sql, values)

        return await self.bot.desk.db.read(look)

    async def eventually(self, look: Callable[[], T], timeout: float = 5) -> T:  # noqa: ASYNC109
        """The first truthy value, for what rings no bell (a vendor's ledger)."""
        async with asyncio.timeout(timeout):
            while not (found := look()):  # noqa: ASYNC110 - a ledger has no bell
                await asyncio.sleep(0.005)
        return found


def state_of(card: Message) -> str:
    """The state in the card's metadata."""
    assert card.metadata, "cards have metadata"
    return str(card.metadata["event_payload"]["state"])


def order_of(card: Message) -> str:
    """The order's id in the card's metadata."""
    assert card.metadata, "cards have metadata"
    return str(card.metadata["event_payload"]["order"])


@asynccontextmanager
async def running(stage: Stage) -> AsyncIterator[Stage]:
    """The stage, opened, with the bot running."""
    await stage.open()
    try:
        await stage.start_bot()
        yield stage
    finally:
        await stage.close()


@asynccontextmanager
async def staged(folder: Path, **options: Any) -> AsyncIterator[Stage]:
    """A stage of its own with the bot running."""
    async with running(Stage(folder, **options)) as stage:
        yield stage
