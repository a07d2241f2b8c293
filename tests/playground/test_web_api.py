"""The Web API through the real SDK client: every refusal that the bot must be able to meet."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.slack import PretendSlack
from tests.playground.realbot import (
    CHANNEL,
    EVERYTHING,
    MovableClock,
    RealBot,
    button,
    card,
    people,
    refusal,
)


async def test_tokens_are_told_apart(slack: PretendSlack, bot: RealBot) -> None:
    """A wrong token and a token of the wrong kind are different mistakes of whoever installs."""
    assert await refusal(bot.client_for("xoxb-wrong").auth_test()) == "invalid_auth"
    assert await refusal(bot.client_for("").auth_test()) == "not_authed"
    assert await refusal(bot.client_for(slack.app_token).auth_test()) == "not_allowed_token_type"
    opening = bot.client.apps_connections_open(app_token=slack.bot_token)
    assert await refusal(opening) == "not_allowed_token_type"
    assert await refusal(bot.client.api_call("chat.shout")) == "unknown_method"


async def test_auth_test_names_the_granted_scopes(slack: PretendSlack, bot: RealBot) -> None:
    """The bot checks its scopes at boot by this header and by nothing else."""
    slack.grant({"chat:write", "commands"})
    reply = await bot.client.auth_test()
    assert reply.headers["x-oauth-scopes"] == "chat:write,commands"
    assert reply["team_id"] == "T0TEAM"


async def test_a_missing_scope_is_named(slack: PretendSlack, bot: RealBot) -> None:
    """Slack says what is needed and what was given; a message to the owner quotes both."""
    slack.grant({"chat:write"})
    with pytest.raises(SlackApiError) as caught:
        await bot.client.users_info(user="U0ANA")
    assert caught.value.response["error"] == "missing_scope"
    assert caught.value.response["needed"] == "users:read"
    assert caught.value.response["provided"] == "chat:write"


async def test_a_form_and_an_empty_json_body_are_understood_as_well(
    slack: PretendSlack, bot: RealBot
) -> None:
    """The SDK sends forms, JSON and, from its sync client, JSON with an empty body."""
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    form = {"channel": CHANNEL, "text": "by form", "blocks": '[{"type": "divider"}]'}
    async with bot.session.post(
        f"{slack.api_url}chat.postMessage", data=form, headers=headers
    ) as reply:
        assert (await reply.json())["ok"] is True
    assert slack.messages(CHANNEL)[0].blocks[0]["type"] == "divider"
    empty = {**headers, "Content-Type": "application/json"}
    async with bot.session.post(f"{slack.api_url}auth.test", data="", headers=empty) as reply:
        assert (await reply.json())["ok"] is True
    async with bot.session.post(f"{slack.api_url}auth.test", data="{", headers=empty) as reply:
        assert (await reply.json())["error"] == "invalid_json"
    async with bot.session.post(f"{slack.api_url}auth.test", data="[]", headers=empty) as reply:
        assert (await reply.json())["error"] == "json_not_object"


async def test_a_post_is_refused_where_the_bot_may_not_write(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Each of these cancels an order with its own sentence."""
    slack.workspace.add_channel("C0OTHER", "other", ["U0ANA"])
    slack.workspace.add_channel("C0SECRET", "secret", ["U0ANA"], is_private=True)
    slack.workspace.add_channel("C0OLD", "old", is_archived=True)
    errors = [
        await refusal(bot.client.chat_postMessage(channel=channel, text="x"))
        for channel in ("C0NOWHERE", "C0OTHER", "C0SECRET", "C0OLD")
    ]
    assert errors == ["channel_not_found", "not_in_channel", "channel_not_found", "is_archived"]
    slack.grant({*EVERYTHING.scopes, "chat:write.public"})
    await bot.client.chat_postMessage(channel="C0OTHER", text="x")


async def test_a_bad_message_is_refused_with_its_faults(slack: PretendSlack, bot: RealBot) -> None:
    """What the shared checker faults, Slack refuses: the card is broken, not the network."""
    post = bot.client.chat_postMessage
    twice = card(button("a", "One"), button("a", "Two"))
    with pytest.raises(SlackApiError) as caught:
        await post(channel=CHANNEL, text="x", blocks=twice)
    assert caught.value.response["error"] == "invalid_blocks"
    assert "action_id 'a' is used 2 times" in caught.value.response["errors"][0]
    assert "[ERROR]" in caught.value.response["response_metadata"]["messages"][0]
    mute = bot.client.api_call("chat.postMessage", json={"channel": CHANNEL, "blocks": card()})
    assert await refusal(mute) == "no_text"
    assert await refusal(post(channel=CHANNEL, text="x" * 4001)) == "msg_too_long"
    big = {"event_type": "order", "event_payload": {"note": "x" * 9000}}
    assert await refusal(post(channel=CHANNEL, text="x", metadata=big)) == "metadata_too_large"
    assert slack.messages(CHANNEL) == []


async def test_an_update_with_text_alone_takes_the_buttons_away(
    slack: PretendSlack, bot: RealBot
) -> None:
    """That is how a decided card loses its buttons; the metadata stays with the card."""
    metadata = {"event_type": "order", "event_payload": {"order": "BUY-1", "state": "open"}}
    reply = await bot.client.chat_postMessage(
        channel=CHANNEL, text="A card", blocks=card(button("a", "Approve")), metadata=metadata
    )
    message = slack.messages(CHANNEL)[0]
    assert message.button("Approve")["action_id"] == "a"
    await bot.client.chat_update(channel=CHANNEL, ts=reply["ts"], text="Approved")
    assert (message.text, message.blocks, message.buttons()) == ("Approved", [], [])
    assert message.metadata == metadata
    assert [version.text for version in message.history] == ["A card"]
    changed = {"event_type": "order", "event_payload": {"order": "BUY-1", "state": "done"}}
    await bot.client.chat_update(channel=CHANNEL, ts=reply["ts"], text="Done", metadata=changed)
    assert message.metadata == changed


async def test_only_a_message_of_the_bot_can_be_edited(slack: PretendSlack, bot: RealBot) -> None:
    """A wrong ts and somebody else's message are told apart."""
    theirs = slack.workspace.post(CHANNEL, "hello", [], user="U0ANA")
    update, delete = bot.client.chat_update, bot.client.chat_delete
    assert await refusal(update(channel=CHANNEL, ts="1.0", text="x")) == "message_not_found"
    assert await refusal(update(channel=CHANNEL, ts=theirs.ts, text="x")) == "cant_update_message"
    assert await refusal(delete(channel=CHANNEL, ts=theirs.ts)) == "cant_delete_message"


async def test_a_card_in_an_archived_channel_cannot_be_edited(
    slack: PretendSlack, bot: RealBot
) -> None:
    """A channel may be archived while an order waits; the card then stays as it is."""
    reply = await bot.client.chat_postMessage(channel=CHANNEL, text="A card")
    slack.workspace.channels[CHANNEL].is_archived = True
    update = bot.client.chat_update(channel=CHANNEL, ts=reply["ts"], text="x")
    assert await refusal(update) == "is_inactive"


async def test_a_reply_stands_in_its_thread(slack: PretendSlack, bot: RealBot) -> None:
    """Reminders reply to the card; a reply to nothing is a fault of ours."""
    root = await bot.client.chat_postMessage(channel=CHANNEL, text="A card")
    await bot.client.chat_postMessage(
        channel=CHANNEL, text="Still waiting, <!subteam^S0TREASURY>", thread_ts=root["ts"]
    )
    reply = slack.messages(CHANNEL)[1]
    assert (reply.thread_ts, reply.mentions()) == (root["ts"], ["S0TREASURY"])
    lost = bot.client.chat_postMessage(channel=CHANNEL, text="x", thread_ts="1.0")
    assert await refusal(lost) == "cannot_reply_to_message"
    link = await bot.client.chat_getPermalink(channel=CHANNEL, message_ts=reply.ts)
    assert link["permalink"].endswith(f"/archives/{CHANNEL}/p{reply.ts.replace('.', '')}")


async def test_a_direct_message_reaches_one_person(slack: PretendSlack, bot: RealBot) -> None:
    """By ``conversations.open`` or by the person's id, it is the same conversation."""
    opened = await bot.client.conversations_open(users="U0ANA")
    await bot.client.chat_postMessage(channel=opened["channel"]["id"], text="one")
    await bot.client.chat_postMessage(channel="U0ANA", text="two")
    assert [m.text for m in slack.dms("U0ANA")] == ["one", "two"]
    slack.workspace.add_person("U0GONE", "Gone", deleted=True)
    assert await refusal(bot.client.chat_postMessage(channel="U0GONE", text="x")) == "user_disabled"


async def test_people_come_in_pages_and_groups_by_id(slack: PretendSlack, bot: RealBot) -> None:
    """The bot's cache is filled from these; a missed page would be a missing approver."""
    names: list[str] = []
    cursor = ""
    while True:
        page = await bot.client.users_list(limit=2, cursor=cursor)
        names += [member["name"] for member in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert names == ["countersign", "ana", "ben", "cleo", "gus"]
    assert (await bot.client.users_info(user="U0ANA"))["user"]["tz"] == "Europe/Ljubljana"
    groups = await bot.client.usergroups_list()
    assert [group["handle"] for group in groups["usergroups"]] == ["treasury"]
    inside = await bot.client.usergroups_users_list(usergroup="S0TREASURY")
    assert inside["users"] == ["U0CLEO"]
    assert await refusal(bot.client.usergroups_users_list(usergroup="S0")) == "no_such_subteam"
    assert await refusal(bot.client.users_info(user="U0NOBODY")) == "user_not_found"
    assert await refusal(bot.client.users_list(cursor="nonsense")) == "invalid_cursor"
    many = bot.client.api_call("users.list", params={"limit": "many"})
    assert await refusal(many) == "invalid_limit"


async def test_a_channel_says_whether_the_bot_is_in_it_and_who_else(
    slack: PretendSlack, bot: RealBot
) -> None:
    """The bot refuses a channel that another company shares, and must be able to see that."""
    slack.workspace.add_channel("C0SHARED", "shared", ["U0PAT"], is_ext_shared=True)
    shared = (await bot.client.conversations_info(channel="C0SHARED"))["channel"]
    assert (shared["is_member"], shared["is_ext_shared"], shared["is_archived"]) == (
        False,
        True,
        False,
    )
    assert (await bot.client.conversations_info(channel=CHANNEL))["channel"]["is_member"] is True
    members = await bot.client.conversations_members(channel=CHANNEL)
    assert "U0BOT" in members["members"]


async def test_posts_are_limited_to_one_a_second_and_channel(clock: MovableClock) -> None:
    """A burst is allowed, then Slack names the seconds; another channel is not affected."""
    async with (
        PretendSlack(clock=clock, rate_limits=True) as slack,
        RealBot(slack) as bot,
    ):
        people(slack)
        slack.workspace.add_channel("C0OTHER", "other")
        for _ in range(3):
            await bot.client.chat_postMessage(channel=CHANNEL, text="x")
        with pytest.raises(SlackApiError) as caught:
            await bot.client.chat_postMessage(channel=CHANNEL, text="x")
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "1"
        assert caught.value.response["error"] == "ratelimited"
        await bot.client.chat_postMessage(channel="C0OTHER", text="x")
        clock.advance(seconds=1)
        await bot.client.chat_postMessage(channel=CHANNEL, text="x")


async def test_updates_are_limited_by_their_tier(clock: MovableClock) -> None:
    """Fifty edits a minute over the whole workspace: the fifty-first must wait."""
    async with (
        PretendSlack(clock=clock, rate_limits=True) as slack,
        RealBot(slack) as bot,
    ):
        people(slack)
        reply = await bot.client.chat_postMessage(channel=CHANNEL, text="x")
        for number in range(50):
            await bot.client.chat_update(channel=CHANNEL, ts=reply["ts"], text=str(number))
        update = bot.client.chat_update(channel=CHANNEL, ts=reply["ts"], text="one more")
        assert await refusal(update) == "ratelimited"


async def test_a_clock_that_stands_still_gives_no_two_messages_the_same_ts(
    clock: MovableClock,
) -> None:
    """A ts is the identity of a message; tests freeze the clock all the time."""
    async with PretendSlack(installed=EVERYTHING, clock=clock) as slack, RealBot(slack) as bot:
        people(slack)
        for _ in range(3):
            await bot.client.chat_postMessage(channel=CHANNEL, text="x")
        assert len({message.ts for message in slack.messages(CHANNEL)}) == 3


async def test_the_traffic_record_hides_tokens(slack: PretendSlack, bot: RealBot) -> None:
    """The demo page shows this record to whoever looks over a shoulder."""
    await bot.connect()
    await bot.client.chat_postMessage(channel=CHANNEL, text=f"oops {slack.bot_token}")
    record = repr(list(slack.traffic))
    assert "chat.postMessage" in record
    assert "xoxb-" not in record
    assert "xapp-" not in record
