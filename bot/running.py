"""``countersign run``: the bot from its start to a signal, and its orderly end."""

import asyncio
import signal

from bot.app import build
from bot.config import Config


async def until_told(settings: Config) -> None:
    """Run until SIGTERM or Ctrl-C; then finish what is under way and stop.

    Raises what ``Bot.start`` raises: Faulty, FileInUse, NewerFile, OSError.
    """
    bot, told = build(settings), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
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
