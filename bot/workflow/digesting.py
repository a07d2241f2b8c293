"""The digest: once at each local time that the team has set, a summary of what stands.

That it is due is written down under its local time, with the wish for the message, in one
transaction. What it says is gathered when it is sent. One that could not be posted within the hour
is left out: yesterday's news at noon would be taken for today's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import structlog

from bot.domain.budgets import Figures
from bot.domain.comparisons import Last
from bot.domain.freezes import Freeze
from bot.domain.orders import Order, State
from bot.domain.recurrence import Occurrence
from bot.domain.routines import Routine, following, latest
from bot.domain.schedules import Schedule
from bot.workflow import budgeting
from bot.workflow.desk import Desk
from storage import audit, comparisons, freezes, outbox, routines, schedules, tallies
from storage.audit import Head
from storage.database import Tx
from storage.outbox import Kind, Wish

log = structlog.get_logger()

NAME = "digest"

LATE = timedelta(hours=1)
"""Later than that it is not posted any more."""

FIRST = timedelta(days=1)
"""How far back the first one looks."""

SHOWN = 6
"""Orders that are named of each kind, those that wait for longest; the others are counted."""

UNDER_WAY = (State.APPROVED, State.SUBMITTING, State.ACCEPTED, State.AWAITING_PAYMENT)


@dataclass(frozen=True, slots=True)
class Group:
    """Orders of one kind: how many there are, and those that have waited for longest."""

    count: int
    orders: tuple[Order, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Everything that one tells."""

    at: datetime
    """The moment of which it speaks."""
    since: datetime
    """Where the one before it ended."""
    waiting: Group
    under_way: Group
    in_doubt: Group
    ended: Mapping[State, int]
    spent: Mapping[str, Decimal]
    """What was spent since, fees included, by currency."""
    freezes: tuple[Freeze, ...]
    budgets: tuple[Figures, ...]
    coming: tuple[Schedule, ...]
    """What recurs and comes next, soonest first."""
    recurs: int
    """How many schedules have a date ahead."""
    comparisons: tuple[Last, ...]
    """With the providers that are configured."""
    unlisted: tuple[str, ...]
    """Providers that have no list to compare with."""
    head: Head


class DigestChore:
    """What the clock asks: is one due?"""

    def __init__(self, desk: Desk, routine: Routine) -> None:
        self._desk = desk
        self._routine = routine
        self._seen = ""

    async def __call__(self, now: datetime) -> datetime:
        due = latest(self._routine, now, self._desk.zone)
        if due.key != self._seen:
            if now - due.at <= LATE and await self._desk.db.write(lambda tx: owe(tx, due, now)):
                log.info("digest is due", occurrence=due.key)
                self._desk.wake_announcer()
            self._seen = due.key
        return following(self._routine, now, self._desk.zone).at


def owe(tx: Tx, due: Occurrence, now: datetime) -> bool:
    """Owe the channel this digest; False: it was owed before."""
    if not routines.begin(tx, NAME, due.key, at=now):
        return False
    facts = {"occurrence": due.key, "at": due.at}
    one = Wish(key=f"digest:{due.key}", kind=Kind.DIGEST, order_id=None, facts=facts)
    outbox.wish(tx, one, at=now)
    return True


def gather(desk: Desk, tx: Tx, *, now: datetime) -> Digest:
    """What stands now, read from one snapshot."""
    before = routines.last(tx, NAME)
    since = now - FIRST if before is None else before.at
    counts = tallies.standing(tx)

    def group(*states: State) -> Group:
        count = sum(counts.get(state, 0) for state in states)
        return Group(count, tuple(tallies.oldest(tx, *states, limit=SHOWN)))

    return Digest(
        at=now,
        since=since,
        waiting=group(State.PENDING_APPROVAL),
        under_way=group(*UNDER_WAY),
        in_doubt=group(State.IN_DOUBT),
        ended=tallies.ended(tx, since=since, until=now),
        spent=tallies.spent(tx, since=since, until=now),
        freezes=freezes.active(tx),
        budgets=budgeting.everything(desk, tx),
        coming=tuple(schedules.upcoming(tx, limit=SHOWN)),
        recurs=schedules.count_upcoming(tx),
        comparisons=tuple(_compared(desk, tx)),
        unlisted=tuple(name for name, one in desk.providers.items() if not one.sheet.has_list),
        head=audit.head(tx),
    )


def _compared(desk: Desk, tx: Tx) -> Iterator[Last]:
    """Of each provider that lists; one that was never tried is told as such."""
    last = {one.provider: one for one in comparisons.last(tx)}
    for name, provider in desk.providers.items():
        if provider.sheet.has_list:
            yield last.get(name) or Last(provider=name)
