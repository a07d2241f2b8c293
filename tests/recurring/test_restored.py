"""A backup is put back: what recurs stands still until people let it go on."""

import asyncio
from pathlib import Path

from storage.backup import backup
from storage.restore import restore
from tests.journeys.test_restore import backed_up
from tests.recurring.office import DAILY, Office
from tests.recurring.test_envelopes import id_of
from tests.stage import ANA, BEN, CLEO, state_of


async def test_what_recurred_is_paused_and_no_date_of_the_past_is_made_up_for(
    office: Office, tmp_path: Path
) -> None:
    """Bought on the 2nd after the backup of the 1st; the file of the 1st knows nothing of it."""
    card = await office.running(f"{DAILY} missed all")
    copy, database = tmp_path / "monday.db", tmp_path / "countersign.db"
    await asyncio.to_thread(backup, database, copy)
    await office.clock_at("2026-12-02 08:00:01")
    await office.until_cards(1)
    await office.stop_bot()
    now = office.clock.now()
    await asyncio.to_thread(restore, copy, database, now=now, actor="eve")
    office.clock.move(hours=30)
    await office.start_bot()

    await office.until_state(card, "paused")
    assert "the file was restored" in await office.until_said(card, "paused")
    await thawed(office)
    told = (await office.say(ANA, f"resume {id_of(card)}")).text or ""
    assert "Next: Fri 4 Dec 2026 9:00" in told
    assert await office.rows("SELECT * FROM occurrences") == []
    assert len(office.kriptomat.purchases) == 1

    await office.clock_at("2026-12-04 08:00:01")
    await office.eventually(lambda: len(office.kriptomat.purchases) == 2)


async def test_a_date_that_was_bought_after_the_backup_is_not_bought_again(
    office: Office, tmp_path: Path
) -> None:
    """In the backup its order is approved and waits behind a freeze; the vendor knows better."""
    card = await office.running(DAILY)
    await office.say(BEN, "freeze just looking")
    await office.clock_at("2026-12-02 08:00:01")
    await office.patiently(lambda _: office.cards())
    (order,) = office.cards()
    await office.until(order, "approved")
    copy, database = tmp_path / "monday.db", tmp_path / "countersign.db"
    await backed_up(office, tmp_path)
    await thawed(office)
    await office.until(order, "completed")
    await office.stop_bot()
    now = office.clock.now()
    await asyncio.to_thread(restore, copy, database, now=now, actor="eve")
    await office.start_bot()

    await office.until_state(card, "paused")
    await thawed(office)
    await office.until(office.cards()[-1], "in_doubt")
    assert len(office.kriptomat.posts) == 1, "it was looked for before anything was sent"
    for minute in (5, 15, 30):
        await office.clock_at(f"2026-12-02 08:{minute:02}:00")
        await asyncio.sleep(0.2)
    assert state_of(office.cards()[-1]) in {"in_doubt", "completed"}
    assert len(office.kriptomat.purchases) == 1


async def thawed(office: Office) -> None:
    """Two people lift the freeze of everything."""
    for user in (BEN, CLEO):
        await office.say(user, "unfreeze")
