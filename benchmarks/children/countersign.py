"""The bot itself as ``countersign run`` builds it, with pacing towards Slack off.

On SIGUSR1 it forgets how late its event loop has been, on SIGUSR2 it writes it down: the one figure
that cannot be read from outside of the process.
"""

import asyncio
import json
import os
import signal
from pathlib import Path

from bot import log
from bot.app import Options, build
from bot.config import environment, load
from bot.secrets import secret_values

EVERY = 0.002
"""Seconds between two looks at the loop's clock."""


async def main() -> None:
    """Run until SIGTERM."""
    config = load(environment())
    log.configure(secret_values(config))
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    late: list[float] = []
    loop.add_signal_handler(signal.SIGTERM, told.set)
    loop.add_signal_handler(signal.SIGUSR1, late.clear)
    loop.add_signal_handler(signal.SIGUSR2, lambda: _write_down(late))
    bot = build(config, Options(posts_per_second=None))
    await bot.start()
    watching = asyncio.create_task(_watch(late))
    await told.wait()
    watching.cancel()
    await bot.stop()


async def _watch(late: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        before = loop.time()
        await asyncio.sleep(EVERY)
        late.append(loop.time() - before - EVERY)


def _write_down(late: list[float]) -> None:
    path = Path(os.environ["BENCH_LATE"])
    half = path.with_suffix(".half")
    half.write_text(json.dumps(late), encoding="utf-8")
    half.replace(path)


if __name__ == "__main__":
    asyncio.run(main())
