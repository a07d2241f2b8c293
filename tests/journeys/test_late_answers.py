"""When the bot or Slack is slow: an acknowledgement in time, and later something true."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.journeys.evidence import assert_bought_once, deny_form
from tests.stage import ANA, BEN, CHANNEL, CLEO, Stage, order_of, state_of


@asynccontextmanager
async def busy_writer(stage: Stage) -> AsyncIterator[None]:
    """The database's one writer is held up until the end of the block."""
    free = threading.Event()
    assert stage.bot is not None
    holding = asyncio.create_task(stage.bot.desk.db.write(lambda _: free.wait(20)))
    try:
        yield
    finally:
        free.set()
        await holding


async def test_a_click_is_acknowledged_in_time_and_answered_when_it_is_known(
    stage: Stage,
) -> None:
    """Else Slack shows a warning sign and the person presses again."""
    card = await stage.asked()
    async with busy_writer(stage):
        outcome = await stage.slack.click(BEN, card, "Approve")
        assert outcome.error is None
        assert outcome.ack_seconds is not None
        assert outcome.ack_seconds < 3
        assert outcome.answers == [], "nothing is claimed before it is on the disk"

    assert "decides" in (await outcome.answer()).text
    await stage.until(card, "completed")
    assert_bought_once(stage)


async def test_a_form_is_answered_in_time_and_the_denial_still_happens(stage: Stage) -> None:
    """The form says that it takes longer; the card says what became of it."""
    card = await stage.asked()
    form = await deny_form(stage, BEN, card)
    async with busy_writer(stage):
        outcome = await stage.slack.submit(BEN, form, {"reason": "no"})
        assert outcome.error is None
        assert outcome.view is not None
        assert "still at it" in outcome.view.plain()

    await stage.until(card, "denied")
    assert stage.kriptomat.posts == []


async def test_a_form_that_cannot_be_opened_is_no_denial(stage: Stage) -> None:
    """The person hears that there is no form, and the order waits on."""
    card = await stage.asked()
    stage.slack.faults.error("internal_error", "views.open")

    answer = await stage.click(BEN, card, "Deny")

    assert "did not open the form" in answer
    assert "nothing was changed" in answer
    assert state_of(card) == "pending_approval"
    again = await deny_form(stage, BEN, card)
    await stage.slack.submit(BEN, again, {})
    await stage.until(card, "denied")


async def test_a_full_outage_of_slack_loses_no_purchase_and_no_truth(stage: Stage) -> None:
    """Sockets and Web API gone while the purchase is under way: bought once, told afterwards."""
    stage.kriptomat.faults.next("buy", "slow after", seconds=0.4)
    card = await stage.asked()
    outcome = await stage.slack.click(BEN, card, "Approve")
    assert outcome.error is None
    await stage.eventually(lambda: stage.kriptomat.posts)
    stage.slack.faults.outage(on=True)
    await stage.eventually(lambda: stage.kriptomat.purchases)
    await asyncio.sleep(0.6)
    stage.slack.faults.outage(on=False)

    await stage.until(card, "completed", timeout=20)
    await stage.slack.wait_connected(timeout=20)

    assert len(stage.cards()) == 1
    assert_bought_once(stage)


@pytest.mark.parametrize("trouble", ["status", "error", "garbage", "reset_after"])
async def test_a_card_is_true_in_the_end_whatever_happened_to_its_edits(
    stage: Stage, trouble: str
) -> None:
    """500s, internal errors, pages instead of JSON and lost replies of chat.update."""
    card = await stage.asked()
    faults = stage.slack.faults
    match trouble:
        case "status":
            faults.status(503, "chat.update")
        case "error":
            faults.error("internal_error", "chat.update")
        case "garbage":
            faults.garbage("chat.update", after=False)
        case _:
            faults.reset_after("chat.update")
    await stage.click(BEN, card, "Approve")

    await stage.until(card, "completed", timeout=10)

    assert len(stage.cards()) == 1
    assert_bought_once(stage)


async def test_a_spare_copy_answers_a_late_click_with_what_was_decided(stage: Stage) -> None:
    """The vote came on the true card; who presses the spare one hears so, and it closes."""
    stage.slack.faults.reset_after("chat.postMessage")
    await stage.say(ANA, "250 EUR btc via kriptomat")
    await stage.slack.wait_for(lambda _: len(stage.cards()) == 2, timeout=10)
    spare, card = stage.cards()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")

    answer = await stage.click(CLEO, spare, "Approve")
    await stage.slack.wait_for(lambda _: spare.buttons() == [])

    assert f"<@{BEN}> gave the last approval" in answer
    assert_bought_once(stage)


async def test_a_bot_that_was_never_invited_cancels_and_tells_the_asker(stage: Stage) -> None:
    """Cards that nobody sees get no votes."""
    stage.slack.workspace.channels[CHANNEL].members.remove("U0BOT")

    outcome = await stage.say(ANA, "250 EUR btc")
    await stage.slack.wait_for(lambda slack: slack.dms(ANA))

    assert outcome.text is not None
    (row,) = await stage.rows("SELECT state, id FROM orders")
    assert row["state"] == "cancelled"
    assert row["id"] in stage.slack.dms(ANA)[0].text
    assert "Nothing was bought" in stage.slack.dms(ANA)[0].text


async def test_an_order_asked_for_right_before_a_reconnect_is_still_there(stage: Stage) -> None:
    """What was acknowledged was written down first."""
    outcome = await stage.say(ANA, "250 EUR btc")
    opened = stage.slack.socket.opened
    stage.slack.socket.drop()
    await stage.eventually(lambda: stage.slack.socket.opened > opened, timeout=15)
    await stage.slack.wait_connected(timeout=10)
    await stage.slack.wait_for(lambda _: stage.cards())
    (card,) = stage.cards()

    answer = await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")

    assert outcome.text is not None
    assert order_of(card) in outcome.text
    assert "decides" in answer
