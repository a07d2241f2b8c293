"""People who ask for what recurs, on the stage; the clock is Tuesday the 1st of December 2026."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.playground.messages import Message
from tests.stage import ANA, BEN, CHANNEL, MovedClock, Stage

BEGIN = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
WEEKLY = "every friday at 9:00 50 EUR btc via kriptomat runs 4"
DAILY = "every day at 9:00 50 EUR btc via kriptomat runs 10"
REMINDER = "remind every friday at 9:00 100 EUR btc via kriptomat"


class Office(Stage):
    """The stage, with a clock that stands where the dates of these tests are."""

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__(folder, clock=SetClock(BEGIN), **options)

    async def proposed(self, text: str = WEEKLY, user: str = ANA) -> Message:
        """Ask for something that recurs, press Create, and wait for its card."""
        outcome = await self.say(user, text)
        assert outcome.ack_message, outcome.text
        made = await self.slack.click(user, outcome.ack_message, "Create")
        schedule_id = (await made.answer()).text.split("*")[1]
        return await self.until_there(schedule_id)

    async def running(self, text: str = WEEKLY) -> Message:
        """The same, and Ben approves the whole of it."""
        card = await self.proposed(text)
        if "remind" not in text:
            await self.click(BEN, card, "Approve")
        return await self.until_state(card, "active")

    async def until(self, card: Message, state: str, timeout: float = 20) -> Message:  # noqa: ASYNC109
        return await super().until(card, state, timeout)

    async def patiently(self, look: Callable[[object], object], timeout: float = 20) -> None:  # noqa: ASYNC109
        """Wait for it; a busy machine may take its time."""
        await self.slack.wait_for(look, timeout)

    async def until_there(self, schedule_id: str) -> Message:
        await self.patiently(lambda _: self.schedule_card(schedule_id))
        card = self.schedule_card(schedule_id)
        assert card is not None, "waited for"
        return card

    def schedule_card(self, schedule_id: str) -> Message | None:
        """The newest card of a schedule."""
        mine = [
            one
            for one in self.of_kind("countersign_schedule")
            if one.metadata and one.metadata["event_payload"]["schedule"] == schedule_id
        ]
        return mine[-1] if mine else None

    def reminders(self) -> list[Message]:
        """Every reminder in the channel, oldest first."""
        return self.of_kind("countersign_reminder")

    def of_kind(self, kind: str) -> list[Message]:
        return [
            one
            for one in self.slack.messages(CHANNEL)
            if one.metadata and one.metadata["event_type"] == kind and not one.deleted
        ]

    async def until_state(self, card: Message, state: str, timeout: float = 20) -> Message:  # noqa: ASYNC109
        def there(_: object) -> bool:
            return bool(card.metadata and card.metadata["event_payload"]["state"] == state)

        await self.patiently(there, timeout)
        return card

    async def until_cards(self, count: int, state: str = "completed") -> list[Message]:
        """Wait until so many orders have a card, and the newest of them is in this state."""
        await self.patiently(lambda _: len(self.cards()) >= count)
        cards = self.cards()
        assert len(cards) == count
        await self.until(cards[-1], state, timeout=20)
        return cards

    async def until_said(self, card: Message, words: str) -> str:
        """Wait until something with these words was replied in the card's thread."""
        await self.patiently(lambda _: any(words in one for one in self.thread(card)))
        return next(one for one in self.thread(card) if words in one)

    async def until_shown(self, card: Message, words: str) -> None:
        """Wait until the card tells this."""
        await self.patiently(lambda _: words in card.plain())

    async def move_clock(self, **by: float) -> None:
        """Not while the daily comparison logs in: a one-time code that the jump makes old costs
        the next login half a minute of real time."""
        await self.eventually(lambda: not self._compares(), timeout=20)
        await super().move_clock(**by)

    def _compares(self) -> bool:
        tasks = () if self.bot is None else self.bot.desk.tasks
        return any(task.get_name().startswith("compare") for task in tasks)

    async def clock_at(self, moment: str) -> None:
        """Let it be this moment (UTC), and let the bot notice."""
        at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        await self.move_clock(seconds=(at - self.clock.now()).total_seconds())


class SetClock(MovedClock):
    """Begins at a moment of its own and runs as fast as real time."""

    def __init__(self, begin: datetime) -> None:
        super().__init__(1.0)
        self._moved = begin - datetime.now(UTC)


@asynccontextmanager
async def opened(folder: Path, **options: Any) -> AsyncIterator[Office]:
    """An office with the bot running."""
    one = Office(folder, **options)
    await one.open()
    try:
        await one.start_bot()
        yield one
    finally:
        await one.close()
