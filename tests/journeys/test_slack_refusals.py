"""Slack refuses: a channel, a form, a thread, a person, or us. The bot stays truthful each time."""

from datetime import timedelta

import pytest

from bot.domain.people import Standing
from bot.playground.faults import Faults
from bot.playground.messages import Message
from tests.journeys.evidence import (
    assert_bought_once,
    deny_form,
    newest_after,
    quiet,
)
from tests.stage import ANA, BEN, CHANNEL, CLEO, FAY, Stage, order_of, state_of

BOT = "U0BOT"


def refused_form(faults: Faults, how: str) -> None:
    """Let the next ``views.open`` go wrong in this way."""
    method = "views.open"
    match how:
        case "ratelimited":
            faults.rate_limited(30, method)
        case "reset":
            faults.reset(method)
        case "unavailable":
            faults.status(503, method)
        case "hang":
            faults.hang(method)
        case word:
            faults.error(word, method)


@pytest.mark.parametrize(
    "how", ["ratelimited", "reset", "unavailable", "hang", "expired_trigger_id", "internal_error"]
)
async def test_a_form_that_slack_does_not_open_is_told_and_can_be_asked_for_again(
    stage: Stage, how: str
) -> None:
    """A button that does nothing is pressed again and again; nobody knows whether it counted."""
    card = await stage.asked()
    refused_form(stage.slack.faults, how)

    outcome = await stage.slack.click(BEN, card, "Deny")

    assert (outcome.acked, outcome.error) == (True, None)
    assert "did not open the form" in (await outcome.answer()).text
    assert state_of(card) == "pending_approval"
    await stage.slack.submit(BEN, await deny_form(stage, BEN, card), {})
    await stage.until(card, "denied")


async def test_a_form_that_opened_although_its_reply_was_lost_can_be_used(stage: Stage) -> None:
    """The words beside it do not say that it is not there."""
    card = await stage.asked()
    stage.slack.faults.reset_after("views.open")

    outcome = await stage.slack.click(BEN, card, "Deny")

    assert "If it is not on your screen" in (await outcome.answer()).text
    await stage.slack.submit(BEN, await outcome.opened(), {"reason": "no"})
    await stage.until(card, "denied")


async def test_news_of_an_order_whose_channel_was_archived_is_told_privately(
    stage: Stage,
) -> None:
    """The purchase goes on, nobody can be told in the channel; the card catches up afterwards."""
    card = await stage.asked()
    stage.slack.workspace.channels[CHANNEL].is_archived = True
    await stage.slack.click(BEN, card, "Approve")

    await stage.slack.wait_for(lambda slack: "is completed" in told(slack.dms(ANA)))
    await stage.slack.wait_for(lambda slack: "takes no messages" in told(slack.dms(FAY)))
    assert "the channel takes no messages: Slack says is" in told(stage.slack.dms(ANA))
    assert "pending approval" in card.text

    stage.slack.workspace.channels[CHANNEL].is_archived = False
    await stage.move_clock(minutes=2)
    await stage.until(card, "completed")
    assert told(stage.slack.dms(FAY)).count("takes no messages") == 1
    assert_bought_once(stage)


def told(messages: list[Message]) -> str:
    """All that somebody was told privately."""
    return "\n".join(message.text for message in messages)


@pytest.mark.parametrize("reading", ["refused", "allowed"])
async def test_a_bot_that_was_removed_from_the_channel_keeps_its_orders_true(
    stage: Stage, reading: str
) -> None:
    """Whether it may edit its old card is open; in both cases people hear how it ended."""
    stage.slack.workspace.readings.edit_after_leaving = reading  # type: ignore[assignment]
    card = await stage.asked()
    stage.slack.workspace.channels[CHANNEL].members.remove(BOT)
    await stage.slack.click(BEN, card, "Approve")

    await stage.slack.wait_for(lambda slack: "is completed" in told(slack.dms(ANA)))
    assert state_of(card) == ("completed" if reading == "allowed" else "pending_approval")
    outcome = await stage.say(ANA, "300 EUR btc via kriptomat")
    assert outcome.text is not None
    await stage.slack.wait_for(lambda slack: "could not be posted" in told(slack.dms(ANA)))

    stage.slack.workspace.channels[CHANNEL].members.append(BOT)
    await stage.move_clock(minutes=2)
    await stage.slack.wait_for(lambda _: state_of(stage.cards()[-1]) == "completed")
    assert_bought_once(stage)


async def test_a_channel_that_became_shared_with_another_company_gets_no_new_card(
    stage: Stage,
) -> None:
    """Slack would take it; the other company would read what the treasury buys."""
    channel = stage.slack.workspace.channels[CHANNEL]
    channel.is_ext_shared = True
    await read_again(stage)
    outcome = await stage.say(ANA, "250 EUR btc via kriptomat")
    assert outcome.text is not None

    await stage.slack.wait_for(lambda slack: "another organisation" in told(slack.dms(ANA)))
    await stage.slack.wait_for(lambda slack: "another organisation" in told(slack.dms(FAY)))
    assert stage.cards() == []
    (row,) = await stage.rows("SELECT state FROM orders")
    assert row["state"] == "cancelled"

    channel.is_ext_shared = False
    await read_again(stage)
    assert state_of(await stage.asked()) == "pending_approval"


async def read_again(stage: Stage) -> None:
    """Let the clock read the channel again, twice: then the first reading is known."""
    for _ in range(2):
        await _look(stage)


async def _look(stage: Stage) -> None:
    def looks() -> int:
        return len([one for one in stage.slack.traffic if one.name == "conversations.info"])

    wanted = looks() + 2
    await stage.move_clock(minutes=6)
    await stage.eventually(lambda: looks() >= wanted)


async def test_a_reply_whose_thread_is_gone_is_said_in_the_channel(stage: Stage) -> None:
    """Somebody deleted the card at the wrong moment; its requester must still hear the end."""
    card = await stage.asked()
    stage.slack.faults.error("cannot_reply_to_message", "chat.postMessage")
    await stage.click(BEN, card, "Approve")

    def said(_: object) -> list[Message]:
        said = [one for one in stage.slack.messages(CHANNEL) if one.metadata is None]
        return [one for one in said if "is completed" in one.text]

    (reply,) = await stage.slack.wait_for(said)
    assert reply.thread_ts is None
    assert reply.mentions() == [ANA]


@pytest.mark.parametrize("reading", ["refused", "channel"])
async def test_a_card_that_is_deleted_while_it_is_bought_comes_back(
    stage: Stage, reading: str
) -> None:
    """And what is replied stands under the fresh one, whatever Slack makes of a lost thread."""
    stage.slack.workspace.readings.lost_thread = reading  # type: ignore[assignment]
    card = await stage.asked()
    old = card.snapshot()
    stage.slack.workspace.remove(card)
    await stage.slack.click(BEN, card, "Approve", stale=old)

    await stage.slack.wait_for(lambda _: stage.cards())
    fresh = await stage.until(stage.cards()[0], "completed")
    await stage.slack.wait_for(lambda _: stage.thread(fresh))
    assert order_of(fresh) == order_of(card)
    assert_bought_once(stage)


async def test_a_card_that_may_not_be_edited_any_more_is_posted_anew(stage: Stage) -> None:
    """The workspace closes the window for edits after a while; orders wait for longer."""
    card = await stage.asked()
    stage.slack.workspace.edit_window = timedelta(0)
    await stage.click(BEN, card, "Approve")

    await stage.slack.wait_for(lambda _: state_of(stage.cards()[-1]) == "completed")
    assert state_of(card) == "pending_approval"
    assert "changed nothing" in await stage.click(CLEO, card, "Deny")
    assert_bought_once(stage)


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_too_long", "metadata_too_large"])
async def test_what_slack_cannot_show_is_at_least_said(stage: Stage, error: str) -> None:
    """A fault of ours, or a limit that has changed: the text carries the whole meaning."""
    stage.slack.faults.error(error, "chat.postMessage")
    outcome = await stage.say(ANA, "250 EUR btc via kriptomat")
    assert outcome.text is not None
    order_id = outcome.text.split("*")[1]

    await stage.slack.wait_for(lambda slack: slack.messages(CHANNEL))
    (bare,) = stage.slack.messages(CHANNEL)
    assert (bare.blocks, order_id in bare.text) == ([], True)
    assert "is pending approval" in bare.text


async def test_a_requester_who_has_left_is_not_waited_for(stage: Stage) -> None:
    """Nobody can be written to who has no account; the next message goes out all the same."""
    stage.slack.workspace.channels[CHANNEL].is_archived = True
    stage.slack.workspace.person(ANA).deleted = True
    await stage.say(ANA, "250 EUR btc via kriptomat")
    await stage.say(BEN, "300 EUR btc via kriptomat")

    await stage.slack.wait_for(lambda slack: "could not be posted" in told(slack.dms(BEN)))
    await stage.slack.wait_for(lambda slack: "takes no messages" in told(slack.dms(FAY)))
    await quiet(stage)
    assert stage.slack.dms(ANA) == []


async def test_a_voter_whom_slack_no_longer_knows_is_no_approver(stage: Stage) -> None:
    """Not held for ever as if Slack were away: the order is asked about anew."""
    await stage.kriptomat.stop()
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.slack.wait_for(lambda _: "Waiting to be sent" in card.text)
    del stage.slack.workspace.people[BEN]
    await stage.kriptomat.start(port=int(stage.kriptomat.base_url.rsplit(":", 1)[1]))
    await stage.move_clock(minutes=3)

    fresh = await newest_after(stage, card)

    assert "no longer an approver" in fresh.text
    assert stage.kriptomat.posts == []


async def test_without_user_groups_in_the_workspace_the_named_people_decide(
    stage: Stage,
) -> None:
    """A free plan has none: a policy that names one must not keep the bot from starting."""
    await stage.stop_bot()
    stage.slack.workspace.paid = False
    await stage.start_bot()
    assert stage.bot is not None
    card = await stage.asked()

    assert f"<@{CLEO}>" not in card.text
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")


@pytest.mark.parametrize("error", ["account_inactive", "token_revoked"])
async def test_an_app_that_was_taken_away_and_given_back_goes_on(stage: Stage, error: str) -> None:
    """What it owes stays owed in its order, and it finds back by itself."""
    card = await stage.asked()
    old = card.snapshot()
    stage.slack.web.revoked = error
    await stage.slack.click(BEN, card, "Approve")
    await stage.eventually(lambda: stage.kriptomat.purchases)
    stage.slack.uninstall(error)
    await stage.slack.wait_for(lambda slack: not slack.socket.usable)
    assert (await stage.say(ANA, "status")).error == "dispatch_failed"

    stage.slack.reinstall()
    await stage.slack.wait_connected(timeout=30)
    await stage.until(card, "completed", timeout=15)
    assert (await stage.say(ANA, "status")).text is not None
    assert old.text != card.text
    assert_bought_once(stage)


async def test_a_deactivated_approver_does_not_count_at_the_moment_of_sending(
    stage: Stage,
) -> None:
    """Their vote was good when it was given; it must be good when the money moves as well."""
    await stage.kriptomat.stop()
    card = await stage.asked()
    await stage.click(BEN, card, "Approve")
    await stage.slack.wait_for(lambda _: "Waiting to be sent" in card.text)
    stage.slack.workspace.person(BEN).deleted = True
    await stage.until_known(BEN, Standing.DEACTIVATED)
    await stage.kriptomat.start(port=int(stage.kriptomat.base_url.rsplit(":", 1)[1]))
    await stage.move_clock(minutes=3)

    assert "no longer an approver" in (await newest_after(stage, card)).text
    assert stage.kriptomat.posts == []
