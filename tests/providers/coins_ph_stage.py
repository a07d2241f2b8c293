"""What the tests of Coins.ph stand on: settings that fit its sandbox, nonces, and clients."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from bot.domain.money import Money, Quantity
from providers.base import Nonces, Purchase
from providers.coins_ph import CoinsPh
from providers.coins_ph_paths import CoinsPhReading, CoinsPhSettings
from providers.http import Deadlines
from providers.sandbox.coins_ph import CoinsPhSandbox
from tests.providers import stage
from tests.providers.stage import PATIENT, Clock

COLD = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"


class Memory:
    """Nonces as the database gives them, but forgotten in the end; ``given`` is all of them."""

    def __init__(self) -> None:
        self.given: list[int] = []
        self.accounts: set[str] = set()

    async def next(self, account: str, at_least: int) -> int:
        self.accounts.add(account)
        self.given.append(max(at_least, max(self.given, default=0) + 1))
        return self.given[-1]


def reading(**changes: Any) -> CoinsPhReading:
    """No pace: the loopback is fast."""
    return CoinsPhReading(**{"calls_per_minute": None, **changes})


def coins_ph_settings(sandbox: CoinsPhSandbox, **changes: Any) -> CoinsPhSettings:
    """Settings that fit the sandbox, but for ``changes``."""
    known = {
        name.removeprefix("COINS_PH_").lower(): value for name, value in sandbox.credentials.items()
    }
    return CoinsPhSettings.model_validate(
        {
            "base_url": sandbox.base_url,
            "quote_url": sandbox.base_url,
            "payment_method": "bdo_deposit",
            "target_account_id": "1a2c3b4n",
            "targets": {"cold": COLD},
            "reading": reading(),
            **known,
            **changes,
        }
    )


@asynccontextmanager
async def client(
    sandbox: CoinsPhSandbox,
    clock: Clock,
    nonces: Nonces | None = None,
    deadlines: Deadlines = PATIENT,
    **changes: Any,
) -> AsyncIterator[CoinsPh]:
    """A client of the sandbox, closed in the end."""
    settings = coins_ph_settings(sandbox, **changes)
    opened = CoinsPh(settings, now=clock.now, nonces=nonces or Memory(), deadlines=deadlines)
    try:
        yield opened
    finally:
        await opened.aclose()


@asynccontextmanager
async def vendor(clock: Clock) -> AsyncIterator[CoinsPhSandbox]:
    """The sandbox, stopped in the end; what is paid is released at once."""
    sandbox = CoinsPhSandbox(now=clock.now)
    sandbox.book.settle = "at once"
    await sandbox.start()
    try:
        yield sandbox
    finally:
        await sandbox.stop()


def pesos(amount: str = "250", **changes: Any) -> Purchase:
    """250 PHP of btc unless told otherwise."""
    return replace(stage.purchase(Money.of(amount, "PHP")), **{"currency": "PHP", **changes})


def bitcoin(amount: str = "0.005", **changes: Any) -> Purchase:
    """0.005 btc in PHP unless told otherwise."""
    return replace(stage.purchase(Quantity.of(amount, "btc")), **{"currency": "PHP", **changes})
