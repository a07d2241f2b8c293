"""An intent in canonical words: what the person could have typed to mean exactly this.

The inverse of ``parse``: ``parse(words(intent)) == intent`` for whatever can be parsed. The text is
as Slack would send it, so the three characters that Slack escapes are escaped in it.
"""

from bot.domain.money import DECIMALS, Money, decimal_text
from bot.domain.plans import Missed
from commands.intents import (
    Budgets,
    Buy,
    Cancel,
    Change,
    Explain,
    Export,
    Freeze,
    Help,
    Intent,
    List,
    Plan,
    Providers,
    Report,
    Schedules,
    ShowPolicy,
    Status,
    Unfreeze,
)
from commands.parse_text import escaped

TOLD = {
    Providers: "providers",
    Budgets: "budget",
    ShowPolicy: "policy",
    Report: "report",
    Export: "export",
}
"""Verbs with nothing after them, or a month."""


def words(intent: Intent) -> str:
    """Print the intent back."""
    match intent:
        case Buy():
            return _buy(intent)
        case Plan():
            return _plan(intent)
        case Schedules(schedule):
            return _with("schedules", schedule)
        case Change(verb, schedule):
            return f"{verb} {schedule}"
        case Status(order):
            return _with("status", order)
        case List(which):
            return f"list {which}"
        case Cancel(order):
            return f"cancel {order}"
        case Freeze() | Unfreeze():
            return _freeze(intent)
        case Providers() | Budgets() | ShowPolicy() | Report() | Export():
            return _told(intent)
        case Explain(what):
            return _with("explain", _buy(what) if isinstance(what, Buy) else what)
        case Help(topic):
            return _with("help", topic)


def _told(intent: Providers | Budgets | ShowPolicy | Report | Export) -> str:
    month = intent.month.text if isinstance(intent, Report | Export) else ""
    return _with(TOLD[type(intent)], month)


def _with(verb: str, rest: str | None) -> str:
    return f"{verb} {rest}" if rest else verb


def _freeze(intent: Freeze | Unfreeze) -> str:
    if isinstance(intent, Unfreeze):
        return f"unfreeze only {intent.only}" if intent.only else "unfreeze"
    only = f"only {intent.only}: " if intent.only else ""
    return f"freeze {only}{escaped(intent.reason)}"


def _plan(plan: Plan) -> str:
    missed = None if plan.missed is Missed.SKIP else plan.missed.value
    bounds = (("runs", plan.runs), ("until", plan.until), ("missed", missed))
    said = (
        "remind" if plan.reminds else None,
        plan.when.words,
        plan.start and f"from {plan.start}",
    )
    return " ".join((*(word for word in said if word), _buy(plan.buy, bounds)))


def _buy(buy: Buy, bounds: tuple[tuple[str, object], ...] = ()) -> str:
    options: tuple[tuple[str, object], ...]
    options = (
        ("in", buy.currency),
        ("via", buy.provider),
        ("max", None if buy.max_price is None else decimal_text(buy.max_price)),
        ("using", buy.outlet),
        ("to", buy.target),
        *bounds,
        ("for", None if buy.reason is None else escaped(buy.reason)),
    )
    said = (f"{word} {value}" for word, value in options if value is not None)
    return " ".join((_what(buy), *said))


def _what(buy: Buy) -> str:
    if buy.unit not in DECIMALS:
        return f"{decimal_text(buy.amount)} {buy.asset}"
    whole = buy.amount == buy.amount.to_integral_value()
    amount = decimal_text(buy.amount) if whole else Money.of(buy.amount, buy.unit).text
    return f"{amount} {buy.unit} {buy.asset}"
