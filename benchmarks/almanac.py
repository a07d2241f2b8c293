"""Thousands of recurring purchases, as a bot leaves them that was stopped."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from benchmarks.crowd import ACCOUNT, BATCH, RULE
from bot.domain.ids import schedule_id_from
from bot.domain.money import Money
from bot.domain.orders import Terms
from bot.domain.plans import Missed, Plan
from bot.domain.recurrence import Recurrence, Unit, at_local
from bot.domain.requests import Buy
from bot.domain.schedules import Dates, Schedule, ScheduleState
from bot.playground.furniture import ANA, BEN, CLEO
from storage import schedules
from storage.database import Database, Tx

ZONE = "Europe/Ljubljana"
RUNS = 360

EACH, COST = Decimal(10), Money.of(Decimal("10.20"), "EUR")
"""What a purchase spends, and what it may cost with the fees of the benchmarks' vendor."""


def almanac(
    count: int, *, first: datetime, now: datetime, missed: Missed = Missed.SKIP, begin: int = 0
) -> Iterator[Schedule]:
    """So many that buy every day, approved by Ben; ``first`` (local) is the date that comes next.

    ``begin`` numbers the first of them.
    """
    for nth in range(begin, begin + count):
        at = first + timedelta(minutes=nth % 600)
        when = Recurrence(unit=Unit.DAY, at=time(at.hour, at.minute), zone=ZONE)
        buy = Buy(amount=EACH, unit="EUR", asset="btc", provider="kriptomat")
        yield Schedule(
            id=schedule_id_from(nth * 31 + 1),
            origin=f"bench:{nth}",
            requester=ANA,
            plan=Plan(buy=buy, when=when, runs=RUNS, missed=missed),
            terms=Terms(
                provider="kriptomat",
                asset="btc",
                spend=Money.of(EACH, "EUR"),
                currency="EUR",
                cost=COST,
                recipient=ACCOUNT,
            ),
            dates=Dates(first=at, last=at + timedelta(days=RUNS - 1), count=RUNS),
            total=Money.of(COST.amount * RUNS, "EUR"),
            rule=RULE,
            eligible=frozenset({BEN, CLEO}),
            created_at=now,
            expires_at=now + timedelta(hours=8),
            state=ScheduleState.ACTIVE,
            decided_at=now,
            moved_at=now,
            next=at_local(when, at),
        )


async def write(path: Path, many: Iterable[Schedule]) -> None:
    """Write them as the bot would have written them, with Ben's votes."""
    db, waiting = await Database.open(path), list(many)

    def some(tx: Tx, batch: list[Schedule]) -> None:
        for one in batch:
            schedules.create(tx, one, wishes=(), facts={})
            schedules.add_vote(
                tx, one, voter=BEN, choice="approve", at=one.created_at, digest=one.digest
            )

    for start in range(0, len(waiting), BATCH):
        batch = waiting[start : start + BATCH]
        await db.write(lambda tx, batch=batch: some(tx, batch))  # type: ignore[misc]
    await db.close()


def looked(many: Iterable[Schedule]) -> Iterator[Schedule]:
    """The same, with nothing left to look at before their next date."""
    for one in many:
        yield one if one.next is None else replace(one, looked_ahead=one.next.local)
