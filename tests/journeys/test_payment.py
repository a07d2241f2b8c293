"""Coins.ph: created first, paid by one person who alone is told how, released in the end."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from bot.playground.messages import Message, Version
from tests.journeys.coins import WORDS, paid, to_be_paid, with_coins
from tests.journeys.evidence import order_row
from tests.stage import ANA, BEN, CLEO, DAN, FAY, Stage, order_of, state_of


async def test_words_to_payment_to_completed_is_one_order_at_the_vendor(tmp_path: Path) -> None:
    """One payer, instructions for that one alone, told to the vendor, released."""
    async with with_coins(tmp_path) as (stage, coins):
        card = await to_be_paid(stage)
        assert "has to be paid at Coins.ph" in card.text
        answer = await stage.click(CLEO, card, "I will pay")
        await stage.slack.wait_for(lambda slack: slack.dms(CLEO))
        await stage.slack.wait_for(lambda _: f"<@{CLEO}> pays it" in card.text)

        assert "privately" in answer
        assert "5,000" in stage.slack.dms(CLEO)[0].text
        assert "bdo" in stage.slack.dms(CLEO)[0].text.lower()
        assert not any("You pay" in one for one in stage.thread(card))
        await paid(stage, CLEO, card, "OR-4711")
        await stage.until(card, "accepted")
        coins.release(coins.purchases[0].id)
        await stage.move_clock(minutes=11)
        await stage.until(card, "completed")

        assert len(coins.purchases) == 1
        (told,) = await stage.rows("SELECT paid_by, paid_code FROM orders")
        assert (told["paid_by"], told["paid_code"]) == (CLEO, "OR-4711")
        assert coins.purchases[0].marked_paid_time is not None


async def test_two_people_who_press_at_once_do_not_both_pay(tmp_path: Path) -> None:
    """One is told how, the other that somebody pays already."""
    async with with_coins(tmp_path) as (stage, _coins):
        card = await to_be_paid(stage)
        answers = await asyncio.gather(
            *(stage.click(user, card, "I will pay") for user in (ANA, BEN, CLEO))
        )
        await stage.slack.wait_for(lambda slack: any(slack.dms(one) for one in (ANA, BEN, CLEO)))
        await asyncio.sleep(0.3)

        assert sum("You pay" in one for one in answers) == 1
        assert sum("already" in one for one in answers) == 2
        told = [user for user in (ANA, BEN, CLEO) if stage.slack.dms(user)]
        assert told == [str((await order_row(stage, card))["payer"])]


async def test_who_may_not_pay_or_say_that_it_is_paid_changes_nothing(tmp_path: Path) -> None:
    """A guest; an approver may say so for the payer; a second time is told."""
    async with with_coins(tmp_path) as (stage, _coins):
        card = await to_be_paid(stage)
        assert "Guests" in await stage.click(DAN, card, "I will pay")
        await stage.click(ANA, card, "I will pay")
        await stage.slack.wait_for(lambda slack: slack.dms(ANA))
        assert f"<@{ANA}> pays" in await stage.click(CLEO, card, "I will pay", stale=old_card(card))
        await paid(stage, FAY, card)
        await stage.until(card, "accepted")
        assert "nothing to pay" in await stage.click(ANA, card, "I have paid", stale=old_card(card))


async def test_the_deadline_stands_on_the_card_before_anybody_has_said_that_they_pay(
    tmp_path: Path,
) -> None:
    """The vendor tells it with the first look, not with the order: nobody must have to press a
    button to learn that there is little time, and whoever asked is reminded of it."""
    async with with_coins(tmp_path) as (stage, coins):
        card = await to_be_paid(stage)
        await stage.move_clock(seconds=3)
        await stage.slack.wait_for(lambda _: "at Coins.ph until <!date^" in card.text)
        assert "Whoever presses “I will pay”" in card.text

        left = coins.purchases[0].expiration_time - stage.clock.now()
        await stage.move_clock(seconds=left.total_seconds() - 60)
        await stage.slack.wait_for(
            lambda _: any("has to be paid" in one for one in stage.thread(card))
        )


def old_card(card: Message) -> Version:
    """The card as it was when nobody paid yet."""
    return next(one for one in card.history if "Whoever presses" in one.text)


async def test_a_reminder_comes_before_the_deadline_and_none_after_it_is_paid(
    tmp_path: Path,
) -> None:
    """What is paid and not marked as paid in time is not bought."""
    async with with_coins(tmp_path) as (stage, coins):
        card = await to_be_paid(stage)
        await stage.click(CLEO, card, "I will pay")
        await stage.slack.wait_for(lambda slack: slack.dms(CLEO))
        window = coins.purchases[0].expiration_time - coins.purchases[0].created_at
        await stage.move_clock(seconds=window.total_seconds() * 0.8)
        await stage.slack.wait_for(
            lambda _: any(
                "I have paid" in one and f"<@{CLEO}>" in one for one in stage.thread(card)
            )
        )
        await stage.move_clock(seconds=60)
        await asyncio.sleep(0.2)
        assert sum("not marked as paid in time" in one for one in stage.thread(card)) == 1


async def test_an_order_that_nobody_paid_ends_and_warns_of_paying_late(tmp_path: Path) -> None:
    """Somebody may just be standing at the counter."""
    async with with_coins(tmp_path) as (stage, _coins):
        card = await to_be_paid(stage)
        await stage.move_clock(hours=3)
        await stage.until(card, "failed", timeout=10)

        assert "If you did pay, do not pay again" in card.text
        assert card.buttons() == []
        (reserved,) = await stage.rows("SELECT status FROM reservations")
        assert reserved["status"] == "released"


async def test_an_unpaid_order_can_be_taken_back_at_the_vendor(tmp_path: Path) -> None:
    """The card says not to pay it, and what is read back decides."""
    async with with_coins(tmp_path) as (stage, coins):
        card = await to_be_paid(stage)
        answer = await stage.click(ANA, card, "Cancel")
        await stage.until(card, "cancelled", timeout=10)

        assert "do not pay it" in answer
        assert coins.purchases[0].canceled_time is not None
        assert f"<@{ANA}> cancelled it" in card.text


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("another amount", WORDS),
        ("another outlet", f"{WORDS} using bdo_deposit"),
        ("another outlet", WORDS),
        ("another wallet", f"{WORDS} to cold"),
        ("another rate", f"{WORDS} max 3600000"),
    ],
    ids=["amount", "outlet", "outlet of the configuration", "wallet", "rate"],
)
async def test_what_differs_from_what_was_approved_is_taken_back_and_asked_again(
    tmp_path: Path, fault: str, words: str
) -> None:
    """Nobody is told to pay something else than people agreed to."""
    async with with_coins(tmp_path) as (stage, coins):
        coins.faults.next("buy", fault)
        card = await stage.asked(ANA, words)
        await stage.click(BEN, card, "Approve")
        await stage.slack.wait_for(lambda _: len(stage.cards()) == 2, timeout=10)
        fresh = stage.cards()[-1]

        assert order_of(fresh) == order_of(card)
        assert state_of(fresh) == "pending_approval"
        assert coins.purchases[0].canceled_time is not None
        assert not any("has to be paid" in one for one in stage.thread(card))
        await stage.click(FAY, fresh, "Approve")
        await stage.until(fresh, "awaiting_payment", timeout=10)
        assert len(coins.purchases) == 2
        assert coins.purchases[1].canceled_time is None


async def test_what_was_released_may_differ_and_is_shown(tmp_path: Path) -> None:
    """The vendor documents that it may be less or more."""
    async with with_coins(tmp_path) as (stage, coins):
        card = await to_be_paid(stage)
        await paid(stage, BEN, card)
        await stage.until(card, "accepted")
        coins.release(coins.purchases[0].id, Decimal("0.00000001"))
        await stage.move_clock(minutes=11)
        await stage.until(card, "completed")

        assert "0.00000001 BTC (0.00138888 ordered)" in card.text


async def test_the_vendor_is_told_again_until_it_has_heard_that_it_is_paid(tmp_path: Path) -> None:
    """An order that is paid and not marked is not processed: one lost reply must not matter."""
    async with with_coins(tmp_path) as (stage, coins):
        card = await to_be_paid(stage)
        coins.faults.next("pay", "reset")
        coins.faults.next("list", "500 before", times=3)
        await paid(stage, BEN, card)
        await until_gone(stage, card)
        await stage.move_clock(minutes=3)
        await stage.until(card, "accepted", timeout=10)

        assert coins.purchases[0].marked_paid_time is not None


async def until_gone(stage: Stage, card: Message) -> None:
    """The buttons go as soon as somebody has said that it is paid."""
    await stage.slack.wait_for(lambda _: not card.buttons())


async def test_while_it_is_frozen_nobody_is_told_how_to_pay(tmp_path: Path) -> None:
    """A freeze stops the money, whoever would send it; the card says so."""
    async with with_coins(tmp_path) as (stage, _coins):
        card = await to_be_paid(stage)
        await stage.say(BEN, "freeze only coins: their site looks strange")
        await stage.slack.wait_for(lambda _: "Frozen" in card.plain())

        answer = await stage.click(CLEO, card, "I will pay")

        assert "do not pay" in answer
        assert (await order_row(stage, card))["payer"] is None
        for user in (BEN, FAY):
            await stage.say(user, "unfreeze")
        assert "You pay" in await stage.click(CLEO, card, "I will pay")


async def test_the_address_of_an_account_cannot_be_compared_and_is_taken_as_it_is(
    tmp_path: Path,
) -> None:
    """Nothing at the vendor tells which address belongs to an account."""
    async with with_coins(tmp_path) as (stage, coins):
        coins.faults.next("buy", "another wallet")
        await to_be_paid(stage)
        assert coins.purchases[0].canceled_time is None


async def test_a_word_that_nobody_documents_is_shown_and_taken_for_no_payment(
    tmp_path: Path,
) -> None:
    """Who has paid must still be able to say so: what is not marked as paid is not processed."""
    async with with_coins(tmp_path) as (stage, coins):
        card = await to_be_paid(stage)
        coins.faults.standing("list", "unknown word")
        await stage.move_clock(minutes=11)
        await stage.slack.wait_for(
            lambda _: "under_\u2060review" in card.plain() or "under_review" in card.plain(),
            timeout=10,
        )
        assert state_of(card) == "awaiting_payment"
        await paid(stage, BEN, card)
        await stage.until(card, "accepted", timeout=10)
        assert coins.purchases[0].marked_paid_time is not None


async def test_nobody_is_told_how_to_pay_what_is_something_else_by_now(tmp_path: Path) -> None:
    """It is read once more right before the payer is told, and taken back unpaid."""
    async with with_coins(tmp_path) as (stage, coins):
        card = await to_be_paid(stage)
        coins.purchases[0].currency_amount += 900
        await stage.click(CLEO, card, "I will pay")
        await stage.slack.wait_for(lambda _: len(stage.cards()) == 2, timeout=10)

        assert coins.purchases[0].canceled_time is not None
        assert stage.slack.dms(CLEO) == []
        assert state_of(stage.cards()[-1]) == "pending_approval"


async def test_what_changes_after_somebody_was_told_how_to_pay_is_not_taken_back_by_the_bot(
    tmp_path: Path,
) -> None:
    """The money may be on its way: the payer is told loudly, and a person decides."""
    async with with_coins(tmp_path) as (stage, coins):
        card = await to_be_paid(stage)
        await stage.click(CLEO, card, "I will pay")
        await stage.slack.wait_for(lambda slack: slack.dms(CLEO))
        coins.purchases[0].currency_amount += 900
        await stage.move_clock(minutes=11)
        await stage.slack.wait_for(
            lambda _: any(
                "If you have not paid it yet, do not" in one for one in stage.thread(card)
            ),
            timeout=10,
        )
        (word,) = [one for one in stage.thread(card) if "has changed at Coins.ph" in one]
        assert f"<@{CLEO}>" in word
        assert "booked 5,900.00 PHP, approved was 5,000.00 PHP" in word
        assert coins.purchases[0].canceled_time is None
        assert state_of(card) == "awaiting_payment"
        await stage.move_clock(minutes=11)
        await asyncio.sleep(0.3)
        assert sum("has changed at Coins.ph" in one for one in stage.thread(card)) == 1

        await stage.click(CLEO, card, "Cancel")
        await stage.until(card, "cancelled", timeout=10)
        assert coins.purchases[0].canceled_time is not None
