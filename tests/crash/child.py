"""The bot as a child process that dies at a named step: ``python -m tests.crash.child``.

Only here, in the tests, is there a fail point or a clock that runs fast; ``countersign run`` has
neither. Death is ``kill -9`` of the process by itself, so nothing is flushed, closed or said.
"""

import argparse
import asyncio
import os
import signal
from collections.abc import Callable, Mapping
from datetime import datetime

from bot import log
from bot.app import Bot, Options, build
from bot.config import Config, environment, load
from providers.base import Draft, Instructions, Nonces, Provider
from providers.coins_ph import CoinsPh
from providers.coins_ph_paths import CoinsPhSettings
from providers.http import Deadlines
from providers.kriptomat import Kriptomat
from providers.kriptomat_paths import KriptomatSettings
from providers.oak import Oak
from providers.oak_paths import OakSettings
from storage.nonces import StoredNonces
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


class CountedCoinsPh(CoinsPh):
    """The real client; it only says when one of its calls about a payment begins and ends.

    The workflow has no name for these moments, so they are told from where it calls the client.
    """

    def __init__(
        self,
        settings: CoinsPhSettings,
        *,
        clock: MovedClock,
        nonces: Nonces,
        times: Deadlines | None,
        reached: Callable[[str], None],
    ) -> None:
        super().__init__(settings, now=clock.now, nonces=nonces, deadlines=times)
        self._reached = reached

    async def instructions(self, ref: str) -> Instructions:
        self._reached("before instructions")
        how = await super().instructions(ref)
        self._reached("instructions read")
        return how

    async def mark_paid(self, ref: str, code: str | None) -> None:
        self._reached("before payment told")
        try:
            await super().mark_paid(ref, code)
        finally:
            self._reached("payment told")

    async def cancel(self, ref: str) -> None:
        self._reached("before cancel")
        try:
            await super().cancel(ref)
        finally:
            self._reached("cancel told")


class NoncesOfBot:
    """The nonces on the disk, as ``countersign run`` has them: the file is opened by the bot."""

    bot: Bot | None = None

    async def next(self, account: str, at_least: int) -> int:
        assert self.bot is not None, "nothing is signed before there is a bot"
        return await StoredNonces(self.bot.desk.db).next(account, at_least)


def clients(
    config: Config,
    clock: MovedClock,
    options: argparse.Namespace,
    *,
    nonces: Nonces,
    reached: Callable[[str], None],
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
    made: dict[str, Provider] = {"kriptomat": kriptomat}
    match config.vendors:
        case {"oak": OakSettings() as oak}:
            made["oak"] = Oak(oak, now=clock.now, deadlines=times)
        case {"coins_ph": CoinsPhSettings() as coins}:
            made["coins_ph"] = CountedCoinsPh(
                coins, clock=clock, nonces=nonces, times=times, reached=reached
            )
    return made


async def run(options: argparse.Namespace) -> None:
    """Run until SIGTERM, or until the step."""
    config = load(environment())
    clock = MovedClock(options.rate, base=datetime.fromisoformat(options.base))
    killer, nonces = Killer(options.step, options.passage), NoncesOfBot()
    chosen = Options(
        clock=clock,
        checkpoint=killer,
        posts_per_second=None,
        ping_seconds=1.0,
        providers=clients(config, clock, options, nonces=nonces, reached=killer),
    )
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    nonces.bot = bot = build(config, chosen)
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
