"""A month told to one person: what was spent, on what, by whom, and what may still leave."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from bot.domain.money import EXACT, decimal_text, grouped
from bot.domain.months import Month
from bot.domain.orders import State
from bot.domain.people import Roster
from bot.domain.reports import Line, Promised, Report, Share, Sums
from commands.words import count, escape, listed, when
from commands.words.telling import money

LONGEST_NAME = 40

LINES_AT_MOST = 20
"""Lines of assets, and of people, that are told; the export has all of them."""

BARS = "▁▂▃▄▅▆▇█"
NO_BAR = "·"

OTHERS = "others"

CHART_COMES = "_A picture of it comes to your direct messages._"


def title(month: Month) -> str:
    """Above everything."""
    return f"Report for {month.words}"


def spent(told: Report, titles: Mapping[str, str]) -> str:
    """What was spent, against the month before, and on what."""
    currencies = sorted({*told.sums, *told.before})
    parts = [f"*Spent:* {sums(told.sums)}{' until now; the month still runs' * told.runs}"]
    parts += [f"• {_compared(told, currency)}" for currency in currencies if told.before]
    lines = [_line(line, titles) for line in told.lines]
    return "\n".join([*parts, *(["*On*"] if lines else []), *_some(lines)])


def people(name: str, shares: Sequence[Share], roster: Roster) -> str:
    """By whom it was asked for, or approved."""
    return "\n".join([f"*{name}*", *_some([_share(one, roster) for one in shares])])


def rest(told: Report) -> str:
    """What may still leave, and what came to nothing."""
    waiting = told.unspent.get(State.PENDING_APPROVAL, 0)
    unspent = [
        f"{number} {state.words}"
        for state, number in told.unspent.items()
        if state is not State.PENDING_APPROVAL
    ]
    return "\n".join(
        [
            f"*Waiting for approval:* {count(waiting, 'order')}",
            _promised("Approved and not final yet", told.reserved),
            _promised("In doubt", told.in_doubt),
            f"*Ended without a purchase:* {listed(unspent) or '0 orders'}",
        ]
    )


def small(told: Report, zone: ZoneInfo) -> str:
    """What the figures are, and where all of them are."""
    return (
        f"By the day of approval in {zone.key}, fees included; as of {when(told.at)}."
        f" `/buy export {told.month.text}` sends every order as a file."
    )


def _compared(told: Report, currency: str) -> str:
    """``1,200.00 EUR in the whole of October 2026``, and by how much a whole month differs."""
    before, now = (one.get(currency, Decimal(0)) for one in (told.before, told.sums))
    text = f"{money(before, currency)} in the whole of {told.month.plus(-1).words}"
    if told.runs:
        return text
    change = EXACT.subtract(now, before)
    if change == 0:
        return f"{text}: the same"
    by = f"{money(abs(change), currency)} {'more' if change > 0 else 'less'} now"
    if before == 0:
        return f"{text}: {by}"
    percent = (abs(change) * 100 / before).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    return f"{text}: {by} ({grouped(percent)}%)"


def sums(amounts: Sums) -> str:
    """``750.00 EUR and 5,000.00 PHP``; never added up across currencies."""
    told = [money(amount, currency) for currency, amount in sorted(amounts.items())]
    return listed(told) or "0"


def _some(lines: Sequence[str]) -> list[str]:
    more = len(lines) - LINES_AT_MOST
    return [*lines[:LINES_AT_MOST], *([f"… and {more} more"] if more > 0 else [])]


def _line(line: Line, titles: Mapping[str, str]) -> str:
    title = titles.get(line.provider, escape(line.provider, longest=LONGEST_NAME))
    asset = line.asset.upper()
    parts = [f"{money(line.spent, line.currency)}{_fees(line)}"]
    if line.quantity:
        known = f" of {count(line.count - line.unmeasured, 'purchase')}" if line.unmeasured else ""
        parts.append(f"{grouped(Decimal(decimal_text(line.quantity)))} {asset}{known}")
    if line.average is not None:
        parts.append(f"on average {_price(line.average)} {line.currency} each")
    return f"• {title}, {asset}: {count(line.count, 'purchase')}, {', '.join(parts)}"


def _fees(line: Line) -> str:
    """What of it were fees, as far as the vendor has told."""
    if line.feeless == line.count:
        return " (fees not told)"
    untold = f", not told for {line.feeless}" if line.feeless else ""
    return f" ({grouped(line.fees)} of it fees{untold})"


def _price(price: Decimal) -> str:
    """A quotient with cents, or with six digits where cents would say nothing."""
    if price >= 1:
        return grouped(price.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN))
    digits = Decimal(1).scaleb(price.adjusted() - 5)
    return format(price.quantize(digits, rounding=ROUND_HALF_EVEN), "f")


def _share(one: Share, roster: Roster) -> str:
    name = escape(roster.name(one.user), longest=LONGEST_NAME)
    return f"• {name}: {count(one.count, 'purchase')} ({sums(one.sums)})"


def _promised(name: str, one: Promised) -> str:
    most = f", {sums(one.sums)} at most" if one.count else ""
    return f"*{name}:* {count(one.count, 'order')}{most}"


def bars(told: Report) -> str:
    """What was spent on each day, as a line of bars for each currency; empty when nothing was."""
    lines = []
    for currency, assets in told.days.items():
        days = [sum(each, Decimal(0)) for each in zip(*assets.values(), strict=True)]
        lines.append(f"`{_bars(days)}` {currency} a day, {grouped(max(days))} at most")
    return "\n".join(lines)


def _bars(days: Sequence[Decimal]) -> str:
    top = max(days)
    return "".join(
        BARS[min(int(day / top * len(BARS)), len(BARS) - 1)] if day > 0 else NO_BAR for day in days
    )


def alt_text(told: Report) -> str:
    """The chart for those who do not see it."""
    parts = []
    for currency, assets in told.days.items():
        days = [sum(each, Decimal(0)) for each in zip(*assets.values(), strict=True)]
        most = max(range(len(days)), key=lambda day: days[day])
        parts.append(
            f"{money(sum(days, Decimal(0)), currency)} on {count(sum(map(bool, days)), 'day')},"
            f" most on {most + 1} {told.month.words} ({money(days[most], currency)})"
        )
    return f"Bars of what was spent on each day of {told.month.words}: {'; '.join(parts)}."


def chart_title(month: Month, currency: str) -> str:
    """Above the bars."""
    return f"Spent in {month.words}, {currency} a day"


def not_begun(month: Month) -> str:
    """A month of the future."""
    return (
        f"{month.words} has not begun. Name a month such as `2026-11`, `november` or `last month`."
    )


def export_comes(month: Month) -> str:
    """The answer to ``/buy export``."""
    return (
        f"The export of {month.words} is being written. It comes to your direct messages as a CSV"
        " file, with one row for each order and the sums below."
    )


def exported(month: Month, orders: int, spent: Sums) -> str:
    """Beside the file: what it must add up to."""
    return (
        f"Countersign, {month.words}: {count(orders, 'order')}, spent {sums(spent)}. The rows that"
        " begin with `total` add up the rows above them."
    )


def export_title(month: Month) -> str:
    """The name of the file to people."""
    return f"Orders of {month.words}"


def chart_comment(month: Month) -> str:
    """Beside the picture."""
    return f"What was spent on each day of {month.words}."


def not_sent(what: str, month: Month, reason: str) -> str:
    """A file did not come; ``what`` is of ``FILES``."""
    return (
        f"{FILES[what]} of {month.words} could not be sent to you ({escape(reason)}). {AGAIN[what]}"
    )


FILES = {"export": "The export", "chart": "The picture"}
AGAIN = {
    "export": "No order is touched by that. Ask for it once more, or have it written on the"
    " machine: `countersign export`.",
    "chart": "The figures and bars of the report itself are complete without it.",
}
