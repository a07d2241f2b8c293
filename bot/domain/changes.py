"""What people were shown, held against what stands now: each difference as a phrase.

A vote is for exactly what was shown. When that changes the votes are void, and people are told
which field it was: ``rule small: up to 1,000.00 EUR → 500.00 EUR``. Who is in a group is not part
of what was shown: it is judged when somebody votes and again before money moves.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.domain.budget_changes import changed
from bot.domain.budgets import Budget
from bot.domain.money import Money, decimal_text, grouped
from bot.domain.names import Names, told
from bot.domain.orders import Terms
from bot.domain.people import Standing
from bot.domain.policy import Denied, Fault, Mismatch, Requirement, Rule, Tried
from bot.domain.quotes import PriceBand

Show = Callable[[Any], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a card asks people to agree to."""

    terms: Terms
    rule: Rule
    band: PriceBand
    budgets: tuple[Budget, ...] = ()


def changes(before: Shown, now: Shown) -> tuple[str, ...]:
    """A phrase for each field that is not as it was shown; nothing means that votes stand.

    Of the band only what the policy says is compared: the price itself is held against it when the
    order is sent.
    """
    return (
        *terms_changes(before.terms, now.terms),
        *rule_changes(before.rule, now.rule),
        *(one.phrase for one in changed(before.budgets, now.budgets)),
        *_fields(BAND, before.band, now.band),
    )


def terms_changes(before: Terms, now: Terms) -> tuple[str, ...]:
    """How the terms differ."""
    return tuple(_fields(TERMS, before, now))


def rule_changes(before: Rule, now: Rule) -> tuple[str, ...]:
    """How the rule that decides differs; another name comes first."""
    place = f"rule {now.name}: "
    renamed = () if before.name == now.name else (f"rule {before.name} → {now.name}",)
    return (*renamed, *_fields(RULE, before, now, place))


def obstacle(no: Denied, cost: Money) -> str:
    """Why the policy of today does not allow what was allowed once, as a phrase."""
    name = "" if no.rule is None else no.rule.name
    match no.fault:
        case Fault.NOT_A_MEMBER:
            return f"who asked for it {GONE[no.standing or Standing.UNKNOWN]}"
        case Fault.REASON_MISSING:
            return f"rule {name} wants a reason, and it has none"
        case Fault.NO_PRICE:
            return f"rule {name} or its maximum needs a price, and the provider tells none"
        case Fault.NO_BUDGET:
            return "no budget covers it"
        case Fault.TOO_FEW_APPROVERS:
            return f"rule {name} needs {needs(no.missing)} more than there are"
        case Fault.NO_RULE:
            return "; ".join(misfit(tried, cost) for tried in no.tried) or "there is no rule"


def misfit(tried: Tried, cost: Money) -> str:
    """Why one rule does not fit: ``rule small allows up to 500.00 EUR, it may cost 510.00 EUR``."""
    rule = tried.rule
    match tried.mismatch:
        case Mismatch.REQUESTER:
            who = f"is for {_names(rule.requesters)}, who asked for it is not among them"
        case Mismatch.PROVIDER:
            who = f"is for {_names(rule.providers)}"
        case Mismatch.ASSET:
            who = f"is for {_names(rule.assets)}"
        case Mismatch.CURRENCY:
            who = f"is for orders in {rule.up_to.currency}"
        case Mismatch.AMOUNT:
            who = f"allows up to {rule.up_to.human}, it may cost {cost.human}"
        case None:
            who = "fits"
    return f"rule {rule.name} {who}"


GONE: Mapping[Standing, str] = {
    Standing.MEMBER: "is a member",
    Standing.GUEST: "is a guest now",
    Standing.BOT: "is an app",
    Standing.DEACTIVATED: "is deactivated",
    Standing.STRANGER: "belongs to another workspace",
    Standing.UNKNOWN: "is not known to Slack any more",
}
"""What has become of a requester."""


def _fields(
    shows: Mapping[str, tuple[str, Show]], before: object, now: object, place: str = ""
) -> Iterable[str]:
    for name, (label, show) in shows.items():
        was, is_now = getattr(before, name), getattr(now, name)
        if was != is_now:
            yield f"{place}{label} {show(was)} → {show(is_now)}"


def needs(requirements: Iterable[Requirement]) -> str:
    """``1 from approvers and 2 from board``."""
    return " and ".join(f"{need.count} from {need.group}" for need in requirements)


def _human(value: Any) -> str:
    return str(value.human)


def _text(value: str | None) -> str:
    return "none" if value is None else value


def _names(names: Names) -> str:
    return told(names, "any")


def _price(price: Decimal | None) -> str:
    return "none" if price is None else grouped(price)


def percent(fraction: Decimal) -> str:
    """``3%`` of 0.03."""
    return f"{decimal_text(fraction * 100)}%"


def _yes_no(flag: bool) -> str:  # noqa: FBT001 - it is what is shown
    return "yes" if flag else "no"


TERMS: Mapping[str, tuple[str, Show]] = {
    "provider": ("provider", _text),
    "asset": ("asset", str.upper),
    "spend": ("amount", _human),
    "currency": ("currency", _text),
    "cost": ("costs at most", _human),
    "max_price": ("max", _price),
    "outlet": ("paid by", _text),
    "target": ("to", _text),
    "recipient": ("credited", _text),
    "reason": ("reason", _text),
}
RULE: Mapping[str, tuple[str, Show]] = {
    "up_to": ("up to", _human),
    "approvals": ("needs", needs),
    "requesters": ("may be asked for by", _names),
    "providers": ("providers", _names),
    "assets": ("assets", _names),
    "quote_required": ("wants a price:", _yes_no),
    "require_reason": ("wants a reason:", _yes_no),
}
BAND: Mapping[str, tuple[str, Show]] = {
    "drift": ("the price may rise by", percent),
    "wanted": ("the provider is asked before people are:", _yes_no),
}
"""What each field is called to people, and how its value is shown."""
