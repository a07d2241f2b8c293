"""How much may leave the treasury in which window, and what already has: pure.

A budget covers orders in its currency, of some or all requesters, providers and assets. An order
draws on every budget that covers it, with all that it may cost, from the instant of its approval on
until it is certain that nothing was bought. Who belongs to a budget of requesters is a matter of
this moment (``Reach``); what was approved under a budget keeps counting there when somebody leaves.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from bot.domain.amounts import COMPARED
from bot.domain.canonical import canonical, sha256
from bot.domain.money import Money, decimals_of
from bot.domain.names import Names, has
from bot.domain.windows import Window, rolling, window_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """One line of ``[[budgets]]``: ``limit`` for each window, fees included; None means "any"."""

    name: str
    limit: Money
    per: str
    """``day``, ``week``, ``month``, or rolling days such as ``30d``."""
    zone: str = "UTC"
    """Whose midnights turn the window; rolling ones have none and leave it be."""
    requesters: Names = None
    """Names of groups."""
    providers: Names = None
    assets: Names = None

    @property
    def mark(self) -> str:
        """What an order of its is remembered by, 16 hex digits: its name and what it covers."""
        covered = (self.requesters, self.providers, self.assets)
        return sha256(canonical((self.name, self.limit.currency, *covered)))[:16]


@dataclass(frozen=True, slots=True)
class Reach:
    """A budget with the user ids of all whom it covers today; None: everybody."""

    budget: Budget
    people: Collection[str] | None

    def covers(self, *, requester: str, provider: str, asset: str, currency: str) -> bool:
        budget = self.budget
        return (
            currency == budget.limit.currency
            and has(budget.providers, provider)
            and has(budget.assets, asset)
            and (self.people is None or requester in self.people)
        )

    def drawn(self, entries: Iterable["Entry"], window: Window) -> list["Entry"]:
        """The orders of that window that draw on it: they would today, or did when approved."""
        mark = self.budget.mark
        return [
            one
            for one in entries
            if is_inside(window, one.at)
            and (
                mark in one.marks
                or self.covers(
                    requester=one.requester,
                    provider=one.provider,
                    asset=one.asset,
                    currency=one.currency,
                )
            )
        ]


class Status(StrEnum):
    """What became of the money of an order."""

    RESERVED = "reserved"
    """Promised: it may leave."""
    IN_DOUBT = "in_doubt"
    """Nobody knows yet whether it left."""
    SPENT = "spent"


class Entry(NamedTuple):
    """What one order takes out of the budgets that it draws on."""

    requester: str
    provider: str
    asset: str
    currency: str
    amount: Decimal
    at: datetime
    """The instant of its approval, UTC."""
    status: Status
    marks: str
    """The marks of the budgets on which it drew then, as one text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What has become of one budget at one moment, in major units of its currency."""

    budget: Budget
    at: datetime
    window: Window
    spent: Decimal
    reserved: Decimal
    in_doubt: Decimal
    turns_at: datetime | None
    """When something becomes free by itself: the window's end, or the moment at which the oldest
    order leaves a rolling one. None: nothing is in that window."""

    @property
    def used(self) -> Decimal:
        return COMPARED.add(COMPARED.add(self.spent, self.reserved), self.in_doubt)

    @property
    def left(self) -> Decimal:
        """Below zero where more has left than was foreseen: a vendor took more, or a purchase
        turned up that everybody took for not made."""
        return COMPARED.subtract(self.budget.limit.amount, self.used)

    def left_after(self, cost: Money) -> Decimal:
        """What an order of this cost would leave; below zero: it must not be approved."""
        return COMPARED.subtract(self.left, cost.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What an order that has not been approved would do to one budget."""

    figures: Figures
    cost: Money
    fits_at: datetime | None
    """From when on there is enough for it, if nothing else comes; None: it is more than the whole
    budget."""

    @property
    def left(self) -> Decimal:
        """What it would leave; below zero: it must not be approved."""
        return self.figures.left_after(self.cost)

    @property
    def enough(self) -> bool:
        return self.left >= 0


def counted(amount: Decimal, currency: str) -> Decimal:
    """The amount with the decimals that its currency has, never less than it is."""
    unit = Decimal((0, (1,), -decimals_of(currency)))
    return amount.quantize(unit, context=COMPARED)


def drawn_on(
    reaches: Iterable[Reach], *, requester: str, provider: str, asset: str, currency: str
) -> tuple[Budget, ...]:
    """The budgets on which such an order draws, by name."""
    drawn = [
        reach.budget
        for reach in reaches
        if reach.covers(requester=requester, provider=provider, asset=asset, currency=currency)
    ]
    return tuple(sorted(drawn, key=lambda budget: budget.name))


def tally(reach: Reach, entries: Iterable[Entry], at: datetime) -> Figures:
    """Add up what was approved in the budget's window at ``at``.

    A rolling window has no end: after a clock was turned back, what was approved "later" counts as
    well, so that no stretch of that length ever holds more than the limit.
    """
    budget = reach.budget
    window = window_at(budget.per, budget.zone, at)
    sums = dict.fromkeys(Status, Money.zero(budget.limit.currency).amount)
    drawn = reach.drawn(entries, window)
    for entry in drawn:
        sums[entry.status] = COMPARED.add(sums[entry.status], entry.amount)
    length = rolling(budget.per)
    oldest = min((entry.at for entry in drawn), default=None)
    leaves = None if length is None or oldest is None else oldest + length
    return Figures(
        budget=budget,
        at=at,
        window=window,
        spent=sums[Status.SPENT],
        reserved=sums[Status.RESERVED],
        in_doubt=sums[Status.IN_DOUBT],
        turns_at=leaves if window.end is None else window.end,
    )


def earliest(reaches: Iterable[Reach], at: datetime) -> datetime:
    """Since when orders may count in some of these budgets at ``at``."""
    budgets = (reach.budget for reach in reaches)
    return min((window_at(one.per, one.zone, at).start for one in budgets), default=at)


def is_inside(window: Window, at: datetime) -> bool:
    """An order that was approved then counts in this window."""
    return at > window.start if window.end is None else window.start <= at < window.end


def prospect(reach: Reach, entries: Collection[Entry], cost: Money, at: datetime) -> Prospect:
    """Hold an order of this cost, which is not among the entries, against the budget."""
    figures = tally(reach, entries, at)
    enough = figures.left_after(cost) >= 0
    fits_at = at if enough else _fits_at(reach, entries, cost, figures)
    return Prospect(figures=figures, cost=cost, fits_at=fits_at)


def _fits_at(
    reach: Reach, entries: Collection[Entry], cost: Money, figures: Figures
) -> datetime | None:
    budget, window = reach.budget, figures.window
    if cost > budget.limit:
        return None
    length = rolling(budget.per)
    if length is None:
        return window.end
    missing = figures.left_after(cost)
    for entry in sorted(reach.drawn(entries, window), key=lambda one: one.at):
        missing = COMPARED.add(missing, entry.amount)
        if missing >= 0:
            return entry.at + length
    return None
