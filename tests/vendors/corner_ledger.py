"""What the Corner sandbox remembers: each POST that had an effect, and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Literal

from tests.vendors.kinds import Kind

PRICES = {"btc": Decimal("64800.00"), "eth": Decimal("2341.67")}
FEE = Decimal("0.02")

Settle = Literal["at once", "after reads", "after seconds", "error", "never"]


@dataclass(kw_only=True)
class Bought:
    """One purchase that happened. ``amount`` in EUR, fee included; ``at`` aware UTC."""

    id: int
    asset: str
    amount: Decimal
    at: datetime
    state: str
    key: str | None = None
    reference: str | None = None
    quantity: Decimal
    fee: Decimal
    price: Decimal
    reads: int = 0
    hidden_until: datetime
    hidden_reads: int = 0

    def row(self, kind: Kind, behind: timedelta) -> dict[str, object]:
        """As listed. Only the kinds that store an id of ours tell it."""
        told: dict[str, object] = {
            "id": self.id,
            "asset": self.asset,
            "currency": "EUR",
            "amount": f"{self.amount:f}",
            "fee": f"{self.fee:f}",
            "quantity": f"{self.quantity:f}",
            "price": f"{self.price:f}",
            "state": self.state,
            "at": (self.at - behind).astimezone(UTC).isoformat(),
        }
        if kind is Kind.NATIVE_KEY:
            told["key"] = self.key
        if kind is Kind.REFERENCE:
            told["reference"] = self.reference
        return told


@dataclass(kw_only=True)
class Shelf:
    """All purchases in the order of their ids; may be changed while the sandbox runs."""

    kind: Kind
    now: Callable[[], datetime]
    settle: Settle = "at once"
    settle_after: int = 2
    """Reads or seconds, by ``settle``."""
    lag: timedelta = timedelta(0)
    """How long every purchase is missing from the list and from the look by id."""
    behind: timedelta = timedelta(0)
    """How far the vendor's clock is behind ours, as its rows tell the time."""
    entries: list[Bought] = field(default_factory=list)

    def buy(
        self, asset: str, amount: Decimal, *, key: str | None = None, reference: str | None = None
    ) -> Bought:
        """The one effect of this sandbox."""
        fee = (amount * FEE).quantize(Decimal("0.01"))
        price, at = PRICES[asset], self.now()
        entry = Bought(
            id=len(self.entries) + 1,
            asset=asset,
            amount=amount,
            at=at,
            state="waiting" if self.kind.payment_window else "working",
            key=key,
            reference=reference,
            quantity=((amount - fee) / price).quantize(Decimal("1E-8"), rounding=ROUND_DOWN),
            fee=fee,
            price=price,
            hidden_until=at + self.lag,
        )
        self.entries.append(entry)
        if entry.state == "working" and self.settle in ("at once", "error"):
            entry.state = "failed" if self.settle == "error" else "done"
        return entry

    def pay(self, ref: int) -> None:
        """Somebody pays a waiting purchase; only now it costs money. KeyError if none waits."""
        entry = self.one(ref)
        if entry.state != "waiting":
            raise KeyError(ref)
        entry.state = "failed" if self.settle == "error" else "working"
        if self.settle == "at once":
            entry.state = "done"

    def one(self, ref: int) -> Bought:
        """The purchase of this id, after what was due by time has been done. Raises KeyError."""
        self.settle_due()
        found = next((entry for entry in self.entries if entry.id == ref), None)
        if found is None:
            raise KeyError(ref)
        return found

    def settle_due(self) -> None:
        """Unpaid purchases expire; others settle when that is a matter of seconds."""
        window = self.kind.payment_window
        for entry in self.entries:
            age = self.now() - entry.at
            if entry.state == "waiting" and window is not None and age >= window:
                entry.state = "expired"
            due = self.settle == "after seconds" and age >= timedelta(seconds=self.settle_after)
            if entry.state == "working" and due:
                entry.state = "done"

    def shown(self) -> list[Bought]:
        """What one look shows, newest first; hidden purchases come one look nearer."""
        self.settle_due()
        return [entry for entry in reversed(self.entries) if self.show(entry)]

    def show(self, entry: Bought) -> bool:
        """Count a look at one purchase, and say whether it is to be seen."""
        if entry.hidden_reads > 0:
            entry.hidden_reads -= 1
            return False
        if self.now() < entry.hidden_until:
            return False
        if self.settle == "after reads" and entry.reads >= self.settle_after:
            entry.state = "done" if entry.state == "working" else entry.state
        entry.reads += 1
        return True
