"""Budgets told to people: what is spent, reserved, in doubt and left, and what an order leaves.

The four figures stand in one line, in the same order everywhere, and always add up to the limit.
Each says of which moment it is, because others buy meanwhile.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from bot.domain.budgets import Budget, Figures, Prospect
from bot.domain.money import grouped
from bot.domain.orders import Order
from bot.domain.windows import rolling
from commands.words import count, escape, listed, when

ON_A_CARD = 4
"""Budgets shown on one card, the tightest; `/buy budget` shows all of them."""

BAR = 20
"""Characters of the bar."""

NONE_SET = "There are no budgets: only the rules limit what may be bought."

CALENDAR = {"day": "a day", "week": "a week", "month": "a month"}


def limit(budget: Budget) -> str:
    """``10,000.00 EUR a month``."""
    length = rolling(budget.per)
    window = CALENDAR[budget.per] if length is None else f"in any {count(length.days, 'day')}"
    return f"{budget.limit.human} {window}"


def overview(figures: Sequence[Figures], titles: dict[str, str]) -> list[str]:
    """Every budget as lines of its own."""
    return [_one(one, titles) for one in figures]


def _one(figures: Figures, titles: dict[str, str]) -> str:
    budget = figures.budget
    covers = covered(budget, titles)
    lines = [
        f"*{escape(budget.name)}*: {limit(budget)}{_turns(figures)}",
        f"`{bar(figures)}` {columns(figures, figures.left, 'left')}",
        *([f"Only for {covers}."] if covers else []),
    ]
    return "\n".join(lines)


def covered(budget: Budget, titles: dict[str, str]) -> str:
    """``orders by buyers of BTC at Kriptomat``; empty for all orders."""
    parts = []
    if budget.requesters is not None:
        parts.append(f"by {listed(map(escape, budget.requesters))}")
    if budget.assets is not None:
        parts.append(f"of {listed((escape(one.upper()) for one in budget.assets), 'or')}")
    if budget.providers is not None:
        named = (titles.get(one, escape(one)) for one in budget.providers)
        parts.append(f"at {listed(named, 'or')}")
    return " ".join(["orders", *parts]) if parts else ""


def columns(figures: Figures, left: Decimal, name: str) -> str:
    """``spent 4,200.00 · reserved 750.00 · in doubt 0.00 · *left 5,050.00* EUR``."""
    parts = [
        f"spent {grouped(figures.spent)}",
        f"reserved {grouped(figures.reserved)}",
        f"in doubt {grouped(figures.in_doubt)}",
        f"*{name} {grouped(left)}*",
    ]
    return f"{' · '.join(parts)} {figures.budget.limit.currency}"


def bar(figures: Figures) -> str:
    """``█`` spent, ``▓`` reserved or in doubt, ``░`` left; then how much of it is used."""
    whole = figures.budget.limit.amount
    share = min(Decimal(1), figures.used / whole)
    solid = int(min(Decimal(1), figures.spent / whole) * BAR)
    # What is used at all is seen, and the bar is full only when nothing is left.
    filled = int(share * BAR) if figures.left > 0 else BAR
    filled = max(filled, 1) if figures.used else 0
    solid = min(solid, filled)
    drawn = "█" * solid + "▓" * (filled - solid) + "░" * (BAR - filled)
    return f"{drawn} {int(share * 100)}%"


def _turns(figures: Figures) -> str:
    if figures.turns_at is None:
        return ""
    if figures.window.end is None:
        return f"; the oldest order in it counts until {when(figures.turns_at)}"
    return f" until {when(figures.turns_at)}"


def on_a_card(prospects: Sequence[Prospect]) -> str:
    """What people see of the budgets before they vote."""
    tight = sorted(prospects, key=lambda one: one.left / one.figures.budget.limit.amount)
    lines = [_card_line(one) for one in tight[:ON_A_CARD]]
    if (more := len(tight) - ON_A_CARD) > 0:
        lines.append(f"{more} more with more left: `/buy budget`.")
    at = max(one.figures.at for one in prospects)
    return "\n".join([*lines, as_of(at)])


def _card_line(one: Prospect) -> str:
    budget = one.figures.budget
    told = columns(one.figures, one.left, "left after this one")
    lines = [f"*Budget {escape(budget.name)}*: {limit(budget)}{_turns(one.figures)}", told]
    if not one.enough:
        lines.append(f"⚠️ *Not enough is left for this order.* {_fits(one)}")
    return "\n".join(lines)


def in_short(prospects: Collection[Prospect]) -> str:
    """For the plain text of a card: the tightest budget, or what is not enough."""
    if not prospects:
        return ""
    one = min(prospects, key=lambda other: other.left / other.figures.budget.limit.amount)
    name, currency = escape(one.figures.budget.name), one.cost.currency
    if not one.enough:
        return f" Budget {name} has not enough left for it ({grouped_left(one)})."
    return f" Budget {name} would have {grouped(one.left)} {currency} left after it."


def parts(short: Sequence[Prospect]) -> tuple[str, str, str]:
    """Why an order is not even asked for: which budget and what is left of it until when; what
    would be allowed; what to do."""
    told = " ".join(_lacks(one) for one in short)
    least = min(short, key=lambda one: one.figures.left)
    some = least.figures.left > 0
    most = f"at most {grouped_left(least)}, fees included"
    later = [] if any(one.fits_at is None for one in short) else ["ask again then"]
    ways = [*later, *([f"ask for something that may cost {most}"] if some else [])]
    advice = f"{' or '.join(ways)}." if ways else "Ask for less, once there is some again."
    todo = f"{advice[0].upper()}{advice[1:]} `/buy budget` shows all budgets."
    return told, most if some else "nothing of it for now", todo


def vote_refused(order: Order, short: Sequence[Prospect]) -> str:
    """Why the vote that would decide does not count, and what becomes of the order."""
    told = " ".join(_lacks(one) for one in short)
    late = any(one.fits_at is None or one.fits_at >= order.expires_at for one in short)
    way = (
        f"The order expires before that, {when(order.expires_at)}: unless something else becomes"
        " free until then, cancel it and ask anew later."
        if late
        else "Press Approve again then, or cancel the order."
    )
    return (
        f"{order.id} cannot be approved now. {told} Your vote was not counted; the votes before it"
        f" stand. {way}"
    )


def _lacks(one: Prospect) -> str:
    figures, budget = one.figures, one.figures.budget
    return (
        f"The budget “{escape(budget.name)}” ({limit(budget)}) has {grouped_left(one)} left: spent"
        f" {grouped(figures.spent)}, reserved {grouped(figures.reserved)}, in doubt"
        f" {grouped(figures.in_doubt)}. This may cost {one.cost.human} with fees. {_fits(one)}"
    )


def grouped_left(one: Prospect) -> str:
    """``80.00 EUR``, never below zero."""
    return f"{grouped(max(one.figures.left, Decimal(0)))} {one.cost.currency}"


def _fits(one: Prospect) -> str:
    if one.fits_at is None:
        return "It is more than the whole budget."
    return f"From {when(one.fits_at)} on there is enough, if nothing else comes."


def as_of(at: datetime) -> str:
    """Under the figures."""
    return f"_As of {when(at)}_"
