"""A backup is restored while orders were under way: frozen, said so, and nothing bought twice."""

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.playground.messages import Message
from storage.backup import backup
from storage.restore import restore
from tests.journeys.corner import WORDS, start_bot, with_corner
from tests.stage import ANA, BEN, FAY, Stage, state_of
from tests.vendors.corner_sandbox import CornerSandbox
from tests.vendors.kinds import Kind

REASON = "restored from monday.db"


async def backed_up(stage: Stage, folder: Path) -> None:
    """Copy the file beside the running bot, once it remembers where its messages stand."""
    owed = "SELECT count(*) AS n FROM outbox WHERE wanted > paid"
    async with asyncio.timeout(5):
        while (await stage.rows(owed))[0]["n"]:  # noqa: ASYNC110 - the outbox rings no bell here
            await asyncio.sleep(0.01)
    await asyncio.to_thread(backup, folder / "countersign.db", folder / "monday.db")


async def restored(stage: Stage, corner: CornerSandbox, folder: Path) -> None:
    """Stop the bot, put the older file in its place, start again."""
    await stage.stop_bot()
    now = datetime.now(UTC)
    await asyncio.to_thread(
        restore, folder / "monday.db", folder / "countersign.db", now=now, actor="fay"
    )
    await start_bot(stage, corner)


async def lifted(stage: Stage) -> None:
    """Two approvers lift the freeze, and the clock goes on."""
    for user in (BEN, FAY):
        await stage.say(user, "unfreeze")
    await stage.move_clock(minutes=3)


async def at_rest(stage: Stage, corner: CornerSandbox) -> None:
    """Long enough for whatever the bot would still do by itself."""
    for _ in range(4):
        await stage.move_clock(minutes=2)
        await asyncio.sleep(0.1)


async def bought_after_a_backup(stage: Stage, corner: CornerSandbox, folder: Path) -> Message:
    """Approved and waiting when it is copied, and bought a few minutes later."""
    card = await stage.asked(ANA, WORDS)
    corner.faults.standing("price", "500 before")
    await stage.click(BEN, card, "Approve")
    await stage.slack.wait_for(lambda _: "Waiting to be sent" in card.text)
    await backed_up(stage, folder)
    corner.faults.clear()
    await stage.move_clock(minutes=3)
    return await stage.until(card, "completed")


KINDS = [kind for kind in Kind if kind is not Kind.FREE_UNTIL_PAID]


@pytest.mark.parametrize("kind", KINDS)
async def test_an_order_that_was_pending_then_and_is_bought_since_is_not_bought_again(
    tmp_path: Path, kind: Kind
) -> None:
    """The restored file knows nothing of the vote and of the purchase; the vendor does."""
    async with with_corner(tmp_path, kind) as (stage, corner):
        card = await stage.asked(ANA, WORDS)
        await backed_up(stage, tmp_path)
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "completed")

        await restored(stage, corner, tmp_path)
        await stage.until(card, "pending_approval")
        await stage.slack.wait_for(lambda _: REASON in card.plain())
        await lifted(stage)
        await stage.click(FAY, card, "Approve")
        await at_rest(stage, corner)

        assert len(corner.purchases) == 1
        newest = stage.cards()[-1]
        if kind is Kind.NONE:
            assert "make sure there that it has not been bought yet" in newest.plain()
        else:
            assert state_of(newest) in {"in_doubt", "completed"}


@pytest.mark.parametrize("kind", KINDS)
async def test_an_order_that_was_in_doubt_then_is_looked_up_and_not_sent_anew(
    tmp_path: Path, kind: Kind
) -> None:
    """With a key of the vendor's the same key settles it; without one people do."""
    async with with_corner(tmp_path, kind) as (stage, corner):
        corner.faults.next("buy", "reply lost")
        corner.faults.standing("list", "500 before")
        card = await stage.asked(ANA, WORDS)
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "in_doubt")
        await backed_up(stage, tmp_path)
        corner.faults.clear()

        await restored(stage, corner, tmp_path)
        await stage.slack.wait_for(lambda _: REASON in card.plain() or "completed" in card.text)
        await lifted(stage)
        await at_rest(stage, corner)

        assert len(corner.purchases) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_an_order_that_was_approved_and_waiting_then_is_looked_up_first(
    tmp_path: Path, kind: Kind
) -> None:
    """Its vote is in the file and its purchase is not: the most dangerous moment for a backup."""
    async with with_corner(tmp_path, kind) as (stage, corner):
        card = await bought_after_a_backup(stage, corner, tmp_path)

        await restored(stage, corner, tmp_path)
        await stage.slack.wait_for(lambda _: REASON in card.text)
        assert state_of(card) == "approved"
        await lifted(stage)
        await at_rest(stage, corner)

        assert len(corner.purchases) == 1


@pytest.mark.parametrize("kind", [Kind.REFERENCE, Kind.ATTRIBUTES])
async def test_an_order_that_is_asked_about_anew_after_the_restore_is_still_looked_up_first(
    tmp_path: Path, kind: Kind
) -> None:
    """Its approval has aged meanwhile; the fresh votes know nothing of the purchase either."""
    async with with_corner(tmp_path, kind) as (stage, corner):
        await bought_after_a_backup(stage, corner, tmp_path)
        stage.clock.move(minutes=90)

        await restored(stage, corner, tmp_path)
        await stage.slack.wait_for(lambda _: len(stage.cards()) > 1)
        await lifted(stage)
        await stage.click(BEN, stage.cards()[-1], "Approve")
        await at_rest(stage, corner)

        assert len(corner.purchases) == 1


@pytest.mark.parametrize("how", ["expired", "cancelled"])
async def test_an_order_that_ends_after_the_restore_is_looked_up_all_the_same(
    tmp_path: Path, how: str
) -> None:
    """Pending in the backup, bought since: "nothing was bought" must not be the last word."""
    async with with_corner(tmp_path, Kind.REFERENCE) as (stage, corner):
        card = await stage.asked(ANA, WORDS)
        await backed_up(stage, tmp_path)
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "completed")
        corner.faults.standing("list", "500 before")
        if how == "expired":
            stage.clock.move(hours=9)

        await restored(stage, corner, tmp_path)
        if how == "cancelled":
            await stage.until(card, "pending_approval")
            await stage.click(ANA, card, "Cancel")
        await stage.until(card, how)
        assert "as far as this restored file knows" in card.text
        corner.faults.clear()
        await stage.move_clock(days=1)
        await stage.until(card, "completed")

        await stage.slack.wait_for(
            lambda _: any("was bought after all" in one for one in stage.thread(card))
        )


async def test_what_an_older_file_holds_as_approved_and_nobody_may_buy_today_is_looked_for(
    tmp_path: Path,
) -> None:
    """Put back by hand, under a policy that forbids it: cancelled, and bought all the same."""
    async with with_corner(tmp_path, Kind.REFERENCE) as (stage, corner):
        card = await bought_after_a_backup(stage, corner, tmp_path)
        await stage.stop_bot()
        for name in ("countersign.db-wal", "countersign.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        shutil.copyfile(tmp_path / "monday.db", tmp_path / "countersign.db")
        stage.toml = stage.toml.replace('buyers = ["U0ANA", ', "buyers = [")
        corner.faults.standing("list", "500 before")

        await start_bot(stage, corner)
        await stage.until(card, "cancelled")
        assert "as far as this restored file knows" in card.text
        corner.faults.clear()
        await stage.move_clock(days=1)
        await stage.until(card, "completed")

        assert len(corner.purchases) == 1


async def test_everything_says_that_it_is_frozen_and_why(tmp_path: Path) -> None:
    """The channel, the card, the status and the operators; who lifts it is told how."""
    async with with_corner(tmp_path, Kind.NONE) as (stage, corner):
        card = await stage.asked(ANA, WORDS)
        await backed_up(stage, tmp_path)
        await restored(stage, corner, tmp_path)
        await stage.slack.wait_for(lambda _: freeze_messages(stage))
        await stage.slack.wait_for(lambda _: REASON in card.text)
        await stage.slack.wait_for(lambda slack: slack.dms(FAY))
        status = await stage.say(ANA, "status")

        for text in (
            freeze_messages(stage)[0].text,
            str(status.text),
            stage.slack.dms(FAY)[-1].text,
        ):
            assert REASON in text
            assert "fay (on the machine)" in text
            assert "two approvers lift it" in text
        assert freeze_messages(stage)[0].buttons()

        await stage.stop_bot()
        await start_bot(stage, corner)
        assert len(freeze_messages(stage)) == 1, "told once, not at every start"


def freeze_messages(stage: Stage) -> list[Message]:
    """What stands in the channel about freezes."""
    return [
        one
        for one in stage.slack.messages("C0TREASURY")
        if one.thread_ts is None and not one.metadata and "Frozen:" in one.text
    ]
