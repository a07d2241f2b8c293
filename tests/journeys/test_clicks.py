"""Clicks that do not count: each hears why, by whom and when, and not one row changes."""

import pytest

from bot.domain.people import Standing
from bot.playground.messages import Message, Version
from tests.journeys.clockwork import until_rows
from tests.journeys.evidence import assert_bought_once, deny_form, everything, newest_after, quiet
from tests.stage import ANA, BEN, CHANNEL, CLEO, DAN, EVE, FAY, Stage, order_of, state_of

LARGE = "5000 EUR btc via kriptomat for rent"


async def refused(
    stage: Stage, user: str, card: Message, button: str, *, stale: Version | None = None
) -> str:
    """Press, hear the answer, and prove that no row has changed."""
    await quiet(stage)
    before = await everything(stage)
    answer = await stage.click(user, card, button, stale=stale)
    assert await everything(stage) == before
    return answer


@pytest.mark.parametrize("button", ["Approve", "Deny", "Cancel"])
async def test_outsiders_can_press_nothing(stage: Stage, button: str) -> None:
    """Guests and people of other companies see the buttons too, if they are in the channel."""
    card = await stage.asked()

    assert "Guests" in await refused(stage, DAN, card, button)
    assert "belongs to another one" in await refused(stage, EVE, card, button)


@pytest.mark.parametrize("button", ["Approve", "Deny"])
async def test_the_requester_cannot_decide(stage: Stage, button: str) -> None:
    """Not even one who is an approver: Cleo is, on everybody else's orders."""
    card = await stage.asked(CLEO)

    answer = await refused(stage, CLEO, card, button)

    assert "your vote cannot count" in answer
    assert f"<@{BEN}>" in answer
    assert "changed nothing" in answer


@pytest.mark.parametrize("button", ["Approve", "Deny"])
async def test_somebody_who_is_no_approver_cannot_decide(stage: Stage, button: str) -> None:
    """Who may is said, and by which rule."""
    card = await stage.asked(BEN)

    answer = await refused(stage, ANA, card, button)

    assert f"decided by <@{CLEO}>" in answer
    assert "rule “small”" in answer


async def test_somebody_who_joined_the_approvers_later_cannot_deny_either(stage: Stage) -> None:
    """Deny is a vote like any other."""
    stage.slack.workspace.add_person("U0GUS", "Gus")
    stage.slack.workspace.channels[CHANNEL].members.append("U0GUS")
    card = await stage.asked()
    stage.slack.workspace.groups["S0TREASURY"].people.append("U0GUS")
    await stage.until_known("U0GUS", Standing.MEMBER, group="S0TREASURY")

    answer = await refused(stage, "U0GUS", card, "Deny")

    assert "became an approver after" in answer


async def test_a_second_vote_of_one_person_is_answered_with_the_time_of_the_first(
    stage: Stage,
) -> None:
    """One person counts once."""
    card = await stage.asked(ANA, LARGE)
    await stage.click(BEN, card, "Approve")
    await stage.slack.wait_for(lambda _: "1 of 2 approvals" in card.text)

    answer = await refused(stage, BEN, card, "Approve")

    assert f"You approved {order_of(card)} <!date^" in answer
    assert "counts once" in answer


async def test_after_the_decision_everybody_hears_who_made_it_and_when(stage: Stage) -> None:
    """A phone that still shows the buttons is common; the answer names the decision."""
    card = await stage.asked()
    old = card.snapshot()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")

    for button in ("Approve", "Deny"):
        answer = await refused(stage, CLEO, card, button, stale=old)
        assert f"<@{BEN}> gave the last approval <!date^" in answer
        assert "completed now" in answer
    assert "already" in await refused(stage, ANA, card, "Cancel", stale=old)
    assert_bought_once(stage)


async def test_after_a_denial_everybody_hears_who_denied_and_when(stage: Stage) -> None:
    """Denied is final: it needs a new request."""
    card = await stage.asked()
    old = card.snapshot()
    await stage.slack.submit(BEN, await deny_form(stage, BEN, card), {})
    await stage.until(card, "denied")
    await stage.slack.wait_for(lambda _: stage.thread(card))

    for user, button in ((CLEO, "Approve"), (FAY, "Deny"), (ANA, "Cancel")):
        answer = await refused(stage, user, card, button, stale=old)
        assert f"denied by <@{BEN}> <!date^" in answer
    assert stage.kriptomat.posts == []


async def test_after_a_cancellation_everybody_hears_who_cancelled_and_when(stage: Stage) -> None:
    """Also the one who cancels twice."""
    card = await stage.asked()
    old = card.snapshot()
    await stage.click(ANA, card, "Cancel")
    await stage.until(card, "cancelled")

    for user, button in ((BEN, "Approve"), (BEN, "Deny"), (ANA, "Cancel")):
        answer = await refused(stage, user, card, button, stale=old)
        assert f"cancelled by <@{ANA}> <!date^" in answer
    assert stage.kriptomat.posts == []


async def test_an_expired_order_can_be_neither_denied_nor_cancelled(stage: Stage) -> None:
    """It has ended; the answer says when."""
    card = await stage.asked()
    old = card.snapshot()
    await stage.move_clock(hours=9)
    await stage.until(card, "expired")
    await stage.slack.wait_for(lambda _: stage.thread(card))
    # The daily comparison comes in these nine hours as well, and is written down.
    await until_rows(stage, "SELECT 1 FROM audit WHERE what = 'compared'", 1)

    for user, button in ((BEN, "Approve"), (BEN, "Deny"), (ANA, "Cancel")):
        assert "expired <!date^" in await refused(stage, user, card, button, stale=old)


async def test_a_declined_confirmation_cancels_nothing(stage: Stage) -> None:
    """Cancel asks first; "Keep it" keeps it."""
    card = await stage.asked()

    outcome = await stage.slack.click(ANA, card, "Cancel", confirm=False)

    assert not outcome.sent
    assert state_of(card) == "pending_approval"


async def test_an_approval_can_be_turned_into_a_denial_while_the_order_is_open(
    stage: Stage,
) -> None:
    """Whoever approved may think better of it; one eligible Deny ends the order."""
    card = await stage.asked(ANA, LARGE)
    await stage.click(BEN, card, "Approve")
    await stage.slack.wait_for(lambda _: "1 of 2 approvals" in card.text)

    await stage.slack.submit(BEN, await deny_form(stage, BEN, card), {})
    await stage.until(card, "denied")

    assert f"<@{BEN}> denied it. Nothing was bought." in card.text
    assert "already" in await stage.click(FAY, card, "Approve", stale=card.history[0])
    assert stage.kriptomat.posts == []


async def test_a_deny_form_for_terms_that_were_asked_anew_meanwhile_denies_nothing(
    stage: Stage,
) -> None:
    """The no was to other terms than those that are asked about now."""
    await stage.kriptomat.stop()
    card = await stage.asked(ANA)
    form = await deny_form(stage, BEN, card)
    await stage.click(CLEO, card, "Approve")
    await stage.move_clock(minutes=61)
    fresh = await newest_after(stage, card)

    late = await stage.slack.submit(BEN, form, {"reason": "too late"})

    assert late.view is not None
    assert "not the present card" in late.view.plain()
    assert state_of(fresh) == "pending_approval"


async def test_an_approved_order_that_waits_can_be_cancelled_from_its_card(stage: Stage) -> None:
    """Nothing has left yet, and once the vendor is back nothing does."""
    await stage.kriptomat.stop()
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.slack.wait_for(lambda _: "Waiting to be sent" in card.text)

    assert [button["text"]["text"] for button in card.buttons()] == ["Cancel"]
    assert "Nothing will be bought" in await stage.click(FAY, card, "Cancel")
    await stage.until(card, "cancelled")
    await stage.kriptomat.start(port=int(stage.kriptomat.base_url.rsplit(":", 1)[1]))
    await stage.move_clock(minutes=30)

    assert f"<@{FAY}> cancelled it" in card.text
    assert stage.kriptomat.posts == []
    (reserved,) = await stage.rows("SELECT status FROM reservations")
    assert reserved["status"] == "released"
