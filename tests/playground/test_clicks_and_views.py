"""Buttons and modals against real bolt: who pressed what, on which version, and what came of it."""

import asyncio
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.messages import Message
from bot.playground.slack import PretendSlack
from tests.playground.realbot import (
    CHANNEL,
    EVERYTHING,
    Json,
    MovableClock,
    RealBot,
    button,
    card,
    modal,
    people,
)

APPROVE = button("approve", "Approve", value="digest-1", style="primary")


async def posted(slack: PretendSlack, bot: RealBot, *buttons: Json) -> Message:
    """A card in the channel."""
    await bot.client.chat_postMessage(channel=CHANNEL, text="A card", blocks=card(*buttons))
    return slack.messages(CHANNEL)[-1]


async def test_a_click_carries_the_button_and_the_whole_message(
    slack: PretendSlack, bot: RealBot
) -> None:
    """The vote is bound to the value of the button that was on the screen."""
    seen: list[Json] = []

    @bot.app.action("approve")
    async def approve(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack()

    await bot.connect()
    message = await posted(slack, bot, APPROVE)
    outcome = await slack.click("U0BEN", message, "approve")
    assert outcome.acked
    body = seen[0]
    action = body["actions"][0]
    assert (action["value"], action["block_id"]) == ("digest-1", "votes")
    assert action["action_ts"]
    assert body["message"]["blocks"] == message.blocks
    assert body["container"]["message_ts"] == message.ts
    assert body["user"] == {"id": "U0BEN", "username": "ben", "name": "ben", "team_id": "T0TEAM"}
    assert body["is_enterprise_install"] is False


async def test_two_people_can_click_at_the_same_time(slack: PretendSlack, bot: RealBot) -> None:
    """Races between voters, and double clicks of one, are what the bot must survive."""
    together = asyncio.Barrier(3)

    @bot.app.action("approve")
    async def approve(ack: Any) -> None:
        await together.wait()
        await ack()

    await bot.connect()
    message = await posted(slack, bot, APPROVE)
    clicks = [slack.click(user, message, "approve") for user in ("U0BEN", "U0BEN", "U0CLEO")]
    outcomes = await asyncio.gather(*clicks)
    assert [outcome.acked for outcome in outcomes] == [True] * 3


async def test_a_stale_click_carries_what_the_person_still_saw(
    slack: PretendSlack, bot: RealBot
) -> None:
    """A phone shows an old card for a while; its button must reach the bot with its old value."""
    values: list[str] = []

    @bot.app.action("approve")
    async def approve(ack: Any, action: Json) -> None:
        values.append(action["value"])
        await ack()

    await bot.connect()
    message = await posted(slack, bot, APPROVE)
    old = message.snapshot()
    await bot.client.chat_update(channel=CHANNEL, ts=message.ts, text="Approved")
    with pytest.raises(LookupError, match="approve"):
        await slack.click("U0BEN", message, "approve")
    await slack.click("U0BEN", message, "approve", stale=old)
    await slack.click("U0BEN", message, "Approve", stale=message.history[0])
    assert values == ["digest-1", "digest-1"]


async def test_a_declined_confirm_dialog_sends_nothing(slack: PretendSlack, bot: RealBot) -> None:
    """The dialog is the client's affair: the bot never hears of a No."""
    words = {part: {"type": "plain_text", "text": part} for part in ("title", "confirm", "deny")}
    text = {"type": "mrkdwn", "text": "Sure?"}
    heard: list[str] = []

    @bot.app.action("approve")
    async def approve(ack: Any) -> None:
        heard.append("click")
        await ack()

    await bot.connect()
    message = await posted(slack, bot, {**APPROVE, "confirm": {**words, "text": text}})
    outcome = await slack.click("U0BEN", message, "approve", confirm=False)
    assert (outcome.sent, outcome.acked, heard) == (False, False, [])
    assert (await slack.click("U0BEN", message, "approve")).acked


async def test_guests_and_people_from_another_company_can_click(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Slack lets them, so the bot must be the one to refuse: their team is in the payload."""
    teams: list[str] = []

    @bot.app.action("approve")
    async def approve(ack: Any, body: Json) -> None:
        teams.append(body["user"]["team_id"])
        await ack()

    await bot.connect()
    message = await posted(slack, bot, APPROVE)
    await slack.click("U0GUS", message, "approve")
    await slack.click("U0PAT", message, "approve")
    assert teams == ["T0TEAM", "T0PARTNER"]
    guest = (await bot.client.users_info(user="U0GUS"))["user"]
    stranger = (await bot.client.users_info(user="U0PAT"))["user"]
    assert (guest["is_restricted"], guest["is_stranger"]) == (True, False)
    assert (stranger["is_stranger"], stranger["team_id"]) == (True, "T0PARTNER")


async def test_replacing_the_original_edits_the_card(slack: PretendSlack, bot: RealBot) -> None:
    """``replace_original`` is honoured for a click; the old version stays in the history."""

    @bot.app.action("approve")
    async def approve(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Approved", replace_original=True, response_type="in_channel")
        await respond(text="Thank you", replace_original=False, response_type="ephemeral")

    await bot.connect()
    message = await posted(slack, bot, APPROVE)
    outcome = await slack.click("U0BEN", message, "approve")
    assert (await outcome.answer()).text == "Thank you"
    assert (message.text, message.blocks) == ("Approved", [])
    assert "Approve" in [b["text"]["text"] for b in message.history[0].blocks[1]["elements"]]


async def test_a_click_on_a_private_message_does_not_quote_it(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Slack sends no ``message`` for an ephemeral one: state must be in the button's value."""
    seen: list[Json] = []

    @bot.app.action("approve")
    async def approve(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack()

    await bot.connect()
    await bot.client.chat_postEphemeral(
        channel=CHANNEL, user="U0BEN", text="Only you", blocks=card(APPROVE)
    )
    message = slack.private("U0BEN")[0]
    await slack.click("U0BEN", message, "approve")
    assert "message" not in seen[0]
    assert seen[0]["container"]["is_ephemeral"] is True
    with pytest.raises(LookupError, match="only U0BEN"):
        await slack.click("U0ANA", message, "approve")
    with pytest.raises(SlackApiError, match="message_not_found"):
        await bot.client.chat_update(channel=CHANNEL, ts=message.ts, text="changed")


async def test_a_modal_is_opened_filled_in_and_refused_by_field(
    slack: PretendSlack, bot: RealBot
) -> None:
    """The whole way of a form: opened by a click, sent back with an error, accepted, closed."""
    reasons: list[str] = []

    @bot.app.action("deny")
    async def deny(ack: Any, body: Json, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal(private_metadata="o-1"))
        await ack()

    @bot.app.view("deny")
    async def denied(ack: Any, view: Json) -> None:
        reason = view["state"]["values"]["reason"]["typed"]["value"]
        reasons.append(f"{view['private_metadata']} {reason}")
        if reason == "no":
            await ack(response_action="errors", errors={"reason": "Say more."})
        else:
            await ack()

    await bot.connect()
    message = await posted(slack, bot, button("deny", "Deny"))
    view = await (await slack.click("U0BEN", message, "deny")).opened()
    assert (view.title, view.user, view.open) == ("Deny", "U0BEN", True)
    assert "Why?" in view.plain()
    assert (await slack.submit("U0BEN", view, {"reason": "no"})).view_errors == {
        "reason": "Say more."
    }
    assert view.open
    accepted = await slack.submit("U0BEN", view, {"typed": "too expensive"})
    assert (accepted.acked, accepted.view_errors, view.open) == (True, {}, False)
    assert reasons == ["o-1 no", "o-1 too expensive"]


async def test_the_client_holds_back_an_incomplete_form(slack: PretendSlack, bot: RealBot) -> None:
    """Required and too long are checked before anything is sent, as Slack's client does."""

    @bot.app.command("/buy")
    async def buy(ack: Any, body: Json, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    await bot.connect()
    view = await (await slack.slash("U0BEN", "/buy", channel=CHANNEL)).opened()
    empty = await slack.submit("U0BEN", view)
    assert (empty.sent, empty.view_errors) == (
        False,
        {"reason": "Please complete this required field."},
    )
    long = await slack.submit("U0BEN", view, {"reason": "x" * 21})
    assert long.view_errors == {"reason": "At most 20 characters."}
    with pytest.raises(LookupError, match="no such field"):
        await slack.submit("U0BEN", view, {"raeson": "x"})


async def test_a_view_can_be_replaced_by_the_answer_to_its_submission(
    slack: PretendSlack, bot: RealBot
) -> None:
    """``response_action: update`` shows the next step in the same modal."""

    @bot.app.command("/buy")
    async def buy(ack: Any, body: Json, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    @bot.app.view("deny")
    async def denied(ack: Any) -> None:
        title = {"type": "plain_text", "text": "Step two"}
        await ack(response_action="update", view=modal(title=title))

    await bot.connect()
    view = await (await slack.slash("U0BEN", "/buy", channel=CHANNEL)).opened()
    outcome = await slack.submit("U0BEN", view, {"reason": "because"})
    assert outcome.view is view
    assert view.title == "Step two"


async def test_a_trigger_id_works_once_and_for_three_seconds(clock: MovableClock) -> None:
    """Each way of being wrong has its own error, which the bot's message must tell apart."""
    async with PretendSlack(installed=EVERYTHING, clock=clock) as slack, RealBot(slack) as bot:
        people(slack)

        @bot.app.command("/buy")
        async def buy(ack: Any) -> None:
            await ack()

        await bot.connect()
        errors = []
        outcome = await slack.slash("U0ANA", "/buy", channel=CHANNEL)
        trigger = outcome.envelope["payload"]["trigger_id"]
        await bot.client.views_open(trigger_id=trigger, view=modal())
        late = await slack.slash("U0ANA", "/buy", channel=CHANNEL)
        clock.advance(seconds=3.1)
        for wrong in (trigger, late.envelope["payload"]["trigger_id"], "made.up"):
            with pytest.raises(SlackApiError) as caught:
                await bot.client.views_open(trigger_id=wrong, view=modal())
            errors.append(caught.value.response["error"])
        assert errors == ["exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id"]


async def test_a_home_tab_is_published_when_somebody_looks(
    slack: PretendSlack, bot: RealBot
) -> None:
    """The home tab is a view of one person, and its buttons can be pressed like any."""
    pressed: list[str] = []

    @bot.app.event("app_home_opened")
    async def opened(event: Json, client: Any) -> None:
        view = {"type": "home", "blocks": card(button("refresh", "Refresh"))}
        await client.views_publish(user_id=event["user"], view=view)

    @bot.app.action("refresh")
    async def refresh(ack: Any, body: Json) -> None:
        pressed.append(body["container"]["type"])
        await ack()

    await bot.connect()
    assert (await slack.open_home("U0ANA")).acked
    home = await slack.wait_for(lambda s: s.workspace.homes.get("U0ANA"))
    assert home is not None
    assert (await slack.click("U0ANA", home, "Refresh")).acked
    assert pressed == ["view"]
