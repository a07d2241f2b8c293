"""Why is it so? Which rules were tried, who may approve and who not, what budgets and price say.

Nothing is written. An order is explained by the policy of this moment: what it would come to if it
was asked for now, beside what people were shown and how they have voted.
"""

from dataclasses import dataclass, replace

from bot.domain.budgets import Prospect
from bot.domain.orders import Order, State
from bot.domain.people import Standing
from bot.domain.policy import (
    Absent,
    Denied,
    NeedsApproval,
    Policy,
    Requirement,
    Rule,
    Tried,
    eligible_approvers,
)
from bot.domain.quorum import absent
from bot.domain.requests import Buy, Refusal, Why, resolve, said_again
from bot.domain.voting import still_missing
from bot.workflow import looking
from bot.workflow.asking import preview
from bot.workflow.desk import Desk
from bot.workflow.rules import decide_terms, differences, sheets


@dataclass(frozen=True, slots=True, kw_only=True)
class Voters:
    """Who can decide on a request at this moment, and who not, and why."""

    can: frozenset[str]
    """Whose vote would count; whoever has voted is not among them."""
    missing: tuple[Requirement, ...]
    absent: tuple[Absent, ...] = ()
    late: frozenset[str] = frozenset()
    """They became approvers after it was asked for."""
    left: frozenset[str] = frozenset()
    """They could vote when it was asked for, and are in none of its groups any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that the policy says of one request."""

    requester: str
    cost: str
    """What may leave the treasury, in words."""
    order: Order | None
    """The order, or what these words would become; None where they become none."""
    is_real: bool
    """It has been asked for."""
    refusal: Refusal | None = None
    """Why it would be refused if it was asked for now."""
    tried: tuple[Tried, ...] = ()
    untried: tuple[Rule, ...] = ()
    """The rules behind the one that decides."""
    voters: Voters | None = None
    """None where nobody is asked."""
    prospects: tuple[Prospect, ...] = ()
    changed: tuple[str, ...] = ()
    """What is no longer as its card shows it, a phrase each."""

    @property
    def decides(self) -> Rule | None:
        """The rule that fits today."""
        last = self.tried[-1] if self.tried else None
        return None if last is None or last.mismatch is not None else last.rule


async def of_words(desk: Desk, buy: Buy, *, requester: str) -> Explanation:
    """What asking for it now would come to."""
    found = await preview(desk, buy, requester=requester)
    order = None if isinstance(found, Refusal) else found.order
    refusal = found if isinstance(found, Refusal) else None
    terms = resolve(buy, sheets(desk))
    one = Explanation(requester=requester, cost="", order=order, is_real=False, refusal=refusal)
    if isinstance(terms, Refusal):
        return one
    decision = decide_terms(desk, terms, requester)
    one = replace(_tried(desk, one, decision), cost=terms.cost.human)
    if isinstance(decision, Denied):
        return one
    voters = Voters(
        can=decision.eligible,
        missing=decision.rule.approvals,
        absent=absent(desk.policy, desk.directory.roster, decision.rule, requester),
    )
    prospects = () if isinstance(found, Refusal) else found.prospects
    return replace(one, voters=voters, prospects=prospects)


async def of_order(desk: Desk, order_id: str) -> Explanation | None:
    """Why this order stands where it stands; None when there is no such order."""
    story = await looking.story(desk, order_id)
    if story is None:
        return None
    order = story.order
    cost = order.terms.cost if order.envelope is None else order.envelope.total
    one = Explanation(
        requester=order.requester,
        cost=cost.human,
        order=order,
        is_real=True,
        voters=_voters(desk, order) if order.state is State.PENDING_APPROVAL else None,
        prospects=story.prospects,
        changed=tuple(differences(desk, order)) if order.state is State.PENDING_APPROVAL else (),
    )
    said = said_again(order.terms)
    terms = resolve(said, sheets(desk))
    if isinstance(terms, Refusal):
        return replace(one, refusal=replace(terms, said=said))
    whole = terms if order.envelope is None else replace(terms, cost=order.envelope.total)
    decision = decide_terms(desk, whole, order.requester)
    one = _tried(desk, one, decision)
    if isinstance(decision, NeedsApproval):
        return one
    title = desk.providers[terms.provider].sheet.title
    refusal = Refusal(
        why=Why.POLICY, given=whole.cost.human, provider=title, denied=decision, said=said
    )
    return replace(one, refusal=refusal)


def _tried(desk: Desk, one: Explanation, decision: NeedsApproval | Denied) -> Explanation:
    behind = desk.policy.rules[len(decision.tried) :] if decision.tried else ()
    return replace(one, tried=decision.tried, untried=behind)


def _voters(desk: Desk, order: Order) -> Voters:
    """Of an order that waits for votes."""
    policy, roster, rule = _known(desk.policy, order.rule), desk.directory.roster, order.rule
    able = eligible_approvers(policy, roster, rule, order.requester)
    named = absent(policy, roster, rule, order.requester)
    voted = {vote.voter for vote in order.votes}
    gone = order.eligible - able - {one.who for one in named}
    # Slack drops whoever is deactivated from its user groups.
    closed = {one for one in gone if roster.standing(one) is not Standing.MEMBER}
    named += tuple(Absent(who=one, standing=roster.standing(one)) for one in sorted(closed))
    return Voters(
        can=(able & order.eligible) - voted,
        missing=still_missing(order, policy=policy, roster=roster),
        absent=named,
        late=able - order.eligible,
        left=gone - closed,
    )


def _known(policy: Policy, rule: Rule) -> Policy:
    """The policy of today, in which a group of an older rule may be no more."""
    return replace(policy, groups={**dict.fromkeys(rule.groups, ()), **policy.groups})
