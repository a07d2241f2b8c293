"""The bot itself as ``countersign run`` builds it, with pacing towards Slack off.

On SIGUSR1 it forgets how late its event loop has been, on SIGUSR2 it writes it down: the one figure
that cannot be read from outside of the process.
"""

import asyncio
import signal

from benchmarks.children.lateness import Lateness
from bot import log
from bot.app import Options, build
from bot.config import environment, load
from bot.secrets import secret_values


async def main() -> None:
    """Run until SIGTERM."""
    config = load(environment())
    log.configure(secret_values(config))
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    late = Lateness()
    loop.add_signal_handler(signal.SIGTERM, told.set)
    loop.add_signal_handler(signal.SIGUSR1, late.looks.clear)
    loop.add_signal_handler(signal.SIGUSR2, late.write_down)
    bot = build(config, Options(posts_per_second=None))
    await bot.start()
    watching = asyncio.create_task(late.watch())
    await told.wait()
    watching.cancel()
    await bot.stop()


if __name__ == "__main__":
    asyncio.run(main())
