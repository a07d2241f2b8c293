"""A month added up: exactly, never across currencies, whatever the order of its orders."""

from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.budgets import Status
from bot.domain.months import Month
from bot.domain.reports import Booked, Report, report
from bot.domain.states import State

NOVEMBER = Month(2026, 11)
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
amounts = st.decimals(min_value=0, max_value=10**9, places=2)
quantities = st.none() | st.decimals(min_value=0, max_value=10**4, places=8)
entries = st.builds(
    Booked,
    provider=st.sampled_from(["kriptomat", "oak"]),
    asset=st.sampled_from(["btc", "eth", "usdc"]),
    currency=st.sampled_from(["EUR", "USD", "PHP"]),
    state=st.sampled_from(State),
    status=st.none() | st.sampled_from(Status),
    amount=amounts,
    fee=st.none() | amounts,
    quantity=quantities,
    requester=st.sampled_from(["U0ANA", "U0BEN"]),
    approvers=st.lists(st.sampled_from(["U0BEN", "U0CLEO", "U0FAY"]), unique=True).map(tuple),
    day=st.dates(date(2026, 11, 1), date(2026, 11, 30)),
)
months = st.lists(entries, max_size=30)


def made(booked: list[Booked]) -> Report:
    return report(NOVEMBER, booked, at=AT, before={}, runs=True)


def one(**changes: object) -> Booked:
    """250 EUR of btc at Kriptomat, spent on the twelfth."""
    given_: dict[str, object] = {
        "provider": "kriptomat",
        "asset": "btc",
        "currency": "EUR",
        "state": State.COMPLETED,
        "status": Status.SPENT,
        "amount": Decimal(250),
        "fee": Decimal(5),
        "quantity": Decimal("0.0038"),
        "requester": "U0ANA",
        "approvers": ("U0BEN",),
        "day": date(2026, 11, 12),
    }
    return Booked(**{**given_, **changes})  # type: ignore[arg-type]


@given(months)
def test_what_is_spent_is_the_sum_of_what_was_spent(booked: list[Booked]) -> None:
    """By currency; lines, days and the total tell the same money three times."""
    expected: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in booked:
        if each.status is Status.SPENT and each.amount is not None:
            expected[each.currency] += each.amount
    told = made(booked)
    assert told.sums == dict(expected)
    for currency, total in expected.items():
        lines = [line.spent for line in told.lines if line.currency == currency]
        days = [bar for bars in told.days[currency].values() for bar in bars]
        assert sum(lines) == sum(days) == total
    assert sum(line.count for line in told.lines) == sum(
        each.status is Status.SPENT for each in booked
    )


@given(months)
def test_every_order_is_told_once(booked: list[Booked]) -> None:
    """Spent, promised, in doubt or nothing: none is lost and none counted twice."""
    told = made(booked)
    spent = sum(line.count for line in told.lines)
    rest = told.reserved.count + told.in_doubt.count + sum(told.unspent.values())
    assert spent + rest == len(booked)


@given(months, st.randoms(use_true_random=False))
def test_the_order_of_the_orders_changes_nothing(booked: list[Booked], chance: Random) -> None:
    """A report is of a month, not of how it was read."""
    shuffled = list(booked)
    chance.shuffle(shuffled)
    assert made(shuffled) == made(booked)


@given(months)
def test_whoever_approved_is_told_with_what_was_spent(booked: list[Booked]) -> None:
    """An order that two people approved stands with both of them."""
    told = made(booked)
    for who in told.approvers:
        mine = [e for e in booked if e.status is Status.SPENT and who.user in e.approvers]
        assert who.count == len(mine)
        assert sum(who.sums.values()) == sum(e.amount for e in mine if e.amount is not None)
    asked = [who.sums.get(currency, 0) for who in told.requesters for currency in told.sums]
    assert sum(asked) == sum(told.sums.values())


def test_an_average_is_told_only_where_every_quantity_is_known() -> None:
    """Half of the coins would make a price that never was."""
    (line,) = made([one(), one(amount=Decimal(100), quantity=Decimal("0.0012"))]).lines
    assert line.average == Decimal(350) / Decimal("0.0050")
    (line,) = made([one(), one(quantity=None)]).lines
    assert line.average is None
    assert line.unmeasured == 1
    (line,) = made([one(quantity=Decimal(0))]).lines
    assert line.average is None


def test_fees_that_were_not_told_are_counted_as_such() -> None:
    """Zero is a fee; nothing is not."""
    (line,) = made([one(), one(fee=None), one(fee=Decimal(0))]).lines
    assert (line.fees, line.feeless, line.count) == (Decimal(5), 1, 3)


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2026, 10, 31)])
def test_a_day_that_the_clocks_show_once_more_is_the_first_of_the_month(day: date) -> None:
    """Where clocks go back over the first midnight, the last date of the month before returns."""
    told = made([one(day=day)])
    assert told.days["EUR"]["btc"][0] == Decimal(250)
    assert len(told.days["EUR"]["btc"]) == 30
