"""Slack is away, slow or forgetful: cards come later, in order, once, and the bot reconnects."""

import asyncio
import threading

import pytest

from storage import outbox
from tests.stage import ANA, BEN, CHANNEL, Stage, order_of, state_of


async def test_cards_of_an_outage_come_later_in_order_and_once(stage: Stage) -> None:
    """What we owe Slack is a row, so nothing is forgotten while it cannot be paid."""
    stage.slack.faults.web_outage(on=True)
    ids = []
    for amount in (101, 102, 103):
        outcome = await stage.say(ANA, f"{amount} EUR btc via kriptomat")
        assert outcome.text is not None
        ids.append(outcome.text.split("*")[1])
    assert stage.cards() == []

    stage.slack.faults.web_outage(on=False)
    await stage.slack.wait_for(lambda _: len(stage.cards()) == 3, timeout=15)

    assert [order_of(card) for card in stage.cards()] == ids


async def test_an_outage_is_over_as_soon_as_slack_connects_again(stage: Stage) -> None:
    """After a long outage the next try would be a minute away, with people at their keyboards."""
    await stage.stop_bot()
    await stage.start_bot(outage_pauses=(3600,))
    stage.slack.faults.error("internal_error", "chat.postMessage")
    await stage.say(ANA, "104 EUR btc via kriptomat")
    await stage.slack.wait_for(
        lambda slack: any(one.name == "chat.postMessage" for one in slack.traffic)
    )
    stage.slack.socket.disconnect()

    await stage.slack.wait_for(lambda _: stage.cards(), timeout=20)


async def test_an_order_that_is_approved_during_an_outage_ends_with_a_true_card(
    stage: Stage,
) -> None:
    """The purchase waits until Slack can tell who the approvers are; the card catches up."""
    card = await stage.asked()
    # Long enough ago that the reading of who is who must be repeated before money moves.
    await stage.move_clock(minutes=2)
    stage.slack.faults.web_outage(on=True)
    await stage.slack.click(BEN, card, "Approve")
    held = "SELECT 1 FROM events WHERE order_id = ? AND event = 'held'"
    async with asyncio.timeout(10):
        while not await stage.rows(held, order_of(card)):  # noqa: ASYNC110 - a table has no bell
            await asyncio.sleep(0.01)
    assert stage.kriptomat.posts == []

    stage.slack.faults.web_outage(on=False)
    await stage.move_clock(minutes=3)
    await stage.until(card, "completed", timeout=15)

    assert len(stage.cards()) == 1
    assert len(stage.kriptomat.purchases) == 1


async def test_a_rate_limit_delays_and_loses_nothing(stage: Stage) -> None:
    """429 with Retry-After on both the post and the edit."""
    stage.slack.faults.rate_limited(1, "chat.postMessage")
    stage.slack.faults.rate_limited(1, "chat.update")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")

    await stage.until(card, "completed", timeout=10)

    assert len(stage.cards()) == 1


async def test_a_spare_copy_of_a_card_is_closed_by_the_first_click_on_it(stage: Stage) -> None:
    """Slack took the post and its reply was lost: it is posted again, and the twin is no trap."""
    stage.slack.faults.reset_after("chat.postMessage")
    outcome = await stage.say(ANA, "250 EUR btc via kriptomat")
    await stage.slack.wait_for(lambda _: len(stage.cards()) == 2, timeout=10)
    spare, card = stage.cards()

    answer = await stage.click(BEN, spare, "Approve")
    await stage.until(card, "completed")
    await stage.slack.wait_for(lambda _: spare.buttons() == [])

    assert outcome.text is not None
    assert "decides" in answer, "it showed exactly the present terms, so the vote counts"
    assert "spare copy" in spare.text
    assert len(stage.kriptomat.purchases) == 1


async def test_a_card_that_somebody_has_deleted_is_posted_anew(stage: Stage) -> None:
    """A channel without the card would hide an order that is under way."""
    card = await stage.asked()
    stage.slack.faults.error("message_not_found", "chat.update")
    await stage.click(BEN, card, "Approve")

    await stage.slack.wait_for(lambda _: len(stage.cards()) == 2)
    fresh = stage.cards()[-1]
    await stage.until(fresh, "completed")

    assert len(stage.kriptomat.purchases) == 1


async def test_an_order_whose_card_nobody_can_see_is_cancelled_and_its_asker_told(
    stage: Stage,
) -> None:
    """It would wait for votes that cannot come."""
    stage.slack.workspace.channels[CHANNEL].is_archived = True
    outcome = await stage.say(ANA, "250 EUR btc via kriptomat")
    assert outcome.text is not None
    order_id = outcome.text.split("*")[1]

    await stage.slack.wait_for(lambda slack: slack.dms(ANA))

    assert order_id in stage.slack.dms(ANA)[0].text
    assert "could not be posted" in stage.slack.dms(ANA)[0].text
    (row,) = await stage.rows("SELECT state FROM orders WHERE id = ?", order_id)
    assert row["state"] == "cancelled"


async def test_a_message_that_cannot_be_made_does_not_hold_up_the_others(stage: Stage) -> None:
    """A row of the outbox that we cannot read any more stays owed; the bot goes on speaking."""
    assert stage.bot is not None
    desk = stage.bot.desk
    strange = outbox.Wish(key="strange", kind=outbox.Kind.CARD, order_id=None, facts={})
    await desk.db.write(lambda tx: outbox.wish(tx, strange, at=desk.now()))

    card = await stage.asked()

    assert state_of(card) == "pending_approval"
    (owed,) = await stage.rows("SELECT tries, trouble FROM outbox WHERE key = 'strange'")
    assert owed["tries"] >= 1
    assert owed["trouble"] == "KeyError"


@pytest.mark.parametrize("end", ["refresh_requested", "warning", "drop", "silence"])
async def test_the_bot_reconnects_after_a_socket_ends(stage: Stage, end: str) -> None:
    """Slack refreshes connections every few hours, networks drop them, some just go silent."""
    opened = stage.slack.socket.opened
    match end:
        case "drop":
            stage.slack.socket.drop()
        case "silence":
            stage.slack.socket.silence(on=True)
        case "warning":
            stage.slack.socket.disconnect("warning")
        case _:
            stage.slack.socket.disconnect("refresh_requested")
    await stage.eventually(lambda: stage.slack.socket.opened > opened, timeout=20)

    async def answered() -> bool:
        outcome = await stage.say(ANA, "status")
        return outcome.error is None and outcome.text is not None

    async with asyncio.timeout(20):
        while not await answered():
            await stage.slack.wait_connected(timeout=10)


async def test_stopping_while_a_purchase_is_slow_leaves_it_to_the_next_start(
    stage: Stage,
) -> None:
    """SIGTERM drains for some seconds, then the order is resumed as one in doubt."""
    stage.kriptomat.faults.next("buy", "hang after")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.eventually(lambda: stage.kriptomat.posts)

    async with asyncio.timeout(10):
        await stage.stop_bot()
    await stage.start_bot()
    await stage.until(card, "completed", timeout=15)

    assert len(stage.kriptomat.purchases) == 1
    assert any("in doubt" in version.text for version in card.history)


async def test_a_busy_database_does_not_keep_anybody_waiting_for_an_answer(stage: Stage) -> None:
    """Slack shows an error after three seconds; the bot says before that it is still at it."""
    free = threading.Event()
    assert stage.bot is not None
    busy = asyncio.create_task(stage.bot.desk.db.write(lambda _: free.wait(10)))
    outcome = await stage.say(ANA, "250 EUR btc via kriptomat")

    assert outcome.error is None
    assert outcome.text is not None
    assert "still at it" in outcome.text
    free.set()
    await busy
    answers = await outcome.all_answers(2)
    assert "waits for approval" in answers[-1].text
    await stage.slack.wait_for(lambda _: stage.cards())
    assert state_of(stage.cards()[0]) == "pending_approval"
