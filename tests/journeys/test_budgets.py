"""Budgets as people meet them: figures before they vote, refusals in time, and one winner."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.evidence import back_again, order_row
from tests.journeys.money import LIMITED, figures, held, limited
from tests.stage import ANA, BEN, CLEO, DAN, FAY, Stage, order_of, state_of


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """1,000 EUR a week."""
    async with limited(tmp_path) as one:
        yield one


async def test_people_see_what_is_left_before_they_vote_and_what_it_became_afterwards(
    stage: Stage,
) -> None:
    """Reserved with the allowance for fees, spent as the vendor told it."""
    card = await stage.asked(ANA, "250 EUR btc via kriptomat")
    assert "spent 0.00 · reserved 0.00 · in doubt 0.00 · *left after this one 745.00* EUR" in (
        figures(card)
    )
    assert "Budget weekly would have 745.00 EUR left after it." in card.text

    await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")

    assert figures(card) == ""
    told = (await stage.say(ANA, "budget")).text or ""
    assert "*weekly*: 1,000.00 EUR a week until" in told
    assert "spent 250.00 · reserved 0.00 · in doubt 0.00 · *left 750.00* EUR" in told
    assert "Only for orders of ETH." in told


async def test_only_readers_are_told_of_the_budgets(stage: Stage) -> None:
    """What a team has spent is nobody else's business."""
    assert "weekly" in ((await stage.say(FAY, "budget")).text or "")
    assert "weekly" not in ((await stage.say(DAN, "budget")).text or "")


async def test_a_request_that_no_budget_has_enough_for_is_not_even_asked(stage: Stage) -> None:
    """Approvers are not bothered for nothing, and the requester learns what would do."""
    first = await stage.asked(ANA, "500 EUR eth via kriptomat")
    await stage.click(BEN, first, "Approve")
    await stage.until(first, "completed")

    answer = (await stage.say(ANA, "100 EUR eth via kriptomat")).text or ""

    assert "The budget “ether” (600.00 EUR in any 30 days) has 100.00 EUR left" in answer
    assert "This may cost 102.00 EUR with fees." in answer
    assert "at most 100.00 EUR, fees included" in answer
    assert "weekly" not in answer
    assert answer.endswith("Nothing was requested.")
    assert len(await stage.rows("SELECT 1 FROM orders")) == 1
    assert state_of(await stage.asked(ANA, "98 EUR eth via kriptomat")) == "pending_approval"


async def test_of_two_requests_for_the_last_of_a_budget_exactly_one_wins(stage: Stage) -> None:
    """Both were good when they were asked for; the one that is approved first gets the money."""
    cards = [await stage.asked(ANA, f"{amount} EUR btc") for amount in (600, 601)]

    answers = await asyncio.gather(
        *(stage.click(who, card, "Approve") for who, card in zip((BEN, CLEO), cards, strict=True))
    )

    (won,) = [n for n, answer in enumerate(answers) if "decides" in answer]
    lost = cards[1 - won]
    await stage.until(cards[won], "completed")
    assert "cannot be approved now. The budget “weekly”" in answers[1 - won]
    assert "Your vote was not counted; the votes before it stand." in answers[1 - won]
    assert state_of(lost) == "pending_approval"
    assert len(await held(stage)) == len(stage.kriptomat.purchases) == 1
    await stage.slack.wait_for(lambda _: stage.thread(lost))
    assert f"<@{ANA}>: enough people agree to {order_of(lost)}" in stage.thread(lost)[0]
    await stage.slack.wait_for(lambda _: "Not enough is left for this order" in figures(lost))


async def test_votes_before_the_one_that_a_budget_stops_stand_and_it_is_told_once(
    tmp_path: Path,
) -> None:
    """When there is enough again, one more click is all that is needed."""
    richer = LIMITED.replace('limit = "1000 EUR"', 'limit = "4000 EUR"')
    async with limited(tmp_path, toml=richer) as stage:
        await stage.kriptomat.stop()
        big = await stage.asked(ANA, "3000 EUR btc for rent")
        rest = await stage.asked(ANA, "2500 EUR btc for tax")
        assert "Still needed" in await stage.click(BEN, rest, "Approve")
        for who in (BEN, CLEO):
            await stage.click(who, big, "Approve")
        await stage.until(big, "approved")

        stopped = [await stage.click(who, rest, "Approve") for who in (CLEO, FAY, CLEO)]

        assert all("cannot be approved now" in one for one in stopped)
        assert (await order_row(stage, rest))["state"] == "pending_approval"
        assert "1 of 2 approvals" in rest.text
        told = await stage.rows("SELECT actor FROM events WHERE event = 'over_budget'")
        assert told == [{"actor": CLEO}]
        await stage.click(ANA, big, "Cancel")
        await back_again(stage)
        assert "decides" in await stage.click(FAY, rest, "Approve")
        await stage.until(rest, "completed", timeout=10)
        await stage.slack.wait_for(lambda _: len(stage.thread(rest)) > 1)
        assert ["cannot be approved" in one for one in stage.thread(rest)] == [True, False]


async def test_what_is_in_doubt_keeps_its_money(stage: Stage) -> None:
    """It may have been bought; whoever asks next must not spend it a second time."""
    stage.kriptomat.faults.next("buy", "reply lost")
    stage.kriptomat.faults.standing("list", "500 before")
    card = await stage.asked(ANA, "600 EUR btc via kriptomat")
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "in_doubt")

    answer = (await stage.say(ANA, "500 EUR btc via kriptomat")).text or ""

    assert "spent 0.00, reserved 0.00, in doubt 612.00" in answer
    assert answer.endswith("Nothing was requested.")
    stage.kriptomat.faults.clear()
    await stage.until(card, "completed", timeout=15)
    assert await held(stage) == [("spent", "600.00")]


async def test_a_new_week_has_all_of_its_money(stage: Stage) -> None:
    """From the team's midnight on, and the card that waited can be approved then."""
    stage.clock.move(days=4, hours=13)  # Sunday, 23:00 in Ljubljana
    first = await stage.asked(ANA, "900 EUR btc via kriptomat")
    second = await stage.asked(BEN, "850 EUR btc via kriptomat")
    await stage.click(BEN, first, "Approve")
    await stage.until(first, "completed")
    stopped = await stage.click(CLEO, second, "Approve")
    assert "cannot be approved now" in stopped
    assert "2026-11-29 23:00 UTC" in stopped
    assert "Press Approve again then" in stopped

    await stage.move_clock(minutes=61)

    assert "decides" in await stage.click(CLEO, second, "Approve")
    await stage.until(second, "completed")


async def test_cards_that_wait_for_votes_show_soon_what_others_have_taken(stage: Stage) -> None:
    """A figure that is a minute old has led to many a vote in vain."""
    waiting = await stage.asked(ANA, "700 EUR btc via kriptomat")
    assert "*left after this one 286.00* EUR" in figures(waiting)
    other = await stage.asked(BEN, "400 EUR btc via kriptomat")

    await stage.click(CLEO, other, "Approve")
    await stage.until(other, "completed")
    await stage.move_clock(seconds=16)

    await stage.slack.wait_for(lambda _: "*left after this one -114.00* EUR" in figures(waiting))
    assert "Not enough is left for this order" in figures(waiting)
