"""A database full of orders, as a bot leaves it that was stopped on a busy day."""

import asyncio
import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from bot.domain.budgets import counted
from bot.domain.ids import order_id_from
from bot.domain.money import Money
from bot.domain.orders import Order, Outcome, State, Terms
from bot.domain.policy import Requirement, Rule
from bot.domain.quotes import PriceBand
from bot.playground.furniture import ANA, BEN, CLEO
from storage import orders
from storage.database import Database, Tx

RULE = Rule(
    name="small",
    up_to=Money.of(Decimal(1_000_000), "EUR"),
    approvals=(Requirement(group="approvers", count=1),),
    requesters=("buyers",),
)

ACCOUNT = "Kriptomat's user 1"
"""Whom it is for, as that vendor's sheet says it: other terms would have people asked anew."""

FEES = Decimal("1.02")
"""With the fee allowance of the benchmarks' configuration, for the same reason."""

BATCH = 500


def crowd(
    count: int, *, now: datetime, accepted: float = 0.5, due_in: timedelta
) -> Iterator[Order]:
    """So many unfinished orders: some wait for votes, the others for the vendor."""
    chance = random.Random(7)  # noqa: S311 - the same crowd each time
    for nth in range(count):
        amount = Money.of(Decimal(1000 + nth) / 100, "EUR")
        is_accepted = chance.random() < accepted
        yield Order(
            id=order_id_from(nth * 31 + 1),
            origin=f"bench:{nth}",
            requester=ANA,
            terms=Terms(
                provider="kriptomat",
                asset="btc",
                spend=amount,
                currency="EUR",
                cost=Money.of(counted(amount.amount * FEES, "EUR"), "EUR"),
                recipient=ACCOUNT,
            ),
            rule=RULE,
            band=PriceBand(),
            key=f"{chance.getrandbits(128):032x}",
            eligible=frozenset({BEN, CLEO}),
            created_at=now,
            expires_at=now + timedelta(hours=8),
            state=State.ACCEPTED if is_accepted else State.PENDING_APPROVAL,
            due_at=now + due_in + timedelta(seconds=nth / 10) if is_accepted else None,
            ref=f"bench-{nth}" if is_accepted else None,
            outcome=Outcome(word="PENDING") if is_accepted else Outcome(),
            moved_at=now,
        )


async def seed(path: Path, many: Iterable[Order]) -> None:
    """Write them as the bot would have written them, events and audit rows included."""
    db, waiting = await Database.open(path), []
    for order in many:
        waiting.append(order)
        if len(waiting) == BATCH:
            await _write(db, waiting)
            waiting = []
    await _write(db, waiting)
    await db.close()


async def _write(db: Database, batch: list[Order]) -> None:
    def write(tx: Tx) -> None:
        for order in batch:
            orders.create(tx, order, wishes=(), facts={})

    await db.write(write)
    await asyncio.sleep(0)
