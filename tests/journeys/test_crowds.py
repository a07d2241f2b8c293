"""Many things at once: every order is decided once, and bought once or not at all."""

import asyncio
import json

from bot.domain.people import Standing
from bot.playground.slack import PretendSlack
from tests.journeys.evidence import assert_bought_once, order_row
from tests.stage import ANA, BEN, CHANNEL, CLEO, FAY, Stage, order_of, state_of

LARGE = "5000 EUR btc via kriptomat for rent"


async def test_approve_and_cancel_at_the_same_instant_agree_with_what_happens(
    stage: Stage,
) -> None:
    """Whoever is told "nothing will be bought" is right, and so is whoever is told it decides."""
    cards = [await stage.asked(ANA, f"{100 + n} EUR btc") for n in range(6)]
    presses = [
        (stage.click(BEN, card, "Approve"), stage.click(ANA, card, "Cancel")) for card in cards
    ]
    answers = await asyncio.gather(
        *(asyncio.gather(*(pair if n % 2 else pair[::-1])) for n, pair in enumerate(presses))
    )
    ended = {"completed", "cancelled"}

    def all_ended(_: PretendSlack) -> bool:
        return {state_of(card) for card in cards} <= ended

    await stage.slack.wait_for(all_ended, timeout=10)

    bought = {json.loads(post.body)["amount"] for post in stage.kriptomat.posts}
    for n, card in enumerate(cards):
        was_bought = f"{100 + n}.00" in bought
        assert was_bought == (state_of(card) == "completed")
        assert any("You cancelled" in answer for answer in answers[n]) != was_bought
    assert len(stage.kriptomat.posts) == len(bought) == len(stage.kriptomat.purchases)


async def test_a_cancel_while_the_gates_are_being_asked_keeps_its_promise(stage: Stage) -> None:
    """Between the deciding vote and the first byte lies a network call; the brake still works."""
    stage.kriptomat.faults.next("login", "slow before", seconds=0.5)
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.eventually(lambda: stage.kriptomat.logins)

    answer = await stage.click(ANA, card, "Cancel")
    await stage.until(card, "cancelled")
    await stage.stop_bot()  # waits for what is under way

    assert "Nothing will be bought" in answer
    assert stage.kriptomat.posts == []


async def test_ten_equal_orders_whose_replies_are_all_lost_are_ten_purchases(
    stage: Stage,
) -> None:
    """Amount and time cannot tell them apart; their keys can."""
    cards = [await stage.asked() for _ in range(10)]
    stage.kriptomat.faults.next("buy", "reply lost", times=10)

    await asyncio.gather(*(stage.click(BEN, card, "Approve") for card in cards))
    async with asyncio.timeout(60):
        while {state_of(card) for card in cards} != {"completed"}:
            # After five lost replies the bot gives the vendor a minute; who was not sent waits.
            await stage.move_clock(seconds=5)
            await asyncio.sleep(0.05)

    bought = stage.kriptomat.purchases
    assert len(bought) == 10
    rows = await stage.rows("SELECT key, ref FROM orders")
    assert {row["key"]: row["ref"] for row in rows} == {one.key: str(one.id) for one in bought}


async def test_an_approver_who_leaves_before_the_second_vote_does_not_count(
    stage: Stage,
) -> None:
    """Two approvals are two people who are approvers when it is decided."""
    card = await stage.asked(ANA, LARGE)
    await stage.click(BEN, card, "Approve")
    stage.slack.workspace.people[BEN].deleted = True
    await stage.until_known(BEN, Standing.DEACTIVATED)

    second = await stage.click(FAY, card, "Approve")
    assert "Still needed: 1 person from approvers" in second
    assert stage.kriptomat.posts == []
    third = await stage.click(CLEO, card, "Approve")
    await stage.until(card, "completed")

    assert "decides" in third
    assert_bought_once(stage)


async def test_an_order_of_somebody_who_has_left_is_not_bought(stage: Stage) -> None:
    """Who asked is read again before money moves, like those who approved."""
    card = await stage.asked()
    await stage.move_clock(minutes=2)
    stage.slack.workspace.people[ANA].deleted = True

    await stage.click(BEN, card, "Approve")
    await stage.until(card, "cancelled")

    assert "no longer allows it" in card.text
    assert stage.kriptomat.posts == []


async def test_the_same_delivery_after_the_purchase_buys_nothing_more(stage: Stage) -> None:
    """A command that Slack repeats late is answered with what became of the first."""
    outcome = await stage.say(ANA, "250 EUR btc via kriptomat")
    await stage.slack.wait_for(lambda _: stage.cards())
    card = stage.cards()[0]
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")

    again = await stage.slack.redeliver(outcome)

    assert again.text is not None
    assert f"*{order_of(card)}* is completed" in again.text
    assert len(await stage.rows("SELECT id FROM orders")) == 1
    assert_bought_once(stage)


async def test_the_same_click_delivered_twice_is_one_vote(stage: Stage) -> None:
    """Slack does not promise to deliver a click once only."""
    card = await stage.asked(ANA, LARGE)
    outcome = await stage.slack.click(BEN, card, "Approve")
    await outcome.answer()

    again = await stage.slack.redeliver(outcome)

    assert "counts once" in (await again.answer()).text
    assert (await order_row(stage, card))["state"] == "pending_approval"
    assert len(await stage.rows("SELECT 1 FROM votes")) == 1


async def test_cards_stay_where_the_policy_says_wherever_the_words_were_typed(
    stage: Stage,
) -> None:
    """All cards are in one channel, so that nobody approves in a corner."""
    stage.slack.workspace.add_channel("C0CORNER", "corner")

    outcome = await stage.slack.slash(ANA, "/buy", "250 EUR btc", channel="C0CORNER")
    await stage.slack.wait_for(lambda _: stage.cards())

    assert outcome.text is not None
    assert f"<#{CHANNEL}>" in outcome.text
    assert stage.slack.messages("C0CORNER") == []
