"""The life of a schedule: a recurring purchase, or a reminder of one.

Theory of operation. A recurring purchase is an *envelope*: so many dates from the first to the
last, each for at most the same cost, approved once by the rule that fits the total. The dates are
fixed when people approve them; one that is skipped, missed or paused over falls away and none is
added at the end, so the total can only become less. A reminder asks nobody and buys nothing.

``next`` is the date that comes next, by its local time; what has become of those before it stands
in the records, a row for each. As for orders, ``TRANSITIONS`` is a table, a missing key is the
error, and nothing here performs anything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from typing import Any

from bot.domain.canonical import canonical, sha256
from bot.domain.money import Money
from bot.domain.orders import Terms, Vote
from bot.domain.plans import Plan
from bot.domain.policy import Rule
from bot.domain.recurrence import Occurrence, at_local, following

AHEAD = timedelta(hours=6)
"""So long before a date it is looked whether it would fail, and people are told."""

LATE = timedelta(minutes=15)
"""A date that was noticed so much later is missed; until then it is only a little late."""


class ScheduleState(StrEnum):
    """Where a schedule stands. The words that people read are ``state.words``."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"
    """Its last date has passed."""
    STOPPED = "stopped"
    DENIED = "denied"
    EXPIRED = "expired"

    @property
    def words(self) -> str:
        return "pending approval" if self is ScheduleState.PROPOSED else self.value

    @property
    def is_open(self) -> bool:
        """Something may still come of it."""
        return self in OPEN


OPEN = frozenset({ScheduleState.PROPOSED, ScheduleState.ACTIVE, ScheduleState.PAUSED})


class ScheduleEvent(StrEnum):
    """What can happen to a schedule, in the past tense."""

    VOTED = "voted"
    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"
    ASKED_AGAIN = "asked_again"
    REMINDED = "reminded"
    """Those whom the proposal waits for."""
    OCCURRED = "occurred"
    """One or more dates were dealt with."""
    SKIPPED = "skipped"
    PAUSED = "paused"
    RESUMED = "resumed"
    ENDED = "ended"
    STOPPED = "stopped"


_S, _E = ScheduleState, ScheduleEvent

TRANSITIONS: Mapping[tuple[ScheduleState, ScheduleEvent], ScheduleState] = {
    (_S.PROPOSED, _E.VOTED): _S.PROPOSED,
    (_S.PROPOSED, _E.APPROVED): _S.ACTIVE,
    (_S.PROPOSED, _E.DENIED): _S.DENIED,
    (_S.PROPOSED, _E.EXPIRED): _S.EXPIRED,
    (_S.PROPOSED, _E.ASKED_AGAIN): _S.PROPOSED,
    (_S.PROPOSED, _E.REMINDED): _S.PROPOSED,
    (_S.PROPOSED, _E.STOPPED): _S.STOPPED,
    (_S.ACTIVE, _E.OCCURRED): _S.ACTIVE,
    (_S.ACTIVE, _E.SKIPPED): _S.ACTIVE,
    (_S.ACTIVE, _E.PAUSED): _S.PAUSED,
    (_S.ACTIVE, _E.ENDED): _S.ENDED,
    (_S.ACTIVE, _E.STOPPED): _S.STOPPED,
    (_S.PAUSED, _E.RESUMED): _S.ACTIVE,
    (_S.PAUSED, _E.ENDED): _S.ENDED,
    (_S.PAUSED, _E.STOPPED): _S.STOPPED,
}


class ScheduleNotAllowed(Exception):
    """This event cannot happen to a schedule in this state."""

    def __init__(self, state: ScheduleState, event: ScheduleEvent) -> None:
        super().__init__(f"{event} cannot happen to a schedule that is {state.words}")
        self.state = state
        self.event = event


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The dates of a schedule: the first and the last (local times), and how many there are.

    ``last`` and ``count`` are None for a reminder that goes on until it is stopped.
    """

    first: datetime
    last: datetime | None
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One schedule, whole. ``version`` counts every move, ``revision`` every new asking."""

    id: str
    origin: str
    requester: str
    plan: Plan
    terms: Terms
    """Of each purchase, as they were resolved when it was made."""
    dates: Dates
    created_at: datetime
    expires_at: datetime
    total: Money | None = None
    """The most that all of it may cost, fees included; None for a reminder."""
    rule: Rule | None = None
    """The rule that fits the total; None for a reminder."""
    eligible: frozenset[str] = frozenset()
    state: ScheduleState = ScheduleState.PROPOSED
    version: int = 0
    revision: int = 0
    votes: tuple[Vote, ...] = ()
    """Votes for the present digest only, oldest first."""
    remind_at: datetime | None = None
    """When those who have not voted are reminded next; None: not again."""
    reminders: int = 0
    """How often they were."""
    decided_at: datetime | None = None
    next: Occurrence | None = None
    """The date that comes next; None: there is none any more, or it is not running."""
    looked_ahead: datetime | None = None
    """The date (local) for which it has been looked whether it would fail."""
    note: str | None = None
    closed_by: str | None = None
    moved_at: datetime | None = None

    @property
    def reminds(self) -> bool:
        return self.plan.reminds

    @property
    def digest(self) -> str:
        """What a vote is bound to: 64 hex digits over everything that people were shown."""
        return sha256(
            canonical(
                {
                    "schedule": self.id,
                    "revision": self.revision,
                    "requester": self.requester,
                    "plan": self.plan,
                    "terms": self.terms,
                    "dates": self.dates,
                    "total": self.total,
                    "rule": self.rule,
                }
            )
        )


def apply(schedule: Schedule, event: ScheduleEvent, **changes: Any) -> Schedule:
    """The schedule after the event, one version on. Raises ScheduleNotAllowed."""
    try:
        state = TRANSITIONS[schedule.state, event]
    except KeyError:
        raise ScheduleNotAllowed(schedule.state, event) from None
    if state is not ScheduleState.ACTIVE:
        changes.setdefault("next", None)
    return replace(schedule, state=state, version=schedule.version + 1, **changes)


class Step(StrEnum):
    """What is to be done with a schedule now."""

    NOTHING = "nothing"
    EXPIRE = "expire"
    REMIND = "remind"
    OCCUR = "occur"
    LOOK_AHEAD = "look ahead"
    END = "end"


def next_step(schedule: Schedule, *, now: datetime) -> Step:
    """Decide what is to be done with the schedule at ``now``; pure."""
    at = wake_at(schedule)
    if at is None or at > now:
        return Step.NOTHING
    if schedule.state is ScheduleState.PROPOSED:
        return Step.EXPIRE if now >= schedule.expires_at else Step.REMIND
    if schedule.next is None:
        return Step.END
    return Step.OCCUR if schedule.next.at <= now else Step.LOOK_AHEAD


def wake_at(schedule: Schedule) -> datetime | None:
    """When ``next_step`` has something to decide by itself; None: only people move it."""
    match schedule.state:
        case ScheduleState.PROPOSED:
            return min(schedule.expires_at, schedule.remind_at or schedule.expires_at)
        case ScheduleState.ACTIVE if schedule.next is not None:
            return ahead_at(schedule) or schedule.next.at
        case ScheduleState.ACTIVE:
            return schedule.moved_at or schedule.created_at
        case ScheduleState.PAUSED:
            return end_at(schedule)
    return None


def ahead_at(schedule: Schedule) -> datetime | None:
    """When it is to be looked whether the next date would fail; None: that has been done."""
    one = schedule.next
    if one is None or schedule.reminds or schedule.looked_ahead == one.local:
        return None
    return one.at - AHEAD


def end_at(schedule: Schedule) -> datetime | None:
    """The instant of its last date."""
    last = schedule.dates.last
    return None if last is None else at_local(schedule.plan.when, last).at


def dates_from(schedule: Schedule, local: datetime) -> Iterator[Occurrence]:
    """The dates from this one (which must be one) to the last."""
    last = schedule.dates.last
    yield at_local(schedule.plan.when, local)
    later = following(schedule.plan.when, local)
    yield from takewhile(lambda one: last is None or one.local <= last, later)


def next_after(schedule: Schedule, local: datetime) -> Occurrence | None:
    """The date after this one; None: it was the last."""
    dates = dates_from(schedule, local)
    next(dates)
    return next(dates, None)


def next_from(
    schedule: Schedule, now: datetime, *, dealt: datetime | None = None
) -> Occurrence | None:
    """The first date that is still to come; None: there is none.

    ``dealt``: the last one (local) of which it is decided what becomes of it. It may be still to
    come, because it was skipped or because the clock was set back.
    """
    return next(
        (
            one
            for one in dates_from(schedule, dealt or schedule.dates.first)
            if one.at > now and (dealt is None or one.local > dealt)
        ),
        None,
    )
