"""What recurs: looks at thousands of schedules of which nothing is due, and days to make up for."""

import asyncio
from datetime import UTC, datetime, timedelta

from benchmarks.almanac import almanac, looked, write
from benchmarks.crowd import crowd, seed
from benchmarks.figures import Figure, middle, quantile
from benchmarks.waking import IDLE_SECONDS, SETTLED_SECONDS
from benchmarks.workplace import COUNTERSIGN, Child, Workplace, workplace
from bot.domain.plans import Missed

SCHEDULES, ORDERS = 10_000, 1_000
"""Of a large team; none of the schedules is due, the orders wait for votes or for the vendor."""

OVERSLEPT, DAYS = 1_000, 3
"""So many schedules whose dates of so many days went by while the bot was off."""

LONG = 200
"""Dates of a single one that makes up for each of them."""

STALL = 20
"""Milliseconds for which the loop may stand still: nobody notices that in an answer."""


async def measure(rounds: int, scale: float) -> list[Figure]:
    """Idle with empty and with full tables, then a start after days off."""
    empty: list[tuple[float, list[float]]] = []
    full: list[tuple[float, list[float]]] = []
    after: list[list[float]] = []
    count = int(SCHEDULES * scale)
    for _ in range(rounds):
        async with workplace() as place:
            empty.append(await _idle(place))
        async with workplace() as place:
            now = datetime.now(UTC)
            await seed(
                place.database, crowd(int(ORDERS * scale), now=now, due_in=timedelta(hours=2))
            )
            first = _local(now + timedelta(days=2))
            await write(place.database, almanac(count, first=first, now=now))
            full.append(await _idle(place))
        async with workplace() as place:
            after.append(await _days_off(place, int(OVERSLEPT * scale), int(LONG * scale)))
    return [
        Figure(
            what=f"CPU of {IDLE_SECONDS:.0f} idle seconds, {count:,} schedules not due",
            than="empty tables",
            ours=middle([cpu for cpu, _ in full]) * 1000,
            yardstick=middle([cpu for cpu, _ in empty]) * 1000,
            unit="ms",
            aim=1.5,
        ),
        _stall(f"longest stall of the loop meanwhile, {count:,} schedules", [o for _, o in full]),
        _stall("the same with empty tables", [one for _, one in empty], aim=None),
        _stall(
            f"longest stall after {DAYS} days off, {int(OVERSLEPT * scale):,} schedules"
            f" and one with {int(LONG * scale)} dates to buy",
            after,
        ),
        Figure(
            what="how late the loop is meanwhile, p99",
            ours=middle([quantile(one, 0.99) for one in after]) * 1000,
            unit="ms",
            aim=STALL,
        ),
    ]


def _stall(what: str, found: list[list[float]], aim: float | None = STALL) -> Figure:
    return Figure(what=what, ours=middle([max(one) for one in found]) * 1000, unit="ms", aim=aim)


async def _idle(place: Workplace) -> tuple[float, list[float]]:
    """CPU seconds of an idle while, and how late the loop was at each look meanwhile."""
    async with place.working(COUNTERSIGN) as (child, _):
        await asyncio.sleep(SETTLED_SECONDS)
        child.forget_lateness()
        before = child.cpu_of_threads
        await asyncio.sleep(IDLE_SECONDS)
        return child.cpu_of_threads - before, await child.lateness()


async def _days_off(place: Workplace, count: int, long: int) -> list[float]:
    """How late the loop was at each look until everybody has heard what was missed."""
    now = datetime.now(UTC)
    went = _local(now - timedelta(days=DAYS, hours=11))
    many = looked(almanac(count, first=went, now=now))
    lone = almanac(
        1, first=_local(now - timedelta(days=long)), now=now, missed=Missed.ALL, begin=count
    )
    await write(place.database, [*many, *looked(lone)])
    async with place.working(COUNTERSIGN) as (child, _):
        await _told(place, child, cards=count + 1, orders=long)
        return await child.lateness()


async def _told(place: Workplace, child: Child, *, cards: int, orders: int) -> None:
    """Every schedule has its card and a word in its thread, every purchase is made."""

    def done(_: object) -> bool:
        bought = len(place.kriptomat.purchases)
        return bought >= orders and len(place.slack.workspace.posted) >= 2 * cards + orders

    try:
        await place.slack.wait_for(done, timeout=240)
    except TimeoutError:
        raise RuntimeError(f"it has not caught up:\n{child.last_words()}") from None


def _local(at: datetime) -> datetime:
    return at.replace(tzinfo=None, second=0, microsecond=0)
