"""The whole of a recurring purchase is voted on as an order is: same people, same rules."""

import asyncio
from dataclasses import replace

from bot.playground.messages import Message
from tests.journeys.test_changed_policy import restarted
from tests.recurring.office import DAILY, WEEKLY, Office
from tests.stage import ANA, BEN, CHANNEL, CLEO, DAN, FAY

LARGE = "every day at 9:00 200 EUR btc via kriptomat runs 10 for savings"
"""2,040 EUR in all: the rule for large orders decides, and wants two people."""


def id_of(card: Message) -> str:
    assert card.metadata is not None
    return str(card.metadata["event_payload"]["schedule"])


async def newest_after(office: Office, card: Message) -> Message:
    """The card that has taken this one's place."""
    await office.patiently(lambda _: office.schedule_card(id_of(card)) is not card)
    fresh = office.schedule_card(id_of(card))
    assert fresh is not None
    return fresh


async def test_the_rule_that_fits_the_total_decides_and_not_that_of_one_purchase(
    office: Office,
) -> None:
    """Ten small purchases are one large promise."""
    card = await office.proposed(LARGE)
    assert "large (up to 20,000.00 EUR)" in card.plain()
    assert "0 of 2 approvals" in card.text

    assert "Still needed: 1 person" in await office.click(BEN, card, "Approve")
    await office.until_shown(card, "1 of 2 approvals")
    assert "decides" in await office.click(CLEO, card, "Approve")
    await office.until_state(card, "active")


async def test_nobody_votes_on_their_own_nor_twice_nor_as_a_guest(office: Office) -> None:
    """The same answers as for an order."""
    card = await office.proposed(LARGE, BEN)

    assert "yourself" in await office.click(BEN, card, "Approve")
    assert "Guests" in await office.click(DAN, card, "Approve")
    assert "is decided by" in await office.click(ANA, card, "Approve")
    assert "counts" in await office.click(CLEO, card, "Approve")
    assert "already" in await office.click(CLEO, card, "Approve")
    assert await office.rows("SELECT * FROM orders") == []


async def test_one_deny_ends_it_with_its_reason(office: Office) -> None:
    """As for an order, in the same form."""
    card = await office.proposed()
    opened = await office.slack.click(BEN, card, "Deny")
    view = await opened.opened()
    await office.slack.submit(BEN, view, {"reason": "not this year"})

    await office.until_state(card, "denied")
    assert "not this year" in card.plain()
    assert card.buttons() == []
    assert "<@U0ANA>" in await office.until_said(card, "denied")
    await office.clock_at("2026-12-04 08:00:01")
    assert await office.rows("SELECT * FROM orders") == []


async def test_silence_is_not_a_yes(office: Office) -> None:
    """It expires like an order, and its dates buy nothing."""
    card = await office.proposed()
    before = card.snapshot()
    await office.move_clock(hours=9)
    await office.until_state(card, "expired")

    assert "expired" in await office.click(BEN, card, "Approve", stale=before)
    assert "expired" in await office.until_said(card, "expired")
    await office.clock_at("2026-12-04 08:00:01")
    assert await office.rows("SELECT * FROM orders") == []


async def test_the_requester_can_take_the_proposal_back(office: Office) -> None:
    """Stop, for good."""
    card = await office.proposed()
    before = card.snapshot()
    assert "stopped" in await office.click(ANA, card, "Stop")
    await office.until_state(card, "stopped")
    assert "is stopped already" in await office.click(BEN, card, "Approve", stale=before)


async def test_dates_that_go_by_while_people_decide_fall_away(office: Office) -> None:
    """Approved in the evening: the date of the afternoon is not made up for."""
    await office.clock_at("2026-12-04 07:30:00")
    card = await office.proposed(WEEKLY)
    await office.clock_at("2026-12-04 09:00:00")

    assert "Next: Fri 11 Dec 2026 9:00" in await office.click(BEN, card, "Approve")

    await office.until_state(card, "active")
    assert await office.rows("SELECT * FROM occurrences") == []


async def test_a_changed_rule_is_found_at_start_and_asked_about_on_a_fresh_card(
    office: Office,
) -> None:
    """A vote is for exactly what was shown; nobody has to click to learn that it changed. Whoever
    joined a group that could decide before gains no vote by that."""
    card = await office.proposed(LARGE)
    before = card.snapshot()
    await office.click(BEN, card, "Approve")
    await office.move_clock(hours=7)
    office.slack.workspace.add_person("U0GUS", "Gus")
    office.slack.workspace.channels[CHANNEL].members.append("U0GUS")
    office.slack.workspace.groups["S0TREASURY"].people.append("U0GUS")
    await restarted(office, "count = 2", "count = 3")

    fresh = await newest_after(office, card)

    assert "0 of 3 approvals" in fresh.text
    assert "rule large: needs 2 from approvers → 3 from approvers" in fresh.plain()
    assert "please decide" in await office.until_said(fresh, "<@U0CLEO>")
    await office.patiently(lambda _: not card.buttons())
    assert "newer card" in card.text
    assert "newer one" in await office.click(CLEO, card, "Approve", stale=before)
    assert "became an approver after" in await office.click("U0GUS", fresh, "Approve")
    await office.move_clock(hours=2)
    for who in (BEN, CLEO, FAY):
        await office.click(who, fresh, "Approve")
    await office.until_state(fresh, "active")
    await office.click(ANA, fresh, "Pause")
    await office.until_state(fresh, "paused")
    assert "has changed" not in fresh.plain()


async def test_what_the_policy_forbids_by_now_is_stopped_at_start(office: Office) -> None:
    """The rules have become too small for the total."""
    card = await office.proposed(WEEKLY)
    office.toml = office.toml.replace('up_to = "20000 EUR"', 'up_to = "150 EUR"')
    await restarted(office, 'up_to = "1000 EUR"', 'up_to = "100 EUR"')

    await office.until_state(card, "stopped")
    assert "not allowed any more" in card.plain()
    assert "rule large allows up to 150.00 EUR" in card.plain()


async def test_a_change_that_nobody_has_noticed_yet_is_noticed_by_the_vote(office: Office) -> None:
    """Policy as the bot holds it in its hands at the very moment of the click."""
    card = await office.proposed(LARGE)
    assert office.bot is not None
    desk = office.bot.desk
    rules = tuple(
        replace(rule, approvals=(replace(rule.approvals[0], count=3),))
        for rule in desk.policy.rules
    )
    desk.policy = replace(desk.policy, rules=rules)

    assert "has changed" in await office.click(CLEO, card, "Approve")

    assert "0 of 3 approvals" in (await newest_after(office, card)).text


async def test_those_who_have_not_voted_are_reminded_until_it_is_decided(office: Office) -> None:
    """Half an hour later, with what it is about, and less and less often."""
    card = await office.proposed(LARGE)
    await office.click(BEN, card, "Approve")

    await office.move_clock(minutes=31)
    told = await office.until_said(card, "waits for your decision")

    assert f"<@{CLEO}>" in told
    assert f"<@{BEN}>" not in told
    assert "2,040.00 EUR in all at most" in told
    assert "1 approval so far" in told
    (row,) = await office.rows("SELECT reminders, remind_at FROM schedules")
    assert (row["reminders"], row["remind_at"][:16]) == (1, "2026-12-01T09:31")
    await office.click(CLEO, card, "Approve")
    await office.until_state(card, "active")
    await office.move_clock(hours=7)
    assert len(office.thread(card)) == 1


async def test_a_spare_copy_of_its_card_is_closed_when_somebody_clicks_on_it(
    office: Office,
) -> None:
    """Slack kept a message that it had not said to have: the vote counts, the copy goes."""
    office.slack.faults.reset_after("chat.postMessage")
    await office.proposed()
    await office.patiently(lambda _: len(office.of_kind("countersign_schedule")) == 2)
    copies = office.of_kind("countersign_schedule")
    card = copies[1]

    assert "decides" in await office.click(BEN, copies[0], "Approve")

    await office.patiently(lambda _: "spare copy" in copies[0].text)
    assert copies[0].buttons() == []
    await office.until_state(card, "active")
    assert card.buttons()


async def test_two_people_at_the_same_instant_are_both_told_the_truth(office: Office) -> None:
    """One decides, the other comes too late; the schedule begins once."""
    card = await office.proposed(DAILY)
    answers = await asyncio.gather(
        office.click(BEN, card, "Approve"), office.click(CLEO, card, "Approve")
    )
    assert sum("decides" in answer for answer in answers) == 1
    assert sum("already" in answer for answer in answers) == 1
    events = await office.rows("SELECT event FROM schedule_events ORDER BY version")
    assert [row["event"] for row in events] == ["created", "approved"]
