"""What is no fault of a policy and yet worth a word: it loads, and may be meant otherwise.

A rule that nothing ever reaches, people who may ask and can never be approved, a budget that can
never bind. Who is in a user group is known to Slack alone, so nothing is said that depends on it.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from itertools import product

from bot.budget_faults import never_in_full
from bot.domain.budgets import Budget
from bot.domain.names import Names, has, meet, wider
from bot.domain.people import Person, Roster, is_usergroup
from bot.domain.policy import Policy, Rule, eligible_approvers, unmet
from bot.domain.windows import rolling
from bot.tables import Offer

Offers = Mapping[str, Offer]

ANYBODY = "anybody"
"""Stands for whoever is in no group."""

LONGEST = {"day": timedelta(days=2), "week": timedelta(days=8), "month": timedelta(days=32)}
"""Rolling days that surely hold a whole window of the calendar, a change of the clocks included."""


def remarks(policy: Policy, offers: Offers) -> Iterator[str]:
    """A sentence each."""
    yield from _never_reached(policy, offers)
    yield from _never_approved(policy)
    yield from never_in_full(policy)
    yield from _never_binding(policy)
    yield from _never_used(policy)


def known_roster(policy: Policy) -> Roster:
    """All user ids of the groups as full members; user groups of Slack stay empty."""
    users = {one for ids in policy.groups.values() for one in ids if not is_usergroup(one)}
    return Roster(people={one: Person(id=one, name=one, team="") for one in sorted(users)})


def _never_reached(policy: Policy, offers: Offers) -> Iterator[str]:
    """Several earlier rules together take all that a rule would take."""
    for index, rule in enumerate(policy.rules):
        earlier = [
            one
            for one in policy.rules[:index]
            if one.up_to.currency == rule.up_to.currency and one.up_to.amount >= rule.up_to.amount
        ]
        asked = list(product(_pairs(rule, offers), _ids(policy, rule.requesters)))
        takers = {
            next((one.name for one in earlier if _takes(policy, one, pair, who)), None)
            for pair, who in asked
        }
        if asked and None not in takers:
            names = " and ".join(f'"{one.name}"' for one in earlier if one.name in takers)
            yield f'rule "{rule.name}" is never reached: {names} take everything before it'


def _pairs(rule: Rule, offers: Offers) -> list[tuple[str, str]]:
    """Each provider and asset that the rule could be asked for."""
    return [
        (name, asset)
        for name, offer in offers.items()
        if rule.up_to.currency in offer.currencies and has(rule.providers, name)
        for asset in sorted(offer.assets)
        if has(rule.assets, asset)
    ]


def _takes(policy: Policy, rule: Rule, pair: tuple[str, str], who: str) -> bool:
    provider, asset = pair
    mine = _ids(policy, rule.requesters)
    return (
        has(rule.providers, provider)
        and has(rule.assets, asset)
        and (who in mine or ANYBODY in mine)
    )


def _ids(policy: Policy, groups: Names) -> set[str]:
    """Users and user groups of these groups."""
    if groups is None:
        return {ANYBODY}
    return {one for group in groups for one in policy.groups[group]}


def _never_approved(policy: Policy) -> Iterator[str]:
    """Somebody may ask, and too few others are left who could agree."""
    roster = known_roster(policy)
    for rule in policy.rules:
        voters = {one for need in rule.approvals for one in policy.groups[need.group]}
        if any(is_usergroup(one) for one in voters):
            continue
        alone = [
            who
            for who in sorted(_ids(policy, rule.requesters) & voters)
            if unmet(policy, roster, rule, eligible_approvers(policy, roster, rule, who))
        ]
        if alone:
            yield (
                f'rule "{rule.name}": what {", ".join(alone)} would ask for can never be approved,'
                " because too few others are in its groups of approvers"
            )


def _never_binding(policy: Policy) -> Iterator[str]:
    """No rule draws on it, or another budget always runs out first."""
    for number, budget in enumerate(policy.budgets):
        if not any(_meets(policy, rule, budget) for rule in policy.rules):
            yield f'budget "{budget.name}" never binds: no rule allows what it covers'
            continue
        for other_number, other in enumerate(policy.budgets):
            equal = _within(policy, other, budget) and other.limit == budget.limit
            if (
                other is not budget
                and _within(policy, budget, other)
                and (not equal or other_number < number)
            ):
                yield f'budget "{budget.name}" never binds: "{other.name}" always runs out first'
                break


def _meets(policy: Policy, rule: Rule, budget: Budget) -> bool:
    askers, covered = _ids(policy, rule.requesters), _ids(policy, budget.requesters)
    unknown = {ANYBODY} & (askers | covered) or any(is_usergroup(one) for one in askers | covered)
    return (
        rule.up_to.currency == budget.limit.currency
        and meet(rule.providers, budget.providers)
        and meet(rule.assets, budget.assets)
        and bool(unknown or askers & covered)
    )


def _within(policy: Policy, budget: Budget, other: Budget) -> bool:
    """Whatever draws on the budget draws on the other as well, which has no more for as long."""
    return (
        budget.limit.currency == other.limit.currency
        and budget.limit.amount >= other.limit.amount
        and wider(other.providers, budget.providers)
        and wider(other.assets, budget.assets)
        and (
            other.requesters is None
            or (
                budget.requesters is not None
                and _ids(policy, budget.requesters) <= _ids(policy, other.requesters)
            )
        )
        and _lasts(other, budget)
    )


def _lasts(other: Budget, budget: Budget) -> bool:
    """Each window of the budget lies within one of the other."""
    if other.per == budget.per:
        return True
    length, mine = rolling(other.per), rolling(budget.per)
    return length is not None and length >= (LONGEST[budget.per] if mine is None else mine)


def _never_used(policy: Policy) -> Iterator[str]:
    used: set[str] = {group for rule in policy.rules for group in rule.groups}
    for budget in policy.budgets:
        used |= set(budget.requesters or ())
    for group in _unused(policy.groups, used | set(policy.readers or ())):
        yield f'group "{group}" is named by no rule, budget or readers'


def _unused(groups: Collection[str], used: set[str]) -> list[str]:
    return [group for group in groups if group not in used]
