"""The rarer ways of a form: choices, hashes, steps, closing; and the rarer uses of an answer."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.slack import PretendSlack
from bot.playground.views import View
from tests.playground.realbot import CHANNEL, Json, RealBot, button, card, modal

OPTIONS = [
    {"text": {"type": "plain_text", "text": name}, "value": name.lower()}
    for name in ("Kriptomat", "Oak")
]


def asking(block_id: str, element: Json, **more: object) -> Json:
    """An input block."""
    label = {"type": "plain_text", "text": block_id}
    inner = {"action_id": f"{block_id}_in", **element}
    return {"type": "input", "block_id": block_id, "label": label, "element": inner, **more}


async def shown(slack: PretendSlack, bot: RealBot, view: Json) -> View:
    """This modal, open in front of Ben."""

    @bot.app.command("/form")
    async def form(ack: Any, body: Json, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    await bot.connect()
    return await (await slack.slash("U0BEN", "/form", channel=CHANNEL)).opened()


async def test_every_kind_of_field_arrives_as_slack_writes_it(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Each element has its own key in ``state.values``; a wrong one reads as an empty field."""
    seen: list[Json] = []

    @bot.app.view("deny")
    async def denied(ack: Any, view: Json) -> None:
        seen.append(view["state"]["values"])
        await ack()

    blocks = [
        asking("provider", {"type": "static_select", "options": OPTIONS}),
        asking("how", {"type": "radio_buttons", "options": OPTIONS, "initial_option": OPTIONS[1]}),
        asking("flags", {"type": "checkboxes", "options": OPTIONS}, optional=True),
        asking("who", {"type": "users_select"}),
        asking("group", {"type": "multi_users_select"}),
        asking("day", {"type": "datepicker", "initial_date": "2026-03-02"}),
        asking("note", {"type": "plain_text_input"}, optional=True),
    ]
    view = await shown(slack, bot, modal(blocks=blocks))
    answers = {"provider": "Oak", "who": "U0ANA", "group": ["U0CLEO"]}
    outcome = await slack.submit("U0BEN", view, answers)
    assert outcome.acked, outcome
    values = {block: next(iter(inner.values())) for block, inner in seen[0].items()}
    assert values["provider"]["selected_option"] == OPTIONS[1]
    assert values["how"]["selected_option"] == OPTIONS[1]
    assert values["flags"]["selected_options"] == []
    assert values["who"]["selected_user"] == "U0ANA"
    assert values["group"]["selected_users"] == ["U0CLEO"]
    assert values["day"]["selected_date"] == "2026-03-02"
    assert values["note"] == {"type": "plain_text_input", "value": None}


async def test_a_choice_in_a_message_is_an_action(slack: PretendSlack, bot: RealBot) -> None:
    """An overflow menu sends what was chosen, not what it is called."""
    chosen: list[str] = []

    @bot.app.action("more")
    async def more(ack: Any, action: Json) -> None:
        chosen.append(action["selected_option"]["value"])
        await ack()

    await bot.connect()
    menu: Json = {"type": "overflow", "action_id": "more", "options": OPTIONS}
    await bot.client.chat_postMessage(channel=CHANNEL, text="x", blocks=card(menu))
    message = slack.messages(CHANNEL)[0]
    await slack.click("U0BEN", message, "more", choose="Oak")
    assert chosen == ["oak"]
    assert "Kriptomat" in message.plain()
    with pytest.raises(LookupError, match="no option 'Gold'"):
        await slack.click("U0BEN", message, "more", choose="Gold")


async def test_an_update_of_a_view_minds_its_hash(slack: PretendSlack, bot: RealBot) -> None:
    """Two updates race; the one that was made for an older state must lose."""
    view = await shown(slack, bot, modal())
    old = view.hash
    fresh = modal(title={"type": "plain_text", "text": "Fresh"})
    await bot.client.views_update(view_id=view.id, view=fresh, hash=old)
    assert view.title == "Fresh"
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await bot.client.views_update(view_id=view.id, view=fresh, hash=old)
    with pytest.raises(SlackApiError, match="not_found"):
        await bot.client.views_update(view_id="V0", view=fresh)
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await bot.client.views_update(view_id=view.id, view=modal(submit=None))


async def test_a_published_home_minds_its_hash(slack: PretendSlack, bot: RealBot) -> None:
    """Publishing again changes the same tab; a stale hash is refused here as well."""
    home: Json = {"type": "home", "blocks": card()}
    first = (await bot.client.views_publish(user_id="U0ANA", view=home))["view"]["hash"]
    await bot.client.views_publish(user_id="U0ANA", view=home, hash=first)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await bot.client.views_publish(user_id="U0ANA", view=home, hash=first)
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await bot.client.views_publish(user_id="U0NOBODY", view=home)
    heavy = {**home, "blocks": card(text="x" * 3000) * 100}
    with pytest.raises(SlackApiError, match="view_too_large"):
        await bot.client.views_publish(user_id="U0ANA", view=heavy)


async def test_a_submission_can_push_a_step_and_clear_them_all(
    slack: PretendSlack, bot: RealBot
) -> None:
    """``push`` puts a second view over the first; ``clear`` closes both."""

    @bot.app.view("deny")
    async def denied(ack: Any) -> None:
        await ack(response_action="push", view=modal(callback_id="sure"))

    @bot.app.view("sure")
    async def sure(ack: Any) -> None:
        await ack(response_action="clear")

    first = await shown(slack, bot, modal())
    second = await (await slack.submit("U0BEN", first, {"reason": "because"})).opened()
    assert second is not first
    assert (first.open, second.open) == (True, True)
    await slack.submit("U0BEN", second, {"reason": "yes"})
    assert (first.open, second.open) == (False, False)
    with pytest.raises(LookupError, match="no open view"):
        await slack.submit("U0BEN", second, {"reason": "yes"})


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "dance"},
        {"response_action": "update", "view": {"type": "modal", "blocks": []}},
    ],
)
async def test_a_wrong_answer_to_a_submission_is_reported(
    slack: PretendSlack, bot: RealBot, answer: Json
) -> None:
    """An error under a field that does not exist is shown nowhere: that must not pass unseen."""

    @bot.app.view("deny")
    async def denied(ack: Any) -> None:
        await ack(answer)

    view = await shown(slack, bot, modal())
    outcome = await slack.submit("U0BEN", view, {"reason": "because"})
    assert (outcome.acked, outcome.error) == (True, "invalid_response")
    assert outcome.faults[0] == "invalid_arguments"
    assert view.open


async def test_a_closed_form_is_told_only_if_it_asked(slack: PretendSlack, bot: RealBot) -> None:
    """Without ``notify_on_close`` the bot never learns that somebody changed their mind."""
    closed: list[str] = []

    @bot.app.view_closed("deny")
    async def gone(ack: Any, view: Json) -> None:
        closed.append(view["id"])
        await ack()

    view = await shown(slack, bot, modal(notify_on_close=True))
    outcome = await slack.close_view("U0BEN", view)
    assert outcome is not None
    assert (outcome.acked, closed, view.open) == (True, [view.id], False)
    quiet = await (await slack.slash("U0BEN", "/form", channel=CHANNEL)).opened()
    quiet.source["notify_on_close"] = False
    assert await slack.close_view("U0BEN", quiet) is None


async def test_an_answer_can_take_the_original_away(slack: PretendSlack, bot: RealBot) -> None:
    """``delete_original`` needs no text; a payload that is no message is refused and counted."""

    @bot.app.action("gone")
    async def gone(ack: Any) -> None:
        await ack()

    await bot.connect()
    await bot.client.chat_postMessage(channel=CHANNEL, text="x", blocks=card(button("gone", "X")))
    message = slack.messages(CHANNEL)[0]
    outcome = await slack.click("U0BEN", message, "gone")
    url = outcome.envelope["payload"]["response_url"]
    for body, status in (("[]", 400), ("{", 400), ('{"text": ""}', 400)):
        async with bot.session.post(url, data=body) as reply:
            assert reply.status == status
            assert (await reply.json())["error"] in {"invalid_payload", "no_text"}
    async with bot.session.post(url, json={"delete_original": True}) as reply:
        assert reply.status == 200
    assert message.deleted
    assert slack.messages(CHANNEL) == []
    assert outcome.answers == []


async def test_a_command_in_a_direct_message_says_where_it_was_typed(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Slack writes ``directmessage`` and ``privategroup`` where there is no public name."""
    names: list[str] = []

    @bot.app.command("/buy")
    async def buy(ack: Any, command: Json) -> None:
        names.append(command["channel_name"])
        await ack()

    await bot.connect()
    opened = await bot.client.conversations_open(users="U0ANA")
    await slack.slash("U0ANA", "/buy", channel=opened["channel"]["id"])
    slack.workspace.add_channel("C0SECRET", "secret", ["U0ANA", "U0BOT"], is_private=True)
    await slack.slash("U0ANA", "/buy", channel="C0SECRET")
    assert names == ["directmessage", "privategroup"]


async def test_a_bot_can_delete_its_own_message(slack: PretendSlack, bot: RealBot) -> None:
    """The twin of an ambiguous post is closed this way or by an edit."""
    reply = await bot.client.chat_postMessage(channel=CHANNEL, text="x")
    await bot.client.chat_delete(channel=CHANNEL, ts=reply["ts"])
    assert slack.messages(CHANNEL) == []


async def test_an_answer_in_the_ack_of_a_click_is_not_read(
    slack: PretendSlack, bot: RealBot
) -> None:
    """A click has no room for words in its ack: they must go through the response_url."""

    @bot.app.action("gone")
    async def gone(ack: Any) -> None:
        await ack("unheard")

    await bot.connect()
    await bot.client.chat_postMessage(channel=CHANNEL, text="x", blocks=card(button("gone", "X")))
    outcome = await slack.click("U0BEN", slack.messages(CHANNEL)[0], "gone")
    assert (outcome.acked, outcome.text, slack.private("U0BEN")) == (True, None, [])
    assert outcome.envelope["accepts_response_payload"] is False
