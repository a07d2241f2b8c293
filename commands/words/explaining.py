"""Why a request is decided as it is: rules in their order, people by name, budgets, price, time."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.domain.changes import percent
from bot.domain.orders import Order, State
from bot.domain.policy import Policy, Rule
from bot.workflow.explaining import Explanation, Voters
from commands.words import budgets, escape, listed, people, person, span, telling, when
from commands.words.refused import No, cannot_vote, needs, parts, why_not

NAMED_AT_MOST = 20
"""People named in one list."""

NOTHING = "Nothing was requested: this only tells what would happen."

WHAT = (
    "What should I explain? `/buy explain BUY-7K3FQ` tells why an order stands where it stands,"
    " `/buy explain 250 EUR btc via kriptomat` what would happen if you asked for it."
)


def told(one: Explanation, policy: Policy, titles: Mapping[str, str], *, reader: str) -> list[str]:
    """The explanation in parts, each a few lines. ``titles``: what people call the providers."""
    asker = None if one.requester == reader else person(one.requester)
    title = ""
    if one.order is not None:
        title = titles.get(one.order.terms.provider, one.order.terms.provider)
    told = [_head(one, title, titles)]
    if one.changed:
        told.append(f"*Changed since it was shown*\n{_dotted(map(escape, one.changed))}\n{ANEW}")
    if one.tried:
        told.append(_rules(one, titles, asker))
    if one.voters is not None:
        told.append(_voters(one.voters, asker))
    if one.order is not None:
        told += [_budgets(one, one.order), _price(one.order, title)]
        told.append(_time(one, one.order, policy))
    if not one.is_real:
        told.append(NOTHING)
    return told


ANEW = "At the next vote, or when the clock looks, people are asked anew."


def _head(one: Explanation, title: str, titles: Mapping[str, str]) -> str:
    if one.is_real and one.order is not None:
        return _order(one, one.order, title, titles)
    if one.refusal is not None:
        return f"*As it stands it would be refused.*\n{_refused(one, titles).text}"
    assert one.decides is not None, "what is not refused is decided by a rule"
    what = "It" if one.order is None else f"*{telling.headline(one.order, title)}*"
    return (
        f"{what} may cost {one.cost} with fees, and would be asked about in the channel:"
        f" {_needs(one.decides)}."
    )


def _order(one: Explanation, order: Order, title: str, titles: Mapping[str, str]) -> str:
    asked = f"asked for by {person(order.requester)}"
    lines = [f"*{telling.headline(order, title)}*   {order.id} is {order.state.words}, {asked}."]
    if order.envelope is not None:
        lines.append(f"{telling.agreed(order.envelope)}, whose total may be {one.cost} with fees.")
    elif order.votes:
        lines.append(f"Approved by {people(vote.voter for vote in order.votes)}.")
    lines.append(f"What its card shows: {_needs(order.rule)}.")
    if one.refusal is not None:
        lines.append(f"*Asked for today it would be refused.* {_refused(one, titles).reason}")
    return "\n".join(lines)


def _refused(one: Explanation, titles: Mapping[str, str]) -> No:
    """Its parts, without the rules that stand in a part of their own here."""
    assert one.refusal is not None, "asked for by those who have one"
    no = parts(one.refusal, titles)
    first, *rules = no.reason.split("\n")
    return replace(no, reason=f"{first.removesuffix(':')}.") if rules else no


def _needs(rule: Rule) -> str:
    return f"rule “{escape(rule.name)}” decides, {needs(rule.approvals)} must approve"


def _rules(one: Explanation, titles: Mapping[str, str], asker: str | None) -> str:
    today = " today" if one.is_real else ""
    lines = [f"*Rules{today}, in their order; the first that fits decides*"]
    for number, tried in enumerate(one.tried, 1):
        if tried.mismatch is None:
            rule = tried.rule
            fits = f"“{escape(rule.name)}” *fits and decides*: {rule.up_to.human} at most"
            lines.append(f"{number}. ✅ {fits}, needs {needs(rule.approvals)}.")
        else:
            lines.append(f"{number}. ✗ {why_not(tried, one.cost, titles, asker=asker)}")
    lines += [
        f"{number}. “{escape(rule.name)}” is not looked at, because an earlier one decides."
        for number, rule in enumerate(one.untried, len(one.tried) + 1)
    ]
    return "\n".join(lines)


def _voters(voters: Voters, asker: str | None) -> str:
    can = people(voters.can, at_most=NAMED_AT_MOST) or "nobody"
    lines = ["*Who may approve*", f"Needed: {needs(voters.missing)}. Can vote: {can}."]
    lost = cannot_vote(voters.absent, asker)
    if voters.late:
        late = people(voters.late, at_most=NAMED_AT_MOST)
        lost.append(f"{late}, who became an approver after it was asked for")
    if voters.left:
        lost.append(f"{people(voters.left, at_most=NAMED_AT_MOST)}, no longer in its groups")
    return "\n".join([*lines, *([f"Cannot vote:\n{_dotted(lost)}"] if lost else [])])


def _dotted(lines: Iterable[str]) -> str:
    return "\n".join(f"• {line}" for line in lines)


def _budgets(one: Explanation, order: Order) -> str:
    if one.prospects:
        return f"*What it would leave*\n{budgets.on_a_card(one.prospects)}"
    if not order.budgets:
        return f"*Budgets*: none covers it. Rule “{escape(order.rule.name)}” alone limits it."
    names = listed(f"{escape(name.name)} ({budgets.limit(name)})" for name in order.budgets)
    return f"*Budgets*: it draws on {names}; `/buy budget` shows what is left."


def _price(order: Order, title: str) -> str:
    band = order.band
    if band.limit is None and band.drift:
        return (
            f"*Price*: {title} is asked before people are, and nothing is sent at more than"
            f" {percent(band.drift)} above that price."
        )
    return f"*Price*: {telling.protection(order, title)}."


def _time(one: Explanation, order: Order, policy: Policy) -> str:
    if order.state not in {State.PENDING_APPROVAL, State.APPROVED}:
        return f"*Time*: it is {order.state.words}, so no approval can run out."
    if order.state is State.APPROVED:
        until = order.valid_until or order.expires_at
        return f"*Time*: the approval is good until {when(until)}; then people are asked anew."
    decide = f"people have {span(policy.expires_after)} to decide"
    if one.is_real:
        decide = f"people have until {when(order.expires_at)} to decide"
    sent = f"Once approved it is sent within {span(policy.valid_for)}, or they are asked anew."
    return f"*Time*: {decide}. {sent}"
