"""The bot was off: exactly what the plan says is made up for, and people are told."""

import pytest

from bot.playground.messages import Message
from tests.recurring.office import DAILY, REMINDER, Office

OFF = [f"2026-12-0{day}T09:00" for day in (3, 4, 5)]


async def off_for_three_days(office: Office, missed: str, *, back: str) -> Message:
    """One date is bought, then the machine is away for three of them."""
    card = await office.running(f"{DAILY} {missed}".rstrip())
    await office.clock_at("2026-12-02 08:00:01")
    await office.until_cards(1)
    await office.stop_bot()
    await office_time(office, back)
    await office.start_bot()
    return card


async def office_time(office: Office, moment: str) -> None:
    """Time passes while the bot is off."""
    from datetime import UTC, datetime  # noqa: PLC0415 - of this one line

    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    office.clock.move(seconds=(at - office.clock.now()).total_seconds())


async def fates(office: Office) -> dict[str, str]:
    rows = await office.rows("SELECT local, fate FROM occurrences ORDER BY local")
    return {row["local"]: row["fate"] for row in rows}


@pytest.mark.parametrize(
    ("missed", "bought", "told"),
    [
        ("", [], "Nothing is bought for that, as it was agreed"),
        ("missed skip", [], "Nothing is bought for that, as it was agreed"),
        ("missed one", OFF[-1:], "1 date is made up for now by BUY-"),
        ("missed all", OFF, "3 dates are made up for now by BUY-"),
    ],
)
async def test_what_went_by_is_made_up_for_as_the_plan_says(
    office: Office, missed: str, bought: list[str], told: str
) -> None:
    """Off from the 2nd to the 5th in the evening."""
    card = await off_for_three_days(office, missed, back="2026-12-05 20:00:00")

    await office.until_cards(1 + len(bought))
    said = await office.until_said(card, "I was off at 3 dates")

    assert told in said
    assert "Thu 3 Dec 2026 9:00, Fri 4 Dec 2026 9:00 and Sat 5 Dec 2026 9:00" in said
    found = await fates(office)
    assert [local for local in OFF if found[local] == "ordered"] == bought
    assert [local for local in OFF if found[local] == "missed"] == [
        one for one in OFF if one not in bought
    ]
    assert len(office.kriptomat.purchases) == 1 + len(bought)
    await office.clock_at("2026-12-06 08:00:01")
    await office.until_cards(2 + len(bought))


async def test_a_month_to_make_up_for_is_done_in_pieces_and_each_date_once(office: Office) -> None:
    """So that nobody's click waits behind it."""
    await office.running(DAILY.replace("50", "5").replace("runs 10", "runs 40 missed all"))
    await office.stop_bot()
    await office_time(office, "2026-12-31 12:00:00")
    await office.start_bot()
    await office.eventually(lambda: len(office.kriptomat.purchases) == 30, timeout=30)
    rows = await office.rows("SELECT event FROM schedule_events WHERE event = 'occurred'")
    assert len(rows) == 3
    assert len(await fates(office)) == 30


async def test_a_quarter_of_an_hour_is_only_late(office: Office) -> None:
    """A restart over nine o'clock costs nothing, whatever the plan says about missing."""
    await off_for_three_days(office, "", back="2026-12-03 08:14:00")
    await office.until_cards(2)
    assert (await fates(office))["2026-12-03T09:00"] == "ordered"


async def test_what_is_due_right_after_three_days_off_runs_and_the_rest_is_as_agreed(
    office: Office,
) -> None:
    """Back five minutes after nine: that date is on time, the two before it were missed."""
    card = await off_for_three_days(office, "missed one", back="2026-12-05 08:05:00")
    await office.until_cards(3)
    found = await fates(office)
    assert [found[one] for one in OFF] == ["missed", "ordered", "ordered"]
    assert "I was off at 2 dates" in await office.until_said(card, "I was off")


async def test_off_beyond_the_last_date_it_comes_to_its_end(office: Office) -> None:
    """Nothing is made up for, and nothing remains."""
    card = await off_for_three_days(office, "", back="2026-12-20 12:00:00")
    await office.until_state(card, "ended")
    assert "I was off at 9 dates" in await office.until_said(card, "I was off")
    assert len(office.kriptomat.purchases) == 1


async def test_of_missed_reminders_the_last_is_asked_about(office: Office) -> None:
    """A late reminder still reminds; three of them would only be noise."""
    card = await office.running(REMINDER)
    await office.stop_bot()
    await office_time(office, "2026-12-19 12:00:00")
    await office.start_bot()

    await office.patiently(lambda _: office.reminders())

    (reminder,) = office.reminders()
    assert "Fri 18 Dec 2026 9:00" in reminder.text
    assert "I was off at 3 dates" in await office.until_said(card, "I was off")
    assert list((await fates(office)).values()) == ["missed", "missed", "reminded"]
