"""A stage with budgets, on a Wednesday morning wherever and whenever the tests run."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.playground.messages import Message
from tests.stage import TOML, Stage, running

WEDNESDAY = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)

BUDGETS = """
[[budgets]]
name = "weekly"
limit = "1000 EUR"
per = "week"

[[budgets]]
name = "ether"
limit = "600 EUR"
per = "30d"
assets = ["eth"]

"""

LIMITED = TOML.replace("[providers.kriptomat]", f"{BUDGETS}[providers.kriptomat]")
"""The usual stage with 1,000 EUR a week, and 600 EUR of ether in any 30 days."""


@asynccontextmanager
async def limited(folder: Path, *, toml: str = LIMITED) -> AsyncIterator[Stage]:
    """A stage whose clock begins far from the turn of any window."""
    stage = Stage(folder, toml=toml)
    stage.clock.move(seconds=(WEDNESDAY - stage.clock.now()).total_seconds())
    async with running(stage):
        yield stage


def figures(card: Message) -> str:
    """What a card says of the budgets; empty when it says nothing."""
    found = [block for block in card.blocks if block.get("block_id") == "budgets"]
    return str(found[0]["text"]["text"]) if found else ""


async def held(stage: Stage) -> list[tuple[str, str]]:
    """Status and amount of every reservation, in the order of the approvals."""
    rows = await stage.rows("SELECT status, amount FROM reservations ORDER BY at, order_id")
    return [(row["status"], row["amount"]) for row in rows]
