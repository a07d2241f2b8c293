"""Many people, one budget: it is used as far as it goes, and never further."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.journeys.money import held, limited
from tests.stage import ANA, BEN, CLEO, FAY, Stage

CROWD = 64
FIT = 9
"""Orders of 102 EUR and a little that fit into 1,000 EUR."""


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """1,000 EUR a week."""
    async with limited(tmp_path) as one:
        yield one


def amount(number: int) -> str:
    return f"100.{number:02} EUR btc via kriptomat"


async def test_of_64_votes_at_once_exactly_as_many_decide_as_the_budget_has_money_for(
    stage: Stage,
) -> None:
    """All were asked for while there was enough for each of them alone."""
    cards = await asyncio.gather(*(stage.asked(ANA, amount(n)) for n in range(CROWD)))

    answers = await asyncio.gather(
        *(stage.click((BEN, CLEO, FAY)[n % 3], card, "Approve") for n, card in enumerate(cards))
    )

    decided = [card for card, answer in zip(cards, answers, strict=True) if "decides" in answer]
    assert len(decided) == FIT
    assert sum("cannot be approved now" in answer for answer in answers) == CROWD - FIT
    for card in decided:
        await stage.until(card, "completed", timeout=20)
    assert len(stage.kriptomat.purchases) == FIT
    states = await stage.rows("SELECT state, count(*) AS n FROM orders GROUP BY state ORDER BY n")
    assert [tuple(row.values()) for row in states] == [
        ("completed", FIT),
        ("pending_approval", CROWD - FIT),
    ]


async def test_64_people_who_ask_and_are_approved_at_once_spend_no_more_than_there_is(
    stage: Stage,
) -> None:
    """Requests, votes, sends and refusals all meet in the same second."""

    async def ask_and_approve(number: int) -> str:
        outcome = await stage.say((ANA, CLEO)[number % 2], amount(number))
        text = (await outcome.answer()).text
        if "Nothing was requested" in text:
            return "refused"
        order_id = text.split("*")[1]
        await stage.slack.wait_for(lambda _: stage.card(order_id), timeout=20)
        card = stage.card(order_id)
        assert card is not None, "waited for"
        return await stage.click(BEN, card, "Approve")

    answers = await asyncio.gather(*(ask_and_approve(number) for number in range(CROWD)))
    await stage.eventually(lambda: len(stage.kriptomat.purchases) == FIT, timeout=20)

    assert sum("decides" in answer for answer in answers) == FIT
    assert all(
        "decides" in answer or "cannot be approved now" in answer or answer == "refused"
        for answer in answers
    )
    money = await held(stage)
    assert sum(Decimal(amount) for status, amount in money if status != "released") <= 1000
