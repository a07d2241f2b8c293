"""Do the budgets make sense, and do they cover all that the rules allow?

Where budgets exist, what none of them covers cannot be bought. A gap is told when the bot starts,
with exactly what is not covered, not on the day somebody wants to buy it.
"""

from collections.abc import Iterator, Sequence

from bot.domain.names import Names, has, meet
from bot.domain.people import is_usergroup
from bot.domain.policy import Policy
from bot.policy_faults import offer_faults
from bot.settings import BudgetTable, File, RuleTable

NAMED_AT_MOST = 5
"""Pairs of asset and provider that one sentence names."""


def budget_faults(file: File) -> Iterator[str]:
    names = [budget.name for budget in file.budgets]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f'budgets: two budgets are called "{name}"; names are shown to people and must differ'
    own = [fault for budget in file.budgets for fault in _own_faults(file, budget)]
    yield from own
    if file.budgets and not own:
        for rule in file.rules:
            yield from _gaps(file, rule)


def _own_faults(file: File, budget: BudgetTable) -> Iterator[str]:
    where = f'budget "{budget.name}"'
    for group in budget.requesters or ():
        if group not in file.groups:
            yield f'{where}: requesters: there is no group "{group}"'
    if budget.requesters and not any(file.groups.get(one, ("?",)) for one in budget.requesters):
        yield f"{where} covers nothing: nobody is in its groups of requesters"
    currency = budget.limit.currency
    yield from offer_faults(file, where, budget.providers, budget.assets, currency)


def _gaps(file: File, rule: RuleTable) -> Iterator[str]:
    """What the rule allows and no budget covers: assets and providers, by who may ask."""
    currency = rule.up_to.currency
    pairs = _pairs(file, rule)
    own = [budget for budget in file.budgets if budget.limit.currency == currency]
    if not own and pairs:
        yield (
            f'rule "{rule.name}": no budget is in {currency}; where there are budgets, each rule'
            " needs one in its currency"
        )
        return
    gaps: dict[str, list[str]] = {}
    for provider, asset in pairs:
        covering = [
            budget
            for budget in own
            if has(budget.providers, provider) and has(budget.assets, asset)
        ]
        for who in _left_out(file, rule, covering):
            gaps.setdefault(who, []).append(f"{asset} at {provider}")
    for who, what in gaps.items():
        all_of_it = "" if len(what) == len(pairs) else f" for {_some(what)}"
        yield f'rule "{rule.name}": no budget in {currency} covers {who}{all_of_it}'


def _pairs(file: File, rule: RuleTable) -> list[tuple[str, str]]:
    return [
        (name, asset)
        for name, offer in file.offers.items()
        if rule.up_to.currency in offer.currencies and has(rule.providers, name)
        for asset in sorted(offer.assets)
        if has(rule.assets, asset)
    ]


def _left_out(file: File, rule: RuleTable, covering: Sequence[BudgetTable]) -> Iterator[str]:
    """Those who may ask by this rule and are in none of these budgets, in words."""
    if any(budget.requesters is None for budget in covering):
        return
    groups = {group for budget in covering for group in budget.requesters or ()}
    known = {one for group in groups for one in file.groups.get(group, ())}
    if rule.requesters is None:
        inside = ", ".join(f'"{group}"' for group in sorted(groups))
        yield f"orders of people outside of {inside}" if groups else "any order"
        return
    for group in rule.requesters:
        outside = set(file.groups.get(group, ())) - known
        if outside and not groups:
            yield "any order"
            return
        if outside:
            yield f'orders of {", ".join(sorted(outside))} from "{group}"'


def _some(what: Sequence[str]) -> str:
    more = len(what) - NAMED_AT_MOST
    return ", ".join([*what[:NAMED_AT_MOST], *([f"{more} more"] if more > 0 else [])])


def never_in_full(policy: Policy) -> Iterator[str]:
    """Rules that allow more for one order than a budget of it ever has: no fault, because the
    budget may cover only a part of what the rule does, but worth a word."""
    for rule in policy.rules:
        for budget in policy.budgets:
            if (
                rule.up_to.currency == budget.limit.currency
                and rule.up_to.amount > budget.limit.amount
                and meet(rule.providers, budget.providers)
                and meet(rule.assets, budget.assets)
                and _people_meet(policy, rule.requesters, budget.requesters)
            ):
                yield (
                    f'rule "{rule.name}" allows up to {rule.up_to.human} for one order, and budget'
                    f' "{budget.name}" never has more than {budget.limit.human}'
                )


def _people_meet(policy: Policy, one: Names, other: Names) -> bool:
    """A user group of Slack may have anybody in it."""
    if one is None or other is None:
        return True
    first, second = (
        {who for group in some for who in policy.groups[group]} for some in (one, other)
    )
    return bool(first & second) or any(map(is_usergroup, first | second))
