"""What the bot is saying while it is stopped, and what it says when nobody can be told."""

import asyncio

from tests.journeys.evidence import assert_bought_once
from tests.stage import ANA, BEN, CHANNEL, Stage, state_of


async def test_a_stop_in_the_middle_of_a_post_makes_no_second_card(stage: Stage) -> None:
    """Every deployment is a stop: a message that Slack has nearly confirmed is waited for."""
    stage.slack.faults.slow(0.5, "chat.postMessage", after=True)
    await stage.say(ANA, "250 EUR btc")
    await stage.slack.wait_for(lambda _: stage.cards())

    await stage.stop_bot()
    await stage.start_bot()
    (card,) = stage.cards()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")

    assert len(stage.cards()) == 1
    assert_bought_once(stage)


async def test_a_stop_while_slack_hangs_does_not_wait_for_it(stage: Stage) -> None:
    """A message that is never confirmed is said again by the next process."""
    stage.slack.faults.hang("chat.postMessage")
    await stage.say(ANA, "250 EUR btc")

    async with asyncio.timeout(10):
        await stage.stop_bot()
    await stage.start_bot()
    await stage.slack.wait_for(lambda _: stage.cards())

    assert state_of(stage.cards()[0]) == "pending_approval"


async def test_what_was_decided_while_stopping_is_on_the_card_before_the_end(
    stage: Stage,
) -> None:
    """The purchase that a stop waited for is told, not left to the next start."""
    stage.kriptomat.faults.next("buy", "slow after", seconds=0.5)
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.eventually(lambda: stage.kriptomat.posts)

    await stage.stop_bot()

    assert state_of(card) in {"accepted", "completed"}


async def test_a_person_who_cannot_be_written_to_is_not_written_to_for_ever(
    stage: Stage,
) -> None:
    """The asker has left meanwhile; the order has ended and nothing stays owed."""
    stage.slack.workspace.channels[CHANNEL].is_archived = True
    stage.slack.faults.error("user_disabled", "conversations.open", times=1000)
    await stage.say(ANA, "250 EUR btc")

    async with asyncio.timeout(5):
        while await stage.rows("SELECT 1 FROM outbox WHERE wanted > paid") or not await stage.rows(
            "SELECT 1 FROM orders WHERE state = 'cancelled'"
        ):
            await stage.move_clock(minutes=2)
            await asyncio.sleep(0.02)

    assert stage.slack.dms(ANA) == []
