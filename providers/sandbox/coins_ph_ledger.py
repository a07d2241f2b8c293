"""What the Coins.ph sandbox remembers: orders, what became of them, and their expiry.

Pure but for the clock that is passed in. Documented are the fields of an order and its five status
words; the rate, the rounding, when a paid order is released and how long the history lags are our
policy.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Literal

SATOSHI = Decimal("0.00000001")
PESO = Decimal(1)

Settle = Literal["at once", "after seconds", "never"]


@dataclass(kw_only=True)
class Order:
    """One order. Pesos and bitcoin in major units, times aware UTC."""

    id: str
    btc_amount: Decimal
    currency_amount: Decimal
    rate: Decimal
    payment_method: str
    wallet_address: str
    created_at: datetime
    expiration_time: datetime
    status: str = "pending_payment"
    btc_released: Decimal = Decimal(0)
    marked_paid_time: datetime | None = None
    canceled_time: datetime | None = None
    confirmation_code: str | None = None
    hidden_until: datetime
    hidden_reads: int = 0

    @property
    def instructions(self) -> str:
        return f"Pay {self.currency_amount:f} PHP at {self.payment_method}\nReference {self.id[:8]}"


@dataclass(kw_only=True)
class Ledger:
    """Orders in the order of their creation; all belong to the one user there is."""

    now: Callable[[], datetime]
    settle: Settle = "after seconds"
    """When an order that was marked as paid is released."""
    settle_after: int = 2
    window: timedelta = timedelta(hours=1)
    """Until when an order can be paid; the documented sample's."""
    ask: Decimal = Decimal(3_600_000)
    fee_percent: Decimal = Decimal(1)
    """What quotes and outlets say that is added; the documented sample's."""
    behind: timedelta = timedelta(0)
    """How far this vendor's clock is behind ours, as its orders tell the time."""
    orders: list[Order] = field(default_factory=list)

    def create(
        self,
        *,
        btc: Decimal | None = None,
        pesos: Decimal | None = None,
        outlet: str = "bdo_deposit",
        wallet: str = "1CoinsPhSandboxWa11etPretendsThis",
    ) -> Order:
        """The one effect of this sandbox. Samples: pesos made from bitcoin are whole, cut down."""
        if btc is None:
            assert pesos is not None
            btc = (pesos / self.ask).quantize(SATOSHI, rounding=ROUND_DOWN)
        if pesos is None:
            pesos = (btc * self.ask).quantize(PESO, rounding=ROUND_DOWN)
        at = self.now()
        order = Order(
            id=secrets.token_hex(16),
            btc_amount=btc,
            currency_amount=pesos,
            rate=self.ask,
            payment_method=outlet,
            wallet_address=wallet,
            created_at=at,
            expiration_time=at + self.window,
            hidden_until=at,
        )
        self.orders.append(order)
        return order

    def one(self, ref: str) -> Order:
        """The order of this id, after what was due by time has been done. Raises KeyError."""
        self.settle_due()
        found = next((order for order in self.orders if order.id == ref), None)
        if found is None:
            raise KeyError(ref)
        return found

    def pay(self, order: Order, *, code: str | None, word: str) -> bool:
        """Mark as paid; False for an order that is over (documented: an expired one cannot be)."""
        if order.status not in ("pending_payment", "payment_received") or order.canceled_time:
            return False
        if order.marked_paid_time is None:
            order.marked_paid_time = self.now()
            order.confirmation_code = code
            order.status = word
        self.settle_due()
        return True

    def cancel(self, order: Order, *, word: str) -> bool:
        """Cancel; False for an order that is paid or over. Twice is as good as once."""
        if order.canceled_time is None:
            if order.status != "pending_payment" or order.marked_paid_time is not None:
                return False
            order.canceled_time = self.now()
            order.status = word
        return True

    def release(self, ref: str, btc: Decimal | None = None) -> None:
        """Pay out: what was ordered, or less or more. Raises KeyError."""
        order = self.one(ref)
        order.status = "released"
        order.btc_released = order.btc_amount if btc is None else btc

    def settle_due(self) -> None:
        """What was paid is released, what was not paid expires."""
        wait = timedelta(seconds=0 if self.settle == "at once" else self.settle_after)
        for order in self.orders:
            if order.canceled_time or order.status not in ("pending_payment", "payment_received"):
                continue
            paid = order.marked_paid_time
            if paid is not None and self.settle != "never" and self.now() - paid >= wait:
                order.status, order.btc_released = "released", order.btc_amount
            elif paid is None and self.now() >= order.expiration_time:
                order.status = "escrow_expired"

    def shown(self) -> list[Order]:
        """One look at the history, newest first (our reading)."""
        self.settle_due()
        return [order for order in reversed(self.orders) if self.show(order)]

    def show(self, order: Order) -> bool:
        """Count a look at one order, and say whether it is to be seen."""
        if order.hidden_reads > 0:
            order.hidden_reads -= 1
            return False
        return self.now() >= order.hidden_until
