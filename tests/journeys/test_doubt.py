"""The reply is lost, or proves nothing: one purchase all the same, and never a false "rejected"."""

import asyncio
import json

import pytest

from tests.journeys.clockwork import until_rows
from tests.stage import ANA, BEN, Stage, order_of, state_of

UNPROVEN = (
    "reply lost", "reset", "500 before", "500 after", "503 before", "504 after", "garbage after",
    "truncated", "redirect", "redirect after", "proxy page", "409",
    "status false before", "status false after",
)  # fmt: skip
"""Faults after which nobody can know whether the purchase was made."""


def sent(stage: Stage) -> tuple[set[str], set[bytes]]:
    """The keys and the bodies of every purchase request that the vendor has received."""
    bodies = {post.body for post in stage.kriptomat.posts}
    return {json.loads(body)["idempotency_key"] for body in bodies}, bodies


@pytest.mark.parametrize("fault", UNPROVEN)
async def test_an_unproven_outcome_ends_in_exactly_one_purchase(stage: Stage, fault: str) -> None:
    """Naive bots call it failed or send anew; here the same key settles it."""
    stage.kriptomat.faults.next("buy", fault)
    card = await stage.asked(ANA, "250 EUR btc via kriptomat")
    await stage.click(BEN, card, "Approve")

    await stage.until(card, "completed", timeout=15)

    assert len(stage.kriptomat.purchases) == 1
    keys, bodies = sent(stage)
    assert (len(keys), len(bodies)) == (1, 1)
    said = [version.text for version in card.history]
    assert any("in doubt" in text for text in said), "the doubt was shown"
    assert not any("rejected" in text for text in said)


@pytest.mark.parametrize("reading", ["replay", "409 with id", "error without id"])
async def test_a_duplicate_key_error_after_a_lost_reply_is_not_nothing_bought(
    stage: Stage, reading: str
) -> None:
    """How Kriptomat answers a repeated key is not documented, so all three readings must do."""
    stage.kriptomat.behaviour.duplicate = reading  # type: ignore[assignment]
    stage.kriptomat.faults.next("buy", "reply lost")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")

    await stage.until(card, "completed", timeout=15)

    assert len(stage.kriptomat.purchases) == 1
    keys, bodies = sent(stage)
    assert (len(keys), len(bodies)) == (1, 1)


async def test_two_look_alikes_in_doubt_are_not_given_each_others_purchase(stage: Stage) -> None:
    """With "duplicate key" and no id, amount and time cannot tell two equal orders apart."""
    stage.kriptomat.behaviour.duplicate = "error without id"
    stage.kriptomat.faults.standing("buy", "reply lost")
    cards = [await stage.asked() for _ in range(2)]
    await asyncio.gather(*(stage.click(BEN, card, "Approve") for card in cards))
    await stage.eventually(lambda: len(stage.kriptomat.purchases) == 2)
    stage.kriptomat.faults.clear()
    await stage.slack.wait_for(
        lambda _: all("seen this key already" in card.text for card in cards), timeout=15
    )

    assert {state_of(card) for card in cards} == {"in_doubt"}
    assert len(stage.kriptomat.purchases) == 2


async def test_after_the_key_has_died_nothing_is_sent_again(stage: Stage) -> None:
    """A resend past the key's lifetime could buy twice, so it stays in doubt for people."""
    stage.kriptomat.faults.standing("buy", "reply lost")
    stage.kriptomat.faults.standing("list", "500 before")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "in_doubt")
    before = len(stage.kriptomat.posts)
    await stage.move_clock(hours=2)
    stage.kriptomat.faults.clear()

    events = "SELECT 1 FROM events WHERE event = 'looked_up'"
    for _ in range(3):
        looks = len(await stage.rows(events))
        await stage.move_clock(minutes=11)
        # One after the other: a one-time code is good for the half minute in which it was made.
        await until_rows(stage, events, looks + 1)

    assert state_of(card) == "in_doubt"
    assert len(stage.kriptomat.posts) == before
    assert len(stage.kriptomat.purchases) == 1


async def test_a_slow_reply_is_no_crash(stage: Stage) -> None:
    """The clock looks many times while the request is under way; it must not send another."""
    stage.kriptomat.faults.next("buy", "slow after", seconds=1.5)
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.eventually(lambda: stage.kriptomat.posts)
    for _ in range(10):
        await stage.move_clock(seconds=20)
        await asyncio.sleep(0.05)

    await stage.until(card, "completed", timeout=15)

    assert len(stage.kriptomat.posts) == 1
    assert not any("in doubt" in version.text for version in card.history)


async def test_operators_and_the_requester_hear_of_a_doubt(stage: Stage) -> None:
    """Edits of a card notify nobody."""
    stage.kriptomat.faults.standing("buy", "reply lost")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "in_doubt")

    await stage.slack.wait_for(lambda slack: slack.dms("U0FAY"))
    await stage.slack.wait_for(lambda _: stage.thread(card))

    assert f"{order_of(card)} is in doubt" in stage.slack.dms("U0FAY")[0].text
    assert "<@U0ANA>" in stage.thread(card)[0]
    assert "will not buy it twice" in stage.thread(card)[0]


async def test_a_refusal_of_the_first_attempt_is_final_and_says_why(stage: Stage) -> None:
    """The vendor's own no, in its own error envelope, before any doubt: no money moved."""
    stage.kriptomat.faults.next("buy", "refused")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")

    await stage.until(card, "rejected")

    assert stage.kriptomat.purchases == []
    assert "Trading is closed" in card.plain()
    assert "Nothing was bought" in card.text


async def test_a_refusal_after_a_lost_reply_settles_nothing(stage: Stage) -> None:
    """The refusal is of the second request; the first one bought."""
    stage.kriptomat.faults.next("buy", "reply lost")
    stage.kriptomat.faults.next("buy", "refused")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")

    await stage.until(card, "completed", timeout=15)

    assert len(stage.kriptomat.purchases) == 1
    assert not any("rejected" in version.text for version in card.history)


async def test_a_busy_vendor_is_tried_again_with_the_same_key(stage: Stage) -> None:
    """429 means that nothing was executed: the order waits as long as the vendor wishes."""
    stage.kriptomat.faults.next("buy", "429 retry-after")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")

    await stage.until(card, "completed", timeout=15)

    assert len(stage.kriptomat.purchases) == 1
    keys, bodies = sent(stage)
    assert (len(keys), len(bodies)) == (1, 1)
    assert not any("in doubt" in version.text for version in card.history)
