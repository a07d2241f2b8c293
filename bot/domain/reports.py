"""What was spent in a month, added up exactly: by asset and provider, person and day. Pure.

Only what has left the treasury is spent; what may still leave is told beside it. Sums never mix
currencies. A price is the spent money, fees included, over the quantity received, and is told only
where the quantity of every purchase is known.
"""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Context, Decimal
from typing import NamedTuple

from bot.domain.budgets import Status
from bot.domain.money import EXACT
from bot.domain.months import Month
from bot.domain.states import State

_PRICES = Context(prec=12)
"""A price is a quotient: it is told, never booked."""

NOTHING = Decimal(0)

Sums = dict[str, Decimal]
"""Amounts by currency."""


class Booked(NamedTuple):
    """One order of the month, as far as a report has to know it."""

    provider: str
    asset: str
    currency: str
    state: State
    status: Status | None
    amount: Decimal | None
    """Spent or promised; None where ``status`` is."""
    fee: Decimal | None
    quantity: Decimal | None
    requester: str
    approvers: tuple[str, ...]
    day: date
    """In the team's calendar."""


@dataclass(slots=True, kw_only=True)
class Line:
    """The purchases of one asset at one provider in one currency."""

    provider: str
    asset: str
    currency: str
    count: int = 0
    spent: Decimal = NOTHING
    fees: Decimal = NOTHING
    feeless: int = 0
    """Purchases whose fee the vendor did not tell."""
    quantity: Decimal = NOTHING
    unmeasured: int = 0
    """Purchases whose quantity is not known."""

    @property
    def average(self) -> Decimal | None:
        """What one unit of the asset has cost; None where that cannot be known."""
        if self.unmeasured or self.quantity <= 0:
            return None
        return _PRICES.divide(self.spent, self.quantity)


@dataclass(slots=True, kw_only=True)
class Share:
    """What one person has asked for, or approved, of what was spent."""

    user: str
    count: int = 0
    sums: Sums = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Promised:
    """What may still leave the treasury."""

    count: int = 0
    sums: Sums = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One month."""

    month: Month
    at: datetime
    """The moment of asking."""
    lines: tuple[Line, ...]
    requesters: tuple[Share, ...]
    approvers: tuple[Share, ...]
    reserved: Promised
    in_doubt: Promised
    unspent: Mapping[State, int]
    """Orders of which nothing has left and nothing will, and those that wait for approval."""
    days: Mapping[str, Mapping[str, tuple[Decimal, ...]]]
    """Spent by currency and asset, for each day of the month."""
    before: Mapping[str, Decimal]
    """What was spent in the whole month before, by currency."""
    runs: bool
    """The month is not over yet."""

    @property
    def sums(self) -> Sums:
        """What was spent in all, by currency."""
        total: Sums = {}
        for line in self.lines:
            add(total, line.currency, line.spent)
        return total


def report(
    month: Month,
    booked: Iterable[Booked],
    *,
    at: datetime,
    before: Mapping[str, Decimal],
    runs: bool,
) -> Report:
    """Add up the orders of the month, in whatever order they come."""
    lines: dict[tuple[str, str, str], Line] = {}
    requesters: dict[str, Share] = {}
    approvers: dict[str, Share] = {}
    promised = {Status.RESERVED: Promised(), Status.IN_DOUBT: Promised()}
    unspent: dict[State, int] = {}
    days: dict[str, dict[str, list[Decimal]]] = {}
    for one in booked:
        if one.status is None or one.amount is None:
            unspent[one.state] = unspent.get(one.state, 0) + 1
        elif one.status is not Status.SPENT:
            promised[one.status].count += 1
            add(promised[one.status].sums, one.currency, one.amount)
        else:
            key = (one.provider, one.asset, one.currency)
            made = Line(provider=one.provider, asset=one.asset, currency=one.currency)
            _spend(lines.setdefault(key, made), one, one.amount)
            _share(requesters, one.requester, one.currency, one.amount)
            for user in one.approvers:
                _share(approvers, user, one.currency, one.amount)
            _on_its_day(days, month, one, one.amount)
    return Report(
        month=month,
        at=at,
        lines=tuple(lines[key] for key in sorted(lines)),
        requesters=_busiest_first(requesters),
        approvers=_busiest_first(approvers),
        reserved=promised[Status.RESERVED],
        in_doubt=promised[Status.IN_DOUBT],
        unspent={state: unspent[state] for state in State if state in unspent},
        days={
            currency: {asset: tuple(each) for asset, each in sorted(assets.items())}
            for currency, assets in sorted(days.items())
        },
        before=before,
        runs=runs,
    )


def add(sums: Sums, currency: str, amount: Decimal) -> None:
    """Add to the sum of this currency, exactly."""
    sums[currency] = EXACT.add(sums.get(currency, NOTHING), amount)


def _share(shares: dict[str, Share], user: str, currency: str, amount: Decimal) -> None:
    share = shares.setdefault(user, Share(user=user))
    share.count += 1
    add(share.sums, currency, amount)


def _busiest_first(shares: Mapping[str, Share]) -> tuple[Share, ...]:
    return tuple(sorted(shares.values(), key=lambda who: (-who.count, who.user)))


def _spend(line: Line, one: Booked, amount: Decimal) -> None:
    line.count += 1
    line.spent = EXACT.add(line.spent, amount)
    if one.fee is None:
        line.feeless += 1
    else:
        line.fees = EXACT.add(line.fees, one.fee)
    if one.quantity is None:
        line.unmeasured += 1
    else:
        line.quantity = EXACT.add(line.quantity, one.quantity)


def _on_its_day(
    days: dict[str, dict[str, list[Decimal]]], month: Month, one: Booked, amount: Decimal
) -> None:
    length = calendar.monthrange(month.year, month.number)[1]
    bars = days.setdefault(one.currency, {}).setdefault(one.asset, [NOTHING] * length)
    # On a night on which clocks go back, a day of the month before may be shown once more.
    place = one.day.day - 1 if (one.day.year, one.day.month) == (month.year, month.number) else 0
    bars[place] = EXACT.add(bars[place], amount)
