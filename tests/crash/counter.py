"""Coins.ph as the drama sees it: an order is created, paid at a counter, and released."""

from datetime import timedelta

from providers.sandbox.coins_ph import CoinsPhSandbox
from providers.sandbox.coins_ph_ledger import Order
from tests.crash import cases
from tests.journeys.coins import RULE, WORDS
from tests.stage import TOML, Stage

WINDOW = timedelta(minutes=15)
"""The time to pay, at the sandbox and in the configuration: as short as Corner's."""

RELEASED_AFTER = 20
"""Seconds, so that what is marked as paid is polled for."""


class AtCoinsPh:
    """Coins.ph by the stage's configuration."""

    asks = WORDS
    has_counter = True

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._sandbox = CoinsPhSandbox(now=stage.clock.now)
        self._sandbox.book.window = WINDOW
        self._sandbox.book.settle_after = RELEASED_AFTER
        self._fault, self._call = "", cases.BUY

    async def start(self) -> None:
        await self._sandbox.start()
        rule = RULE.replace("COINS_URL", self._sandbox.base_url)
        self._stage.toml = TOML + rule.replace("MORE", 'reading.payment_window = "15m"')
        self._stage.credentials = self._sandbox.credentials

    async def stop(self) -> None:
        await self._sandbox.stop()

    def words(self) -> list[str]:
        return []

    def arm(self, fault: str, call: str) -> None:
        self._fault, self._call = fault, call
        self._sandbox.faults.next(call, fault)

    @property
    def struck(self) -> bool:
        """A fault that strikes when all is done is taken up a moment before that."""
        waiting = self._sandbox.faults.armed()[self._call]["next"]
        return not waiting and (self._fault not in cases.AFTER or self._is_done())

    def _is_done(self) -> bool:
        orders = self._sandbox.book.orders
        match self._call:
            case cases.PAY:
                return any(order.marked_paid_time for order in orders)
            case cases.CANCEL:
                return any(order.canceled_time for order in orders)
            case _:
                return bool(orders)

    @property
    def posts(self) -> list[bytes]:
        return [post.body for post in self._sandbox.posts]

    @property
    def keys(self) -> set[str]:
        """It is told no id of ours."""
        return set()

    @property
    def entries(self) -> list[str]:
        return [order.id for order in self._sandbox.purchases]

    @property
    def bought(self) -> list[str]:
        """What was marked as paid; anything else has cost nothing."""
        return [order.id for order in self._sandbox.purchases if _is_paid(order)]

    @property
    def delivered(self) -> list[str]:
        return [order.id for order in self._sandbox.purchases if order.btc_released]

    def pay(self) -> None:
        """It is paid at the counter, see ``People``."""


def _is_paid(order: Order) -> bool:
    return order.marked_paid_time is not None or bool(order.btc_released)
