"""Those whom an order waits for are reminded in its thread, until they vote or want silence."""

import asyncio
from typing import Any

from bot.domain.people import Standing
from bot.playground.messages import Message
from tests.journeys.evidence import newest_after
from tests.stage import ANA, BEN, CLEO, DAN, FAY, Stage, order_of, state_of

LARGE = "5000 EUR btc via kriptomat for rent"
HOUR, MORNING = "Snooze 1 hour", "Snooze until 9:00 tomorrow"


def reminders(stage: Stage, card: Message) -> list[Message]:
    """The replies under the card that wait for a decision, oldest first."""
    return [
        message
        for message in stage.slack.messages(card.channel)
        if message.thread_ts == card.ts and "waits for your decision" in message.text
    ]


async def reminded(stage: Stage, card: Message, times: int) -> Message:
    """Wait for so many reminders; the newest."""
    await stage.slack.wait_for(lambda _: len(reminders(stage, card)) >= times)
    assert len(reminders(stage, card)) == times
    return reminders(stage, card)[-1]


async def quiet(stage: Stage) -> None:
    """Everything that is due has been looked at and said."""
    assert stage.bot is not None
    rows = await stage.rows("SELECT version FROM orders")
    while True:
        stage.bot.desk.wake_clock(None)
        stage.bot.desk.wake_announcer()
        await asyncio.sleep(0.05)
        now = await stage.rows("SELECT version FROM orders")
        owed = await stage.rows("SELECT 1 FROM outbox WHERE wanted > paid AND kind = 'reminder'")
        if now == rows and not owed and not stage.bot.desk.busy:
            return
        rows = now


async def test_whoever_has_not_voted_is_reminded_with_what_it_is_about(stage: Stage) -> None:
    """After half an hour, with a mention, in the thread of the card."""
    card = await stage.asked(ANA, LARGE)
    await stage.click(BEN, card, "Approve")

    await stage.move_clock(minutes=31)
    told = await reminded(stage, card, 1)

    assert f"<@{CLEO}>" in told.text
    assert f"<@{FAY}>" in told.text
    assert f"<@{BEN}>" not in told.text
    assert "Buy BTC for 5,000.00 EUR via Kriptomat" in told.text
    assert "needs 1 person from approvers; 1 approval so far" in told.text
    assert "expires" in told.text


async def test_reminders_come_less_and_less_often_and_none_after_expiry(stage: Stage) -> None:
    """At 30 minutes, then an hour, two hours and four later; at eight hours it is over."""
    card = await stage.asked()
    for times, minutes in enumerate((31, 61, 121, 241), 1):
        await stage.move_clock(minutes=minutes)
        await reminded(stage, card, times)
        await stage.move_clock(minutes=2)
        await quiet(stage)
        assert len(reminders(stage, card)) == times, "not before its time"

    await stage.move_clock(hours=30)
    await stage.until(card, "expired")
    await quiet(stage)
    assert len(reminders(stage, card)) == 4


async def test_nobody_is_reminded_of_what_is_decided(stage: Stage) -> None:
    """Approved, denied, cancelled: the thread falls silent."""
    decided = await stage.asked(ANA, "100 EUR btc")
    cancelled = await stage.asked(ANA, "101 EUR btc")
    await stage.click(BEN, decided, "Approve")
    await stage.click(ANA, cancelled, "Cancel")
    await stage.until(decided, "completed")

    await stage.move_clock(minutes=45)
    await quiet(stage)

    assert reminders(stage, decided) == reminders(stage, cancelled) == []


async def test_a_restart_neither_forgets_nor_repeats_a_reminder(stage: Stage) -> None:
    """What was missed while the bot was stopped is made good once; what was said stays said."""
    card = await stage.asked()
    await stage.move_clock(minutes=31)
    await reminded(stage, card, 1)
    await stage.stop_bot()
    await stage.start_bot()
    await quiet(stage)
    assert len(reminders(stage, card)) == 1

    await stage.stop_bot()
    stage.clock.move(hours=3)
    await stage.start_bot()

    await reminded(stage, card, 2)


async def test_a_reminder_whose_sending_was_cut_off_is_not_sent_twice(stage: Stage) -> None:
    """Slack took it and died: whether it stands there nobody knows, and the next round is near."""
    card = await stage.asked()
    stage.slack.faults.reset_after("chat.postMessage")

    await stage.move_clock(minutes=31)
    await reminded(stage, card, 1)
    await stage.stop_bot()
    await stage.start_bot()
    await quiet(stage)

    assert len(reminders(stage, card)) == 1


async def test_a_reminder_that_slack_has_no_time_for_comes_a_little_later(stage: Stage) -> None:
    """A rate limit says for certain that it was not posted."""
    card = await stage.asked()
    stage.slack.faults.error("ratelimited", "chat.postMessage")

    await stage.move_clock(minutes=31)
    await quiet(stage)
    stage.slack.faults.clear()
    await stage.move_clock(minutes=2)

    await reminded(stage, card, 1)


async def test_a_snooze_is_for_one_person_and_ends_with_a_reminder(stage: Stage) -> None:
    """Cleo has her hour; Ben and Fay are reminded meanwhile, and she alone when it is over."""
    card = await stage.asked()
    await stage.move_clock(minutes=31)
    first = await reminded(stage, card, 1)

    await stage.move_clock(minutes=30)
    answer = await stage.click(CLEO, first, HOUR)
    assert "not remind you" in answer
    assert "so can others" in answer
    await stage.move_clock(minutes=31)
    second = await reminded(stage, card, 2)
    assert f"<@{CLEO}>" not in second.text
    assert f"<@{BEN}>" in second.text

    await stage.move_clock(minutes=30)
    third = await reminded(stage, card, 3)
    assert f"<@{CLEO}>" in third.text
    assert f"<@{BEN}>" not in third.text


async def test_a_snooze_survives_a_restart_and_the_order_is_untouched(stage: Stage) -> None:
    """It stands in the order's row; votes, digest and expiry are as they were."""
    card = await stage.asked()
    await stage.move_clock(minutes=31)
    first = await reminded(stage, card, 1)
    (before,) = await stage.rows("SELECT expires_at, revision, state FROM orders")
    await stage.click(CLEO, first, HOUR)
    await stage.stop_bot()
    stage.clock.move(minutes=61)
    await stage.start_bot()

    told = [await reminded(stage, card, 2)]
    assert f"<@{CLEO}>" in told[0].text
    assert await stage.rows("SELECT expires_at, revision, state FROM orders") == [before]
    assert "decides" in await stage.click(CLEO, card, "Approve")


async def test_a_snooze_until_tomorrow_is_until_that_persons_morning(stage: Stage) -> None:
    """The bot tells the instant, in the reader's own zone; here it is after the expiry."""
    card = await stage.asked()
    await stage.move_clock(minutes=31)
    first = await reminded(stage, card, 1)

    answer = await stage.click(CLEO, first, MORNING)
    (row,) = await stage.rows("SELECT snoozes FROM orders")

    assert "not remind you" in answer
    assert CLEO in row["snoozes"]
    for minutes in (62, 122, 242):
        await stage.move_clock(minutes=minutes)
        await quiet(stage)
    later: list[Any] = reminders(stage, card)[1:]
    assert len(later) == 3
    assert state_of(card) == "pending_approval"


async def test_who_is_not_asked_cannot_snooze_and_hears_why(stage: Stage) -> None:
    """The requester, a guest, and whoever has voted have nothing to be silent about."""
    card = await stage.asked(ANA, LARGE)
    await stage.click(BEN, card, "Approve")
    await stage.move_clock(minutes=31)
    first = await reminded(stage, card, 1)

    assert "yourself" in await stage.click(ANA, first, HOUR)
    assert "Guests" in await stage.click(DAN, first, HOUR)
    assert "already" in await stage.click(BEN, first, HOUR)
    (row,) = await stage.rows("SELECT snoozes FROM orders")
    assert row["snoozes"] == "[]"

    await stage.click(CLEO, card, "Approve")
    await stage.until(card, "completed")
    assert "decided already" in await stage.click(FAY, first, HOUR)


async def test_who_left_the_approvers_is_not_reminded(stage: Stage) -> None:
    """Eligible then and now."""
    card = await stage.asked(ANA, LARGE)
    stage.slack.workspace.groups["S0TREASURY"].people[:] = [FAY]
    stage.slack.workspace.people[CLEO].deleted = True
    await stage.until_known(CLEO, Standing.DEACTIVATED)

    await stage.move_clock(minutes=31)
    told = await reminded(stage, card, 1)

    assert f"<@{CLEO}>" not in told.text
    assert f"<@{FAY}>" in told.text


async def test_asked_anew_the_reminders_begin_anew_on_the_fresh_card(stage: Stage) -> None:
    """The pauses are short again, and nobody is asleep any more."""
    await stage.kriptomat.stop()
    card = await stage.asked()
    await stage.move_clock(minutes=31)
    await stage.click(CLEO, await reminded(stage, card, 1), MORNING)
    await stage.click(BEN, card, "Approve")
    await stage.slack.wait_for(lambda _: "Waiting to be sent" in card.text)
    await stage.move_clock(minutes=61)
    fresh = await newest_after(stage, card)
    await stage.slack.wait_for(lambda _: stage.thread(fresh))

    await stage.move_clock(minutes=31)
    told = await reminded(stage, fresh, 1)

    assert f"<@{CLEO}>" in told.text
    assert order_of(fresh) == order_of(card)
