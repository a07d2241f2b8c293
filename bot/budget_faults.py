"""Do the budgets make sense, and do they cover all that the rules allow?

Where budgets exist, what none of them covers cannot be bought. A gap is told when the bot starts,
with exactly what is not covered, not on the day somebody wants to buy it.
"""

from collections.abc import Iterable, Iterator, Sequence

from bot.domain.policy import Policy
from bot.settings import BudgetTable, File, RuleTable
from bot.tables import Offer

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


def _offers(file: File) -> dict[str, Offer]:
    return {name: table.offer for name, table in file.providers if table is not None}


def _own_faults(file: File, budget: BudgetTable) -> Iterator[str]:
    where, offers = f'budget "{budget.name}"', _offers(file)
    for group in budget.requesters or ():
        if group not in file.groups:
            yield f'{where}: requesters: there is no group "{group}"'
    if budget.requesters and not any(file.groups.get(one, ("?",)) for one in budget.requesters):
        yield f"{where} covers nothing: nobody is in its groups of requesters"
    for name in budget.providers or ():
        if name not in offers:
            yield f'{where}: provider "{name}" is not enabled'
    named = offers if budget.providers is None else budget.providers
    its = [offer for name, offer in offers.items() if name in named]
    if not its:
        return
    for asset in budget.assets or ():
        if not any(asset in offer.assets for offer in its):
            yield f'{where}: no provider of it offers "{asset}"'
    if not any(budget.limit.currency in offer.currencies for offer in its):
        yield f"{where}: no provider of it can be paid in {budget.limit.currency}"


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
            if (budget.providers is None or provider in budget.providers)
            and (budget.assets is None or asset in budget.assets)
        ]
        for who in _left_out(file, rule, covering):
            gaps.setdefault(who, []).append(f"{asset} at {provider}")
    for who, what in gaps.items():
        all_of_it = "" if len(what) == len(pairs) else f" for {_some(what)}"
        yield f'rule "{rule.name}": no budget in {currency} covers {who}{all_of_it}'


def _pairs(file: File, rule: RuleTable) -> list[tuple[str, str]]:
    return [
        (name, asset)
        for name, offer in _offers(file).items()
        if rule.up_to.currency in offer.currencies
        and (rule.providers is None or name in rule.providers)
        for asset in sorted(offer.assets)
        if rule.assets is None or asset in rule.assets
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
                and _meet(rule.providers, budget.providers)
                and _meet(rule.assets, budget.assets)
                and _people_meet(policy, rule.requesters, budget.requesters)
            ):
                yield (
                    f'rule "{rule.name}" allows up to {rule.up_to.human} for one order, and budget'
                    f' "{budget.name}" never has more than {budget.limit.human}'
                )


def _meet(one: Iterable[str] | None, other: Iterable[str] | None) -> bool:
    return one is None or other is None or bool(set(one) & set(other))


def _people_meet(
    policy: Policy, one: tuple[str, ...] | None, other: tuple[str, ...] | None
) -> bool:
    """A user group of Slack may have anybody in it."""
    if one is None or other is None:
        return True
    first, second = (
        {who for group in some for who in policy.groups[group]} for some in (one, other)
    )
    return bool(first & second) or any(who.startswith("S") for who in first | second)
