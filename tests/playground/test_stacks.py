"""Forms that lie on each other, keep what was typed, or are refused."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.slack import PretendSlack
from bot.playground.views import View
from tests.playground.realbot import CHANNEL, Json, RealBot, button, modal

NEXT = {"type": "actions", "block_id": "steps", "elements": [button("next", "Next")]}


def pushing(**more: object) -> Json:
    """A modal with a button that leads to the next one."""
    view = modal(**more)
    return {**view, "blocks": [*view["blocks"], NEXT]}


async def opened(slack: PretendSlack, bot: RealBot, view: Json) -> View:
    """This modal in front of Ben, and a button in it that pushes another."""

    @bot.app.command("/form")
    async def form(ack: Any, body: Json, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    @bot.app.action("next")
    async def further(ack: Any, body: Json, client: Any) -> None:
        await client.views_push(trigger_id=body["trigger_id"], view=pushing())
        await ack()

    await bot.connect()
    return await (await slack.slash("U0BEN", "/form", channel=CHANNEL)).opened()


async def test_a_pushed_view_covers_the_one_below_and_gives_it_back(
    slack: PretendSlack, bot: RealBot
) -> None:
    """People reach the front one alone; its ids tell the bot what it lies on."""
    first = await opened(slack, bot, pushing())
    second = await (await slack.click("U0BEN", first, "Next")).opened()
    wire = second.wire(team="T", app="A", bot="B")
    assert (wire["root_view_id"], wire["previous_view_id"]) == (first.id, first.id)
    with pytest.raises(LookupError, match="covered"):
        await slack.submit("U0BEN", first, {"reason": "because"})
    with pytest.raises(LookupError, match="covered"):
        await slack.click("U0BEN", first, "Next")
    await slack.close_view("U0BEN", second)
    assert slack.workspace.stack("U0BEN") == [first]


async def test_no_more_than_three_views_lie_on_each_other(
    slack: PretendSlack, bot: RealBot
) -> None:
    """The fourth is ``push_limit_reached``, by the method and by the answer to a submission."""
    refused: list[str] = []

    @bot.app.view("deny")
    async def denied(ack: Any) -> None:
        await ack(response_action="push", view=pushing())

    front = await opened(slack, bot, pushing())
    for _ in range(2):
        front = await (await slack.click("U0BEN", front, "Next")).opened()

    @bot.app.action("last")
    async def last(ack: Any, body: Json, client: Any) -> None:
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=pushing())
        except SlackApiError as error:
            refused.append(error.response["error"])
        await ack()

    again: Json = {**NEXT, "elements": [button("last", "Last")]}
    await bot.client.views_update(view_id=front.id, view={**modal(), "blocks": [again]})
    await slack.click("U0BEN", front, "Last")
    await bot.client.views_update(view_id=front.id, view=modal())
    outcome = await slack.submit("U0BEN", front, {"reason": "because"})
    assert refused == ["push_limit_reached"]
    assert (outcome.error, outcome.faults) == ("invalid_response", ["push_limit_reached"])
    assert len(slack.workspace.stack("U0BEN")) == 3


async def test_a_view_is_pushed_only_over_an_open_one(slack: PretendSlack, bot: RealBot) -> None:
    """The trigger of a command has nothing to lie on."""

    @bot.app.command("/buy")
    async def buy(ack: Any) -> None:
        await ack()

    await bot.connect()
    outcome = await slack.slash("U0BEN", "/buy", channel=CHANNEL)
    trigger = outcome.envelope["payload"]["trigger_id"]
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await bot.client.views_push(trigger_id=trigger, view=modal())


async def test_an_external_id_names_one_view_at_a_time(slack: PretendSlack, bot: RealBot) -> None:
    """It is unique in the workspace; whoever closes the view sets it free."""
    view = modal(external_id="deny-BUY-1")
    first = await opened(slack, bot, view)

    @bot.app.command("/buy")
    async def buy(ack: Any) -> None:
        await ack()

    async def trigger() -> str:
        outcome = await slack.slash("U0ANA", "/buy", channel=CHANNEL)
        return str(outcome.envelope["payload"]["trigger_id"])

    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        await bot.client.views_open(trigger_id=await trigger(), view=view)
    await slack.close_view("U0BEN", first)
    await bot.client.views_open(trigger_id=await trigger(), view=view)


async def test_closing_can_clear_the_whole_stack(slack: PretendSlack, bot: RealBot) -> None:
    """``clear_on_close`` takes all of them away, and the bot is told that it did."""
    cleared: list[bool] = []

    @bot.app.view_closed("deny")
    async def gone(ack: Any, body: Json) -> None:
        cleared.append(body["is_cleared"])
        await ack()

    first = await opened(slack, bot, pushing())
    second = await (await slack.click("U0BEN", first, "Next")).opened()
    second.source |= {"clear_on_close": True, "notify_on_close": True}
    await slack.close_view("U0BEN", second)
    assert (slack.workspace.stack("U0BEN"), cleared) == ([], [True])


async def test_a_form_that_is_not_acknowledged_in_time_stays_open(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Slack shows trouble under it; what was typed is still there to be handed in again."""
    view = await opened(slack, bot, modal())
    slack.socket.ack_seconds = 0.05
    slack.socket.silence()
    lost = await slack.submit("U0BEN", view, {"reason": "because"})
    slack.socket.silence(on=False)

    @bot.app.view("deny")
    async def denied(ack: Any, view: Json) -> None:
        assert view["state"]["values"]["reason"]["typed"]["value"] == "because"
        await ack()

    slack.socket.ack_seconds = 3.0
    assert (lost.error, view.open) == ("operation_timeout", True)
    assert (await slack.submit("U0BEN", view)).acked
    assert not view.open


async def test_a_choice_in_a_form_is_told_only_if_it_asks_for_that(
    slack: PretendSlack, bot: RealBot
) -> None:
    """``dispatch_action`` makes a live preview; the rest of the form comes along as typed so far.

    What was typed stays when the bot updates the view under the same ids.
    """
    seen: list[Json] = []

    @bot.app.action("amount")
    async def typed(ack: Any, body: Json, client: Any) -> None:
        seen.append(body["view"]["state"]["values"])
        told = body["view"]
        await client.views_update(view_id=told["id"], view=live(), hash=told["hash"])
        await ack()

    view = await opened(slack, bot, live())
    quiet = await slack.click("U0BEN", view, "typed", choose="because")
    told = await slack.click("U0BEN", view, "amount", choose="250", values={"reason": "because"})
    assert (quiet.sent, told.acked, len(seen)) == (False, True, 1)
    assert seen[0]["reason"]["typed"]["value"] == "because"
    assert seen[0]["more"]["amount"]["value"] == "250"
    assert view.state == seen[0]


def live() -> Json:
    """A form with a field that tells of itself while it is filled in."""
    view = modal()
    field = {"type": "plain_text_input", "action_id": "amount"}
    more = {**view["blocks"][0], "block_id": "more", "dispatch_action": True, "element": field}
    return {**view, "blocks": [*view["blocks"], more]}
