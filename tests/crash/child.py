"""The bot as a child process that dies at a named step: ``python -m tests.crash.child``.

Only here, in the tests, is there a fail point or a clock that runs fast; ``countersign run`` has
neither. Death is ``kill -9`` of the process by itself, so nothing is flushed, closed or said.
"""

import argparse
import asyncio
import os
import signal
from collections.abc import Mapping
from datetime import datetime

from bot import log
from bot.app import Options, build
from bot.config import Config, environment, load
from providers.base import Draft, Provider
from providers.http import Deadlines
from providers.kriptomat import Kriptomat
from providers.kriptomat_paths import KriptomatSettings
from providers.oak import Oak
from providers.oak_paths import OakSettings
from tests.stage import MovedClock
from tests.vendors.corner import Corner
from tests.vendors.kinds import Kind


class Killer:
    """Kills the process at the n-th passage of a step."""

    def __init__(self, step: str, passage: int) -> None:
        self._step = step
        self._left = passage

    def __call__(self, step: str) -> None:
        if step != self._step:
            return
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class FreshKeys:
    """A deliberately broken client: every send gets a key of its own. A test of the test."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def __getattr__(self, name: str) -> object:
        return getattr(self._provider, name)

    async def buy(self, draft: Draft) -> object:
        """Send another key than the one that was written down."""
        key = os.urandom(16).hex()
        body = draft.body.replace(draft.key.encode(), key.encode())
        broken = Draft(method=draft.method, path=draft.path, body=body, key=key)
        return await self._provider.buy(broken)


def clients(
    config: Config, clock: MovedClock, options: argparse.Namespace
) -> Mapping[str, Provider]:
    """The real clients of what is configured, or Corner's of the kind that was asked for."""
    times = Deadlines(read=options.read_seconds) if options.read_seconds else None
    if options.corner:
        kind = Kind(options.kind)
        return {"corner": Corner(options.corner, kind, now=clock.now, deadlines=times)}
    settings = config.vendors["kriptomat"]
    assert isinstance(settings, KriptomatSettings), "the stage configures it"
    kriptomat = Kriptomat(settings, now=clock.now, deadlines=times)
    if options.fresh_keys:
        return {"kriptomat": FreshKeys(kriptomat)}  # type: ignore[dict-item]
    if "oak" not in config.vendors:
        return {"kriptomat": kriptomat}
    oak = config.vendors["oak"]
    assert isinstance(oak, OakSettings), "the stage configures it"
    return {"kriptomat": kriptomat, "oak": Oak(oak, now=clock.now, deadlines=times)}


async def run(options: argparse.Namespace) -> None:
    """Run until SIGTERM, or until the step."""
    config = load(environment())
    clock = MovedClock(options.rate, base=datetime.fromisoformat(options.base))
    chosen = Options(
        clock=clock,
        checkpoint=Killer(options.step, options.passage),
        posts_per_second=None,
        ping_seconds=1.0,
        providers=clients(config, clock, options),
    )
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    bot = build(config, chosen)
    await bot.start()
    await told.wait()
    await bot.stop()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--step", default="")
    parser.add_argument("--passage", type=int, default=1)
    parser.add_argument("--rate", type=float, default=20.0)
    parser.add_argument("--base", required=True)
    parser.add_argument("--corner", metavar="URL", default="")
    parser.add_argument("--kind", choices=list(Kind), default=Kind.NATIVE_KEY)
    parser.add_argument("--read-seconds", type=float, help="how long a vendor may be silent")
    parser.add_argument("--fresh-keys", action="store_true")
    log.configure([])
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
