"""Who can agree: full members of a rule's groups, each counted once, never the requester."""

from collections.abc import Collection

from bot.domain.people import Roster, Standing, is_usergroup
from bot.domain.rulebook import Absent, Policy, Requirement, Rule


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


def absent(policy: Policy, roster: Roster, rule: Rule, requester: str) -> tuple[Absent, ...]:
    """Whom the groups of the rule name and whose vote could not count, in the order of the file.

    A user group that nobody is in stands for itself, so that somebody can look into Slack for it.
    """
    named = dict.fromkeys(one for need in rule.approvals for one in policy.groups[need.group])
    found: dict[str, Absent] = {}
    for one in named:
        people = sorted(roster.usergroups.get(one, ())) if is_usergroup(one) else [one]
        if not people:
            found[one] = Absent(who=one, standing=Standing.UNKNOWN)
        for user in people:
            standing = roster.standing(user)
            if standing is not Standing.MEMBER or user == requester:
                found[user] = Absent(who=user, standing=standing)
    return tuple(found.values())
