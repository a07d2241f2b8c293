"""May this person ask for this, and who must say yes? The first rule that matches decides.

No rule matches: refused. A rule that matches is not a yes: it names who has to agree. Each approver
counts once over all requirements of a rule, and the requester never counts. Everything is a pure
function of the policy, the roster and the request, and every answer tells which rules were tried
and why they did not fit.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_CEILING, Context, Decimal
from enum import StrEnum

from bot.domain.budgets import Budget, Reach, drawn_on
from bot.domain.money import LIMIT, AmountFault, BadAmount, Money, decimal_text
from bot.domain.people import Roster, Standing

_LIMITS = Context(prec=50, rounding=ROUND_CEILING)
"""For figures that are only compared. 50 digits hold any amount; a longer product is rounded up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """``count`` distinct people from the group."""

    group: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of policy; ``None`` means "any". ``up_to`` is per order, fees included."""

    name: str
    up_to: Money
    approvals: tuple[Requirement, ...]
    requesters: tuple[str, ...] | None = None
    providers: tuple[str, ...] | None = None
    assets: tuple[str, ...] | None = None
    quote_required: bool = False
    require_reason: bool = False

    @property
    def groups(self) -> tuple[str, ...]:
        """Every group that the rule depends on: who may ask, then who must agree."""
        return (*(self.requesters or ()), *(need.group for need in self.approvals))


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The team's rules. ``groups`` maps a group's name to user ids and user-group ids."""

    groups: Mapping[str, tuple[str, ...]]
    rules: tuple[Rule, ...]
    readers: tuple[str, ...] | None = None
    operators: tuple[str, ...] = ()
    budgets: tuple[Budget, ...] = ()
    expires_after: timedelta = timedelta(hours=8)
    remind_after: timedelta = timedelta(minutes=30)
    valid_for: timedelta = timedelta(hours=1)
    max_price_drift: Decimal = Decimal("0.03")

    def members(self, group: str, roster: Roster) -> frozenset[str]:
        return roster.members(self.groups[group])

    def reaches(self, roster: Roster) -> tuple[Reach, ...]:
        """The budgets with those whom each covers today. An account that was deactivated is still
        in its groups here: what it has spent does not come back by that."""
        return tuple(self.reach(budget, roster) for budget in self.budgets)

    def reach(self, budget: Budget, roster: Roster) -> Reach:
        """One budget, which may be one of yesterday's, with those whom it covers today."""
        if budget.requesters is None:
            return Reach(budget, None)
        ids = (one for group in budget.requesters for one in self.groups.get(group, ()))
        return Reach(budget, roster.named(ids))

    def approvers(self, roster: Roster) -> frozenset[str]:
        """Everybody named in an ``approvals`` of any rule who is a full member today."""
        groups = {need.group for rule in self.rules for need in rule.approvals}
        return frozenset(user for group in groups for user in self.members(group, roster))

    def is_approver(self, user: str, roster: Roster) -> bool:
        return user in self.approvers(roster)

    def is_reader(self, user: str, roster: Roster) -> bool:
        """May see orders: a full member in a readers' group, or in any group when none are set."""
        groups = self.groups if self.readers is None else self.readers
        return any(user in self.members(group, roster) for group in groups)


class Mismatch(StrEnum):
    """Why a rule did not fit a request."""

    REQUESTER = "requester"
    PROVIDER = "provider"
    ASSET = "asset"
    CURRENCY = "currency"
    AMOUNT = "amount"


class Fault(StrEnum):
    """Why a request is refused before anybody is asked."""

    NOT_A_MEMBER = "not a member"
    NO_RULE = "no rule"
    REASON_MISSING = "reason missing"
    NO_PRICE = "no price"
    NO_BUDGET = "no budget"
    """There are budgets, and none of them covers it."""
    TOO_FEW_APPROVERS = "too few approvers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is held against the policy."""

    requester: str
    provider: str
    asset: str
    cost: Money
    has_reason: bool
    priced: bool
    """The provider can tell a price before buying."""
    has_max_price: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One rule and why it did not fit; None: it decided."""

    rule: Rule
    mismatch: Mismatch | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsApproval:
    """The rule that decided, everybody who may vote on this request, and what it draws on."""

    rule: Rule
    eligible: frozenset[str]
    budgets: tuple[Budget, ...] = ()
    """On which it draws, by name."""
    tried: tuple[Tried, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """Refused, with the facts from which ``commands.words`` makes its sentence."""

    fault: Fault
    rule: Rule | None = None
    standing: Standing | None = None
    missing: tuple[Requirement, ...] = ()
    tried: tuple[Tried, ...] = field(default=())


def cost_with_fees(amount: Money, allowance: Decimal) -> Money:
    """The most that may leave the treasury: a limit is held against this, rounded up.

    Rounding is right here and nowhere else: this figure is compared, never sent or booked.
    """
    return rounded_up(amount.amount, Decimal(1) + allowance, amount.currency)


def rounded_up(number: Decimal, factor: Decimal, currency: str) -> Money:
    """The product as money, never less than it is. Raises BadAmount (too large)."""
    raw = _LIMITS.multiply(number, factor)
    if raw > LIMIT:
        raise BadAmount(AmountFault.TOO_LARGE, decimal_text(raw))
    unit = Money.zero(currency).amount
    return Money.of(raw.quantize(unit, context=_LIMITS), currency)


def decide(policy: Policy, roster: Roster, request: Request) -> NeedsApproval | Denied:
    """Find the rule that decides, and prove that its approvals can be met for this requester."""
    standing = roster.standing(request.requester)
    if standing is not Standing.MEMBER:
        return Denied(fault=Fault.NOT_A_MEMBER, standing=standing)
    tried: list[Tried] = []
    for rule in policy.rules:
        mismatch = _mismatch(policy, roster, rule, request)
        tried.append(Tried(rule=rule, mismatch=mismatch))
        if mismatch is None:
            return _allowed_by(policy, roster, rule, request, tuple(tried))
    return Denied(fault=Fault.NO_RULE, tried=tuple(tried))


def _mismatch(policy: Policy, roster: Roster, rule: Rule, request: Request) -> Mismatch | None:
    if rule.requesters is not None and not any(
        request.requester in policy.members(group, roster) for group in rule.requesters
    ):
        return Mismatch.REQUESTER
    if rule.providers is not None and request.provider not in rule.providers:
        return Mismatch.PROVIDER
    if rule.assets is not None and request.asset not in rule.assets:
        return Mismatch.ASSET
    if rule.up_to.currency != request.cost.currency:
        return Mismatch.CURRENCY
    if request.cost.amount > rule.up_to.amount:
        return Mismatch.AMOUNT
    return None


def _allowed_by(
    policy: Policy, roster: Roster, rule: Rule, request: Request, tried: tuple[Tried, ...]
) -> NeedsApproval | Denied:
    if rule.require_reason and not request.has_reason:
        return Denied(fault=Fault.REASON_MISSING, rule=rule, tried=tried)
    if (rule.quote_required or request.has_max_price) and not request.priced:
        return Denied(fault=Fault.NO_PRICE, rule=rule, tried=tried)
    drawn = drawn_on(
        policy.reaches(roster),
        requester=request.requester,
        provider=request.provider,
        asset=request.asset,
        currency=request.cost.currency,
    )
    if policy.budgets and not drawn:
        return Denied(fault=Fault.NO_BUDGET, rule=rule, tried=tried)
    eligible = eligible_approvers(policy, roster, rule, request.requester)
    missing = unmet(policy, roster, rule, eligible)
    if missing:
        return Denied(fault=Fault.TOO_FEW_APPROVERS, rule=rule, missing=missing, tried=tried)
    return NeedsApproval(rule=rule, eligible=eligible, budgets=drawn, tried=tried)


def eligible_approvers(
    policy: Policy, roster: Roster, rule: Rule, requester: str
) -> frozenset[str]:
    """Whose vote can count on this rule: full members of its groups, but not the requester."""
    members: set[str] = set()
    for need in rule.approvals:
        members |= policy.members(need.group, roster)
    return frozenset(members - {requester})


def eligible_anew(
    policy: Policy,
    roster: Roster,
    rule: Rule,
    requester: str,
    *,
    before: Rule,
    then: Collection[str],
) -> frozenset[str]:
    """Whose vote can count when people are asked anew under ``rule``.

    ``then``: who could vote while ``before`` decided. Nobody gains a vote by joining a group that
    could decide already; only another rule can let people of another group in.
    """
    known = {need.group for need in before.approvals}
    late = {
        user
        for need in rule.approvals
        if need.group in known
        for user in policy.members(need.group, roster)
        if user not in then
    }
    return eligible_approvers(policy, roster, rule, requester) - late


def unmet(
    policy: Policy, roster: Roster, rule: Rule, voters: Collection[str]
) -> tuple[Requirement, ...]:
    """What these voters leave open, each person counted once over all requirements.

    Seats (one per needed vote) are matched to people by augmenting paths, so that somebody who
    could sit in two groups takes the seat that lets the most requirements be met.
    """
    seats = [need.group for need in rule.approvals for _ in range(need.count)]
    members = {group: policy.members(group, roster) for group in set(seats)}
    holder: dict[str, int] = {}

    def seat(index: int, seen: set[str]) -> bool:
        for voter in sorted(members[seats[index]].intersection(voters)):
            if voter in seen:
                continue
            seen.add(voter)
            if voter not in holder or seat(holder[voter], seen):
                holder[voter] = index
                return True
        return False

    for index in range(len(seats)):
        seat(index, set())
    taken = set(holder.values())
    open_seats = [group for index, group in enumerate(seats) if index not in taken]
    return tuple(
        Requirement(group=group, count=open_seats.count(group))
        for group in dict.fromkeys(open_seats)
    )
