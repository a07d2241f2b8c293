"""The desk: everything a step of the workflow needs, passed in once.

Clock, chance and the outside come in through this door. ``checkpoint`` is called at every named
step and does nothing in production; the crash tests build the bot with one that kills the process.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import structlog

from bot.domain.ids import BITS
from bot.domain.orders import Event, Order
from bot.domain.people import Roster
from bot.domain.policy import Policy
from bot.domain.steps import wake_at
from providers.base import Provider
from storage import orders
from storage.database import Database, Tx
from storage.outbox import Kind, Wish, card_key

log = structlog.get_logger()

BUY_SECONDS = 120
"""Our own deadline for one purchase, a second login in its middle included; past it the outcome is
unknown. The vendor's client has a shorter one for each request."""

HOLD_SECONDS = (5, 10, 30, 60, 120)
"""Back-off while an approved order waits for a vendor or for Slack."""

RESOLVE_SECONDS = (3, 5, 10, 30, 60, 120, 300, 600)
"""Back-off between look-ups of an order in doubt; the last repeats."""

MEETING = timedelta(minutes=10)
"""The most that one purchase is read earlier in order to be read together with others."""

OUR_FAULT = "something went wrong on my side, which is in my log"
"""Why something was not done, as people are told of what nobody expected."""

UTC_ZONE = ZoneInfo("UTC")


class Directory(Protocol):
    """Who is who: a cache that the clock fills, and a fresh reading for the moment of sending."""

    @property
    def roster(self) -> Roster: ...

    async def confirm(self, users: Iterable[str], groups: Iterable[str]) -> Roster:
        """Read these people and user groups again. Raises Unreachable when Slack cannot tell."""
        ...


class Unreachable(Exception):
    """Slack could not be asked; ``str()`` says why, without a secret."""


def _no_checkpoint(_name: str) -> None:
    """Production: nothing happens at a checkpoint."""


@dataclass(slots=True, kw_only=True)
class Desk:
    """What the workflow stands on. One for each process."""

    db: Database
    providers: Mapping[str, Provider]
    policy: Policy
    directory: Directory
    now: Callable[[], datetime]
    entropy: Callable[[int], bytes]
    boot_id: str
    zone: ZoneInfo = UTC_ZONE
    """Where the team is: its days, months and hours."""
    buy_seconds: int = BUY_SECONDS
    checkpoint: Callable[[str], None] = _no_checkpoint
    wake_announcer: Callable[[], None] = lambda: None
    wake_clock: Callable[[datetime | None], None] = lambda _at: None
    """Have the clock look at this moment at the latest; None: now."""
    busy: set[str] = field(default_factory=set)
    """Orders and schedules that a task of this process is carrying forward, by id."""
    again: set[str] = field(default_factory=set)
    """Those that were woken while busy: their task looks once more before it ends."""
    resting: dict[str, datetime] = field(default_factory=dict)
    """What met something unexpected, a provider's list included: left alone until then."""
    surveyed: set[str] = field(default_factory=set)
    """Providers whose list is being walked for many orders."""
    survey_pages: dict[str, int] = field(default_factory=dict)
    """How many calls the last walk over a provider's list took."""
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    stopping: bool = False
    opened_at: datetime = field(init=False)
    """When this process began: all that any before it has sent was sent until then."""

    def __post_init__(self) -> None:
        self.opened_at = self.now()

    def short_number(self) -> int:
        """A random number for an id that people type; it may be taken."""
        return int.from_bytes(self.entropy(4), "big") >> (32 - BITS)

    def provider(self, order: Order) -> Provider | None:
        """The vendor of this order; None when it is no longer configured."""
        return self.providers.get(order.terms.provider)

    async def move(
        self,
        before: Order,
        after: Order,
        event: Event,
        *,
        wishes: Sequence[Wish],
        facts: dict[str, Any] | None = None,
        note: Callable[[Tx], None] | None = None,
    ) -> None:
        """The bot itself moves an order, in a transaction of its own. Raises ``orders.Lost``.

        ``note`` writes what else belongs into it, such as a look-up's evidence.
        """
        now = self.now()

        def write(tx: Tx) -> None:
            orders.move(tx, before, after, event, actor="bot", at=now, wishes=wishes, facts=facts)
            if note is not None:
                note(tx)

        await self.db.write(write)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run it in the background; kept until done, and a failure is logged, never lost."""
        task = asyncio.create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("task failed", task=task.get_name(), exc_info=error)


def backoff(seconds: tuple[int, ...], tries: int) -> timedelta:
    """The pause after so many tries; the last one repeats."""
    return timedelta(seconds=seconds[min(tries, len(seconds) - 1)])


def meeting(now: datetime, pause: timedelta) -> datetime:
    """About when the pause is over, at a moment that others who wait as long share.

    Never later than the pause, at most half of it or ten minutes earlier.
    """
    grid = int(min(pause / 2, MEETING).total_seconds())
    end = now + pause
    return end if grid < 1 else datetime.fromtimestamp(end.timestamp() // grid * grid, UTC)


def card_wish(order: Order, revision: int | None = None) -> Wish:
    """Owe the card of this revision (the present one unless told) its present truth."""
    number = order.revision if revision is None else revision
    return Wish(
        key=card_key(order.id, number),
        kind=Kind.CARD,
        order_id=order.id,
        facts={"revision": number},
    )


def notice_wish(order: Order, subject: str) -> Wish:
    """Owe a reply in the card's thread that mentions whoever must know; edits notify nobody."""
    return Wish(
        key=f"notice:{order.id}:{order.version}",
        kind=Kind.NOTICE,
        order_id=order.id,
        facts={"subject": subject, "revision": order.revision, "note": order.note},
    )


def operator_wishes(desk: Desk, order: Order, subject: str) -> list[Wish]:
    """Owe each operator a private word about the order."""
    return [
        Wish(
            key=f"direct:{order.id}:{order.version}:{operator}",
            kind=Kind.DIRECT,
            order_id=order.id,
            facts={"to": operator, "subject": subject, "note": order.note},
        )
        for operator in desk.policy.operators
    ]


def loud_wishes(desk: Desk, order: Order, subject: str) -> list[Wish]:
    """The card, a reply in its thread that mentions, and a private word to each operator."""
    told = operator_wishes(desk, order, subject)
    return [card_wish(order), notice_wish(order, subject), *told]


def is_due(order: Order, now: datetime) -> bool:
    """The clock has something to decide about it already."""
    at = wake_at(order)
    return at is not None and at <= now
