"""The bot itself as ``countersign run`` builds it, with pacing towards Slack off.

On SIGUSR1 it begins anew to watch how late its event loop is, on SIGUSR2 it writes it down: the one
figure that cannot be read from outside of the process. With ``--watch`` it begins at the start. To
watch costs a tenth of the CPU, so it is not done where that is measured.
"""

import asyncio
import signal
import sys

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
    loop.add_signal_handler(signal.SIGUSR1, late.begin)
    loop.add_signal_handler(signal.SIGUSR2, late.write_down)
    bot = build(config, Options(posts_per_second=None))
    await bot.start()
    if "--watch" in sys.argv:
        late.begin()
    await told.wait()
    late.end()
    await bot.stop()


if __name__ == "__main__":
    asyncio.run(main())
