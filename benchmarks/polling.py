"""How often a vendor is called for ten thousand purchases that are not final yet."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from benchmarks.crowd import crowd, seed
from benchmarks.figures import Figure
from benchmarks.workplace import COUNTERSIGN, Workplace, workplace
from bot.domain.orders import Order, Outcome
from providers.sandbox.kriptomat_ledger import Entry

ORDERS = 10_000
PAGE = 100
"""Purchases on one page of the vendor's list."""

MANY_TRIES = 30
"""Looks so far: the next one after this round is minutes away."""

QUIET_SECONDS = 3.0
"""Without a call for that long, the round is over."""


async def measure(_rounds: int, scale: float) -> list[Figure]:
    """A count: every round would give the same."""
    count = int(ORDERS * scale)
    async with workplace() as place:
        calls = await _round(place, count)
    return [
        Figure(
            what=f"calls to read {count:,} unfinished purchases once, {PAGE} on a page",
            than="a call for each",
            ours=calls,
            yardstick=count,
            unit="calls",
            aim=1 / 50,
        )
    ]


async def _round(place: Workplace, count: int) -> float:
    """The calls that one look at all of them takes, the login left out."""
    vendor = place.kriptomat
    vendor.book.settle = "never"
    vendor.behaviour.page_size = PAGE
    now = datetime.now(UTC)
    waiting = crowd(count, now=now, accepted=1, due_in=timedelta(0))
    await seed(place.database, (_bought(place, one, now) for one in waiting))
    async with place.working(COUNTERSIGN):
        made = 0
        while vendor.wire.total > made or not made:
            made = vendor.wire.total
            await asyncio.sleep(QUIET_SECONDS)
    return made - vendor.logins


def _bought(place: Workplace, order: Order, now: datetime) -> Order:
    """The order as it stands once the vendor has it, without news to come."""
    entry = place.kriptomat.book.book("1", order.key, "btceur", order.terms.cost.amount)
    told = _told(entry)
    return replace(order, ref=str(entry.id), outcome=told, due_at=now, tries=MANY_TRIES)


def _told(entry: Entry) -> Outcome:
    return Outcome(
        word=entry.state,
        total=entry.total,
        fee=entry.fee,
        quantity=entry.quantity,
        price=entry.price,
        at=datetime.fromisoformat(f"{entry.row()['date']}+00:00"),
    )
