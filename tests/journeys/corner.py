"""A stage on which Corner sells as well: the vendor of the tests, of whatever kind is wanted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.clients import make_providers
from bot.playground.messages import Message
from tests.stage import ANA, BEN, Stage
from tests.vendors.corner_sandbox import CornerSandbox
from tests.vendors.kinds import Kind

WORDS = "250 EUR btc via corner"


@asynccontextmanager
async def with_corner(
    folder: Path, kind: Kind, **options: Any
) -> AsyncIterator[tuple[Stage, CornerSandbox]]:
    """The stage with its bot running, and Corner's sandbox."""
    stage = Stage(folder)
    corner = CornerSandbox(kind=kind, now=stage.clock.now)
    await corner.start()
    await stage.open()
    try:
        await start_bot(stage, corner, **options)
        yield stage, corner
    finally:
        await stage.close()
        await corner.stop()


async def start_bot(stage: Stage, corner: CornerSandbox, **options: Any) -> None:
    """Start the bot with both vendors; again after it was stopped."""
    vendors = make_providers(stage.config(), stage.clock)
    vendors["corner"] = corner.client(stage.clock.now)
    await stage.start_bot(providers=vendors, **options)


async def doubted(stage: Stage, corner: CornerSandbox, fault: str = "reply lost") -> Message:
    """Ana asks, Ben approves, and nobody knows what became of it."""
    corner.faults.next("buy", fault)
    card = await stage.asked(ANA, WORDS)
    await stage.click(BEN, card, "Approve")
    return await stage.until(card, "in_doubt")


async def proposed(stage: Stage, user: str, card: Message, ref: str | None) -> str | None:
    """Press Settle and say what became of it; the errors or the text that came back, if any."""
    outcome = await stage.slack.click(user, card, "Settle")
    view = await outcome.opened()
    values = {"what": "bought" if ref else "not_bought", "because": "I looked at their pages"}
    said = await stage.slack.submit(user, view, {**values, **({"ref": ref} if ref else {})})
    return str(said.view_errors) if said.view_errors else None


async def until_button(stage: Stage, card: Message, label: str) -> None:
    """Wait until the card has a button that is called so."""

    def there(_: object) -> bool:
        return label in [one["text"]["text"] for one in card.buttons()]

    await stage.slack.wait_for(there)
