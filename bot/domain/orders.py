"""The life of an order: what can happen, and what may follow what.

Theory of operation. An order is a frozen value. Something happens (an ``Event``); ``apply`` looks
the pair (state, event) up in ``TRANSITIONS`` and returns the next value, or raises ``NotAllowed``:
a missing key is the error. Nothing here performs anything. ``next_step`` says what should be done
with an order now, and ``bot.workflow`` does it, after having written down that it will.

Two rules of money stand in this file because they are decisions, not effects. ``outcome_event``:
only the first attempt of an order can be refused or found unavailable; once any attempt ended in
doubt, no status code of a later one settles it. ``is_dead``: an attempt of this very process that
is still inside its deadline is alive, however slow, and is never mistaken for a crash.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.domain.canonical import canonical, sha256
from bot.domain.money import Money, Quantity
from bot.domain.policy import Rule
from bot.domain.quotes import PriceBand
from bot.domain.states import OPEN, TRANSITIONS, Event, NotAllowed, State

__all__ = [
    "ASKED_AGAIN_AT_MOST",
    "GRACE",
    "OPEN",
    "TRANSITIONS",
    "Attempt",
    "Event",
    "NotAllowed",
    "Order",
    "Outcome",
    "State",
    "Step",
    "Terms",
    "Vote",
    "apply",
    "is_dead",
    "look_alike",
    "may_resend",
    "needs_price",
    "next_step",
    "outcome_event",
    "wake_at",
]

GRACE = timedelta(seconds=30)
"""How long after its deadline a silent attempt of our own process is still taken for alive."""

ASKED_AGAIN_AT_MOST = 2
"""An approval that aged or left its band is asked again twice; then the order is cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What people vote on: what is bought, where, for how much, and why."""

    provider: str
    asset: str
    spend: Money | Quantity
    currency: str
    cost: Money
    """What may leave the treasury at most, fees included: limits are held against this."""
    max_price: Decimal | None = None
    outlet: str | None = None
    target: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One person's yes to one digest."""

    voter: str
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One send to the vendor, written down before the first byte leaves."""

    number: int
    key: str
    body: bytes
    path: str
    boot_id: str
    started_at: datetime
    deadline: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the vendor says of the purchase: major units, None where it did not tell."""

    word: str = ""
    total: Decimal | None = None
    fee: Decimal | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    at: datetime | None = None
    discrepancy: str | None = None
    """What differs from the approved terms, as a phrase; None when nothing does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order, whole. ``version`` counts every move, ``revision`` every new set of terms."""

    id: str
    origin: str
    requester: str
    terms: Terms
    rule: Rule
    band: PriceBand
    key: str
    eligible: frozenset[str]
    """Who could approve when it was asked for; nobody who became an approver later may."""
    created_at: datetime
    expires_at: datetime
    state: State = State.PENDING_APPROVAL
    version: int = 0
    revision: int = 0
    votes: tuple[Vote, ...] = ()
    """Votes for the present digest only, oldest first."""
    asked_again: int = 0
    decided_at: datetime | None = None
    decided_boot: str | None = None
    """The process that saw the deciding vote."""
    valid_until: datetime | None = None
    attempts: int = 0
    first_sent_at: datetime | None = None
    deadline: datetime | None = None
    """Until when the running attempt may take."""
    doubted: bool = False
    """Some attempt ended in doubt; see ``outcome_event``."""
    proven: bool = False
    """The vendor has said that it knows our key: a purchase exists."""
    tries: int = 0
    """Look-ups, polls or held sends since the last real move: the index into a back-off."""
    due_at: datetime | None = None
    """When the clock should look at the order again; None: only a click moves it."""
    ref: str | None = None
    outcome: Outcome = field(default_factory=Outcome)
    note: str | None = None
    """Why it waits or how it ended, as a phrase for people."""
    closed_by: str | None = None
    moved_at: datetime | None = None
    """When the state last changed; storage notes it with the move."""

    @property
    def digest(self) -> str:
        """What a vote is bound to: 64 hex digits over everything that people were shown."""
        return sha256(
            canonical(
                {
                    "order": self.id,
                    "revision": self.revision,
                    "terms": self.terms,
                    "rule": self.rule,
                    "budgets": (),
                    "band": self.band,
                    "requester": self.requester,
                }
            )
        )


def apply(order: Order, event: Event, **changes: Any) -> Order:
    """The order after the event, one version on. Raises NotAllowed for an illegal pair."""
    try:
        state = TRANSITIONS[order.state, event]
    except KeyError:
        raise NotAllowed(order.state, event) from None
    return replace(order, state=state, version=order.version + 1, **changes)


def outcome_event(order: Order, event: Event) -> Event:
    """What the reply of an attempt means for this order.

    Once any attempt was in doubt, a refusal or an unavailable vendor says nothing about the earlier
    request, which may have been executed: only evidence or people settle it.
    """
    if order.doubted and event in {Event.REFUSED, Event.UNAVAILABLE}:
        return Event.DOUBTED
    return event


def is_dead(attempt: Attempt, *, boot_id: str, now: datetime, running: bool) -> bool:
    """True when nobody waits for this attempt's reply any more, so that it is in doubt."""
    if attempt.boot_id != boot_id:
        return True
    return not running and now >= attempt.deadline + GRACE


class Step(StrEnum):
    """What to do with an order now."""

    NOTHING = "nothing"
    PRICE = "price"
    EXPIRE = "expire"
    ASK_AGAIN = "ask again"
    SEND = "send"
    DECLARE_DOUBT = "declare doubt"
    RESOLVE = "resolve"
    POLL = "poll"


def next_step(
    order: Order, *, now: datetime, boot_id: str, attempt: Attempt | None, running: bool
) -> Step:
    """Decide what is to be done with the order at ``now``; pure.

    ``attempt`` is the latest one, ``running`` whether this process is waiting for its reply.
    """
    due = order.due_at is not None and order.due_at <= now
    match order.state:
        case State.PENDING_APPROVAL if now >= order.expires_at:
            return Step.EXPIRE
        case State.PENDING_APPROVAL if due and needs_price(order):
            return Step.PRICE
        case State.APPROVED if order.valid_until is not None and now >= order.valid_until:
            return Step.ASK_AGAIN
        case State.APPROVED if due:
            return Step.SEND
        case State.SUBMITTING if attempt is None or is_dead(
            attempt, boot_id=boot_id, now=now, running=running
        ):
            return Step.DECLARE_DOUBT
        case State.IN_DOUBT if due:
            return Step.RESOLVE
        case State.ACCEPTED | State.AWAITING_PAYMENT if due:
            return Step.POLL
        case _:
            return Step.NOTHING


def wake_at(order: Order) -> datetime | None:
    """When ``next_step`` has something to decide by itself; None: only a click moves the order."""
    match order.state:
        case State.PENDING_APPROVAL:
            moments = [order.expires_at, order.due_at if needs_price(order) else None]
        case State.APPROVED:
            moments = [order.valid_until, order.due_at]
        case State.SUBMITTING:
            moments = [order.deadline + GRACE if order.deadline else order.due_at]
        case State.IN_DOUBT | State.ACCEPTED | State.AWAITING_PAYMENT:
            moments = [order.due_at]
        case _:
            moments = []
    return min((moment for moment in moments if moment is not None), default=None)


def needs_price(order: Order) -> bool:
    """The card waits for the vendor's price: it was asked for and has not been read yet."""
    return order.band.wanted and order.band.reference is None


def look_alike(one: Terms, other: Terms) -> bool:
    """A vendor without our reference could not tell these two apart."""
    return (one.provider, one.asset, one.spend, one.target) == (
        other.provider,
        other.asset,
        other.spend,
        other.target,
    )


def may_resend(order: Order, *, now: datetime, key_lifetime: timedelta | None) -> bool:
    """True while the same key and body cannot buy twice and people's approval still stands.

    The margin of a tenth keeps a slow request from arriving after the key has been forgotten.
    """
    if key_lifetime is None or order.first_sent_at is None or order.valid_until is None:
        return False
    return now < order.first_sent_at + key_lifetime * 9 / 10 and now < order.valid_until
