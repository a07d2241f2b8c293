"""Could this policy ever work? Everything about it that is wrong, a sentence each.

A group that nobody is in, a rule that another one hides, more approvals than people: told when the
bot starts, not on the day somebody wants to buy.
"""

from collections.abc import Iterator

from bot.domain.names import Names, has, wider
from bot.domain.people import Person, Roster, is_usergroup
from bot.domain.policy import Policy, Requirement, Rule, unmet
from bot.settings import File, RuleTable

SEATS_AT_MOST = 100
"""Approvals that one rule may want in all; finding out who can give them grows with it."""


def policy_faults(file: File) -> Iterator[str]:
    for group in file.team.readers or ():
        if group not in file.groups:
            yield f'team.readers: there is no group "{group}"'
    names = [rule.name for rule in file.rules]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f'rules: two rules are called "{name}"; names are shown to people and must differ'
    yield from _cap_faults(file)
    for index, rule in enumerate(file.rules):
        yield from _rule_faults(file, rule)
        for earlier in file.rules[:index]:
            if _covers(earlier, rule):
                yield (
                    f'rule "{rule.name}" can never match: "{earlier.name}" stands before it and'
                    " takes everything that it would take"
                )


def _cap_faults(file: File) -> Iterator[str]:
    """A cap in a currency that nobody pays in would cap nothing."""
    for name, table in file.providers:
        for setting in ("first_order_at_most", "minimum"):
            amount = getattr(table, setting, None)
            if amount is not None and amount.currency not in table.offer.currencies:
                paid = " or ".join(sorted(table.offer.currencies))
                where = f"providers.{name}.{setting}"
                yield f"{where}: it is paid in {paid}, not {amount.currency}"


def _rule_faults(file: File, rule: RuleTable) -> Iterator[str]:
    where = f'rule "{rule.name}"'
    for group in rule.requesters or ():
        if group not in file.groups:
            yield f'{where}: requesters: there is no group "{group}"'
    if rule.requesters and not any(file.groups.get(group, ("?",)) for group in rule.requesters):
        yield f"{where} can never match: nobody is in its groups of requesters"
    yield from _approval_faults(file, rule)
    yield from _provider_faults(file, rule)


def _approval_faults(file: File, rule: RuleTable) -> Iterator[str]:
    where = f'rule "{rule.name}"'
    told = False
    if sum(need.count for need in rule.approvals) > SEATS_AT_MOST:
        yield f"{where}: wants more than {SEATS_AT_MOST} approvals in all"
        return
    for need in rule.approvals:
        members = file.groups.get(need.group)
        if members is None:
            fault = f'approvals: there is no group "{need.group}"'
        elif not members:
            fault = f'the approver group "{need.group}" is empty'
        elif need.count > len(set(members)) and not any(map(is_usergroup, members)):
            has = f"which has only {len(set(members))}"
            fault = f'wants {need.count} approvals from "{need.group}", {has}'
        else:
            continue
        told = True
        yield f"{where}: {fault}"
    if told:
        return
    if _falls_short(file, rule, without=None):
        yield f"{where}: its approvals need more different people than its groups have together"
    elif _nobody_can_ask(file, rule):
        yield f"{where} can never be approved: whoever may ask for it would have to approve it too"


def _falls_short(file: File, rule: RuleTable, *, without: str | None) -> bool:
    """Several requirements at once, each person counted once. Slack's user groups may have any."""
    named = {one for need in rule.approvals for one in file.groups[need.group]}
    if any(map(is_usergroup, named)):
        return False
    roster = Roster(people={one: Person(id=one, name=one, team="") for one in named})
    needs = tuple(Requirement(group=need.group, count=need.count) for need in rule.approvals)
    asked = Rule(name=rule.name, up_to=rule.up_to, approvals=needs)
    policy = Policy(groups=file.groups, rules=(asked,))
    return bool(unmet(policy, roster, asked, named - {without}))


def _nobody_can_ask(file: File, rule: RuleTable) -> bool:
    """Nobody approves a request of their own: for each who may ask, too few others are left."""
    if rule.requesters is None:
        return False
    askers = {one for group in rule.requesters for one in file.groups.get(group, ())}
    return bool(askers) and all(
        not is_usergroup(one) and _falls_short(file, rule, without=one) for one in askers
    )


def _provider_faults(file: File, rule: RuleTable) -> Iterator[str]:
    where = f'rule "{rule.name}"'
    yield from offer_faults(file, where, rule.providers, rule.assets, rule.up_to.currency)
    its = [offer for name, offer in file.offers.items() if has(rule.providers, name)]
    paid = [offer for offer in its if rule.up_to.currency in offer.currencies]
    if paid and rule.quote == "required" and not any(offer.tells_price for offer in paid):
        yield f"{where}: wants a price, and no provider of it is set up to tell one"


def offer_faults(
    file: File, where: str, providers: Names, assets: Names, currency: str
) -> Iterator[str]:
    """What a rule or a budget names and no enabled provider of it has."""
    for name in providers or ():
        if name not in file.offers:
            yield f'{where}: provider "{name}" is not enabled'
    its = [offer for name, offer in file.offers.items() if has(providers, name)]
    if not its:
        return
    for asset in assets or ():
        if not any(asset in offer.assets for offer in its):
            yield f'{where}: no provider of it offers "{asset}"'
    if not any(currency in offer.currencies for offer in its):
        yield f"{where}: no provider of it can be paid in {currency}"


def _covers(earlier: RuleTable, later: RuleTable) -> bool:
    """Everything that the later rule takes, the earlier one has taken before."""
    return (
        wider(earlier.requesters, later.requesters)
        and wider(earlier.providers, later.providers)
        and wider(earlier.assets, later.assets)
        and earlier.up_to.currency == later.up_to.currency
        and earlier.up_to.amount >= later.up_to.amount
    )
