"""Starting, waking and being on time, with empty tables and with full ones."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from benchmarks.almanac import almanac, write
from benchmarks.crowd import crowd, seed
from benchmarks.figures import Figure, middle, quantile
from benchmarks.workplace import BARE_BOLT, COUNTERSIGN, Child, Workplace, workplace
from bot.domain.orders import State
from storage import orders
from storage.database import Database

ORDERS = 10_000
"""Unfinished orders of a large team that nobody has looked at for long."""

SETTLED_SECONDS = 3.0
"""After that a program that has come up is at rest."""

IDLE_SECONDS = 15.0

SCHEDULES = 100_000
"""Recurring purchases beside them, whose next date is days away."""

LATE = 300
"""Orders that expire one after the other while it is watched how late each is seen to."""

BEFORE, APART = timedelta(seconds=15), timedelta(milliseconds=25)
"""The first one expires that long after they are written, the next ones in steps."""


@dataclass(slots=True)
class Starts:
    """Seconds to ready, MiB at rest and CPU seconds of an idle while, one entry a round."""

    ready: list[float] = field(default_factory=list)
    rss: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)


async def _start(place: Workplace, program: tuple[str, ...], into: Starts, *, idle: bool) -> None:
    async with place.working(*program) as (child, ready):
        into.ready.append(ready)
        await asyncio.sleep(SETTLED_SECONDS)
        into.rss.append(child.rss)
        if idle:
            into.idle.append(await _idle(child))


async def _idle(child: Child) -> float:
    before = child.cpu_of_threads
    await asyncio.sleep(IDLE_SECONDS)
    return child.cpu_of_threads - before


async def measure(rounds: int, scale: float) -> list[Figure]:
    """Bare Bolt, the bot as it is run, with nothing to do and with a full table; then lateness."""
    bolt, empty, full, crowded = Starts(), Starts(), Starts(), Starts()
    run = ("bot", "run")
    for _ in range(rounds):
        async with workplace() as place:
            await _start(place, (BARE_BOLT,), bolt, idle=False)
            await _start(place, run, empty, idle=True)
        async with workplace() as place:
            many = crowd(int(ORDERS * scale), now=datetime.now(UTC), due_in=timedelta(hours=2))
            await seed(place.database, many)
            await _start(place, run, full, idle=False)
    async with workplace() as place:
        now = datetime.now(UTC)
        await seed(place.database, crowd(int(ORDERS * scale), now=now, due_in=timedelta(hours=2)))
        first = (now + timedelta(days=4)).replace(tzinfo=None, second=0, microsecond=0)
        await write(place.database, almanac(int(SCHEDULES * scale), first=first, now=now))
        # Filling the tables takes longer than all the rest, so there is one round of this.
        await _start(place, run, crowded, idle=True)
    late = [await _lateness(max(60, int(LATE * scale))) for _ in range(rounds)]
    return [
        Figure(
            what="start to ready",
            than="bare Bolt",
            ours=middle(empty.ready),
            yardstick=middle(bolt.ready),
            unit="s",
            aim=3,
        ),
        Figure(
            what="memory at rest",
            than="bare Bolt",
            ours=middle(empty.rss),
            yardstick=middle(bolt.rss),
            unit="MiB",
            aim=1.8,
        ),
        Figure(
            what=f"restart with {ORDERS * scale:,.0f} unfinished orders, to ready",
            ours=middle(full.ready),
            unit="s",
            aim=3,
        ),
        Figure(
            what="memory that they add",
            ours=middle(full.rss) - middle(empty.rss),
            unit="MiB",
            aim=40,
        ),
        Figure(
            what=f"CPU of {IDLE_SECONDS:.0f} idle seconds with them and {SCHEDULES * scale:,.0f}"
            " schedules, none due",
            than="empty tables",
            ours=middle(crowded.idle) * 1000,
            yardstick=middle(empty.idle) * 1000,
            unit="ms",
            aim=1.5,
        ),
        Figure(
            what="due work seen to late, p99",
            ours=middle([quantile(one, 0.99) for one in late]) * 1000,
            unit="ms",
            aim=50,
        ),
    ]


async def _lateness(count: int) -> list[float]:
    """Orders expire one after the other; seconds from then until the move is written down."""
    async with workplace() as place:
        first = datetime.now(UTC) + BEFORE
        many = crowd(count, now=datetime.now(UTC), accepted=0, due_in=timedelta(0))
        ends = {nth: first + nth * APART for nth in range(count)}
        await seed(
            place.database, (replace(one, expires_at=ends[nth]) for nth, one in enumerate(many))
        )
        async with place.working(COUNTERSIGN):
            posted = place.slack.workspace.posted
            # Each has a card that says so, and a word under it.
            enough = lambda _: len(posted) >= 2 * count  # noqa: E731 - one use, next line
            await place.slack.wait_for(enough, timeout=120)
        db = await Database.open(place.database)
        expired = await db.read(lambda tx: orders.in_state(tx, State.EXPIRED))
        await db.close()
    assert len(expired) == count, f"{len(expired)} of {count} expired"
    return [(one.moved_at - one.expires_at).total_seconds() for one in expired if one.moved_at]
