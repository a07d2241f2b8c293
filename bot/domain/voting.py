"""Does this click count? One pure answer for every way in which it may not.

A vote counts when its voter is a full member who could approve when the order was asked for and
still can, is not the requester, has not voted, saw exactly the present terms, and is in time.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.budgets import Prospect
from bot.domain.orders import Order, State, Vote
from bot.domain.people import Roster, Standing
from bot.domain.policy import Policy, Requirement, Rule, eligible_approvers, unmet
from bot.domain.steps import is_settleable


class Answer(StrEnum):
    """What became of a click, or why it does not count."""

    COUNTED = "counted"
    DECIDED = "decided"
    DENIED = "denied"
    CANCELLED = "cancelled"
    NO_SUCH_ORDER = "no such order"
    NOT_A_MEMBER = "not a member"
    CLOSED = "closed"
    TOO_LATE = "too late"
    OLD_CARD = "old card"
    OWN_ORDER = "own order"
    NOT_AN_APPROVER = "not an approver"
    JOINED_LATER = "joined later"
    ALREADY_VOTED = "already voted"
    POLICY_CHANGED = "policy changed"
    OVER_BUDGET = "over budget"
    NOT_YOURS = "not yours"
    ON_ITS_WAY = "on its way"
    LOOKING = "looking"
    PROPOSED = "proposed"
    SETTLED = "settled"
    OBJECTED = "objected"
    NOTHING_TO_SETTLE = "nothing to settle"
    NOTHING_TO_LOOK_FOR = "nothing to look for"
    OWN_PROPOSAL = "own proposal"
    OTHER_PROPOSAL = "other proposal"
    PROPOSER_LEFT = "proposer left"
    REF_TAKEN = "ref taken"
    READERS_ONLY = "readers only"
    PAYER = "payer"
    SOMEBODY_PAYS = "somebody pays"
    SAID_PAID = "said paid"
    PAID_ALREADY = "paid already"
    NOT_THE_PAYER = "not the payer"
    NOTHING_TO_PAY = "nothing to pay"
    TAKING_BACK = "taking back"
    FROZEN = "frozen"
    SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer, with what its sentence needs."""

    answer: Answer
    order: Order | None = None
    standing: Standing | None = None
    missing: tuple[Requirement, ...] = ()
    voted_at: datetime | None = None
    short: tuple[Prospect, ...] = ()
    """The budgets that have not enough for the order."""
    until: datetime | None = None
    """Until when nobody is reminded."""

    @property
    def counts(self) -> bool:
        return self.answer in COUNTS


COUNTS = frozenset(
    {
        Answer.COUNTED,
        Answer.DECIDED,
        Answer.DENIED,
        Answer.CANCELLED,
        Answer.LOOKING,
        Answer.PROPOSED,
        Answer.SETTLED,
        Answer.OBJECTED,
        Answer.PAYER,
        Answer.SAID_PAID,
        Answer.TAKING_BACK,
        Answer.SNOOZED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """What people vote on, whatever it is: an order, or a whole envelope of them."""

    requester: str
    rule: Rule
    eligible: frozenset[str]
    """Who could approve when it was asked for."""
    digest: str
    votes: tuple[Vote, ...]
    agreed: frozenset[str]
    """Whose yes stands for exactly this."""
    expires_at: datetime
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What one vote is worth; COUNTED means it may be written down."""

    answer: Answer
    standing: Standing | None = None
    voted_at: datetime | None = None


def weigh(
    ballot: Ballot, *, voter: str, digest: str, policy: Policy, roster: Roster, now: datetime
) -> Weighed:
    """Hold an Approve or Deny against everything."""
    standing = roster.standing(voter)
    if standing is not Standing.MEMBER:
        return Weighed(answer=Answer.NOT_A_MEMBER, standing=standing)
    if not ballot.is_open:
        return Weighed(answer=Answer.CLOSED)
    if now >= ballot.expires_at:
        return Weighed(answer=Answer.TOO_LATE)
    if voter == ballot.requester:
        return Weighed(answer=Answer.OWN_ORDER)
    if voter not in eligible_approvers(policy, roster, ballot.rule, ballot.requester):
        return Weighed(answer=Answer.NOT_AN_APPROVER)
    if voter not in ballot.eligible:
        return Weighed(answer=Answer.JOINED_LATER)
    if digest != ballot.digest:
        return Weighed(answer=Answer.OLD_CARD)
    for vote in ballot.votes:
        if vote.voter == voter:
            return Weighed(answer=Answer.ALREADY_VOTED, voted_at=vote.at)
    return Weighed(answer=Answer.COUNTED)


def missing_of(ballot: Ballot, *, policy: Policy, roster: Roster) -> tuple[Requirement, ...]:
    """What the rule still demands, counting only voters who are eligible at this moment."""
    now_eligible = eligible_approvers(policy, roster, ballot.rule, ballot.requester)
    return unmet(policy, roster, ballot.rule, ballot.agreed & now_eligible & ballot.eligible)


def ballot_of(order: Order) -> Ballot:
    """An order as something to vote on."""
    return Ballot(
        requester=order.requester,
        rule=order.rule,
        eligible=order.eligible,
        digest=order.digest,
        votes=order.votes,
        agreed=order.agreed,
        expires_at=order.expires_at,
        is_open=order.state is State.PENDING_APPROVAL,
    )


def judge(
    order: Order, *, voter: str, digest: str, policy: Policy, roster: Roster, now: datetime
) -> Verdict:
    """Hold an Approve or Deny of an order against everything; COUNTED means it may be written."""
    ballot = ballot_of(order)
    one = weigh(ballot, voter=voter, digest=digest, policy=policy, roster=roster, now=now)
    return Verdict(answer=one.answer, order=order, standing=one.standing, voted_at=one.voted_at)


def still_missing(order: Order, *, policy: Policy, roster: Roster) -> tuple[Requirement, ...]:
    """What the rule of an order still demands at this moment."""
    return missing_of(ballot_of(order), policy=policy, roster=roster)


def judge_cancel(
    order: Order, *, person: str, policy: Policy, roster: Roster, cancellable: bool = False
) -> Verdict:
    """May this person cancel the order now? CANCELLED means yes, TAKING_BACK that the vendor has to
    be asked first. ``cancellable``: it takes back what is not paid."""
    standing = roster.standing(person)
    if standing is not Standing.MEMBER:
        return Verdict(answer=Answer.NOT_A_MEMBER, order=order, standing=standing)
    if person != order.requester and not policy.is_approver(person, roster):
        return Verdict(answer=Answer.NOT_YOURS, order=order)
    if order.state in {State.PENDING_APPROVAL, State.APPROVED}:
        return Verdict(answer=Answer.CANCELLED, order=order)
    if order.state is State.AWAITING_PAYMENT and cancellable and order.paid_by is None:
        return Verdict(answer=Answer.TAKING_BACK, order=order)
    underway = {State.SUBMITTING, State.IN_DOUBT, State.ACCEPTED, State.AWAITING_PAYMENT}
    answer = Answer.ON_ITS_WAY if order.state in underway else Answer.CLOSED
    return Verdict(answer=answer, order=order)


def judge_settle(order: Order, *, person: str, policy: Policy, roster: Roster) -> Verdict:
    """May this person say what became of the order? COUNTED means yes; the requester may be one of
    the two, if they are an approver."""
    standing = roster.standing(person)
    if standing is not Standing.MEMBER:
        return Verdict(answer=Answer.NOT_A_MEMBER, order=order, standing=standing)
    if not policy.is_approver(person, roster):
        return Verdict(answer=Answer.NOT_AN_APPROVER, order=order)
    if not is_settleable(order):
        return Verdict(answer=Answer.NOTHING_TO_SETTLE, order=order)
    return Verdict(answer=Answer.COUNTED, order=order)


def judge_proposal(
    order: Order, mark: str, *, person: str, policy: Policy, roster: Roster
) -> Verdict:
    """May this person confirm the proposal that they were shown? COUNTED means yes."""
    verdict = judge_settle(order, person=person, policy=policy, roster=roster)
    if verdict.answer is not Answer.COUNTED:
        return verdict
    if order.proposal is None or order.proposal.mark != mark:
        return Verdict(answer=Answer.OTHER_PROPOSAL, order=order)
    if order.proposal.by == person:
        return Verdict(answer=Answer.OWN_PROPOSAL, order=order)
    if not policy.is_approver(order.proposal.by, roster):
        return Verdict(answer=Answer.PROPOSER_LEFT, order=order)
    return verdict
