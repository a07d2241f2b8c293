"""What a vote is for: every word of what was shown, and nothing of what happens later."""

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.budgets import Budget
from bot.domain.money import Money, Quantity
from bot.domain.orders import (
    Outcome,
    State,
    Terms,
    Vote,
    look_alike,
)
from bot.domain.policy import Requirement
from bot.domain.quotes import PriceBand, Told
from tests.domain.sample import (
    BEN,
    CLEO,
    FAY,
    NOW,
    SMALL,
    order,
    terms,
)

OTHER_TERMS: dict[str, Any] = {
    "provider": "oak",
    "asset": "eth",
    "spend": Money.of(251, "EUR"),
    "currency": "USD",
    "cost": Money.of(256, "EUR"),
    "max_price": Decimal(65000),
    "outlet": "gcash",
    "target": "cold",
    "recipient": "bc1q",
    "reason": "rent",
}


OTHER_RULE: dict[str, Any] = {
    "name": "tiny",
    "up_to": Money.of(999, "EUR"),
    "approvals": (Requirement(group="approvers", count=2),),
    "requesters": None,
    "providers": ("kriptomat",),
    "assets": ("btc",),
    "quote_required": True,
    "require_reason": True,
}


OTHER_BAND: dict[str, Any] = {
    "ceiling": Decimal(1),
    "reference": Decimal(2),
    "drift": Decimal("0.05"),
    "wanted": True,
    "told": Told(at=NOW),
}


@pytest.mark.parametrize("name", [part.name for part in fields(Terms)])
def test_a_vote_is_for_every_word_of_the_terms(name: str) -> None:
    """Changing anything that people were shown must void their votes."""
    changed = order(terms=replace(terms(), **{name: OTHER_TERMS[name]}))
    assert changed.digest != order().digest


@pytest.mark.parametrize("name", [part.name for part in fields(SMALL)])
def test_a_vote_is_for_every_word_of_the_rule(name: str) -> None:
    """A rule that was softened after the vote is not the rule that people trusted."""
    changed = order(rule=replace(SMALL, **{name: OTHER_RULE[name]}))
    assert changed.digest != order().digest


OTHER_BUDGET: dict[str, Any] = {
    "name": "yearly",
    "limit": Money.of(9999, "EUR"),
    "per": "week",
    "zone": "Asia/Manila",
    "requesters": ("buyers",),
    "providers": ("kriptomat",),
    "assets": ("btc",),
}


@pytest.mark.parametrize("name", [part.name for part in fields(Budget)])
def test_a_vote_is_for_every_word_of_the_budgets(name: str) -> None:
    """Who approved under a limit has not approved without it, or in another window."""
    budget = Budget(name="monthly", limit=Money.of(10000, "EUR"), per="month")
    changed = order(budgets=(replace(budget, **{name: OTHER_BUDGET[name]}),))
    assert changed.digest != order(budgets=(budget,)).digest != order().digest


@pytest.mark.parametrize("name", [part.name for part in fields(PriceBand)])
def test_a_vote_is_for_the_price_band(name: str) -> None:
    """People approve a band of prices; another band is another question."""
    changed = order(band=replace(PriceBand(), **{name: OTHER_BAND[name]}))
    assert changed.digest != order().digest


@pytest.mark.parametrize(
    "changes", [{"id": "BUY-00000"}, {"revision": 1}, {"requester": CLEO}], ids=str
)
def test_a_vote_is_for_one_order_of_one_person_asked_once(changes: dict[str, Any]) -> None:
    """A vote may not be carried to a twin order, nor from an older card to a newer one."""
    assert order(**changes).digest != order().digest


@pytest.mark.parametrize(
    "changes",
    [
        {"votes": (Vote(voter=BEN, digest="d", at=NOW),)},
        {"eligible": frozenset({FAY})},
        {"state": State.APPROVED, "version": 9},
        {"note": "waiting", "tries": 4, "due_at": NOW},
        {"expires_at": NOW, "asked_again": 1},
        {"outcome": Outcome(word="SUCCESS")},
    ],
    ids="-".join,
)
def test_what_happens_to_an_order_leaves_its_votes_good(changes: dict[str, Any]) -> None:
    """Joining, voting and waiting change nothing of what was asked."""
    assert order(**changes).digest == order().digest


@pytest.mark.parametrize("name", ["provider", "asset", "spend", "target"])
def test_orders_that_differ_at_the_vendor_do_not_look_alike(name: str) -> None:
    """Only these can be seen in a vendor's listing."""
    assert not look_alike(terms(), replace(terms(), **{name: OTHER_TERMS[name]}))


def test_two_orders_for_the_same_look_alike_whatever_their_reason() -> None:
    """A purchase found at the vendor may then belong to either, so neither may claim it."""
    assert look_alike(terms(reason="rent"), terms(reason="more rent", max_price=Decimal(1)))


def test_a_quantity_never_looks_like_an_amount_of_money() -> None:
    """``250`` of btc and ``250`` of EUR are worlds apart."""
    assert not look_alike(terms(), terms(spend=Quantity.of(250, "btc")))
