"""A reminder asks; Buy opens the ordinary approval, Skip and Snooze need nobody."""

import asyncio
import contextlib
import sqlite3

from bot.playground.messages import Message
from tests.recurring.office import REMINDER, Office
from tests.stage import ANA, BEN, CHANNEL, CLEO, DAN, EVE


async def reminded(office: Office) -> Message:
    """The first reminder, as it is posted."""
    await office.running(REMINDER)
    await office.clock_at("2026-12-04 08:00:01")
    await office.patiently(lambda _: office.reminders())
    return office.reminders()[0]


async def test_it_mentions_who_wanted_it_and_tells_what_can_be_bought(office: Office) -> None:
    """The whole meaning in its text, three buttons."""
    message = await reminded(office)
    assert "<@U0ANA>" in message.text
    assert "Buy BTC for 100.00 EUR via Kriptomat" in message.text
    assert [one["text"]["text"] for one in message.buttons()] == ["Buy", "Skip", "Snooze"]
    head, *rest = message.plain().splitlines()
    assert head.startswith("Reminder: Buy BTC for 100.00 EUR via Kriptomat   REC-")
    assert rest[0] == "🟡 Do you want to buy?"
    assert "For Fri 4 Dec 2026 9:00; repeats every friday at 9:00" in message.plain()
    assert await office.rows("SELECT * FROM orders") == []


async def test_buy_opens_the_ordinary_approval_in_the_name_of_whoever_pressed(
    office: Office,
) -> None:
    """Cleo presses, so Cleo asks: she cannot approve it herself, Ben can."""
    message = await reminded(office)
    answer = await office.click(CLEO, message, "Buy")
    assert "waits for approval" in answer
    await office.patiently(lambda _: office.cards())
    (card,) = office.cards()

    assert "yourself" in await office.click(CLEO, card, "Approve")
    assert "decides" in await office.click(BEN, card, "Approve")
    await office.until(card, "completed")

    (order,) = await office.rows("SELECT origin, requester FROM orders")
    assert order["requester"] == CLEO
    assert order["origin"].endswith(":2026-12-04T09:00")
    await office.patiently(lambda _: not message.buttons())
    assert "Asked for: <@U0CLEO> asked for it as BUY-" in message.text
    assert "🔵 Asked for" in message.plain(), "the card of the reminder, after Buy"


async def test_two_people_who_press_buy_at_once_make_one_order(office: Office) -> None:
    """One date, one order."""
    message = await reminded(office)
    answers = await asyncio.gather(
        office.click(ANA, message, "Buy"), office.click(BEN, message, "Buy")
    )
    assert sum("waits for approval" in answer for answer in answers) == 1
    assert sum("asked for it already: BUY-" in answer for answer in answers) == 1
    assert len(await office.rows("SELECT * FROM orders")) == 1


async def test_skip_closes_it_and_nothing_is_bought(office: Office) -> None:
    """The next date asks again."""
    message = await reminded(office)
    shown = message.snapshot()
    assert "Skipped" in await office.click(ANA, message, "Skip")
    await office.patiently(lambda _: not message.buttons())
    assert "<@U0ANA> skipped it" in message.text
    assert "answered already" in await office.click(BEN, message, "Buy", stale=shown)

    await office.clock_at("2026-12-11 08:00:01")
    await office.patiently(lambda _: len(office.reminders()) == 2)
    assert await office.rows("SELECT * FROM orders") == []


async def test_a_reminder_that_was_waved_away_at_the_same_instant_makes_no_order(
    office: Office,
) -> None:
    """Ben's Skip is written between the look and the write of Ana's Buy: one of them is told."""
    await office.stop_bot()
    waved = "UPDATE occurrences SET fate = 'skipped', actor = 'U0BEN' WHERE fate = 'reminded'"

    def skip(step: str) -> None:
        if step == "request received":
            with contextlib.closing(sqlite3.connect(office.folder / "countersign.db")) as db:
                db.execute(waved)
                db.commit()

    await office.start_bot(checkpoint=skip)
    message = await reminded(office)

    assert "answered already" in await office.click(ANA, message, "Buy")
    assert await office.rows("SELECT * FROM orders") == []


async def test_what_is_stopped_does_not_ask_again_and_its_open_question_is_closed(
    office: Office,
) -> None:
    """Whoever stops it does not want to be asked again in an hour."""
    message = await reminded(office)
    shown = message.snapshot()
    await office.click(ANA, message, "Snooze")
    (row,) = await office.rows("SELECT id FROM schedules")
    await office.say(CLEO, f"stop {row['id']}")
    await office.patiently(lambda _: "<@U0CLEO> skipped it" in message.text)
    assert message.buttons() == []
    assert "answered already" in await office.click(BEN, message, "Buy", stale=shown)
    assert await office.rows("SELECT 1 FROM occurrences WHERE ask_at IS NOT NULL") == []


async def test_snooze_asks_again_in_an_hour_in_a_fresh_message(office: Office) -> None:
    """An edit notifies nobody, so the old message is closed and a new one comes."""
    message = await reminded(office)
    assert "in an hour" in await office.click(ANA, message, "Snooze")
    await office.patiently(lambda _: "asked again" in message.text)
    await office.move_clock(minutes=59)
    assert len(office.reminders()) == 1
    await office.move_clock(minutes=2)
    await office.patiently(lambda _: len(office.reminders()) == 2)

    fresh = office.reminders()[1]
    await office.patiently(lambda _: not message.buttons())

    assert [one["text"]["text"] for one in fresh.buttons()] == ["Buy", "Skip", "Snooze"]
    assert "asked again below" in message.text
    assert "waits for approval" in await office.click(ANA, fresh, "Buy")


async def test_a_snooze_survives_a_restart(office: Office) -> None:
    """It stands in the file, not in the process."""
    await office.click(ANA, await reminded(office), "Snooze")
    await office.stop_bot()
    office.clock.move(hours=2)
    await office.start_bot()
    await office.patiently(lambda _: len(office.reminders()) == 2)


async def test_who_may_not_ask_is_told_so_and_the_reminder_stays(office: Office) -> None:
    """The policy decides about a reminder's Buy as about any words."""
    message = await reminded(office)
    assert "Guests" in await office.click(DAN, message, "Buy")
    assert "another one" in await office.click(EVE, message, "Buy")
    assert len(message.buttons()) == 3
    assert await office.rows("SELECT * FROM orders") == []


async def test_skip_and_snooze_are_for_the_requester_and_approvers(office: Office) -> None:
    """Whoever may only look cannot wave it away."""
    message = await reminded(office)
    office.slack.workspace.add_person("U0GUS", "Gus")
    office.slack.workspace.channels[CHANNEL].members.append("U0GUS")
    await office.click("U0GUS", message, "Skip")
    await office.move_clock(minutes=6)
    assert office.bot is not None
    roster = office.bot.desk.directory
    await office.eventually(lambda: "U0GUS" in roster.roster.people)

    assert "Only <@U0ANA> or an approver" in await office.click("U0GUS", message, "Skip")
    assert "in an hour" in await office.click(BEN, message, "Snooze")


async def test_a_reminder_can_be_paused_skipped_and_stopped_like_a_purchase(
    office: Office,
) -> None:
    """The same words for both."""
    card = await office.running(REMINDER)
    await office.click(ANA, card, "Skip the next")
    await office.until_shown(card, "Next: Fri 11 Dec 2026 9:00")
    await office.click(ANA, card, "Pause")
    await office.until_state(card, "paused")
    await office.clock_at("2026-12-11 12:00:00")
    await office.click(ANA, card, "Resume")
    await office.until_shown(card, "Next: Fri 18 Dec 2026 9:00")
    await office.click(ANA, card, "Stop")
    await office.until_state(card, "stopped")
    assert office.reminders() == []
