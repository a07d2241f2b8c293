"""What happens to the cards when people are asked anew: none of them says what is not so."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot.playground.messages import Message
from commands.cards import EDIT
from tests.journeys.evidence import assert_bought_once, back_again, newest_after
from tests.stage import ANA, BEN, CLEO, TOML, Stage, staged, state_of


@pytest.fixture
async def quoted(tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage whose Kriptomat is configured to tell its exchange rate."""
    async with staged(tmp_path, toml=TOML + 'quote = "exchange-rate"\n') as stage:
        yield stage


async def asked_again(stage: Stage, text: str = "250 EUR btc via kriptomat") -> Message:
    """The card that was approved at 64,800 when the price had gone to 70,000."""
    card = await stage.asked(ANA, text)
    stage.kriptomat.book.prices["btceur"] = Decimal("70000.00")
    await stage.click(BEN, card, "Approve")
    return card


async def test_a_price_above_the_maximum_at_sending_ends_the_order_in_sight_of_all(
    quoted: Stage,
) -> None:
    """It was asked about in the channel, so its end is told there, with the reason."""
    old = await asked_again(quoted, "250 EUR btc max 66000")
    fresh = await newest_after(quoted, old)
    await quoted.until(fresh, "cancelled")
    await quoted.slack.wait_for(lambda _: not old.buttons())
    await quoted.slack.wait_for(lambda _: quoted.thread(fresh))

    assert "above the maximum of 66,000" in fresh.text
    assert [one["action_id"] for one in fresh.buttons()] == [EDIT]
    assert "newer card" in old.text, "and there is one"
    assert f"<@{ANA}>" in quoted.thread(fresh)[0]
    assert not any("before anybody was asked" in m.text for m in quoted.slack.dms(ANA))
    assert quoted.kriptomat.posts == []


async def test_a_price_that_cannot_be_read_anew_ends_the_order_in_sight_of_all(
    quoted: Stage,
) -> None:
    """Asked again, but at which price? Nobody can say, so it ends, and says so."""
    card = await quoted.asked()
    await quoted.kriptomat.stop()
    await quoted.click(BEN, card, "Approve")
    await quoted.slack.wait_for(lambda _: "Waiting to be sent" in card.text)
    await quoted.move_clock(minutes=61)

    await quoted.slack.wait_for(lambda _: quoted.cards()[-1] is not card, timeout=20)
    fresh = quoted.cards()[-1]
    await quoted.until(fresh, "cancelled")

    assert "price could not be read" in fresh.text
    assert quoted.kriptomat.posts == []


async def test_those_who_may_decide_are_called_when_the_price_has_risen(quoted: Stage) -> None:
    """A fresh card alone notifies nobody."""
    old = await asked_again(quoted)
    fresh = await newest_after(quoted, old)
    await quoted.slack.wait_for(lambda _: quoted.thread(fresh))

    called = quoted.thread(fresh)[0]

    assert f"<@{BEN}>" in called
    assert f"<@{CLEO}>" in called
    assert "70,000.00" in called


async def test_those_who_may_decide_are_called_although_the_fresh_card_came_late(
    stage: Stage,
) -> None:
    """Slack refused the card for a while: the call follows it, it is not forgotten."""
    await stage.kriptomat.stop()
    old = await stage.asked()
    await stage.click(BEN, old, "Approve")
    await stage.slack.wait_for(lambda _: "Waiting to be sent" in old.text)
    stage.slack.faults.error("not_allowed_just_now", "chat.postMessage")
    await stage.move_clock(minutes=61)

    await stage.slack.wait_for(lambda _: not old.buttons())
    for _ in range(3):
        await stage.move_clock(minutes=2)
    fresh = await newest_after(stage, old)
    await stage.slack.wait_for(lambda _: stage.thread(fresh))

    assert f"<@{CLEO}>" in stage.thread(fresh)[0]
    assert "decide" in stage.thread(fresh)[0]


async def test_one_who_voted_before_has_to_vote_again_and_can(stage: Stage) -> None:
    """The old votes are void; the same people may decide the same terms anew."""
    await stage.kriptomat.stop()
    old = await stage.asked(ANA, "5000 EUR btc for rent")
    await stage.click(BEN, old, "Approve")
    await stage.click(CLEO, old, "Approve")
    await stage.slack.wait_for(lambda _: "Waiting to be sent" in old.text)
    await stage.move_clock(minutes=61)
    fresh = await newest_after(stage, old)
    assert "0 of 2 approvals" in fresh.text
    await back_again(stage)

    first = await stage.click(BEN, fresh, "Approve")
    second = await stage.click(CLEO, fresh, "Approve")
    await stage.until(fresh, "completed", timeout=10)

    assert "Still needed: 1 person" in first
    assert "decides" in second
    assert_bought_once(stage)


async def test_a_cancel_on_the_old_card_cancels_the_order(stage: Stage) -> None:
    """Approvals are for terms; the brake is for the order."""
    await stage.kriptomat.stop()
    old = await stage.asked()
    seen = old.snapshot()
    await stage.click(BEN, old, "Approve")
    await stage.move_clock(minutes=61)
    fresh = await newest_after(stage, old)

    answer = await stage.click(ANA, old, "Cancel", stale=seen)
    await stage.until(fresh, "cancelled")

    assert "You cancelled" in answer
    assert state_of(fresh) == "cancelled"
    assert [one["action_id"] for one in fresh.buttons()] == [EDIT]
