"""Nobody knows what became of it: evidence on the card, a look on request, two people settle it."""

import asyncio
import json
from pathlib import Path

import pytest

from commands.cards import CONFIRM
from tests.journeys.corner import WORDS, doubted, proposed, until_button, with_corner
from tests.journeys.evidence import order_row
from tests.stage import ANA, BEN, CLEO, DAN, FAY, order_of, state_of
from tests.vendors.kinds import Kind

KEYLESS = (Kind.ATTRIBUTES, Kind.NONE)
"""Kinds at which a lost reply needs people: no key, and no reference of ours in the list."""


@pytest.mark.parametrize("kind", KEYLESS)
async def test_two_approvers_settle_that_it_was_bought_and_the_vendor_completes_it(
    tmp_path: Path, kind: Kind
) -> None:
    """The number that people typed is asked about at the vendor: its word completes the order."""
    async with with_corner(tmp_path, kind) as (stage, corner):
        card = await doubted(stage, corner)
        ref = str(corner.purchases[0].id)

        assert await proposed(stage, BEN, card, ref) is None
        await until_button(stage, card, "Confirm")
        assert "says that it was bought under number" in card.text
        answer = await stage.click(FAY, card, "Confirm")
        await stage.until(card, "completed")

        assert "is settled" in answer
        assert len(corner.purchases) == len(corner.posts) == 1
        (row,) = await stage.rows("SELECT settled_by, ref FROM orders")
        assert (row["settled_by"], row["ref"]) == (f'["{BEN}","{FAY}"]', ref)


@pytest.mark.parametrize("kind", KEYLESS)
async def test_two_approvers_settle_that_nothing_was_bought_and_the_money_is_free(
    tmp_path: Path, kind: Kind
) -> None:
    """It is over, it says who settled it and why, and it is never sent again."""
    async with with_corner(tmp_path, kind) as (stage, corner):
        card = await doubted(stage, corner, "reset")
        await proposed(stage, FAY, card, None)
        await until_button(stage, card, "Confirm")

        await stage.click(BEN, card, "Confirm")
        await stage.until(card, "rejected")
        await stage.move_clock(minutes=30)
        await asyncio.sleep(0.2)

        assert "settled that nothing was bought" in card.text
        assert f"<@{BEN}>" in card.text
        assert f"<@{FAY}>" in card.text
        assert (len(corner.posts), corner.purchases) == (1, [])
        (reserved,) = await stage.rows("SELECT status FROM reservations")
        assert reserved["status"] == "released"
        assert card.buttons() == []


async def test_a_purchase_without_a_key_is_never_sent_again_by_the_bot(tmp_path: Path) -> None:
    """Not even when the list shows nothing for hours: it could be listed late."""
    async with with_corner(tmp_path, Kind.ATTRIBUTES) as (stage, corner):
        card = await doubted(stage, corner, "reset")
        for _ in range(8):
            await stage.move_clock(minutes=11)
            await asyncio.sleep(0.05)

        assert state_of(card) == "in_doubt"
        assert len(corner.posts) == 1
        assert "sending it again could buy it twice" in card.plain()
        shown = {row["shown"] for row in await stage.rows("SELECT shown FROM evidence")}
        assert shown == {"nothing"}


async def test_a_reference_of_ours_in_the_list_is_proof_enough(tmp_path: Path) -> None:
    """Nobody has to be asked where the vendor stores our own reference."""
    async with with_corner(tmp_path, Kind.REFERENCE) as (stage, corner):
        corner.faults.next("buy", "reply lost")
        card = await stage.asked(ANA, WORDS)
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "completed")

        assert len(corner.posts) == 1
        rows = await stage.rows("SELECT shown, rule, place FROM evidence ORDER BY number")
        assert rows[-1]["rule"] == "it carries our own reference"
        assert rows[-1]["place"].startswith("Corner, ")


async def test_an_unpaid_order_that_is_not_there_ends_by_itself(tmp_path: Path) -> None:
    """What is not paid costs nothing: after the payment window absence is enough."""
    async with with_corner(tmp_path, Kind.FREE_UNTIL_PAID) as (stage, corner):
        card = await doubted(stage, corner, "reset")
        for _ in range(6):
            await stage.move_clock(minutes=4)
            await asyncio.sleep(0.1)
        await stage.move_clock(minutes=11)
        await stage.until(card, "rejected")

        assert "the time to pay is over" in card.text
        assert len(corner.posts) == 1


async def test_the_card_and_the_status_tell_in_words_what_was_looked_at(tmp_path: Path) -> None:
    """Whoever has to settle it must know what the bot knows, and what it does not."""
    async with with_corner(tmp_path, Kind.ATTRIBUTES) as (stage, corner):
        card = await doubted(stage, corner)
        await stage.slack.wait_for(lambda _: "nothing proves that it is this one" in card.plain())
        status = await stage.say(ANA, f"status {order_of(card)}")
        answer = await status.answer()

        for text in (card.plain(), answer.plain()):
            assert "Sent " in text
            assert "at Corner, in its list of purchases" in text
            assert f"number {corner.purchases[0].id}" in text
            assert "Two approvers can settle it" in text


async def test_anybody_who_may_read_can_have_it_looked_up_again_at_once(tmp_path: Path) -> None:
    """Ten minutes are long when one has just seen the purchase in the vendor's own pages."""
    async with with_corner(tmp_path, Kind.REFERENCE) as (stage, corner):
        corner.faults.standing("list", "500 before")
        card = await doubted(stage, corner)
        await stage.move_clock(minutes=1)
        corner.faults.clear()

        answer = await stage.click(CLEO, card, "Check again")
        await stage.until(card, "completed")

        assert "I am asking the provider" in answer


async def test_whoever_may_not_settle_is_told_why_and_changes_nothing(tmp_path: Path) -> None:
    """A guest, the requester who is no approver, the author of the proposal, an old button."""
    async with with_corner(tmp_path, Kind.NONE) as (stage, corner):
        card = await doubted(stage, corner)
        assert "Guests" in await stage.click(DAN, card, "Settle")
        assert "Only approvers" in await stage.click(ANA, card, "Settle")
        await proposed(stage, BEN, card, None)
        await until_button(stage, card, "Confirm")
        assert "You said it yourself" in await stage.click(BEN, card, "Confirm")
        assert "Only approvers" in await stage.click(ANA, card, "Confirm")

        assert "no longer counts; it still has to be settled" in await stage.click(
            FAY, card, "Object"
        )
        await proposed(stage, FAY, card, "1")
        await stage.slack.wait_for(lambda _: "was bought under number 1" in card.text)
        first = next(one for one in card.history if CONFIRM in json.dumps(one.blocks))
        stale = await stage.click(CLEO, card, "Confirm", stale=first)

        assert "has changed since" in stale
        assert (await order_row(stage, card))["state"] == "in_doubt"


async def test_the_form_names_what_is_wrong_beside_the_field(tmp_path: Path) -> None:
    """A number that is missing, is no number, or belongs to another order."""
    async with with_corner(tmp_path, Kind.NONE) as (stage, corner):
        other = await stage.asked(ANA, "20 EUR btc via corner")
        await stage.click(BEN, other, "Approve")
        await stage.until(other, "completed")
        taken = str(corner.purchases[0].id)
        card = await doubted(stage, corner)

        assert "at most 64 letters" in str(await proposed(stage, BEN, card, "no 12"))
        assert "has that number already" in str(await proposed(stage, BEN, card, taken))
        outcome = await stage.slack.click(BEN, card, "Settle")
        view = await outcome.opened()
        values = {"what": "bought", "because": "I looked"}
        said = await stage.slack.submit(BEN, view, values)
        assert "Give the provider's number" in str(said.view_errors)
        said = await stage.slack.submit(
            BEN, view, {"what": "not_bought", "because": "I looked", "ref": "7"}
        )
        assert "Leave this empty" in str(said.view_errors)
        assert state_of(card) == "in_doubt"


async def test_a_mistyped_number_can_be_settled_anew(tmp_path: Path) -> None:
    """The vendor knows nothing of that number: the order must not wait for it for ever."""
    async with with_corner(tmp_path, Kind.NONE) as (stage, corner):
        card = await doubted(stage, corner)
        for ref in ("4711", str(corner.purchases[0].id)):
            await proposed(stage, BEN, card, ref)
            await stage.slack.wait_for(lambda _: f"number {ref}" in card.text)  # noqa: B023 - waited for here
            await until_button(stage, card, "Confirm")
            await stage.click(FAY, card, "Confirm")
            await stage.until(card, "accepted" if ref == "4711" else "completed")
            await stage.move_clock(minutes=1)

        assert len(corner.posts) == 1


async def test_saying_the_same_again_does_not_undo_a_confirmation_that_is_under_way(
    tmp_path: Path,
) -> None:
    """Whoever got no answer repeats themselves; the others have the first proposal before them."""
    async with with_corner(tmp_path, Kind.NONE) as (stage, corner):
        card = await doubted(stage, corner)
        ref = str(corner.purchases[0].id)
        await proposed(stage, BEN, card, ref)
        await until_button(stage, card, "Confirm")
        shown = card.button("Confirm")

        await proposed(stage, BEN, card, ref)

        said = await stage.rows("SELECT * FROM events WHERE event = 'proposed'")
        assert (len(said), card.button("Confirm")) == (1, shown)
        await stage.click(CLEO, card, "Confirm")
        await stage.until(card, "completed")


async def test_two_confirmations_at_the_same_instant_settle_once(tmp_path: Path) -> None:
    """One of them wins, the other is told what has become true."""
    async with with_corner(tmp_path, Kind.NONE) as (stage, corner):
        card = await doubted(stage, corner)
        await proposed(stage, BEN, card, str(corner.purchases[0].id))
        await until_button(stage, card, "Confirm")

        answers = await asyncio.gather(
            *(stage.click(user, card, "Confirm") for user in (CLEO, FAY))
        )
        await stage.until(card, "completed")

        settled = await stage.rows("SELECT * FROM events WHERE event = 'settled_bought'")
        assert len(settled) == 1
        assert sum("is settled" in one for one in answers) == 1
