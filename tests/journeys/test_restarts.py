"""Stop and start in the middle of things: nothing is forgotten and nothing is bought twice."""

import asyncio

from commands.cards import EDIT
from tests.journeys.evidence import assert_bought_once, back_again, order_row
from tests.stage import ANA, BEN, CLEO, Stage, order_of, state_of


async def test_a_purchase_that_arrives_after_the_bot_gave_up_waiting_is_the_only_one(
    stage: Stage,
) -> None:
    """The worst of timings: stopped while sending, restarted, and only then is it executed."""
    stage.kriptomat.faults.next("buy", "slow before", seconds=7.5)
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.eventually(lambda: stage.kriptomat.posts)

    async with asyncio.timeout(10):
        await stage.stop_bot()
    assert stage.kriptomat.purchases == []
    await stage.start_bot()
    await stage.until(card, "completed", timeout=20)
    await stage.eventually(lambda: not stage.kriptomat.faults.armed()["buy"]["next"])
    await asyncio.sleep(1.5)

    assert_bought_once(stage)
    assert len(stage.kriptomat.posts) >= 2


async def test_a_stop_lets_a_purchase_that_is_nearly_done_end(stage: Stage) -> None:
    """What can be known now should not become a doubt."""
    stage.kriptomat.faults.next("buy", "slow after", seconds=0.7)
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.eventually(lambda: stage.kriptomat.posts)

    await stage.stop_bot()
    await stage.start_bot()
    await stage.until(card, "completed", timeout=10)

    assert len(stage.kriptomat.posts) == 1
    assert not any("in doubt" in version.text for version in card.history)


async def test_a_doubt_survives_a_restart_and_is_settled_with_the_same_bytes(
    stage: Stage,
) -> None:
    """The body that is repeated is the one on the disk, not one that is made anew."""
    stage.kriptomat.faults.next("buy", "reply lost")
    stage.kriptomat.faults.standing("list", "500 before")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "in_doubt")
    await stage.stop_bot()
    stage.kriptomat.faults.clear()

    await stage.start_bot()
    await stage.until(card, "completed", timeout=15)

    assert_bought_once(stage)


async def test_an_accepted_order_is_followed_by_the_next_process(stage: Stage) -> None:
    """The polling is a row with a time, not a task."""
    stage.kriptomat.book.settle = "never"
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "accepted")
    await stage.stop_bot()
    stage.kriptomat.settle_now(1, "SUCCESS")

    # While nobody signs in: a one-time code is good for the half minute in which it was made.
    stage.clock.move(minutes=11)
    await stage.start_bot()
    await stage.until(card, "completed", timeout=10)

    assert_bought_once(stage)


async def test_an_approval_of_the_process_before_is_looked_up_before_it_is_sent(
    stage: Stage,
) -> None:
    """The file may be a restored backup; here nothing is found, so it is bought, once."""
    await stage.kriptomat.stop()
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.slack.wait_for(lambda _: "Waiting to be sent" in card.text)
    await stage.stop_bot()
    await stage.start_bot()

    await back_again(stage)
    await stage.until(card, "completed", timeout=10)

    assert_bought_once(stage)


async def test_a_purchase_that_looks_like_it_stops_an_old_approval(stage: Stage) -> None:
    """A restored backup does not know that it was bought already; the vendor's list does."""
    first = await stage.asked()
    await stage.kriptomat.stop()
    await stage.click(BEN, first, "Approve")
    await stage.slack.wait_for(lambda _: "Waiting to be sent" in first.text)
    await stage.stop_bot()
    order_key = "0" * 32
    book = stage.kriptomat.book
    book.finish(
        book.book("1", order_key, "btceur", book.prices["btceur"] * 0 + 250),
        "SUCCESS",
    )
    await stage.start_bot()

    await back_again(stage)
    await stage.until(first, "in_doubt", timeout=10)
    await stage.move_clock(minutes=3)
    await stage.move_clock(hours=2)

    assert stage.kriptomat.posts == []
    assert "looks like it was found" in first.text
    assert (await order_row(stage, first))["ref"] is None


async def test_what_was_owed_to_slack_is_paid_by_the_next_process_once(stage: Stage) -> None:
    """Stopped in the middle of an outage: the card comes after the start, one of it."""
    stage.slack.faults.error("fatal_error", "chat.postMessage", times=50)
    outcome = await stage.say(ANA, "250 EUR btc")
    assert outcome.text is not None
    await stage.stop_bot()
    assert stage.cards() == []
    stage.slack.faults.clear()

    await stage.start_bot()
    await stage.slack.wait_for(lambda _: stage.cards())
    (card,) = stage.cards()
    await stage.click(CLEO, card, "Approve")
    await stage.until(card, "completed")

    assert order_of(card) in outcome.text
    assert len(stage.cards()) == 1


async def test_an_order_expires_while_the_bot_is_away(stage: Stage) -> None:
    """The deadline passed; the next start says so instead of taking votes."""
    card = await stage.asked()
    await stage.stop_bot()
    stage.clock.move(hours=9)

    await stage.start_bot()
    await stage.until(card, "expired")

    assert [one["action_id"] for one in card.buttons()] == [EDIT]
    assert state_of(card) == "expired"
