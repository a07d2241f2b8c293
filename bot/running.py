"""``countersign run``: the bot from its start to a signal, and its orderly end."""

import asyncio

from bot.app import build
from bot.config import Config
from bot.signals import asked_to_stop


async def until_told(settings: Config) -> None:
    """Run until SIGTERM or Ctrl-C; then finish what is under way and stop.

    Raises what ``Bot.start`` raises: Faulty, FileInUse, NewerFile, OSError.
    """
    bot, told = build(settings), asked_to_stop()
    starting = asyncio.create_task(bot.start(), name="start")
    waiting = asyncio.create_task(told.wait(), name="signal")
    await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        # Told to stop while still waiting for Slack.
        starting.cancel()
        await asyncio.wait({starting})
        return
    try:
        await starting
        await waiting
        await bot.stop()
    finally:
        waiting.cancel()
