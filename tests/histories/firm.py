"""Who works in a history's world, and which policy they have: the usual one, or any at all.

``agreed`` is the law of votes by its plain definition: first match, every seat of the rule with a
person of its own who is in the group at this moment, and never the requester.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from itertools import permutations

from bot.domain.people import Roster
from bot.domain.policy import Policy, Rule
from bot.workflow.desk import Directory
from tests.domain.sample import FAY, POLICY, ROSTER
from tests.histories import money
from tests.histories.law import Row, demand

WITHOUT_CLEO = replace(ROSTER, usergroups={"S0TREASURY": frozenset({FAY})})


@dataclass(slots=True)
class People:
    """Who is who, at this moment."""

    roster: Roster = ROSTER

    async def confirm(self, users: Iterable[str], groups: Iterable[str]) -> Roster:
        assert {*users, *groups}, "somebody is asked about"
        return self.roster


@dataclass(slots=True)
class Firm:
    """A policy, its people, and what the process believes of both: the truth, unless sabotaged."""

    policy: Policy
    people: People = field(default_factory=People)
    believed: Policy | None = None
    directory: Directory | None = None
    could: dict[str, frozenset[str]] = field(default_factory=dict)
    """Who could vote on an order when it was asked for."""

    def agreed(self, order: Row, voters: Collection[str]) -> None:
        """Raises Violation unless these people may have it sent now."""
        name, roster = order["id"], self.people.roster
        rule = first(self.policy, roster, order)
        demand(rule is not None, f"{name} is sent although no rule allows it")
        assert rule is not None, "demanded"
        enough = seated(self.policy, roster, rule, set(voters) - {order["requester"]})
        demand(enough, f"{name} is sent with the votes of {sorted(voters)} only")
        if order["revision"] == 0 and name in self.could:
            late = set(voters) - self.could[name]
            demand(not late, f"{name}: {sorted(late)} could not vote when it was asked for")

    def note(self, order: Row) -> None:
        """It has been asked for just now."""
        rule = first(self.policy, self.people.roster, order)
        demand(rule is not None, f"{order['id']} is asked about although no rule allows it")
        assert rule is not None, "demanded"
        groups = (inside(self.policy, self.people.roster, need.group) for need in rule.approvals)
        self.could[order["id"]] = frozenset().union(*groups) - {order["requester"]}


def usual(*, limited: bool) -> Firm:
    """Ana asks, Ben, Cleo and Fay approve."""
    return Firm(replace(POLICY, budgets=money.BUDGETS) if limited else POLICY)


def first(policy: Policy, roster: Roster, order: Row) -> Rule | None:
    """The first rule that takes the order, as somebody would find it with a finger on the page."""
    if not is_member(roster, order["requester"]):
        return None
    for rule in policy.rules:
        askers = [inside(policy, roster, group) for group in rule.requesters or ()]
        if (
            (rule.requesters is None or any(order["requester"] in group for group in askers))
            and (rule.assets is None or order["asset"] in rule.assets)
            and float(order["cost"]) <= float(rule.up_to.amount)
        ):
            return rule
    return None


def seated(policy: Policy, roster: Roster, rule: Rule, voters: Collection[str]) -> bool:
    """Some way of giving each seat a person of its own."""
    seats = [
        inside(policy, roster, need.group) for need in rule.approvals for _ in range(need.count)
    ]
    return any(
        all(who in seat for who, seat in zip(row, seats, strict=True))
        for row in permutations(sorted(voters), len(seats))
    )


def inside(policy: Policy, roster: Roster, group: str) -> frozenset[str]:
    """The full members in a group."""
    users: set[str] = set()
    for one in policy.groups[group]:
        users |= roster.usergroups.get(one, frozenset()) if one[0] == "S" else {one}
    return frozenset(user for user in users if is_member(roster, user))


def is_member(roster: Roster, user: str) -> bool:
    who = roster.people.get(user)
    return (
        who is not None
        and who.team == roster.team
        and not (who.is_guest or who.is_bot or who.is_deactivated)
    )
