"""What the operators' commands that write have in common: the reason, whose hand, the writing."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, TypeVar

import typer

from bot.clock import SystemClock
from bot.operator import give_up, operator, told
from bot.records import opened
from commands.parse_meaning import LONGEST_REASON
from commands.parse_text import cleaned
from commands.words import OPERATOR
from storage.database import Tx

T = TypeVar("T")

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")]


def reason(text: str, option: str = "--because") -> str:
    """Checked as in Slack."""
    given = cleaned(text)
    if not given or len(given) > LONGEST_REASON:
        give_up([f"{option} takes a reason of at most {LONGEST_REASON} characters"])
    return given


def now_and_actor() -> tuple[datetime, str]:
    """The moment, and whoever sits at the machine, as the audit log names them."""
    return SystemClock().now(), f"{OPERATOR}{operator()}"


def written(write: Callable[[Tx], T]) -> T:
    """Write beside a running bot; every fault is one sentence and an exit code."""

    async def run() -> T:
        db = await opened()
        try:
            return await db.write(write)
        finally:
            await db.close()

    with told():
        return asyncio.run(run())
