"""Who may say what about a schedule: votes on its envelope, and pause, resume, skip and stop.

Votes are weighed by ``bot.domain.voting``, as those on an order are.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.orders import Order
from bot.domain.people import Roster, Standing
from bot.domain.policy import Policy, Requirement
from bot.domain.recurrence import Occurrence
from bot.domain.schedules import Schedule, ScheduleState
from bot.domain.voting import Answer, Ballot


class Verb(StrEnum):
    """What people do with a schedule."""

    PAUSE = "pause"
    RESUME = "resume"
    SKIP = "skip"
    STOP = "stop"


class Said(StrEnum):
    """What became of such a word, or why it changes nothing."""

    PAUSED = "paused"
    RESUMED = "resumed"
    SKIPPED = "skipped"
    STOPPED = "stopped"
    NO_SUCH_SCHEDULE = "no such schedule"
    NOT_A_MEMBER = "not a member"
    NOT_YOURS = "not yours"
    NOT_RUNNING = "not running"
    """It is not active: there is nothing to pause or skip."""
    NOT_PAUSED = "not paused"
    HAS_ENDED = "has ended"
    OTHER_DATE = "other date"
    """The date that was to be skipped is not the next one any more."""
    SKIPPED_ALREADY = "skipped already"
    """The same person skipped the date before a moment ago, and named none now."""
    NOT_OPEN = "not open"
    """A reminder that was answered already."""
    BOUGHT = "bought"
    """A reminder became a request."""
    SNOOZED = "snoozed"
    DECLINED = "declined"


DONE = {
    Verb.PAUSE: Said.PAUSED,
    Verb.RESUME: Said.RESUMED,
    Verb.SKIP: Said.SKIPPED,
    Verb.STOP: Said.STOPPED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleVerdict:
    """The answer, with what its sentence needs."""

    answer: Answer | Said
    schedule: Schedule | None = None
    standing: Standing | None = None
    missing: tuple[Requirement, ...] = ()
    voted_at: datetime | None = None
    date: Occurrence | None = None
    """The date that was skipped or snoozed."""
    order: Order | None = None
    """What became of a reminder."""
    withdrawn: tuple[str, ...] = ()
    """Its orders that were not sent yet and are cancelled with it."""
    underway: tuple[str, ...] = ()
    """Its orders that are on their way and go on."""


def ballot_of(schedule: Schedule) -> Ballot:
    """The envelope as something to vote on."""
    assert schedule.rule is not None, "reminders are not voted on"
    return Ballot(
        requester=schedule.requester,
        rule=schedule.rule,
        eligible=schedule.eligible,
        digest=schedule.digest,
        votes=schedule.votes,
        agreed=frozenset(one.voter for one in schedule.votes if one.digest == schedule.digest),
        expires_at=schedule.expires_at,
        is_open=schedule.state is ScheduleState.PROPOSED,
    )


def judge_change(
    schedule: Schedule, verb: Verb, *, person: str, policy: Policy, roster: Roster
) -> ScheduleVerdict:
    """May this person do that now? The answer of ``DONE`` means yes."""

    def answer(said: Said, standing: Standing | None = None) -> ScheduleVerdict:
        return ScheduleVerdict(answer=said, schedule=schedule, standing=standing)

    if (refused := may_change(schedule, person=person, policy=policy, roster=roster)) is not None:
        return refused
    if not schedule.state.is_open:
        return answer(Said.HAS_ENDED)
    match verb:
        case Verb.PAUSE | Verb.SKIP if schedule.state is not ScheduleState.ACTIVE:
            return answer(Said.NOT_RUNNING)
        case Verb.SKIP if schedule.next is None:
            return answer(Said.HAS_ENDED)
        case Verb.RESUME if schedule.state is not ScheduleState.PAUSED:
            return answer(Said.NOT_PAUSED)
    return answer(DONE[verb])


def may_change(
    schedule: Schedule, *, person: str, policy: Policy, roster: Roster
) -> ScheduleVerdict | None:
    """Why this person has no say in it; None: the requester and every approver have."""
    standing = roster.standing(person)
    if standing is not Standing.MEMBER:
        return ScheduleVerdict(answer=Said.NOT_A_MEMBER, schedule=schedule, standing=standing)
    if person != schedule.requester and not policy.is_approver(person, roster):
        return ScheduleVerdict(answer=Said.NOT_YOURS, schedule=schedule)
    return None
