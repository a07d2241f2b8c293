"""The vendor is away, forgetful or changes its mind: the order waits, says so, is bought once."""

import asyncio

import pytest

from tests.journeys.evidence import assert_bought_once, back_again, order_row
from tests.stage import ANA, BEN, FAY, Stage, state_of


async def test_a_vendor_that_goes_away_right_after_a_lost_reply_leaves_a_doubt_not_a_failure(
    stage: Stage,
) -> None:
    """Unreachable after a doubt proves nothing about the purchase before it."""
    stage.kriptomat.faults.next("buy", "reply lost")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "in_doubt")
    await stage.kriptomat.stop()
    await stage.move_clock(minutes=1)
    await stage.slack.wait_for(lambda _: state_of(card) == "in_doubt")

    await back_again(stage)
    await stage.until(card, "completed", timeout=15)

    assert_bought_once(stage)
    assert not any("rejected" in version.text for version in card.history)


async def test_expired_tokens_cost_one_fresh_login_and_no_second_purchase(stage: Stage) -> None:
    """A 401 comes before execution: the same bytes, once more."""
    stage.kriptomat.faults.next("buy", "expired token")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")

    await stage.until(card, "completed", timeout=10)

    assert_bought_once(stage)
    assert stage.kriptomat.logins == 2
    assert (await order_row(stage, card))["attempts"] == 1


@pytest.mark.parametrize("fault", ["login refused", "500 before", "reply lost"])
async def test_a_login_that_fails_makes_the_order_wait_and_say_so(stage: Stage, fault: str) -> None:
    """Nothing was sent, the approval stands; the sentence holds no secret."""
    stage.kriptomat.faults.standing("login", fault)
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.slack.wait_for(lambda _: "Waiting to be sent" in card.text)
    assert stage.kriptomat.posts == []
    for secret in stage.kriptomat.credentials.values():
        assert len(secret) < 8 or secret not in card.plain()

    stage.kriptomat.faults.clear()
    await stage.move_clock(minutes=10)
    await stage.until(card, "completed", timeout=10)

    assert_bought_once(stage)


async def test_a_purchase_that_is_listed_late_is_no_second_purchase(stage: Stage) -> None:
    """Absence from the list proves nothing; the key does."""
    stage.kriptomat.faults.next("buy", "listed late", reads=2)
    stage.kriptomat.behaviour.duplicate = "error without id"
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")

    await stage.until(card, "completed", timeout=15)

    assert_bought_once(stage)


async def test_an_accepted_order_whose_status_cannot_be_read_says_so_and_goes_on(
    stage: Stage,
) -> None:
    """Accepted stays accepted while the vendor's list is away."""
    stage.kriptomat.faults.standing("list", "500 before")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.slack.wait_for(lambda _: "cannot be asked" in card.text, timeout=10)
    assert state_of(card) == "accepted"

    stage.kriptomat.faults.clear()
    await stage.move_clock(minutes=11)
    await stage.until(card, "completed", timeout=10)

    assert "cannot be asked" not in card.text
    assert_bought_once(stage)


async def test_pending_then_error_is_failed_and_releases_the_money(stage: Stage) -> None:
    """The vendor took it and then could not do it."""
    stage.kriptomat.book.settle = "never"
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "accepted")
    stage.kriptomat.settle_now(1, "ERROR")

    await stage.move_clock(minutes=11)
    await stage.until(card, "failed")

    (reserved,) = await stage.rows("SELECT status FROM reservations")
    assert reserved["status"] == "released"
    assert card.buttons() == []


async def test_a_doubt_that_outlives_the_approval_is_never_sent_again(stage: Stage) -> None:
    """Nothing was bought here, but nobody knows, and the approval was for an hour."""
    stage.kriptomat.faults.next("buy", "reset")
    stage.kriptomat.faults.standing("list", "500 before")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "in_doubt")
    sent = len(stage.kriptomat.posts)
    await stage.move_clock(minutes=61)
    stage.kriptomat.faults.clear()
    for _ in range(4):
        await stage.move_clock(minutes=11)
        await asyncio.sleep(0.1)

    assert state_of(card) == "in_doubt"
    assert len(stage.kriptomat.posts) == sent
    assert stage.kriptomat.purchases == []
    (reserved,) = await stage.rows("SELECT status FROM reservations")
    assert reserved["status"] == "in_doubt", "the money is still promised"


async def test_an_order_in_doubt_cannot_be_cancelled_by_anybody(stage: Stage) -> None:
    """To call it cancelled would say that nothing was bought."""
    stage.kriptomat.faults.standing("buy", "reply lost")
    stage.kriptomat.faults.standing("list", "500 before")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "in_doubt")
    old = next(version for version in card.history if "pending" in version.text)

    for user in (ANA, FAY):
        answer = await stage.click(user, card, "Cancel", stale=old)
        assert "cannot be taken back" in answer
    assert (await order_row(stage, card))["state"] in {"in_doubt", "submitting"}


async def test_a_provider_that_keeps_failing_is_paused_and_everybody_can_see_it(
    stage: Stage,
) -> None:
    """Hammering a vendor that is down helps nobody; an order that waits for it says so."""
    stage.kriptomat.faults.standing("buy", "503 before")
    stage.kriptomat.faults.standing("list", "503 before")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "in_doubt")
    async with asyncio.timeout(10):
        paused = False
        while not paused:
            paused = "Nothing is sent until" in str((await stage.say(ANA, "providers")).text)

    other = await stage.asked(ANA, "20 EUR btc via kriptomat")
    await stage.click(BEN, other, "Approve")
    await stage.slack.wait_for(lambda _: "sending is paused" in other.text)
    stage.kriptomat.faults.clear()
    for _ in range(3):
        await stage.move_clock(minutes=3)
        await asyncio.sleep(0.1)
    await stage.until(other, "completed")
    await stage.until(card, "completed")

    assert "Nothing is sent until" not in str((await stage.say(ANA, "providers")).text)
    assert len(stage.kriptomat.purchases) == 2
