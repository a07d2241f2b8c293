"""A stage whose clock stands shortly before a time of the day, for what is done by the clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.playground.messages import Message
from tests.stage import CHANNEL, TOML, Stage, running

LJUBLJANA = ZoneInfo("Europe/Ljubljana")
NINE = TOML.replace('channel = "C0TREASURY"', 'channel = "C0TREASURY"\ndigest = "daily 09:00"')


def to_local(stage: Stage, hour: int, minute: int = 0) -> None:
    """Move the clock forward to the next time at which the team's clocks show this."""
    now = stage.clock.now().astimezone(LJUBLJANA)
    there = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if there <= now:
        there = (there + timedelta(days=1)).replace(hour=hour, minute=minute)
    stage.clock.move(seconds=(there - now).total_seconds())


@asynccontextmanager
async def before_nine(folder: Path, toml: str = NINE, **options: Any) -> AsyncIterator[Stage]:
    """The bot runs, and it is a minute to nine; time passes as in life."""
    stage = Stage(folder, toml=toml, rate=1.0, **options)
    to_local(stage, 8, 59)
    async with running(stage):
        yield stage


def digests(stage: Stage) -> list[Message]:
    """Every digest in the channel, oldest first."""
    return [one for one in stage.slack.messages(CHANNEL) if "Countersign on " in one.text]


async def restarted(stage: Stage, **by: float) -> None:
    """The bot is off for so long."""
    await stage.stop_bot()
    stage.clock.move(**by)
    await stage.start_bot()


async def until_rows(stage: Stage, sql: str, count: int) -> list[dict[str, Any]]:
    """Wait until the database shows so many rows."""
    async with asyncio.timeout(15):
        while len(rows := await stage.rows(sql)) != count:  # noqa: ASYNC110 - a file has no bell
            await asyncio.sleep(0.02)
    return rows


async def a_look(stage: Stage) -> None:
    """Let the clock look once, and let what it owes be paid."""
    await stage.move_clock(seconds=1)
    await asyncio.sleep(0.3)
