"""The life of an order: what can happen, and what may follow what.

Theory of operation. An order is a frozen value. Something happens (an ``Event``); ``apply`` looks
the pair (state, event) up in ``TRANSITIONS`` and returns the next value, or raises ``NotAllowed``:
a missing key is the error. Nothing here performs anything. ``bot.domain.steps`` says what should be
done with an order now, and ``bot.workflow`` does it, after having written down that it will.

One rule of money stands in this file because it is a decision, not an effect. ``outcome_event``:
only the first attempt of an order can be refused or found unavailable; once any attempt ended in
doubt, no status code of a later one settles it.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from bot.domain.budgets import Budget
from bot.domain.canonical import canonical, sha256
from bot.domain.envelopes import Envelope, Vote
from bot.domain.evidence import Looks
from bot.domain.money import Money, Quantity
from bot.domain.policy import Rule
from bot.domain.quotes import PriceBand
from bot.domain.states import OPEN, TRANSITIONS, Event, NotAllowed, State

__all__ = [
    "ASKED_AGAIN_AT_MOST",
    "OPEN",
    "TRANSITIONS",
    "Alike",
    "Attempt",
    "Envelope",
    "Event",
    "NotAllowed",
    "Order",
    "Outcome",
    "Proposal",
    "Snooze",
    "State",
    "Terms",
    "Vote",
    "apply",
    "look_alike",
    "outcome_event",
]

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
    recipient: str | None = None
    """Who receives what is bought, as the vendor is told: the address that ``target`` stands for,
    or the account. Whoever changes the address book changes what people have agreed to."""
    reason: str | None = None


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
    spent: Decimal | None = None
    """What counts into budgets where fees may come on top of the total; None: the total."""
    fee: Decimal | None = None
    quantity: Decimal | None = None
    ordered: Decimal | None = None
    """What was ordered of the asset, where the vendor tells that beside what it released."""
    price: Decimal | None = None
    at: datetime | None = None
    chain: str | None = None
    """The network on which the asset arrives."""
    settles_on: str | None = None
    """The day of settlement as the vendor writes it."""
    currency: str | None = None
    """Of these figures, where the vendor names another one than that of the order."""
    discrepancy: str | None = None
    """What differs from the approved terms, as a phrase; None when nothing does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """An earlier order for the same: people are told before they vote."""

    id: str
    requester: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Somebody does not want to be reminded until then."""

    person: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What one approver says became of an order in doubt; another one has to confirm it."""

    bought: bool
    ref: str | None
    """The vendor's reference, when it was bought."""
    by: str
    at: datetime
    because: str

    @property
    def mark(self) -> str:
        """What the second person's click is bound to: 16 hex digits."""
        return sha256(canonical(self))[:16]


@dataclass(frozen=True, kw_only=True)
class Order:
    """One order, whole. ``version`` counts every move, ``revision`` every new set of terms.

    Without slots, so that its digest is computed once.
    """

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
    budgets: tuple[Budget, ...] = ()
    """On which it draws, as they were when it was asked for, by name."""
    state: State = State.PENDING_APPROVAL
    version: int = 0
    revision: int = 0
    votes: tuple[Vote, ...] = ()
    """Votes for the present digest only, oldest first."""
    asked_again: int = 0
    remind_at: datetime | None = None
    """When those who have not voted are reminded; see ``bot.domain.reminders``."""
    reminders: int = 0
    """Rounds of reminding since people were last asked."""
    snoozes: tuple[Snooze, ...] = ()
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
    alike: tuple[Alike, ...] = ()
    """Orders for the same of the day before it was asked for, newest first, at most five."""
    looks: Looks | None = None
    """What look-ups have shown since it was last sent."""
    proposal: Proposal | None = None
    settled_by: tuple[str, ...] = ()
    """The people who settled what became of it; it is never sent again then."""
    look_first: bool = False
    """The file was restored after it was asked for: it may have been bought already."""
    payer: str | None = None
    """Who will pay it; nobody else is shown how."""
    pay_by: datetime | None = None
    instructed: bool = False
    """The payer has been told how."""
    reminded: bool = False
    paid_by: str | None = None
    """Who said that it is paid; the vendor is told until it has heard."""
    paid_code: str | None = None
    envelope: Envelope | None = None
    """Whose votes approve it; None: people vote on it, or do so since it left its envelope."""

    @property
    def schedule(self) -> str | None:
        """The schedule that it is a date of, whoever approves it."""
        return self._dated[0]

    @property
    def date(self) -> datetime | None:
        """Which of its dates, as a local time."""
        return datetime.fromisoformat(self._dated[1]) if self._dated[0] else None

    @property
    def _dated(self) -> tuple[str | None, str]:
        kind, _, rest = self.origin.partition(":")
        schedule, _, local = rest.partition(":")
        return (schedule, local) if kind == "schedule" else (None, "")

    @property
    def agreed(self) -> frozenset[str]:
        """Whose yes stands for exactly what the order is."""
        voters = frozenset(vote.voter for vote in self.votes if vote.digest == self.digest)
        return voters if self.envelope is None else voters | self.envelope.voters

    @cached_property
    def digest(self) -> str:
        """What a vote is bound to: 64 hex digits over everything that people were shown."""
        return sha256(
            canonical(
                {
                    "order": self.id,
                    "revision": self.revision,
                    "terms": self.terms,
                    "rule": self.rule,
                    "budgets": self.budgets,
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
    if state is not order.state:
        # A proposal is about the state that it was made in.
        changes.setdefault("proposal", None)
    return replace(order, state=state, version=order.version + 1, **changes)


def outcome_event(order: Order, event: Event) -> Event:
    """What the reply of an attempt means for this order.

    Once any attempt was in doubt, a refusal or an unavailable vendor says nothing about the earlier
    request, which may have been executed: only evidence or people settle it.
    """
    if order.doubted and event in {Event.REFUSED, Event.UNAVAILABLE}:
        return Event.DOUBTED
    return event


def look_alike(one: Terms, other: Terms) -> bool:
    """A vendor without our reference could not tell these two apart."""
    return (one.provider, one.asset, one.spend, one.target) == (
        other.provider,
        other.asset,
        other.spend,
        other.target,
    )
