"""What a policy is made of, and what it answers: values without a decision in them.

``bot.domain.policy`` decides, ``bot.domain.quorum`` finds out who can agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from bot.domain.budgets import Budget, Reach
from bot.domain.money import Money
from bot.domain.names import Names
from bot.domain.people import Roster, Standing, is_usergroup


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
    requesters: Names = None
    """Names of groups."""
    providers: Names = None
    assets: Names = None
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
    readers: Names = None
    """Names of groups; None: everybody in any of them."""
    operators: tuple[str, ...] = ()
    budgets: tuple[Budget, ...] = ()
    expires_after: timedelta = timedelta(hours=8)
    remind_after: timedelta = timedelta(minutes=30)
    valid_for: timedelta = timedelta(hours=1)
    max_price_drift: Decimal = Decimal("0.03")

    @property
    def usergroups(self) -> tuple[str, ...]:
        """Slack's user groups that stand in any group, each once, as they stand there."""
        named = (one for ids in self.groups.values() for one in ids)
        return tuple(dict.fromkeys(one for one in named if is_usergroup(one)))

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
class Absent:
    """Somebody whom a group names and whose vote could not count."""

    who: str
    """A user's id, or that of a user group of Slack that nobody is in."""
    standing: Standing
    """MEMBER: it is the requester, whose own request it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """Refused, with the facts from which ``commands.words`` makes its sentence."""

    fault: Fault
    rule: Rule | None = None
    standing: Standing | None = None
    missing: tuple[Requirement, ...] = ()
    able: frozenset[str] = frozenset()
    """TOO_FEW_APPROVERS: who could vote, if they were enough."""
    absent: tuple[Absent, ...] = ()
    """TOO_FEW_APPROVERS: who is named by the rule's groups and cannot vote."""
    tried: tuple[Tried, ...] = ()
