"""What the Kriptomat sandbox remembers: purchases, their states, and which keys it has seen.

Pure but for the clock that is passed in. Documented are the row's fields and the three state words
(webhook page); prices, the fee, when a purchase settles and how long the list lags are our policy.
For a buy ``total`` is the ordered amount and ``subtotal`` what is left of it after the fee.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Literal

CENT = Decimal("0.01")
SATOSHI = Decimal("0.00000001")

Settle = Literal["at once", "after reads", "after seconds", "error", "never"]


@dataclass(kw_only=True)
class Entry:
    """One purchase. Amounts in EUR but ``quantity``; ``at`` aware UTC."""

    id: int
    user_id: str
    key: str
    pair: str
    price: Decimal
    total: Decimal
    fee: Decimal
    subtotal: Decimal
    quantity: Decimal
    at: datetime
    state: str = "PENDING"
    reads: int = 0
    """How often the list has shown it."""
    hidden_until: datetime
    hidden_reads: int = 0

    def row(self) -> dict[str, object]:
        """Documented (webhook page): fractions are JSON numbers, the date has no zone."""
        return {
            "id": self.id,
            "type": "BUY",
            "amount": self.quantity,
            "pair": self.pair,
            "price": self.price,
            "date": self.at.replace(tzinfo=None).isoformat(timespec="milliseconds"),
            "state": self.state,
            "fee": self.fee,
            "subtotal": self.subtotal,
            "total": self.total,
        }


@dataclass(kw_only=True)
class Ledger:
    """Entries in the order of their ids; keys are known per user (our reading)."""

    now: Callable[[], datetime]
    settle: Settle = "after seconds"
    settle_after: int = 2
    """Reads or seconds, by ``settle``."""
    fee_rate: Decimal = Decimal("0.02")
    prices: dict[str, Decimal] = field(default_factory=dict)
    balance: Decimal | None = None
    """EUR that can be spent; None is without end."""
    entries: list[Entry] = field(default_factory=list)

    def seen(self, user_id: str, key: str) -> Entry | None:
        return next((e for e in self.entries if (e.user_id, e.key) == (user_id, key)), None)

    def covers(self, total: Decimal) -> bool:
        return self.balance is None or total <= self.balance

    def book(self, user_id: str, key: str, pair: str, total: Decimal) -> Entry:
        """Execute a purchase: the one effect of this sandbox."""
        price, at = self.prices[pair], self.now()
        fee = (total * self.fee_rate).quantize(CENT)
        entry = Entry(
            id=len(self.entries) + 1,
            user_id=user_id,
            key=key,
            pair=pair,
            price=price,
            total=total,
            fee=fee,
            subtotal=total - fee,
            quantity=((total - fee) / price).quantize(SATOSHI, rounding=ROUND_DOWN),
            at=at,
            hidden_until=at,
        )
        if self.balance is not None:
            self.balance -= total
        self.entries.append(entry)
        if self.settle in ("at once", "error"):
            self.finish(entry, "ERROR" if self.settle == "error" else "SUCCESS")
        return entry

    def finish(self, entry: Entry, state: str) -> None:
        """Set the state word; what failed gives its money back (our reading)."""
        if state == "ERROR" and entry.state != "ERROR" and self.balance is not None:
            self.balance += entry.total
        entry.state = state

    def settle_due(self) -> None:
        """Move what is due by time."""
        for entry in self.entries:
            waited = self.now() - entry.at >= timedelta(seconds=self.settle_after)
            if entry.state == "PENDING" and self.settle == "after seconds" and waited:
                self.finish(entry, "SUCCESS")

    def listed(self, user_id: str) -> list[dict[str, object]]:
        """One look at the list, newest first (our reading); counts as a read of what it shows."""
        self.settle_due()
        rows = []
        for entry in reversed([e for e in self.entries if e.user_id == user_id]):
            if entry.hidden_reads > 0:
                entry.hidden_reads -= 1
                continue
            if self.now() < entry.hidden_until:
                continue
            due = self.settle == "after reads" and entry.reads >= self.settle_after
            if entry.state == "PENDING" and due:
                self.finish(entry, "SUCCESS")
            entry.reads += 1
            rows.append(entry.row())
        return rows
