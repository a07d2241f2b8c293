"""Which budgets an order draws on, what has become of each, and when an order would fit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.budgets import (
    Budget,
    Entry,
    Reach,
    Status,
    counted,
    drawn_on,
    is_inside,
    prospect,
    tally,
)
from bot.domain.money import Money
from bot.domain.policy import Denied, Fault, NeedsApproval, Policy, Request, decide
from bot.domain.windows import window_at
from tests.domain.sample import ANA, BEN, CLEO, FAY, NOW, POLICY, ROSTER
from tests.domain.sample_budgets import PERIODS, budget

EVERYBODY = Reach(budget(), None)


def entry(amount: str = "100.00", **changes: Any) -> Entry:
    """Ana's order of btc at Kriptomat, approved at NOW."""
    one = Entry(
        requester=ANA,
        provider="kriptomat",
        asset="btc",
        currency="EUR",
        amount=Decimal(amount),
        at=NOW,
        status=Status.RESERVED,
        marks="",
    )
    return one._replace(**changes)


@pytest.mark.parametrize(
    ("limits", "draws"),
    [
        ({}, True),
        ({"limit": Money.of(10000, "USD")}, False),
        ({"providers": ("oak",)}, False),
        ({"providers": ("oak", "kriptomat")}, True),
        ({"assets": ("eth",)}, False),
        ({"assets": ("eth", "btc")}, True),
        ({"requesters": ("approvers",)}, False),
        ({"requesters": ("approvers", "buyers")}, True),
    ],
    ids=str,
)
def test_an_order_draws_on_every_budget_that_covers_it(
    limits: dict[str, Any], *, draws: bool
) -> None:
    """Ana is a buyer and no approver."""
    one = budget(**limits)
    reaches = replace(POLICY, budgets=(one,)).reaches(ROSTER)

    drawn = drawn_on(reaches, requester=ANA, provider="kriptomat", asset="btc", currency="EUR")

    assert drawn == ((one,) if draws else ())


def test_the_order_of_the_configuration_makes_no_other_budgets() -> None:
    """Moving a table of the file up or down must not void votes."""
    one, two = budget(name="b"), budget(name="a")
    asked = {"requester": ANA, "provider": "kriptomat", "asset": "btc", "currency": "EUR"}

    assert drawn_on([Reach(one, None), Reach(two, None)], **asked) == (two, one)


def test_a_budget_reaches_whoever_its_groups_name_today() -> None:
    """By user id and by user group; what a deactivated account has spent stays counted."""
    policy = replace(
        POLICY,
        groups={"gone": ("U0GONE", BEN), "treasury": ("S0TREASURY",)},
        budgets=(budget(requesters=("gone", "treasury")),),
    )
    (reach,) = policy.reaches(ROSTER)

    assert reach.people == {"U0GONE", BEN, CLEO, FAY}


def test_where_budgets_exist_an_order_that_none_covers_is_refused() -> None:
    """Otherwise a forgotten asset would be an unlimited one."""
    asked = Request(
        requester=ANA,
        provider="kriptomat",
        asset="eth",
        cost=Money.of(255, "EUR"),
        has_reason=False,
        priced=False,
    )
    policy: Policy = replace(POLICY, budgets=(budget(assets=("btc",)), budget(name="all")))

    both = decide(policy, ROSTER, asked)
    assert isinstance(both, NeedsApproval)
    assert [one.name for one in both.budgets] == ["all"]

    none = decide(replace(policy, budgets=policy.budgets[:1]), ROSTER, asked)
    assert isinstance(none, Denied)
    assert none.fault is Fault.NO_BUDGET


@pytest.mark.parametrize("change", [{"requesters": ("x",)}, {"assets": ("eth",)}, {"name": "y"}])
def test_what_was_approved_under_a_budget_keeps_counting_there(change: dict[str, Any]) -> None:
    """Somebody who leaves the group does not take along what they have spent; but a budget that
    covers something else has only its name in common with it."""
    interns = budget(name="interns", requesters=("interns",))
    reach = Reach(interns, frozenset())
    before = entry(marks=f"0123456789abcdef {interns.mark}")

    day = window_at("day", "UTC", NOW)
    assert reach.drawn([before, entry()], day) == [before]
    assert Reach(replace(interns, **change), frozenset({BEN})).drawn([before], day) == []
    shorter = replace(interns, limit=Money.of(1, "EUR"), per="day")
    assert Reach(shorter, frozenset()).drawn([before], day) == [before]


def test_the_four_figures_add_up_to_the_limit() -> None:
    """Spent, reserved, in doubt, left: nothing stands in two columns."""
    entries = [
        entry("4000.10", status=Status.SPENT),
        entry("0.10", status=Status.SPENT),
        entry("750.00"),
        entry("255.00", status=Status.IN_DOUBT),
        entry("9999.00", at=NOW - timedelta(days=31)),
        entry("9999.00", currency="USD"),
    ]
    told = tally(EVERYBODY, entries, NOW)

    figures = [format(one, "f") for one in (told.spent, told.reserved, told.in_doubt, told.left)]
    assert figures == ["4000.20", "750.00", "255.00", "4994.80"]
    assert told.left_after(Money.of("4994.80", "EUR")) == 0
    assert told.turns_at == datetime(2026, 12, 1, tzinfo=UTC)


def test_more_may_have_left_than_the_limit() -> None:
    """A vendor took more than was foreseen: the truth is shown, not a zero."""
    told = tally(EVERYBODY, [entry("10000.01", status=Status.SPENT)], NOW)

    assert told.left == Decimal("-0.01")
    assert told.left_after(Money.of(1, "EUR")) == Decimal("-1.01")


def test_a_calendar_budget_has_enough_again_when_its_window_turns() -> None:
    """And says when that is."""
    cost = Money.of("300.00", "EUR")
    short = prospect(EVERYBODY, [entry("9700.01")], cost, NOW)

    assert (short.figures.left, short.left) == (Decimal("299.99"), Decimal("-0.01"))
    assert short.fits_at == datetime(2026, 12, 1, tzinfo=UTC)
    enough = prospect(EVERYBODY, [entry("9700.00")], cost, NOW)
    assert (enough.enough, enough.fits_at) == (True, NOW)


@pytest.mark.parametrize("per", ["day", "week", "month"])
def test_an_order_of_the_last_instant_is_in_and_one_of_the_first_of_the_next_is_not(
    per: str,
) -> None:
    """The edges, which a random history meets once in a million."""
    window = window_at(per, "UTC", NOW)
    assert window.end is not None
    edges = (window.start, window.end - timedelta(microseconds=1), window.end)

    assert [is_inside(window, at) for at in edges] == [True, True, False]


def test_an_order_for_the_whole_limit_fits_into_an_empty_window() -> None:
    """Exactly what is allowed is allowed, now or when the window turns."""
    whole = Money.of(10000, "EUR")
    rolls = Reach(budget(per="30d"), None)

    assert prospect(EVERYBODY, [], whole, NOW).enough
    turned = prospect(EVERYBODY, [entry("0.01")], whole, NOW)
    assert turned.fits_at == datetime(2026, 12, 1, tzinfo=UTC)
    parts = [entry("4000.00"), entry("6000.00", at=NOW - timedelta(days=1))]
    assert prospect(rolls, parts, Money.of(6000, "EUR"), NOW).fits_at == NOW + timedelta(days=29)
    assert prospect(rolls, parts, whole, NOW).fits_at == NOW + timedelta(days=30)


def test_an_order_above_the_whole_limit_never_fits() -> None:
    """No date is promised for it."""
    for per in PERIODS:
        reach = Reach(budget(per=per), None)
        short = prospect(reach, [], Money.of("10000.01", "EUR"), NOW)
        assert (short.enough, short.fits_at) == (False, None)


def test_a_rolling_budget_has_enough_again_when_its_oldest_orders_leave() -> None:
    """Exactly then, and not an instant sooner."""
    reach = Reach(budget(per="30d"), None)
    hours = [timedelta(hours=one) for one in (50, 10, 30)]
    entries = [entry("3000.00", at=NOW - ago) for ago in hours]
    cost = Money.of("5000.00", "EUR")

    short = prospect(reach, entries, cost, NOW)

    assert not short.enough
    assert short.figures.turns_at == NOW - hours[0] + timedelta(days=30)
    assert short.fits_at == NOW - hours[2] + timedelta(days=30)
    assert prospect(reach, entries, cost, short.fits_at).enough
    sooner = short.fits_at - timedelta(microseconds=1)
    assert not prospect(reach, entries, cost, sooner).enough


def test_an_empty_rolling_window_turns_at_no_time() -> None:
    """There is nothing that could leave it."""
    assert tally(Reach(budget(per="7d"), None), [], NOW).turns_at is None


ENTRIES = st.lists(
    st.builds(
        lambda cents, ticks, status: entry(
            format(Decimal(cents).scaleb(-2), "f"),
            at=NOW + timedelta(seconds=ticks),
            status=status,
        ),
        st.integers(1, 10**7),
        st.integers(-5_000_000, 5_000_000),
        st.sampled_from(Status),
    ),
    max_size=20,
)


@given(entries=ENTRIES, cost=st.integers(1, 10**7), per=st.sampled_from(PERIODS))
def test_what_is_promised_to_fit_then_fits_then(entries: list[Entry], cost: int, per: str) -> None:
    """The moment that people are told, against the sum at that moment."""
    reach = Reach(budget(per=per, zone="Europe/Ljubljana"), None)
    asked = Money.of(Decimal(cost).scaleb(-2), "EUR")
    past = [one for one in entries if one.at <= NOW]

    told = prospect(reach, past, asked, NOW)

    assert told.enough == (told.figures.used + asked.amount <= Decimal(10000))
    assert told.figures.left + told.figures.used == Decimal(10000)
    if told.fits_at is not None:
        assert (told.fits_at > NOW) != told.enough
        assert prospect(reach, past, asked, told.fits_at).enough


@given(entries=ENTRIES, per=st.sampled_from(PERIODS))
def test_the_sum_is_that_of_the_orders_in_the_window(entries: list[Entry], per: str) -> None:
    """Against the plain definition."""
    told = tally(Reach(budget(per=per), None), entries, NOW)

    mine = [one for one in entries if is_inside(told.window, one.at)]
    assert told.used == sum((one.amount for one in mine), Decimal(0))


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("249.991", "EUR", "250.00"),
        ("249.99", "EUR", "249.99"),
        ("100.2", "JPY", "101"),
        ("1.0001", "KWD", "1.001"),
    ],
)
def test_parts_of_a_cent_count_as_a_whole_one(amount: str, currency: str, text: str) -> None:
    """A vendor's total may have any number of digits; what counts is never less than that."""
    assert format(counted(Decimal(amount), currency), "f") == text


def test_a_mark_names_what_is_covered_and_not_how_much() -> None:
    """A raised limit or another window keeps the past of a budget."""
    one: Budget = budget()
    assert one.mark == budget(limit=Money.of(1, "EUR"), per="day", zone="Asia/Manila").mark
    for change in ({"name": "x"}, {"requesters": ("a",)}, {"limit": Money.of(10000, "USD")}):
        assert one.mark != budget(**change).mark
