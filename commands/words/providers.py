"""What a provider can do and how it is: made of its sheet and its health, never of its name."""

from datetime import datetime

from bot.domain.capabilities import Health, Lookup, Sheet
from bot.domain.changes import percent
from bot.domain.money import Money
from commands.words import count, duration, escape, listed, when

LOOKUPS = {
    Lookup.REFERENCE: "it carries our reference, so that it can be found for certain",
    Lookup.ATTRIBUTES: "it can be found by amount and time only, which is evidence and no proof",
    Lookup.NONE: "there is no list in which it could be found",
}


def described(sheet: Sheet, health: Health, now: datetime) -> str:
    """One provider as a block of lines."""
    lines = [
        *([f"⚠️ {sheet.caution}"] if sheet.caution else []),
        _buys(sheet),
        f"If a reply is lost: {_lost(sheet)}.",
        _price(sheet),
        *_ways(sheet),
        *_limits(sheet),
        _health(health, now),
    ]
    return f"*{sheet.title}* (`via {sheet.provider}`)\n" + "\n".join(f"• {one}" for one in lines)


def _buys(sheet: Sheet) -> str:
    assets = listed(asset.upper() for asset in sorted(sheet.assets))
    paid = listed(sorted(sheet.currencies), "or")
    kinds = []
    if sheet.spends_currency:
        kinds.append(f"an amount of {paid}")
    if sheet.spends_asset:
        kinds.append("an amount of the asset")
    return f"Sells {assets} for {paid}; takes {listed(kinds, 'or')}."


def _lost(sheet: Sheet) -> str:
    if sheet.key_lifetime is not None:
        kept = duration(sheet.key_lifetime.total_seconds())
        return f"the same request is sent again within {kept}, which buys only once; {_look(sheet)}"
    if sheet.free_until_paid:
        return (
            "nothing is sent again, and what is not paid costs nothing; the only unpaid order of"
            " that moment is taken for ours, and of several people choose"
        )
    return f"nothing is sent again, because that could buy twice; {_look(sheet)}"


def _look(sheet: Sheet) -> str:
    return LOOKUPS[sheet.lookup]


def _price(sheet: Sheet) -> str:
    if sheet.quotes:
        return "Tells a price before buying, so `max` works and the price is held to."
    return "Tells no price before buying: no price protection, and `max` is refused."


def _ways(sheet: Sheet) -> list[str]:
    """Where it is paid and who is credited, by the words and without them."""
    lines, book = [], listed((escape(name) for name in sorted(sheet.targets)), "or")
    if sheet.sends_rate:
        lines.append("The price of the moment is sent along; what it does there is not known.")
    if sheet.outlet is not None:
        lines.append(f"Paid at {escape(sheet.outlet)}, unless `using` names another outlet.")
    if sheet.credited is not None:
        named = f"; `to` names another wallet: {book}" if book else ""
        lines.append(f"What is bought goes to {escape(sheet.credited)}{named}.")
    elif book:
        lines.append(f"Say with `to` which wallet receives it: {book}.")
    return lines


def _limits(sheet: Sheet) -> list[str]:
    lines = []
    if sheet.minimum is not None:
        least = Money.of(sheet.minimum, min(sheet.currencies)).human
        lines.append(f"The smallest order is {least}.")
    if sheet.fee_allowance:
        lines.append(f"{percent(sheet.fee_allowance)} for fees is counted into limits.")
    if sheet.first_order_at_most is not None:
        most = sheet.first_order_at_most.human
        lines.append(f"Until one order has been completed, an order may cost at most {most}.")
    if sheet.payment_step:
        lines.append("A person has to pay what was ordered.")
    if sheet.cancellable:
        lines.append("An unpaid order can be cancelled.")
    return lines


def _health(health: Health, now: datetime) -> str:
    failed = f"{count(health.failures, 'call')} in a row failed ({escape(health.trouble or '?')})"
    if health.paused_until is not None and health.paused_until > now:
        return (
            f"⚠️ Nothing is sent until {when(health.paused_until)}: {failed}. Orders wait and say"
            " so."
        )
    if health.failures:
        return f"⚠️ The last {failed}."
    if health.answered_at is None:
        return "Not asked since the bot was started."
    return f"Answers; last {when(health.answered_at)}."
