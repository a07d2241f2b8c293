"""Oak Network from words to completed: no key, so our reference in its list decides."""

import asyncio
import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.commands.made import mrkdwn
from tests.journeys.oak import WORDS, with_oak
from tests.stage import ANA, BEN, CLEO, FAY, state_of


async def test_words_to_completed_is_exactly_one_purchase_in_cents(tmp_path: Path) -> None:
    """25 USD is sent as 2500, and booked as 25.00."""
    async with with_oak(tmp_path) as (stage, oak):
        card = await stage.asked(ANA, WORDS)
        assert "no price protection: Oak Network tells no price before buying" in card.plain()
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "completed", timeout=10)

        assert len(oak.purchases) == len(oak.posts) == 1
        sent = json.loads(oak.posts[0].body)
        assert (sent["amount"], sent["currency"]) == (2500, "usd")
        (row,) = await stage.rows("SELECT outcome, key FROM orders")
        assert sent["metadata"] == {"client_order_id": row["key"]}
        assert Decimal(json.loads(row["outcome"])["total"]) == 25
        assert "Network polygon" in " ".join(card.plain().split())
        (settles,) = [one for one in mrkdwn(card.blocks) if one.startswith("*Settles on*")]
        assert settles.startswith("*Settles on*\n<!date^"), "in the reader's own time zone"


@pytest.mark.parametrize("fault", ["reply lost", "500 after", "truncated", "garbage after"])
async def test_a_lost_reply_is_found_by_our_reference_and_never_sent_again(
    tmp_path: Path, fault: str
) -> None:
    """Every POST would buy again: the list is the only way to know."""
    async with with_oak(tmp_path) as (stage, oak):
        oak.faults.next("buy", fault)
        card = await stage.asked(ANA, WORDS)
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "completed", timeout=10)

        assert len(oak.purchases) == len(oak.posts) == 1
        moves = await stage.rows("SELECT event FROM events")
        assert "doubted" in [move["event"] for move in moves]


@pytest.mark.parametrize("fault", ["reset", "500 before"])
async def test_a_purchase_that_never_arrived_is_left_to_people(tmp_path: Path, fault: str) -> None:
    """Nothing is listed under our reference, and nothing proves that it never will be."""
    async with with_oak(tmp_path) as (stage, oak):
        oak.faults.next("buy", fault)
        card = await stage.asked(ANA, WORDS)
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "in_doubt")
        for _ in range(5):
            await stage.move_clock(minutes=11)
            await asyncio.sleep(0.05)
        await stage.slack.wait_for(
            lambda _: "sending it again could buy it twice" in card.plain(), timeout=10
        )

        assert state_of(card) == "in_doubt"
        assert (len(oak.posts), oak.purchases) == (1, [])


async def test_a_purchase_that_is_canceled_after_completion_is_told_loudly(tmp_path: Path) -> None:
    """The vendor has a word of its own for it."""
    async with with_oak(tmp_path) as (stage, oak):
        card = await stage.asked(ANA, WORDS)
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "completed", timeout=10)
        oak.settle_now(oak.purchases[0].id, "canceled_after_completion")

        await stage.move_clock(minutes=61)
        await stage.until(card, "reversed")
        await stage.slack.wait_for(lambda slack: "has reversed" in slack.dms(FAY)[-1].text)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (
            "25 USD btc via oak",
            "Its call cannot choose: what the customer's wallet",
        ),
        ("25 EUR usdc via oak", "cannot be paid in EUR"),
        ("0.5 usdc in usd via oak", "takes an amount of money"),
        ("25 USD usdc via oak max 2", "tells none before buying"),
        ("25 USD usdc via oak to cold", "has no target"),
    ],
)
async def test_what_oak_cannot_do_is_refused_with_the_reason(
    tmp_path: Path, words: str, part: str
) -> None:
    """The asset is what the customer's wallet receives; the call cannot choose it."""
    async with with_oak(tmp_path) as (stage, oak):
        assert part in str((await stage.say(ANA, words)).text)
        assert oak.posts == []


async def test_rules_are_told_with_the_names_that_people_use(tmp_path: Path) -> None:
    """Nobody has heard of `oak`, which is what the configuration calls it."""
    async with with_oak(tmp_path) as (stage, oak):
        for words in ("90000 EUR btc via kriptomat", "explain 90000 EUR btc via kriptomat"):
            told = str((await stage.say(CLEO, words)).text)
            assert "“dollars” is for Oak Network." in told
        assert oak.posts == []


async def test_both_providers_are_told_and_via_may_be_left_out(tmp_path: Path) -> None:
    """USDC is sold by Oak alone, BTC by Kriptomat alone."""
    async with with_oak(tmp_path) as (stage, _oak):
        told = str((await stage.say(ANA, "providers")).text)
        assert "*Oak Network* (`via oak`)" in told
        assert "nothing is sent again, because that could buy twice" in told
        assert "*Kriptomat* (`via kriptomat`)" in told
        card = await stage.asked(ANA, "25 USD usdc")
        assert "via Oak Network" in card.text
