"""The machine's clock is turned, the machine sleeps, the hour comes twice: each date comes once."""

import contextlib
import sqlite3

from tests.recurring.office import DAILY, Office

NIGHT = "every day at 2:30 50 EUR btc via kriptomat runs 5"


async def dates(office: Office) -> list[str]:
    rows = await office.rows("SELECT local FROM occurrences WHERE fate = 'ordered' ORDER BY local")
    return [row["local"] for row in rows]


async def test_a_clock_that_is_set_back_repeats_nothing(office: Office) -> None:
    """Set back by a day right after a purchase, as a wrong time server does."""
    await office.running(DAILY)
    await office.clock_at("2026-12-02 08:00:01")
    await office.until_cards(1)
    await office.clock_at("2026-12-01 08:00:00")
    await office.clock_at("2026-12-02 08:00:01")
    await office.clock_at("2026-12-02 12:00:00")
    await office.clock_at("2026-12-03 08:00:01")
    await office.until_cards(2)

    assert await dates(office) == ["2026-12-02T09:00", "2026-12-03T09:00"]
    assert len(office.kriptomat.purchases) == 2


async def test_a_clock_that_is_set_forward_by_minutes_loses_nothing(office: Office) -> None:
    """Over nine o'clock: a little late, and bought."""
    await office.running(DAILY)
    await office.clock_at("2026-12-02 07:55:00")
    await office.clock_at("2026-12-02 08:10:00")
    await office.until_cards(1)
    assert await dates(office) == ["2026-12-02T09:00"]


async def test_a_machine_that_slept_over_dates_does_what_the_plan_says(office: Office) -> None:
    """No restart, only a gap: the same as having been off."""
    card = await office.running(f"{DAILY} missed all")
    await office.clock_at("2026-12-04 12:00:00")
    await office.until_cards(3)
    assert "I was off at 3 dates" in await office.until_said(card, "I was off")
    assert len(await dates(office)) == 3


async def test_an_hour_that_comes_twice_buys_once(office: Office) -> None:
    """The night of the 31st of October 2027 has two half past twos."""
    await office.clock_at("2027-10-30 12:00:00")
    await office.running(NIGHT)
    await office.clock_at("2027-10-31 00:30:01")
    await office.until_cards(1)
    await office.clock_at("2027-10-31 01:30:01")
    await office.clock_at("2027-10-31 02:30:01")
    await office.clock_at("2027-11-01 01:30:01")
    await office.until_cards(2)
    assert await dates(office) == ["2027-10-31T02:30", "2027-11-01T02:30"]


async def test_an_hour_that_is_left_out_buys_when_the_clock_was_turned(office: Office) -> None:
    """The night of the 28th of March 2027 has no half past two."""
    await office.clock_at("2027-03-27 12:00:00")
    preview = await office.say("U0ANA", NIGHT)
    assert preview.ack_message is not None
    assert "Sun 28 Mar 2027 2:30 (the clock jumps over that: at 3:00)" in preview.ack_message.text
    await office.running(NIGHT)
    await office.clock_at("2027-03-28 01:00:01")
    await office.until_cards(1)
    assert await dates(office) == ["2027-03-28T02:30"]


async def test_a_country_that_changed_its_rules_is_noticed_at_start(office: Office) -> None:
    """Written down under other rules, an hour late: nine o'clock stays nine o'clock."""
    await office.running(DAILY)
    await office.stop_bot()
    late = "2026-12-02T09:00:00+00:00"
    with contextlib.closing(sqlite3.connect(office.folder / "countersign.db")) as db:
        db.execute("UPDATE schedules SET next_at = ?, wake_at = ?", (late, late))
        db.commit()
    await office.start_bot()
    await office.clock_at("2026-12-02 08:00:01")
    await office.until_cards(1)
    assert await dates(office) == ["2026-12-02T09:00"]
