"""What recurs: looks at thousands of schedules of which nothing is due, and days to make up for."""

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.almanac import almanac, looked, write
from benchmarks.crowd import crowd, seed
from benchmarks.figures import Figure, middle, quantile
from benchmarks.waking import IDLE_SECONDS, SETTLED_SECONDS
from benchmarks.workplace import COUNTERSIGN, Child, Workplace, workplace
from bot.domain.plans import Missed

SCHEDULES, ORDERS = 10_000, 1_000
"""Of a large team; none of the schedules is due, the orders wait for votes or for the vendor."""

OVERSLEPT, DAYS = 300, 3
"""So many schedules whose dates of so many days went by while the bot was off."""

LONG = 60
"""Dates of a single one that makes up for each of them."""

STALL = 20
"""Milliseconds for which the loop may stand still: nobody notices that in an answer."""

Looks = list[tuple[float, float]]
"""Seconds: how late the loop was at each look, and how late by itself."""


async def measure(rounds: int, scale: float) -> list[Figure]:
    """Idle with empty and with full tables, then a start after days off."""
    empty: list[tuple[float, Looks]] = []
    full: list[tuple[float, Looks]] = []
    after: list[Looks] = []
    count, overslept, dates = (int(scale * one) for one in (SCHEDULES, OVERSLEPT, LONG))
    async with workplace() as library:
        await _fill(library.database, count, int(ORDERS * scale))
        for _ in range(rounds):
            async with workplace() as place:
                empty.append(await _idle(place))
            async with workplace() as place:
                await asyncio.to_thread(shutil.copy, library.database, place.database)
                full.append(await _idle(place))
            async with workplace() as place:
                after.append(await _days_off(place, overslept, dates))
    off = f"after {DAYS} days off, {overslept:,} schedules and one with {dates} dates to buy"
    return [
        Figure(
            what=f"CPU of {IDLE_SECONDS:.0f} idle seconds, {count:,} schedules not due",
            than="empty tables",
            ours=middle([cpu for cpu, _ in full]) * 1000,
            yardstick=middle([cpu for cpu, _ in empty]) * 1000,
            unit="ms",
            aim=1.5,
        ),
        *_stalls(f"meanwhile, {count:,} schedules", [looks for _, looks in full]),
        *_stalls("with empty tables", [looks for _, looks in empty]),
        *_stalls(off, after),
        Figure(
            what="how late the loop is meanwhile, p99",
            ours=middle([quantile((late for late, _ in one), 0.99) for one in after]) * 1000,
            unit="ms",
            aim=STALL,
        ),
    ]


def _stalls(when: str, found: list[Looks]) -> list[Figure]:
    """The longest of our own making, and the longest that the machine showed."""
    ours = middle([max(own for _, own in one) for one in found]) * 1000
    shown = middle([max(late for late, _ in one) for one in found]) * 1000
    return [
        Figure(what=f"longest stall of the loop {when}", ours=ours, unit="ms", aim=STALL),
        Figure(what="the same with the waits for a CPU", ours=shown, unit="ms", aim=None),
    ]


async def _fill(path: Path, count: int, open_orders: int) -> None:
    """A file of a large team, in which nothing is due for hours."""
    now = datetime.now(UTC)
    await seed(path, crowd(open_orders, now=now, due_in=timedelta(hours=2)))
    await write(path, almanac(count, first=_local(now + timedelta(days=2)), now=now))


async def _idle(place: Workplace) -> tuple[float, Looks]:
    """CPU seconds of an idle while, and how late the loop was at each look meanwhile."""
    async with place.working(COUNTERSIGN) as (child, _):
        await asyncio.sleep(SETTLED_SECONDS)
        child.watch_lateness()
        before = child.cpu_of_threads
        await asyncio.sleep(IDLE_SECONDS)
        return child.cpu_of_threads - before, await child.lateness()


async def _days_off(place: Workplace, count: int, long: int) -> Looks:
    """How late the loop was at each look until everybody has heard what was missed."""
    now = datetime.now(UTC)
    went = _local(now - timedelta(days=DAYS, hours=11))
    many = looked(almanac(count, first=went, now=now))
    lone = almanac(
        1, first=_local(now - timedelta(days=long)), now=now, missed=Missed.ALL, begin=count
    )
    await write(place.database, [*many, *looked(lone)])
    async with place.working(COUNTERSIGN, "--watch") as (child, _):
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
