"""What has changed since people were asked: every field is named, with both of its values."""

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.changes import BAND, RULE, TERMS, Shown, changes, misfit, obstacle
from bot.domain.money import Money
from bot.domain.orders import Order, Terms
from bot.domain.people import Standing
from bot.domain.policy import Denied, Fault, Mismatch, Requirement, Rule, Tried
from bot.domain.quotes import PriceBand
from tests.domain.sample import LARGE, SMALL, order, terms
from tests.domain.sample_orders import orders
from tests.domain.test_digest import OTHER_BAND, OTHER_RULE, OTHER_TERMS

COST = Money.of(255, "EUR")
SHOWN = Shown(terms=terms(), rule=SMALL, band=PriceBand(drift=Decimal("0.03")))
HELD_AT_SENDING = {"ceiling", "reference", "told"}
"""Of the band: what was typed, and what the provider said; both are read again before sending."""


def test_nothing_has_changed_where_nothing_has() -> None:
    """A vote must not be voided by looking at it."""
    assert changes(SHOWN, SHOWN) == ()


@pytest.mark.parametrize("name", [part.name for part in fields(Terms)])
def test_each_field_of_the_terms_is_told_when_it_changes(name: str) -> None:
    """A new field without words would void votes and say nothing."""
    now = replace(SHOWN, terms=replace(SHOWN.terms, **{name: OTHER_TERMS[name]}))
    (told,) = changes(SHOWN, now)
    assert told.startswith(TERMS[name][0])
    assert " → " in told


@pytest.mark.parametrize("name", [part.name for part in fields(Rule) if part.name != "name"])
def test_each_field_of_the_rule_is_told_when_it_changes(name: str) -> None:
    """Whoever softens a rule is named by what they softened."""
    now = replace(SHOWN, rule=replace(SMALL, **{name: OTHER_RULE[name]}))
    (told,) = changes(SHOWN, now)
    assert told.startswith(f"rule small: {RULE[name][0]}")
    assert " → " in told


@pytest.mark.parametrize(
    "name", [part.name for part in fields(PriceBand) if part.name not in HELD_AT_SENDING]
)
def test_each_field_of_the_band_that_the_policy_sets_is_told(name: str) -> None:
    """The price itself moves all the time, and is held against the band when it is sent."""
    now = replace(SHOWN, band=replace(SHOWN.band, **{name: OTHER_BAND[name]}))
    (told,) = changes(SHOWN, now)
    assert told.startswith(BAND[name][0])


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({"up_to": Money.of(500, "EUR")}, "rule small: up to 1,000.00 EUR → 500.00 EUR"),
        ({"requesters": None}, "rule small: may be asked for by buyers → any"),
        (
            {"approvals": (*SMALL.approvals, Requirement(group="board", count=2))},
            "rule small: needs 1 from approvers → 1 from approvers and 2 from board",
        ),
        ({"quote_required": True}, "rule small: wants a price: no → yes"),
    ],
)
def test_a_change_reads_as_it_was_and_as_it_is(now: dict[str, Any], told: str) -> None:
    """People compare two values faster than they read a sentence about them."""
    assert changes(SHOWN, replace(SHOWN, rule=replace(SMALL, **now))) == (told,)


def test_another_rule_is_told_by_its_name_and_by_what_it_asks_for() -> None:
    """The name alone would not say that two people are needed now."""
    assert changes(SHOWN, replace(SHOWN, rule=LARGE)) == (
        "rule small → large",
        "rule large: up to 1,000.00 EUR → 20,000.00 EUR",
        "rule large: needs 1 from approvers → 2 from approvers",
        "rule large: wants a reason: no → yes",
    )


def test_fees_addresses_and_the_drift_are_told_as_people_write_them() -> None:
    """Percent, not a fraction; and the address, since the name in the book has not changed."""
    before = replace(SHOWN, terms=terms(target="cold", recipient="bc1qold"))
    now = Shown(
        terms=terms(target="cold", recipient="bc1qnew", cost=Money.of("262.50", "EUR")),
        rule=SMALL,
        band=PriceBand(drift=Decimal("0.015")),
    )
    assert changes(before, now) == (
        "costs at most 255.00 EUR → 262.50 EUR",
        "credited bc1qold → bc1qnew",
        "the price may rise by 3% → 1.5%",
    )


def as_the_policy_has_it(shown: Shown) -> Shown:
    """Without what is read again at sending, and budgets by their names."""
    band = replace(shown.band, ceiling=None, reference=None, told=None)
    return replace(shown, band=band, budgets=tuple(sorted(shown.budgets, key=lambda b: b.name)))


@given(
    one=orders(),
    other=orders(),
    parts=st.sets(st.sampled_from(["terms", "rule", "band", "budgets"])),
)
def test_what_was_shown_differs_exactly_when_a_phrase_says_so(
    one: Order, other: Order, parts: set[str]
) -> None:
    """No difference is silent, and none is made up."""
    before = Shown(terms=one.terms, rule=one.rule, band=one.band, budgets=one.budgets)
    now = replace(before, **{part: getattr(other, part) for part in parts})
    assume(all(len({b.name for b in some}) == len(some) for some in (one.budgets, other.budgets)))
    same = as_the_policy_has_it(before) == as_the_policy_has_it(now)
    assert bool(changes(before, now)) is not same
    assert changes(before, before) == ()


@pytest.mark.parametrize(
    ("mismatch", "told"),
    [
        (
            Mismatch.REQUESTER,
            "rule large is for buyers, who asked for it is not among them",
        ),
        (Mismatch.PROVIDER, "rule large is for oak"),
        (Mismatch.ASSET, "rule large is for eth"),
        (Mismatch.CURRENCY, "rule large is for orders in EUR"),
        (Mismatch.AMOUNT, "rule large allows up to 20,000.00 EUR, it may cost 255.00 EUR"),
        (None, "rule large fits"),
    ],
)
def test_why_a_rule_does_not_fit_any_more_is_a_phrase(mismatch: Mismatch | None, told: str) -> None:
    """It stands on the card of an order that is cancelled for it."""
    rule = replace(LARGE, providers=("oak",), assets=("eth",))
    assert misfit(Tried(rule=rule, mismatch=mismatch), COST) == told


@pytest.mark.parametrize("fault", Fault)
def test_every_obstacle_is_a_phrase_that_names_what_stands_in_the_way(fault: Fault) -> None:
    """An order that ends because of the policy says which part of it."""
    missing = (Requirement(group="board", count=1),)
    tried = (Tried(rule=LARGE, mismatch=Mismatch.CURRENCY),)
    no = Denied(
        fault=fault, rule=LARGE, standing=Standing.DEACTIVATED, missing=missing, tried=tried
    )
    named = {
        Fault.NOT_A_MEMBER: "who asked for it is deactivated",
        Fault.NO_RULE: "rule large is for orders in EUR",
        Fault.REASON_MISSING: "rule large wants a reason, and it has none",
        Fault.NO_PRICE: "rule large or its maximum needs a price, and the provider tells none",
        Fault.NO_BUDGET: "no budget covers it",
        Fault.TOO_FEW_APPROVERS: "rule large needs 1 from board more than there are",
    }
    assert obstacle(no, COST) == named[fault]


def test_without_any_rule_the_obstacle_says_so() -> None:
    """An empty policy allows nothing, and has no rule to name."""
    assert obstacle(Denied(fault=Fault.NO_RULE), order().terms.cost) == "there is no rule"
