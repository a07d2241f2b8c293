"""What the Oak sandbox remembers: every accepted POST is a purchase, for there is no key.

Pure but for the clock that is passed in. Documented are the fields of a transaction and that its
words are in lower case; prices, the fee, when a purchase settles and how long the list lags are our
policy.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any, Literal
from uuid import uuid4

Settle = Literal["at once", "after reads", "after seconds", "never"]


@dataclass(kw_only=True)
class Entry:
    """One purchase. ``sent`` is the request as it came; ``total`` and ``quantity`` major units."""

    id: str
    sent: dict[str, Any]
    asset: str
    total: Decimal
    quantity: Decimal
    at: datetime
    updated_at: datetime
    status: str = "captured"
    """Documented example of a fresh purchase."""
    sub_status: str = ""
    reads: int = 0
    hidden_until: datetime
    hidden_reads: int = 0


@dataclass(kw_only=True)
class Ledger:
    """Entries, oldest first; may be changed while the sandbox runs."""

    now: Callable[[], datetime]
    settle: Settle = "after seconds"
    settle_after: int = 2
    """Reads or seconds, by ``settle``."""
    ends: str = "succeeded"
    """The status that a purchase settles to: ``failed`` as well."""
    asset: str = "usdc"
    """What the customer's wallet receives, whoever asks."""
    asset_decimals: int = 6
    destination_decimals: int = 6
    """Our reading, not documented: ``destination.amount`` counts units of 10^-n of the asset."""
    prices: dict[str, Decimal] = field(
        default_factory=lambda: {"usd": Decimal("1.00"), "eur": Decimal("1.00")}
    )
    """By currency: how much of it one unit of the asset costs."""
    fee_rate: Decimal = Decimal("0.01")
    behind: timedelta = timedelta(0)
    """How far the vendor's clock is behind ours, as its rows tell the time."""
    wallet: str = "8f14e45f-ceea-467f-8f0d-2a1b6c7d9e10"
    chain: str = "polygon"
    entries: list[Entry] = field(default_factory=list)

    def book(self, sent: dict[str, Any], total: Decimal) -> Entry:
        """Execute a purchase: the one effect of this sandbox."""
        at, price = self.now(), self.prices[str(sent["currency"]).lower()]
        bought = total * (1 - self.fee_rate) / price
        entry = Entry(
            id=str(uuid4()),
            sent=sent,
            asset=self.asset,
            total=total,
            quantity=bought.quantize(Decimal(1).scaleb(-self.asset_decimals), rounding=ROUND_DOWN),
            at=at,
            updated_at=at,
            hidden_until=at,
        )
        self.entries.append(entry)
        if self.settle == "at once":
            self.finish(entry, self.ends)
        return entry

    def finish(self, entry: Entry, state: str) -> None:
        """Set the words: ``failed``, or ``processing / funds_received`` with a sub-status."""
        entry.status, _, entry.sub_status = (word.strip() for word in state.partition("/"))
        entry.updated_at = self.now()

    def settle_due(self) -> None:
        """Move what is due by time."""
        for entry in self.entries:
            waited = self.now() - entry.at >= timedelta(seconds=self.settle_after)
            if entry.status == "captured" and self.settle == "after seconds" and waited:
                self.finish(entry, self.ends)

    def shown(self) -> list[Entry]:
        """What one look shows, newest first (our reading)."""
        self.settle_due()
        return [entry for entry in reversed(self.entries) if self.show(entry)]

    def show(self, entry: Entry) -> bool:
        """Count a look at one purchase, and say whether it is to be seen."""
        if entry.hidden_reads > 0:
            entry.hidden_reads -= 1
            return False
        if self.now() < entry.hidden_until:
            return False
        due = self.settle == "after reads" and entry.reads >= self.settle_after
        if due and entry.status == "captured":
            self.finish(entry, self.ends)
        entry.reads += 1
        return True

    def row(self, entry: Entry) -> dict[str, Any]:
        """Documented (wallet buy trade page), but for ``sub_status`` (seen in the SDK)."""
        sent = entry.sent
        customer = {"id": str(sent["customer_id"]).lower()}
        pays = {"id": None, "type": str(sent["payment_method"]).lower(), "chain": None}
        gets = {"id": self.wallet, "type": "customer_wallet", "chain": self.chain}
        units = entry.quantity.scaleb(self.destination_decimals)
        row: dict[str, Any] = {
            "id": entry.id,
            "status": entry.status,
            "type": "buy",
            "provider": str(sent["provider"]).lower(),
            "source": {
                "amount": sent["amount"],
                "currency": str(sent["currency"]).lower(),
                "customer": customer,
                "payment_method": pays,
            },
            "destination": {
                "amount": int(units) if units == int(units) else units,
                "currency": entry.asset,
                "customer": customer,
                "payment_method": gets,
            },
            "metadata": sent.get("metadata", {}),
            "created_at": _z(entry.at - self.behind),
            "updated_at": _z(entry.updated_at - self.behind),
            "settlement_date": _z(entry.at + timedelta(days=1)),
        }
        return {**row, "sub_status": entry.sub_status} if entry.sub_status else row


def _z(moment: datetime) -> str:
    """Documented: ISO 8601 with Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
