"""The whole policy, readable: rules as sentences, budgets, who is in which group, times."""

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.budgets import Budget, Figures
from bot.domain.changes import percent
from bot.domain.people import Roster, Standing, is_usergroup
from bot.domain.policy import Absent, Policy, Rule
from commands.words import budgets, escape, listed, people, person, span
from commands.words.refused import cannot_vote, needs

NAMED_AT_MOST = 50
"""People named in one group."""

ORDER = "*Rules*, tried in this order. The first that fits decides; what none takes is refused."
EVERYWHERE = "Whoever asks never approves their own request, and each person counts once."


def rule(one: Rule, titles: Mapping[str, str]) -> str:
    """One rule as sentences."""
    who = "Anybody in the workspace"
    if one.requesters is not None:
        who = f"Members of {listed(map(escape, one.requesters), 'or')}"
    assets = "" if one.assets is None else f" of {listed(map(str.upper, one.assets), 'or')}"
    told = (
        f"{who} may ask for up to {one.up_to.human}{assets}{_places(one.providers, titles)}, fees"
        f" included. {needs(one.approvals)} must approve."
    )
    wants = [
        *(["a reason"] if one.require_reason else []),
        *(["a price that is read before people are asked"] if one.quote_required else []),
    ]
    return f"{told} It wants {listed(wants)}." if wants else told


def _places(providers: Sequence[str] | None, titles: Mapping[str, str]) -> str:
    if providers is None:
        return ""
    return f" at {listed((titles.get(one, escape(one)) for one in providers), 'or')}"


def rules(policy: Policy, titles: Mapping[str, str]) -> str:
    """All of them, numbered."""
    lines = [
        f"{number}. *{escape(one.name)}*: {rule(one, titles)}"
        for number, one in enumerate(policy.rules, 1)
    ]
    return "\n".join([ORDER, *lines, EVERYWHERE])


def limits(figures: Sequence[Figures], titles: dict[str, str]) -> str:
    """The budgets with what is left of them, for readers."""
    told = budgets.overview(figures, titles)
    return "\n".join(["*Budgets*, each of which must have enough:", *told, HOW])


HOW = "What is approved counts with all that it may cost until the provider tells what it did cost."


def bare_limits(all_of_them: Iterable[Budget], titles: dict[str, str]) -> str:
    """The budgets without figures."""
    lines = [f"• {budget(one, titles)}" for one in all_of_them]
    if not lines:
        return budgets.NONE_SET
    return "\n".join(["*Budgets*, each of which must have enough:", *lines, HOW])


def budget(one: Budget, titles: dict[str, str]) -> str:
    """``monthly: 10,000.00 EUR a month, orders of BTC at Kriptomat``."""
    covers = budgets.covered(one, titles) or "all orders in that currency"
    return f"*{escape(one.name)}*: {budgets.limit(one)}, {covers}"


def groups(policy: Policy, roster: Roster) -> str:
    """Who is in each group at this moment, and whose membership means nothing."""
    return "\n".join(["*Groups*, as Slack tells them now:", *_groups(policy, roster)])


def _groups(policy: Policy, roster: Roster) -> Iterable[str]:
    for name, ids in policy.groups.items():
        members = people(policy.members(name, roster), at_most=NAMED_AT_MOST) or "nobody"
        strange = [
            Absent(who=user, standing=roster.standing(user))
            for user in sorted(roster.named(ids))
            if roster.standing(user) is not Standing.MEMBER
        ]
        empty = [
            Absent(who=one, standing=Standing.UNKNOWN)
            for one in ids
            if is_usergroup(one) and not roster.usergroups.get(one)
        ]
        lost = cannot_vote([*strange, *empty])
        without = f". Not counted: {'; '.join(lost)}" if lost else ""
        yield f"• *{escape(name)}*: {members}{without}"


def named(policy: Policy) -> str:
    """Who is in each group as the configuration has it, which knows no user group's people."""
    lines = [f"• *{escape(name)}*: {', '.join(ids)}" for name, ids in policy.groups.items()]
    if policy.usergroups:
        lines.append(f"Who is in {listed(policy.usergroups)} only Slack knows.")
    return "\n".join(["*Groups*", *lines])


def times(policy: Policy) -> str:
    """How long what holds, and who may look."""
    readers = "everybody in a group"
    if policy.readers is not None:
        readers = listed(map(escape, policy.readers)) or "nobody"
    operators = listed(person(one) for one in policy.operators) or "nobody"
    decide = (
        f"people have {span(policy.expires_after)} to decide and are reminded after"
        f" {span(policy.remind_after)}, then after twice as long each time. An approval is good for"
        f" {span(policy.valid_for)}; then people are asked anew"
    )
    drift = f"nothing is sent at more than {percent(policy.max_price_drift)} above it"
    return "\n".join(
        (
            f"*Time*: {decide}.",
            f"*Price*: where the provider tells one it stands on the card, and {drift}.",
            f"*Orders are seen by* {readers}. *Told of trouble*: {operators}.",
        )
    )


SOURCE = (
    "_Read from the configuration when I was started; only the administrator of Countersign can"
    " change it._"
)
