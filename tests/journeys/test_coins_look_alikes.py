"""Coins.ph knows no reference of ours: what cannot be told apart is sent one after the other.

What was lost is found by amount, outlet, wallet and time. The only unpaid order that was made while
ours was under way is taken for it; of two a person decides.
"""

import asyncio
from pathlib import Path

import pytest

from bot.playground.messages import Message
from providers.sandbox.coins_ph import CoinsPhSandbox
from tests.journeys.coins import WORDS, paid, with_coins, with_reply_lost
from tests.journeys.corner import proposed, until_button
from tests.stage import ANA, BEN, CLEO, FAY, Stage, order_of, state_of


def stranger(coins: CoinsPhSandbox) -> str:
    """Somebody of the team orders the same by hand, at Coins.ph itself; its number."""
    return coins.book.create(pesos=coins.purchases[-1].currency_amount).id


async def test_a_lost_reply_is_found_and_paid_without_anybody_having_to_settle_it(
    tmp_path: Path,
) -> None:
    """Created, the reply lost: one unpaid order of that moment, so it is ours to pay."""
    async with with_coins(tmp_path) as (stage, coins):
        card = await with_reply_lost(stage, coins)
        await stage.until(card, "in_doubt")
        await stage.slack.wait_for(lambda _: "I take it for this order" in card.plain())
        await stage.move_clock(minutes=2)
        await stage.until(card, "awaiting_payment", timeout=10)
        await paid(stage, BEN, card)
        await stage.until(card, "accepted")
        coins.release(coins.purchases[0].id)
        await stage.move_clock(minutes=11)
        await stage.until(card, "completed")

        assert len(coins.purchases) == len(coins.posts) == 1
        (seen,) = await stage.rows("SELECT rule FROM evidence ORDER BY number DESC LIMIT 1")
        assert "nobody has paid it" in seen["rule"]


async def test_nothing_is_taken_for_ours_before_a_second_one_would_be_listed(
    tmp_path: Path,
) -> None:
    """The first look is at once, and what is listed late is not there yet."""
    async with with_coins(tmp_path) as (stage, coins):
        card = await with_reply_lost(stage, coins)
        await stage.until(card, "in_doubt")
        await stage.slack.wait_for(lambda _: "might still be listed" in card.plain(), timeout=10)

        assert state_of(card) == "in_doubt"
        assert coins.costs == 0


async def test_of_two_that_fit_a_person_decides(tmp_path: Path) -> None:
    """Somebody ordered the same by hand in that minute: the bot pays for neither."""
    async with with_coins(tmp_path) as (stage, coins):
        card = await with_reply_lost(stage, coins)
        await stage.eventually(lambda: coins.purchases)
        theirs, ours = stranger(coins), coins.purchases[0].id
        await until_called(stage, card)
        assert ours in card.plain()
        assert theirs in card.plain()
        assert not any("has to be paid" in version.text for version in card.history)

        await settled(stage, card, ours)
        await stage.until(card, "awaiting_payment", timeout=10)
        assert len(coins.posts) == 1


async def test_an_order_that_somebody_has_paid_is_nobodys_guess(tmp_path: Path) -> None:
    """Money has moved for it: whose it is has to be looked up by people."""
    async with with_coins(tmp_path) as (stage, coins):
        card = await with_reply_lost(stage, coins)
        (order,) = await stage.eventually(lambda: coins.purchases)
        coins.book.pay(order, code=None, word="pending_payment")
        await until_called(stage, card)


async def test_after_a_restart_what_fits_is_left_to_people(tmp_path: Path) -> None:
    """The file may be an older one, and its records may have forgotten whose order that is."""
    async with with_coins(tmp_path) as (stage, coins):
        card = await with_reply_lost(stage, coins)
        await stage.until(card, "in_doubt")
        await stage.stop_bot()
        await stage.start_bot()
        await stage.move_clock(minutes=2)
        await until_called(stage, card)
        assert len(coins.posts) == 1


async def test_two_equal_orders_are_sent_one_after_the_other(tmp_path: Path) -> None:
    """While nobody knows what became of the first, the second would be taken for it."""
    async with with_coins(tmp_path) as (stage, coins):
        coins.faults.next("buy", "reset")
        first = await stage.asked(ANA, WORDS)
        await stage.click(BEN, first, "Approve")
        await stage.until(first, "in_doubt")
        second = await stage.asked(CLEO, WORDS)
        await stage.click(BEN, second, "Approve")
        await stage.slack.wait_for(lambda _: "looks the same" in second.text, timeout=10)
        assert f"{order_of(first)} looks the same at Coins.ph" in second.text
        assert len(coins.posts) == 1

        await settled(stage, first, None)
        await stage.move_clock(minutes=3)
        await stage.until(second, "awaiting_payment", timeout=10)
        assert (len(coins.posts), len(coins.purchases)) == (2, 1)


async def test_two_equal_orders_that_go_through_at_once_are_both_bought(tmp_path: Path) -> None:
    """Serialised, not refused: each has a number of its own as soon as it is answered."""
    async with with_coins(tmp_path) as (stage, coins):
        cards = [await stage.asked(user, WORDS) for user in (ANA, CLEO)]
        await asyncio.gather(*(stage.click(BEN, card, "Approve") for card in cards))
        for card in cards:
            await stage.move_clock(minutes=1)
            await stage.until(card, "awaiting_payment", timeout=10)
        refs = await stage.rows("SELECT ref FROM orders")
        assert len({row["ref"] for row in refs}) == len(coins.purchases) == 2


@pytest.mark.parametrize("words", ["5000 PHP btc via coins to cold", "4999 PHP btc via coins"])
async def test_what_can_be_told_apart_is_not_held_up(tmp_path: Path, words: str) -> None:
    """Another wallet or another amount cannot be mistaken for the one in doubt."""
    async with with_coins(tmp_path) as (stage, coins):
        coins.faults.next("buy", "reset")
        first = await stage.asked(ANA, WORDS)
        await stage.click(BEN, first, "Approve")
        await stage.until(first, "in_doubt")
        second = await stage.asked(CLEO, words)
        await stage.click(BEN, second, "Approve")
        await stage.until(second, "awaiting_payment", timeout=10)
        assert len(coins.purchases) == 1


async def test_while_another_order_is_in_doubt_there_nothing_is_taken_for_ours(
    tmp_path: Path,
) -> None:
    """Half a peso apart, both lost: the vendor books whole pesos, so either fits both."""
    async with with_coins(tmp_path) as (stage, coins):
        coins.faults.next("buy", "reset")
        first = await stage.asked(ANA, WORDS)
        await stage.click(BEN, first, "Approve")
        await stage.until(first, "in_doubt")
        coins.faults.next("buy", "reply lost")
        second = await stage.asked(CLEO, "5001 PHP btc via coins to cold")
        await stage.click(BEN, second, "Approve")
        await stage.until(second, "in_doubt", timeout=10)
        await until_called(stage, second)

        await settled(stage, first, None)
        await stage.move_clock(minutes=11)
        await stage.until(second, "awaiting_payment", timeout=10)


async def settled(stage: Stage, card: Message, ref: str | None) -> None:
    """Two people say what became of it; without a number nothing was bought."""
    await proposed(stage, BEN, card, ref)
    await until_button(stage, card, "Confirm")
    await stage.click(FAY, card, "Confirm")


async def until_called(stage: Stage, card: Message) -> None:
    """Approvers are told that only they can go on."""

    def there(_: object) -> bool:
        return any("cannot find out by myself" in one for one in stage.thread(card))

    await stage.slack.wait_for(there, timeout=10)
    assert state_of(card) == "in_doubt"
