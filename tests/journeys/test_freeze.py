"""A freeze stops sending at once and for good, and two people lift it."""

import asyncio
import re

import pytest

from bot.playground.messages import Message
from tests.journeys.evidence import assert_bought_once, everything
from tests.stage import ANA, BEN, CLEO, DAN, FAY, Stage, state_of


def frost(stage: Stage) -> Message:
    """The message of the newest freeze in the channel."""
    return [
        one
        for one in stage.slack.messages("C0TREASURY")
        if one.thread_ts is None
        and not one.metadata
        and ("Frozen:" in one.text or "Lifted:" in one.text)
    ][-1]


async def frozen(stage: Stage, words: str = "freeze the key leaked") -> Message:
    """Ben freezes, and the channel has been told."""
    answer = await stage.say(BEN, words)
    assert answer.text is not None
    assert "Frozen:" in answer.text
    await stage.slack.wait_for(lambda _: frost(stage))
    return frost(stage)


@pytest.mark.parametrize(
    ("words", "stops"),
    [
        ("freeze the key leaked", True),
        ("freeze only kriptomat: the key leaked", True),
        ("freeze only btc: the key leaked", True),
        ("freeze only eth: the key leaked", False),
    ],
)
async def test_what_is_frozen_is_not_sent_although_it_was_approved(
    stage: Stage, words: str, stops: bool
) -> None:
    """Everything, a provider or an asset; and nothing else."""
    card = await stage.asked()
    await frozen(stage, words)
    await stage.click(CLEO, card, "Approve")
    if not stops:
        await stage.until(card, "completed")
        return
    await stage.until(card, "approved")
    await stage.slack.wait_for(lambda _: "It waits for the freeze to be lifted" in card.text)
    for _ in range(5):
        await stage.move_clock(minutes=3)
        await asyncio.sleep(0.02)

    assert stage.kriptomat.posts == []
    assert "Frozen:" in card.plain()
    assert re.search(r"If it is not by <!date\^[^>]*>, people are asked anew", card.text), (
        "until when"
    )
    assert "Nothing of it" not in card.plain()
    status = await stage.say(ANA, "status")
    assert status.text is not None
    assert "Frozen:" in status.text


async def test_two_different_approvers_lift_it_and_what_waited_is_bought_once(stage: Stage) -> None:
    """One person must be able to stop, and not be able to let go."""
    card = await stage.asked()
    message = await frozen(stage)
    await stage.click(CLEO, card, "Approve")
    await stage.slack.wait_for(lambda _: "It waits for the freeze" in card.text)

    first = await stage.say(CLEO, "unfreeze")
    again = await stage.say(CLEO, "unfreeze")
    assert "second approver" in str(first.text)
    assert "another approver" in str(again.text)
    assert stage.kriptomat.posts == []
    await stage.slack.wait_for(lambda _: "wants to lift" in message.text)
    pressed = await stage.click(FAY, message, "Unfreeze")
    await stage.until(card, "completed")

    assert "Lifted" in pressed
    assert_bought_once(stage)
    await stage.slack.wait_for(lambda _: "Lifted" in message.text)
    assert message.buttons() == []
    assert "Frozen" not in card.plain()
    said = [one.text for one in stage.slack.messages("C0TREASURY") if one.thread_ts == message.ts]
    assert any("A second approver" in one for one in said)
    assert any(f"<@{BEN}>" in one for one in said), "who froze it hears that it was lifted"


async def test_it_stands_after_a_restart(stage: Stage) -> None:
    """Whoever restarts the machine must not lift it by that."""
    await frozen(stage)
    await stage.stop_bot()
    await stage.start_bot()
    card = await stage.asked()
    await stage.click(CLEO, card, "Approve")
    await stage.slack.wait_for(lambda _: "It waits for the freeze" in card.text)

    assert state_of(card) == "approved"
    assert stage.kriptomat.posts == []


async def test_a_resend_of_a_doubted_order_is_stopped_as_well(stage: Stage) -> None:
    """It may be the first request that really arrives."""
    stage.kriptomat.faults.next("buy", "reset")
    stage.kriptomat.faults.standing("list", "500 before")
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "in_doubt")
    await frozen(stage)
    stage.kriptomat.faults.clear()
    sent = len(stage.kriptomat.posts)
    for _ in range(6):
        await stage.move_clock(minutes=2)
        await asyncio.sleep(0.05)

    assert len(stage.kriptomat.posts) == sent
    assert state_of(card) == "in_doubt"
    await stage.slack.wait_for(lambda _: "Frozen" in card.plain())

    for user in (BEN, FAY):
        await stage.say(user, "unfreeze")
    await stage.move_clock(minutes=2)
    await stage.until(card, "completed")
    assert_bought_once(stage)


async def test_freezing_anew_takes_back_what_somebody_began_to_lift(stage: Stage) -> None:
    """The second person's yes would be to a freeze that no longer is the same."""
    await frozen(stage)
    await stage.say(CLEO, "unfreeze")
    await frozen(stage, "freeze it is worse than we thought")

    answer = await stage.say(FAY, "unfreeze")

    assert "second approver" in str(answer.text)
    (row,) = await stage.rows("SELECT * FROM freezes WHERE lifted_at IS NULL")
    assert row["reason"] == "it is worse than we thought"


async def test_who_may_not_freeze_or_lift_changes_nothing(stage: Stage) -> None:
    """The requester who is no approver, a guest, and a lift of nothing."""
    before = await everything(stage)
    for user, words, part in (
        (ANA, "freeze now", "Only approvers"),
        (DAN, "freeze now", "Guests"),
        (BEN, "unfreeze", "Nothing of that is frozen"),
        (BEN, "freeze only doge: much fraud", "no provider or asset called"),
    ):
        assert part in str((await stage.say(user, words)).text)

    assert await everything(stage) == before
    assert await stage.rows("SELECT * FROM freezes") == []


async def test_operators_hear_of_it_privately_and_the_log_keeps_it(stage: Stage) -> None:
    """Somebody has to look why, and later somebody will ask who did it."""
    await frozen(stage)
    await stage.slack.wait_for(lambda slack: slack.dms(FAY))
    await stage.say(CLEO, "unfreeze only kriptomat")
    await stage.say(CLEO, "unfreeze")
    await stage.say(FAY, "unfreeze")

    assert "the key leaked" in stage.slack.dms(FAY)[0].text
    said = await stage.rows("SELECT actor, what FROM audit WHERE order_id IS NULL ORDER BY number")
    assert [(row["actor"], row["what"]) for row in said][-3:] == [
        (BEN, "frozen"),
        (CLEO, "lift asked"),
        (FAY, "unfrozen"),
    ]


async def test_a_freeze_and_an_approval_at_the_same_instant_never_buy(stage: Stage) -> None:
    """Whichever commits first, the transaction that writes the intent sees a freeze before it."""
    for _ in range(5):
        card = await stage.asked()
        await asyncio.gather(stage.say(BEN, "freeze now"), stage.slack.click(CLEO, card, "Approve"))
        await asyncio.sleep(0.05)
        for user in (BEN, FAY):
            await stage.say(user, "unfreeze")
        await stage.until(card, "completed")

    stands = False
    for row in await stage.rows("SELECT what FROM audit ORDER BY number"):
        stands = row["what"] == "frozen" or (stands and row["what"] != "unfrozen")
        assert not (stands and row["what"] == "sent")
    assert len(stage.kriptomat.purchases) == 5
