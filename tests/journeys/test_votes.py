"""Many hands on one card: each click is answered truthfully, and one purchase is made."""

import asyncio
from typing import Any

from bot.domain.people import Standing
from bot.playground.messages import Message
from tests.stage import ANA, BEN, CHANNEL, CLEO, DAN, EVE, FAY, Stage, order_of, state_of

LARGE = "5000 EUR btc via kriptomat for cold storage"


async def votes(stage: Stage, order_id: str) -> list[str]:
    """Who has voted yes, as the database has it."""
    rows = await stage.rows("SELECT voter FROM votes WHERE order_id = ? ORDER BY at", order_id)
    return [row["voter"] for row in rows]


async def test_two_approvers_at_the_same_instant_make_one_purchase(stage: Stage) -> None:
    """One click decides; the other is told that it was decided, and by whom."""
    card = await stage.asked()

    answers = await asyncio.gather(
        stage.click(BEN, card, "Approve"), stage.click(CLEO, card, "Approve")
    )
    await stage.until(card, "completed")

    assert len(stage.kriptomat.posts) == 1
    assert sorted("decides" in answer for answer in answers) == [False, True]
    (late,) = [answer for answer in answers if "decides" not in answer]
    assert "was decided already" in late
    (voter,) = await votes(stage, order_of(card))
    assert f"<@{voter}>" in late


async def test_a_double_click_counts_once_and_says_so(stage: Stage) -> None:
    """Fingers are faster than screens."""
    card = await stage.asked(ANA, LARGE)

    answers = await asyncio.gather(*(stage.click(BEN, card, "Approve") for _ in range(2)))

    assert sorted("counts" in answer for answer in answers) == [True, True]
    assert sum("Still needed: 1 person from approvers" in answer for answer in answers) == 1
    assert sum("already. One person counts once." in answer for answer in answers) == 1
    assert await votes(stage, order_of(card)) == [BEN]
    assert state_of(card) == "pending_approval"


async def test_two_approvals_are_needed_where_the_rule_says_two(stage: Stage) -> None:
    """A large order is decided by two different people."""
    card = await stage.asked(ANA, LARGE)
    await stage.click(BEN, card, "Approve")
    await stage.slack.wait_for(lambda _: "1 of 2 approvals" in card.text)

    answer = await stage.click(FAY, card, "Approve")
    await stage.until(card, "completed")

    assert "decides" in answer
    assert len(stage.kriptomat.purchases) == 1


async def test_sixteen_mixed_clicks_at_once_are_each_answered_truthfully(stage: Stage) -> None:
    """Everybody presses at the same moment: one purchase, and no click without an answer."""
    card = await stage.asked()
    people = [ANA, BEN, CLEO, DAN, EVE, FAY, BEN, CLEO] * 2

    answers = await asyncio.gather(*(stage.click(user, card, "Approve") for user in people))
    await stage.until(card, "completed")

    assert len(stage.kriptomat.purchases) == 1
    assert sum("decides" in answer for answer in answers) == 1
    for user, answer in zip(people, answers, strict=True):
        if user in {DAN, EVE}:
            assert "Guests" in answer or "another" in answer
        elif user == ANA:
            assert "yourself" in answer or "decided already" in answer


KINDS: dict[str, tuple[int, dict[str, Any], str]] = {
    "APPROVER": (24, {}, ""),
    "GONE": (8, {"deleted": True}, "deactivated"),
    "GUEST": (8, {"is_guest": True}, "Guests"),
    "STRANGER": (8, {"team": "T0OTHER"}, "belongs to another one"),
    "MEMBER": (12, {}, "is decided by"),
}
"""How many people of each kind press, what they are, and what those hear whose click is no vote."""


async def test_sixty_four_mixed_clicks_at_once_count_exactly_those_that_may(stage: Stage) -> None:
    """Eight of twenty-four are needed, all press, and so do forty who have no vote."""
    workspace, crowd = stage.slack.workspace, []
    for kind, (many, traits, _) in KINDS.items():
        crowd += [f"U0{kind}{number:02d}" for number in range(many)]
        for user in crowd[-many:]:
            workspace.add_person(user, user.title(), **traits)
    workspace.channels[CHANNEL].members += crowd
    workspace.groups["S0TREASURY"].people += [one for one in crowd if "MEMBER" not in one]
    await stage.stop_bot()
    stage.toml = stage.toml.replace("count = 1", "count = 8", 1)
    await stage.start_bot()
    card = await stage.asked()
    pressing = [*crowd, ANA, ANA, ANA, ANA]

    answers = await asyncio.gather(*(stage.click(one, card, "Approve") for one in pressing))
    await stage.until(card, "completed", timeout=20)

    assert len(pressing) == 64
    assert len(stage.kriptomat.purchases) == 1
    voted = await votes(stage, order_of(card))
    assert len(voted) == 8
    assert all("APPROVER" in voter for voter in voted)
    heard = dict(zip(pressing, answers, strict=True))
    assert {one for one in heard if "counts" in heard[one] or "decides" in heard[one]} == {*voted}
    assert sum("decides" in answer for answer in answers) == 1
    for kind, (_, _, told) in KINDS.items():
        spoken = [heard[one] for one in crowd if kind in one and one not in voted]
        assert all(told in one or "was decided already" in one for one in spoken)


async def test_a_click_that_does_not_count_changes_nothing(stage: Stage) -> None:
    """The requester, a guest, somebody of another company: each hears why."""
    card = await stage.asked()
    (before,) = await stage.rows("SELECT * FROM orders WHERE id = ?", order_of(card))

    assert "your vote cannot count" in await stage.click(ANA, card, "Approve")
    assert "Guests" in await stage.click(DAN, card, "Approve")
    assert "belongs to another one" in await stage.click(EVE, card, "Approve")

    (after,) = await stage.rows("SELECT * FROM orders WHERE id = ?", order_of(card))
    assert before == after
    assert await votes(stage, order_of(card)) == []


async def test_somebody_who_is_no_approver_is_told_who_is(stage: Stage) -> None:
    """Ana may ask but not decide, not even on Ben's order."""
    card = await stage.asked(BEN)

    answer = await stage.click(ANA, card, "Approve")

    assert f"<@{CLEO}>" in answer
    assert "rule “small”" in answer
    assert state_of(card) == "pending_approval"


async def test_somebody_who_became_an_approver_after_the_request_cannot_vote_on_it(
    stage: Stage,
) -> None:
    """Else one could be let in for one vote."""
    stage.slack.workspace.add_person("U0GUS", "Gus")
    stage.slack.workspace.channels[CHANNEL].members.append("U0GUS")
    card = await stage.asked()
    stage.slack.workspace.groups["S0TREASURY"].people.append("U0GUS")
    await stage.until_known("U0GUS", Standing.MEMBER, group="S0TREASURY")

    answer = await stage.click("U0GUS", card, "Approve")

    assert "became an approver after" in answer
    assert await votes(stage, order_of(card)) == []


async def test_a_deactivated_approver_does_not_count(stage: Stage) -> None:
    """Who has left the company has left the quorum."""
    card = await stage.asked()
    stage.slack.workspace.people[BEN].deleted = True
    await stage.until_known(BEN, Standing.DEACTIVATED)

    answer = await stage.click(BEN, card, "Approve")

    assert "deactivated" in answer
    assert state_of(card) == "pending_approval"


async def test_an_approver_who_left_between_vote_and_sending_does_not_count(
    stage: Stage,
) -> None:
    """Who approved is read from Slack again at the moment of sending."""
    await stage.kriptomat.stop()
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.slack.wait_for(lambda _: "Waiting to be sent" in card.text)
    stage.slack.workspace.people[BEN].deleted = True
    await stage.kriptomat.start(port=int(stage.kriptomat.base_url.rsplit(":", 1)[1]))
    await stage.move_clock(minutes=3)

    fresh = await stage.slack.wait_for(lambda _: fresh_card(stage, card))
    assert fresh is not None, "waited for"

    assert state_of(fresh) == "pending_approval"
    assert "no longer an approver" in fresh.text
    assert stage.kriptomat.purchases == []


def fresh_card(stage: Stage, card: Message) -> Message | None:
    """The card that came after this one, if it has."""
    newest = stage.cards()[-1]
    return newest if newest is not card else None


async def test_a_click_after_a_restart_counts(stage: Stage) -> None:
    """A vote is bound to the order on disk, not to the process that posted the card."""
    card = await stage.asked()
    await stage.stop_bot()
    await stage.start_bot()

    answer = await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")

    assert "decides" in answer
    assert len(stage.kriptomat.purchases) == 1


async def test_the_same_delivery_twice_is_one_order(stage: Stage) -> None:
    """Slack promises not to repeat a command; the database does not rely on it."""
    outcome = await stage.say(ANA, "250 EUR btc via kriptomat")

    again = await stage.slack.redeliver(outcome)

    assert again.text == outcome.text
    assert len(await stage.rows("SELECT id FROM orders")) == 1
    await stage.slack.wait_for(lambda _: stage.cards())
    assert len(stage.cards()) == 1


async def test_an_approver_can_deny_with_a_reason_that_everybody_reads(stage: Stage) -> None:
    """One Deny ends it; the requester is told in the thread."""
    card = await stage.asked()
    outcome = await stage.slack.click(BEN, card, "Deny")
    view = await outcome.opened()

    await stage.slack.submit(BEN, view, {"reason": "too *expensive* <!channel>"})
    await stage.until(card, "denied")

    assert "too" in card.text
    assert "<!channel>" not in card.text
    await stage.slack.wait_for(lambda _: stage.thread(card))
    assert "<@U0ANA>" in stage.thread(card)[0]
    answer = await stage.click(CLEO, card, "Approve", stale=card.history[0])
    assert f"denied by <@{BEN}>" in answer


async def test_a_deny_that_comes_too_late_is_answered_in_its_form(stage: Stage) -> None:
    """While the form was open somebody else approved."""
    card = await stage.asked()
    outcome = await stage.slack.click(BEN, card, "Deny")
    view = await outcome.opened()
    await stage.click(CLEO, card, "Approve")

    late = await stage.slack.submit(BEN, view, {})
    await stage.until(card, "completed")

    assert late.view is not None
    assert "was decided already" in late.view.plain()
    assert len(stage.kriptomat.purchases) == 1


async def test_the_requester_and_an_approver_can_cancel_and_nobody_else(stage: Stage) -> None:
    """Cancelling is the brake that everybody near the order has."""
    first, second = await stage.asked(), await stage.asked(BEN)

    assert "Only" in await stage.click(ANA, second, "Cancel")
    assert "You cancelled" in await stage.click(ANA, first, "Cancel")
    outcome = await stage.say(CLEO, f"cancel {order_of(second)}")

    assert outcome.text is not None
    assert "You cancelled" in outcome.text
    await stage.until(first, "cancelled")
    await stage.until(second, "cancelled")
    assert stage.kriptomat.posts == []


async def test_what_was_sent_cannot_be_cancelled(stage: Stage) -> None:
    """The answer says so instead of pretending."""
    stage.kriptomat.book.settle = "never"
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "accepted")

    outcome = await stage.say(ANA, f"cancel {order_of(card)}")

    assert outcome.text is not None
    assert "cannot be taken back" in outcome.text
    assert state_of(card) == "accepted"
