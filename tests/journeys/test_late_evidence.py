"""What had ended is looked at again: reversed, bought after all, or to be settled anew."""

import asyncio
from pathlib import Path

from bot.playground.messages import Message
from tests.journeys.corner import WORDS, doubted, proposed, start_bot, until_button, with_corner
from tests.journeys.evidence import order_row
from tests.stage import ANA, BEN, FAY, Stage, order_of, state_of
from tests.vendors.kinds import Kind


async def settled_as_not_bought(stage: Stage, card: Message) -> None:
    """Two people take the vendor's silence for a no."""
    await proposed(stage, BEN, card, None)
    await until_button(stage, card, "Confirm")
    await stage.click(FAY, card, "Confirm")
    await stage.until(card, "rejected")


async def test_a_completed_purchase_that_is_reversed_is_told_loudly(stage: Stage) -> None:
    """The money should come back, and somebody has to see that it does."""
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")
    stage.kriptomat.settle_now(1, "ERROR")

    await stage.move_clock(minutes=61)
    await stage.until(card, "reversed")
    await stage.slack.wait_for(lambda slack: slack.dms(FAY))

    assert "has reversed" in card.text
    assert any("has reversed" in one for one in stage.thread(card))
    assert "Make sure that the money has come back" in stage.slack.dms(FAY)[-1].text
    (reserved,) = await stage.rows("SELECT status FROM reservations")
    assert reserved["status"] == "spent"


async def test_a_completed_order_is_watched_a_few_times_and_then_no_more(stage: Stage) -> None:
    """Nobody asks a vendor about every old order for ever."""
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")
    watched = 0
    async with asyncio.timeout(10):
        while (due := (await order_row(stage, card))["due_at"]) is not None:
            await stage.move_clock(days=8)
            while (await order_row(stage, card))["due_at"] == due:  # noqa: ASYNC110 - no bell
                await asyncio.sleep(0.02)
            watched += 1

    assert watched == 5
    assert (await order_row(stage, card))["state"] == "completed"


async def test_a_purchase_with_our_reference_that_turns_up_completes_the_order_loudly(
    tmp_path: Path,
) -> None:
    """People were wrong, which is nobody's fault; the money has moved and must be counted."""
    async with with_corner(tmp_path, Kind.REFERENCE) as (stage, corner):
        corner.faults.standing("list", "500 before")
        card = await doubted(stage, corner)
        await settled_as_not_bought(stage, card)
        corner.faults.clear()

        await stage.move_clock(minutes=61)
        await stage.until(card, "completed")
        await stage.slack.wait_for(lambda _: "was bought after all" in stage.thread(card)[-1])

        await stage.slack.wait_for(lambda slack: "bought after all" in slack.dms(FAY)[-1].text)
        (reserved,) = await stage.rows("SELECT status FROM reservations")
        assert reserved["status"] == "spent"
        assert len(corner.posts) == 1


async def test_a_candidate_that_turns_up_reopens_the_order_and_sends_nothing(
    tmp_path: Path,
) -> None:
    """By amount and time alone nothing is proven, so people settle it; it is never sent again."""
    async with with_corner(tmp_path, Kind.ATTRIBUTES) as (stage, corner):
        corner.faults.standing("list", "500 before")
        card = await doubted(stage, corner)
        await settled_as_not_bought(stage, card)
        corner.faults.clear()

        await stage.move_clock(minutes=61)
        await stage.until(card, "in_doubt")
        await stage.slack.wait_for(lambda _: "is open again" in stage.thread(card)[-1])
        await proposed(stage, FAY, card, str(corner.purchases[0].id))
        await until_button(stage, card, "Confirm")
        await stage.click(BEN, card, "Confirm")
        await stage.until(card, "completed")

        assert len(corner.posts) == 1


async def test_a_candidate_that_people_have_seen_before_reopens_nothing(tmp_path: Path) -> None:
    """They looked at it and said that it is somebody else's."""
    async with with_corner(tmp_path, Kind.ATTRIBUTES) as (stage, corner):
        card = await doubted(stage, corner)
        await stage.slack.wait_for(lambda _: "nothing proves" in card.plain())
        corner.faults.standing("list", "500 before")
        await stage.move_clock(minutes=5)
        await stage.slack.wait_for(lambda _: "could not be read" in card.plain())
        assert f"number {corner.purchases[0].id}" in card.plain(), "what was shown stays shown"
        corner.faults.clear()
        await settled_as_not_bought(stage, card)
        for _ in range(6):
            await stage.move_clock(days=3)
            await asyncio.sleep(0.05)

        assert state_of(card) == "rejected"


async def test_an_approval_of_another_process_is_looked_up_before_it_is_sent(
    tmp_path: Path,
) -> None:
    """A file that was put back by hand may have forgotten that it was bought already."""
    async with with_corner(tmp_path, Kind.ATTRIBUTES) as (stage, corner):
        card = await stage.asked(ANA, WORDS)
        corner.faults.standing("price", "500 before")
        await stage.click(BEN, card, "Approve")
        await stage.slack.wait_for(lambda _: "Waiting to be sent" in card.text)
        await stage.stop_bot()
        older = await asyncio.to_thread((tmp_path / "countersign.db").read_bytes)
        corner.faults.clear()
        await start_bot(stage, corner)
        await stage.move_clock(minutes=3)
        await stage.until(card, "completed")
        await stage.stop_bot()
        for name in ("countersign.db", "countersign.db-wal", "countersign.db-shm"):
            await asyncio.to_thread((tmp_path / name).unlink, missing_ok=True)
        await asyncio.to_thread((tmp_path / "countersign.db").write_bytes, older)

        await start_bot(stage, corner)
        await stage.move_clock(minutes=3)
        await stage.until(card, "in_doubt")

        assert len(corner.posts) == 1
        assert "a purchase that looks like it was found" in card.plain()


async def test_without_any_list_people_are_asked_again_before_such_an_order_is_sent(
    tmp_path: Path,
) -> None:
    """Nothing can be looked up and no key protects: only people can say that it was not bought."""
    async with with_corner(tmp_path, Kind.NONE) as (stage, corner):
        card = await stage.asked(ANA, WORDS)
        corner.faults.standing("price", "500 before")
        await stage.click(BEN, card, "Approve")
        await stage.slack.wait_for(lambda _: "Waiting to be sent" in card.text)
        await stage.stop_bot()
        corner.faults.clear()
        await start_bot(stage, corner)
        await stage.move_clock(minutes=3)
        await stage.slack.wait_for(lambda _: len(stage.cards()) == 2)
        fresh = stage.cards()[-1]
        assert order_of(fresh) == order_of(card)
        assert "make sure there that it has not been bought yet" in fresh.plain()
        assert corner.posts == []

        await stage.click(FAY, fresh, "Approve")
        await stage.until(fresh, "completed")
        assert len(corner.purchases) == 1
