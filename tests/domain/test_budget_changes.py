"""What is said of budgets that are not those on which people voted."""

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.budget_changes import Part, changed
from bot.domain.budgets import Budget
from bot.domain.money import Money
from tests.domain.sample_budgets import budget, budgets

CHANGES: dict[str, tuple[Any, str]] = {
    "limit": (
        Money.of(8000, "EUR"),
        'the limit of the budget "monthly" changed from 10,000.00 EUR to 8,000.00 EUR',
    ),
    "per": ("30d", 'the window of the budget "monthly" changed from month to 30d'),
    "zone": ("Asia/Manila", 'the zone of the budget "monthly" changed from UTC to Asia/Manila'),
    "requesters": (
        ("buyers", "board"),
        'the requesters of the budget "monthly" changed from all to buyers, board',
    ),
    "providers": (("oak",), 'the providers of the budget "monthly" changed from all to oak'),
    "assets": (("btc",), 'the assets of the budget "monthly" changed from all to btc'),
}


@pytest.mark.parametrize("name", [part.name for part in fields(Budget) if part.name != "name"])
def test_each_part_of_a_budget_that_changed_is_named_with_both_values(name: str) -> None:
    """People who are asked again want to know what is new, not to compare two cards."""
    value, phrase = CHANGES[name]
    (told,) = changed((budget(),), (budget(**{name: value}),))

    assert told.phrase == phrase


def test_a_budget_that_came_or_went_is_named() -> None:
    """Added to the configuration, removed from it, or no longer for this requester."""
    came, went = changed((budget(name="old"),), (budget(name="new"),))

    assert (came.part, went.part) == (Part.COVERS, Part.LEFT)
    assert came.phrase == 'it draws on the budget "new" now (10,000.00 EUR per month)'
    assert went.phrase == 'it does not draw on the budget "old" any more'


SOME = st.lists(budgets("EUR"), max_size=3, unique_by=lambda one: one.name).map(
    lambda some: tuple(sorted(some, key=lambda one: one.name))
)


@given(before=SOME, after=SOME)
def test_nothing_is_said_exactly_when_nothing_differs(
    before: tuple[Budget, ...], after: tuple[Budget, ...]
) -> None:
    """A vote is void for a difference, so each has a word."""
    assert (changed(before, after) == ()) == (before == after)
