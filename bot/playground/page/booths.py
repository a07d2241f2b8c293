"""What stands behind the curtain for each vendor: its ledger as a table, and its fault switches.

The switches are the sandbox's own catalogue of faults, so a fault that a sandbox learns has its
switch here at once. One fault can stand for one operation; a second one replaces it.
"""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from bot.domain.amounts import grouped
from bot.playground.ground import Playground, Vendor
from providers.sandbox.coins_ph import CoinsPhSandbox
from providers.sandbox.kriptomat import KriptomatSandbox
from providers.sandbox.oak import OakSandbox

Json = dict[str, Any]

OPERATIONS = MappingProxyType(
    {
        "buy": "When it is asked to buy",
        "list": "When it is asked what it has bought",
        "pay": "When it is told of a payment",
        "cancel": "When it is asked to cancel",
        "outlets": "When it is asked for outlets and accounts",
        "price": "When it is asked for a price",
        "login": "When the bot logs in",
    }
)
"""The order in which they are shown."""

COMMON = frozenset(
    {
        ("buy", "reply lost"),
        ("buy", "slow after"),
        ("buy", "hang after"),
        ("buy", "500 before"),
        ("buy", "refused"),
        ("buy", "429 retry-after"),
        ("list", "500 before"),
        ("list", "unknown word"),
    }
)
"""What is shown before somebody asks for all of it."""


class Unknown(LookupError):
    """There is no such vendor or switch; the text is for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booth:
    """One vendor on the stage."""

    name: str
    title: str
    sandbox: Vendor
    columns: tuple[str, ...]
    rows: Callable[[], Sequence[tuple[str, ...]]]
    """What it has booked, newest first."""

    @property
    def thing(self) -> Json:
        """What the page shows of it."""
        rows = self.rows()
        asked = len(self.sandbox.posts)
        return {
            "kind": "vendor",
            "name": self.name,
            "title": self.title,
            "down": not self.sandbox.running,
            "requests": asked,
            "says": _story(asked, len(rows)),
            "columns": list(self.columns),
            "rows": [list(row) for row in rows],
            "switches": self.switches(),
        }

    def switches(self) -> list[Json]:
        """Every fault of every operation, with whether it stands now."""
        faults, armed = self.sandbox.faults, self.sandbox.faults.armed()
        return [
            {
                "id": f"{op}/{name}",
                "group": OPERATIONS[op],
                "label": name.capitalize(),
                "says": fault.says.replace("`", ""),
                "source": fault.source,
                "common": (op, name) in COMMON,
                "on": armed[op]["standing"] == name,
            }
            for op in OPERATIONS
            if op in faults.ops
            for name, fault in faults.catalogue.items()
            if fault.ops is None or op in fault.ops
        ]

    def switch(self, wanted: str, *, on: bool) -> None:
        """Let a fault stand, or end it. Raises Unknown."""
        if wanted not in {one["id"] for one in self.switches()}:
            raise Unknown(f"{self.title} has no switch {wanted!r}")
        op, _, name = wanted.partition("/")
        if on:
            self.sandbox.faults.standing(op, name)
        elif self.sandbox.faults.armed()[op]["standing"] == name:
            self.sandbox.faults.lift(op)

    async def power(self, *, on: bool) -> None:
        """Take the whole vendor away, or give it back; its ledger stays."""
        if on and not self.sandbox.running:
            await self.sandbox.resume()
        elif not on:
            await self.sandbox.stop()

    async def calm(self) -> None:
        """It is there, and does what it should."""
        self.sandbox.faults.clear()
        with contextlib.suppress(OSError):
            await self.power(on=True)


def booths(playground: Playground) -> dict[str, Booth]:
    """All vendors, by name."""
    kriptomat, coins, oak = playground.kriptomat, playground.coins_ph, playground.oak
    made = [
        Booth(
            name="kriptomat",
            title="Kriptomat",
            sandbox=kriptomat,
            columns=("Number", "State", "Paid", "Bought", "Key"),
            rows=lambda: _kriptomat(kriptomat),
        ),
        Booth(
            name="coins_ph",
            title="Coins.ph",
            sandbox=coins,
            columns=("Order", "Status", "To pay", "Released", "Marked as paid"),
            rows=lambda: _coins_ph(coins),
        ),
        Booth(
            name="oak",
            title="Oak Network",
            sandbox=oak,
            columns=("Transaction", "Status", "Paid", "Bought", "Our reference"),
            rows=lambda: _oak(oak),
        ),
    ]
    return {booth.name: booth for booth in made}


def _kriptomat(sandbox: KriptomatSandbox) -> list[tuple[str, ...]]:
    return [
        (str(e.id), e.state, _sum(e.total, "EUR"), _sum(e.quantity, e.pair[:3].upper()), e.key[:8])
        for e in reversed(sandbox.purchases)
    ]


def _coins_ph(sandbox: CoinsPhSandbox) -> list[tuple[str, ...]]:
    return [
        (
            order.id[:8],
            "canceled" if order.canceled_time else order.status,
            _sum(order.currency_amount, "PHP"),
            _sum(order.btc_released, "BTC"),
            "yes" if order.marked_paid_time else "no",
        )
        for order in reversed(sandbox.purchases)
    ]


def _oak(sandbox: OakSandbox) -> list[tuple[str, ...]]:
    return [
        (
            entry.id[:8],
            " / ".join(word for word in (entry.status, entry.sub_status) if word),
            _sum(entry.total, str(entry.sent["currency"]).upper()),
            _sum(entry.quantity, entry.asset.upper()),
            str(entry.sent.get("metadata", {}).get("client_order_id", ""))[:8],
        )
        for entry in reversed(sandbox.purchases)
    ]


def _sum(amount: Decimal, unit: str) -> str:
    return f"{grouped(amount)} {unit}"


def _story(asked: int, booked: int) -> str:
    if not asked:
        return "Not asked to buy yet."
    times = {1: "once", 2: "twice"}.get(asked, f"{asked} times")
    return f"Asked to buy {times}, has {booked} in its books."
