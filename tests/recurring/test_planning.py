"""Nothing is made before its dates were seen, and what is made is what was shown."""

import pytest

from bot.playground.messages import Message
from tests.recurring.office import REMINDER, WEEKLY, Office
from tests.stage import ANA, BEN, CLEO, DAN


async def shown(office: Office, text: str = WEEKLY, user: str = ANA) -> Message:
    """The private answer to a plan."""
    outcome = await office.say(user, text)
    assert outcome.ack_message is not None
    return outcome.ack_message


async def pressed(office: Office, message: Message, button: str, user: str = ANA) -> Message:
    """Press a button of a private answer, and wait for what takes its place."""
    outcome = await office.slack.click(user, message, button)
    return await outcome.answer()


async def made(office: Office) -> int:
    (row,) = await office.rows("SELECT count(*) AS n FROM schedules")
    return int(row["n"])


async def test_the_preview_tells_dates_total_rule_and_people_and_writes_nothing(
    office: Office,
) -> None:
    """Whoever presses Create has seen what comes of it."""
    told = (await shown(office)).text

    assert "Fri 4 Dec 2026 9:00, Fri 11 Dec 2026 9:00, Fri 18 Dec 2026 9:00" in told
    assert "1 more until Fri 25 Dec 2026 9:00; 4 dates in all (Europe/Ljubljana)" in told
    assert "51.00 EUR each with fees, *204.00 EUR* in all" in told
    assert "rule “small” (up to 1,000.00 EUR)" in told
    assert "not made up for" in told
    assert "Nothing was made yet" in told
    assert await made(office) == 0
    assert office.of_kind("countersign_schedule") == []


async def test_create_pressed_twice_makes_one(office: Office) -> None:
    """The button goes away after the first time; a second press may be on its way already."""
    message = await shown(office)
    before = message.snapshot()

    first = await pressed(office, message, "Create")
    again = await office.slack.click(ANA, message, "Create", stale=before)

    name = first.text.split("*")[1]
    assert "waits for approval" in first.text
    assert (await again.answer()).text.startswith(f"*{name}* is pending approval")
    assert await made(office) == 1


async def test_what_is_left_is_not_made(office: Office) -> None:
    """Looking costs nothing."""
    left = await pressed(office, await shown(office), "Leave it")
    assert left.text == "Nothing was made."
    assert left.buttons() == []
    assert await made(office) == 0


async def test_a_preview_whose_first_date_has_passed_is_shown_anew(office: Office) -> None:
    """What people were shown would not be what is made."""
    await office.clock_at("2026-12-04 07:55:00")
    message = await shown(office)
    await office.clock_at("2026-12-04 08:01:00")

    answer = await pressed(office, message, "Create")

    assert "Something has changed" in answer.text
    assert "*Next:* Fri 11 Dec 2026 9:00" in answer.text
    assert await made(office) == 0
    assert "waits for approval" in (await pressed(office, answer, "Create")).text


async def test_a_preview_is_good_for_ten_minutes(office: Office) -> None:
    """An old message is no standing offer."""
    message = await shown(office)
    await office.move_clock(minutes=11)
    assert "more than 10 minutes ago" in (await pressed(office, message, "Create")).text
    assert await made(office) == 0


async def test_what_could_mean_two_things_is_chosen_by_a_button(office: Office) -> None:
    """Three questions on the way, each answered by one press; then the dates are shown."""
    asked = await shown(office, "every month 50 EUR btc via kriptomat runs 3")
    assert "On which day of the month?" in asked.text
    time_asked = await pressed(office, asked, "on the last day")
    assert "At what time of day?" in time_asked.text
    preview = await pressed(office, time_asked, "at 9:00")

    assert "Thu 31 Dec 2026 9:00, Sun 31 Jan 2027 9:00, Sun 28 Feb 2027 9:00" in preview.text
    assert await made(office) == 0
    assert "waits for approval" in (await pressed(office, preview, "Create")).text
    assert await made(office) == 1


async def test_the_same_question_answered_twice_makes_one(office: Office) -> None:
    """Whatever is chosen, and however often, it was asked for once."""
    asked = await shown(office, "every friday at 9 50 EUR btc via kriptomat runs 3")
    before = asked.snapshot()
    morning = await pressed(office, asked, "9:00")
    await pressed(office, morning, "Create")
    outcome = await office.slack.click(ANA, asked, "21:00", stale=before)
    evening = await outcome.answer()

    assert "is pending approval" in (await pressed(office, evening, "Create")).text
    assert await made(office) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "every day at 9:00 400 EUR btc via kriptomat runs 60 for savings",
            "“large” allows up to 20,000.00 EUR; this may cost 24,480.00 EUR for all 60 purchases",
        ),
        ("every day at 9:00 50 EUR btc via kriptomat runs 100", "wants a reason"),
        ("every day at 9:00 50 EUR btc via kraken runs 3", "no provider called *kraken*"),
        ("every day at 9:00 50 EUR btc via kriptomat until 2026-11-30", "end before it begins"),
        ("every month on the 1st at 9:00 50 EUR btc via kriptomat runs 14", "at most 366 days"),
        ("every day at 9:00 50 EUR btc via kriptomat until 2028-01-01", "at most 366 days"),
        ("every month on the 1st at 9:00 from 9999-12-30 5 EUR btc runs 4", "may begin at most"),
        ("every day at 9:00 50 EUR btc via kriptomat max 65000 runs 3", "tells none before buying"),
    ],
)
async def test_what_could_not_be_approved_is_refused_with_the_figures(
    office: Office, text: str, told: str
) -> None:
    """One sentence: what is wrong, and what would do."""
    answer = await shown(office, text)
    assert told in answer.text
    assert answer.buttons() == []


async def test_the_time_zone_is_that_of_the_person_unless_the_words_name_one(
    office: Office,
) -> None:
    """Nine o'clock is nine o'clock where the asker lives."""
    own = await shown(office)
    named = await shown(office, WEEKLY.replace("9:00", "9:00 Asia/Manila"))
    assert "at 9:00 Europe/Ljubljana" in own.text
    assert "at 9:00 Asia/Manila" in named.text


async def test_who_is_no_full_member_is_shown_nothing(office: Office) -> None:
    """Guests cannot ask for purchases, neither once nor often."""
    answer = await shown(office, WEEKLY, DAN)
    assert "Guests" in answer.text
    assert answer.buttons() == []


async def test_a_reminder_is_made_without_approval_and_may_go_on_for_ever(office: Office) -> None:
    """It buys nothing."""
    message = await shown(office, REMINDER)
    assert "and so on until it is stopped" in message.text
    assert "buys nothing by itself" in message.text

    answer = await pressed(office, message, "Create")

    assert "I ask in <#C0TREASURY>" in answer.text
    card = await office.until_there(answer.text.split("*")[1])
    assert card.metadata is not None
    assert card.metadata["event_payload"]["state"] == "active"
    assert [one["text"]["text"] for one in card.buttons()] == ["Pause", "Skip the next", "Stop"]


async def test_a_recurring_purchase_can_be_said_in_any_order_and_by_anybody_who_may_buy(
    office: Office,
) -> None:
    """The words are the person's, the canonical ones are the card's."""
    text = "50 EUR btc on kriptomat every other friday at 9am runs 2 missed all for savings"
    card = await office.proposed(text, CLEO)
    assert "every 2 weeks on friday at 9:00 Europe/Ljubljana" in card.text
    assert "every date that I missed is made up for" in card.plain()
    assert "Reason: savings" in card.plain()
    assert "decides" in await office.click(BEN, card, "Approve")
