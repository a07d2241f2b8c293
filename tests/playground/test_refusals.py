"""The rarer refusals of the Web API, each as the real SDK meets it."""

from datetime import timedelta

import pytest

from bot.playground.slack import PretendSlack
from tests.playground.realbot import CHANNEL, Json, MovableClock, RealBot, card, people, refusal


async def test_an_edit_may_come_too_late(clock: MovableClock) -> None:
    """Workspaces can limit how long messages are edited; an order may wait for longer."""
    async with PretendSlack(clock=clock) as slack, RealBot(slack) as bot:
        people(slack)
        ts = (await bot.client.chat_postMessage(channel=CHANNEL, text="x"))["ts"]
        slack.workspace.edit_window = timedelta(minutes=5)
        clock.advance(minutes=5)
        await bot.client.chat_update(channel=CHANNEL, ts=ts, text="in time")
        clock.advance(minutes=1)
        late = bot.client.chat_update(channel=CHANNEL, ts=ts, text="late")
        assert await refusal(late) == "edit_window_closed"


async def test_an_edit_is_marked_as_one_only_without_blocks(
    slack: PretendSlack, bot: RealBot
) -> None:
    """A card that is kept up to date must not look tampered with."""
    ts = (await bot.client.chat_postMessage(channel=CHANNEL, text="x", blocks=card()))["ts"]
    marks = []
    for blocks in (card(), None):
        await bot.client.chat_update(channel=CHANNEL, ts=ts, text="y", blocks=blocks)
        marks.append(slack.messages(CHANNEL)[0].edited is not None)
    assert marks == [False, True]


async def test_empty_metadata_of_an_edit_takes_it_away(slack: PretendSlack, bot: RealBot) -> None:
    """Left out it stays; for a post an empty one is none of the allowed shapes."""
    metadata = {"event_type": "order", "event_payload": {"order": "BUY-1"}}
    post, update = bot.client.chat_postMessage, bot.client.chat_update
    ts = (await post(channel=CHANNEL, text="x", metadata=metadata))["ts"]
    kept = []
    edits: list[Json | None] = [None, {}]
    for more in edits:
        await update(channel=CHANNEL, ts=ts, text="y", metadata=more)
        kept.append(slack.messages(CHANNEL)[0].metadata)
    assert kept == [metadata, None]
    refused = post(channel=CHANNEL, text="x", metadata={})
    assert await refusal(refused) == "invalid_metadata_format"


async def test_a_bot_that_was_removed_can_neither_post_nor_edit(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Whether Slack lets it edit what it posted before is open; both readings can be played."""
    ts = (await bot.client.chat_postMessage(channel=CHANNEL, text="x"))["ts"]
    slack.workspace.channels[CHANNEL].members.remove("U0BOT")
    update = bot.client.chat_update
    assert await refusal(bot.client.chat_postMessage(channel=CHANNEL, text="x")) == "not_in_channel"
    assert await refusal(update(channel=CHANNEL, ts=ts, text="y")) == "cant_update_message"
    slack.workspace.readings.edit_after_leaving = "allowed"
    await update(channel=CHANNEL, ts=ts, text="y")
    slack.workspace.channels[CHANNEL].is_private = True
    assert await refusal(update(channel=CHANNEL, ts=ts, text="y")) == "channel_not_found"


async def test_a_channel_can_be_for_announcements_of_admins_alone(
    slack: PretendSlack, bot: RealBot
) -> None:
    """``restricted_action`` is a preference of the workspace, not a fault of the call."""
    slack.workspace.channels[CHANNEL].only_admins_post = True
    post = bot.client.chat_postMessage(channel=CHANNEL, text="x")
    assert await refusal(post) == "restricted_action"


async def test_a_reply_to_a_deleted_message_is_refused_or_stands_alone(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Slack does not document it; a bot has to live with both."""
    post = bot.client.chat_postMessage
    ts = (await post(channel=CHANNEL, text="A card"))["ts"]
    slack.workspace.remove(slack.messages(CHANNEL)[0])
    reply: Json = {"channel": CHANNEL, "text": "reply", "thread_ts": ts}
    assert await refusal(post(**reply)) == "cannot_reply_to_message"
    slack.workspace.readings.lost_thread = "channel"
    await post(**reply)
    assert [m.thread_ts for m in slack.messages(CHANNEL)] == [None]


async def test_a_private_message_needs_its_reader_in_the_channel(
    slack: PretendSlack, bot: RealBot
) -> None:
    """It can stand in a thread, and cannot be found, edited or deleted by its ts."""
    slack.workspace.add_person("U0ZOE", "Zoe")
    whisper = bot.client.chat_postEphemeral
    outside = whisper(channel=CHANNEL, user="U0ZOE", text="x")
    assert await refusal(outside) == "user_not_in_channel"
    root = (await bot.client.chat_postMessage(channel=CHANNEL, text="A card"))["ts"]
    said = await whisper(channel=CHANNEL, user="U0ANA", text="x", thread_ts=root)
    assert slack.private("U0ANA")[0].thread_ts == root
    for call in (bot.client.chat_delete, bot.client.chat_update):
        lost = call(channel=CHANNEL, ts=said["message_ts"], text="y")
        assert await refusal(lost) == "message_not_found"


async def test_what_the_playground_cannot_show_is_refused(
    slack: PretendSlack, bot: RealBot
) -> None:
    """An argument that is silently dropped here would be believed to have been seen."""
    post = bot.client.chat_postMessage
    unknown: Json = {"attachments": [], "reply_broadcast": True, "markdown_text": "**x**"}
    for name, value in unknown.items():
        arguments = {"channel": CHANNEL, "text": "x", name: value}
        call = bot.client.api_call("chat.postMessage", json=arguments)
        assert await refusal(call) == "invalid_arguments"
    table = [{"type": "table", "rows": []}]
    assert await refusal(post(channel=CHANNEL, text="x", blocks=table)) == "invalid_blocks"


async def test_methods_that_read_hear_no_json(slack: PretendSlack, bot: RealBot) -> None:
    """What stands in a JSON body is not there for them; forms and queries are."""
    call = bot.client.api_call
    deaf = call("users.info", json={"user": "U0ANA"})
    assert await refusal(deaf) == "user_not_found"
    assert (await call("users.info", data={"user": "U0ANA"}))["user"]["id"] == "U0ANA"
    assert (await bot.client.users_info(user="U0ANA"))["user"]["id"] == "U0ANA"


async def test_a_connection_is_asked_for_by_post_alone(slack: PretendSlack, bot: RealBot) -> None:
    """The address that it gives away opens the whole conversation."""
    headers = {"Authorization": f"Bearer {slack.app_token}"}
    async with bot.session.get(f"{slack.api_url}apps.connections.open", headers=headers) as reply:
        assert (await reply.json())["error"] == "insecure_request"


@pytest.mark.parametrize("error", ["account_inactive", "token_revoked"])
async def test_an_app_that_was_taken_away_has_no_token_and_no_connection(
    slack: PretendSlack, bot: RealBot, error: str
) -> None:
    """An administrator can do that at any moment, and undo it."""
    await bot.connect()
    bot.handlers[0].client.auto_reconnect_enabled = False
    slack.uninstall(error)
    assert await refusal(bot.client.auth_test()) == error
    opening = bot.client.apps_connections_open(app_token=slack.app_token)
    assert await refusal(opening) == error
    await slack.wait_for(lambda s: not s.socket.usable)
    slack.reinstall()
    await bot.client.auth_test()


async def test_user_groups_need_a_paid_workspace(slack: PretendSlack, bot: RealBot) -> None:
    """``plan_upgrade_required``: a policy that names a user group finds nobody there."""
    slack.workspace.paid = False
    for call in (
        bot.client.usergroups_list(),
        bot.client.usergroups_users_list(usergroup="S0TREASURY"),
    ):
        assert await refusal(call) == "plan_upgrade_required"


async def test_somebody_of_another_company_is_written_to_only_where_both_are_known(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Without a channel in common there is no conversation between companies."""
    await bot.client.conversations_open(users="U0PAT")
    slack.workspace.channels[CHANNEL].members.remove("U0PAT")
    opening = bot.client.conversations_open(users="U0PAT")
    assert await refusal(opening) == "invalid_user_combination"
    several = bot.client.conversations_open(users=["U0ANA", "U0BEN"])
    assert await refusal(several) == "too_many_users"
    assert await refusal(bot.client.conversations_open(users="U0BOT")) == "cannot_dm_bot"
    assert await refusal(bot.client.conversations_open(users="U0NOBODY")) == "user_not_found"
    slack.workspace.person("U0ANA").deleted = True
    assert await refusal(bot.client.conversations_open(users="U0ANA")) == "user_disabled"


async def test_a_person_tells_where_their_clock_stands(clock: MovableClock) -> None:
    """The zone for the calendar, the seconds for this moment: they change with summer time."""
    async with PretendSlack(clock=clock) as slack, RealBot(slack) as bot:
        people(slack)
        winter = (await bot.client.users_info(user="U0ANA"))["user"]
        clock.advance(days=60)
        summer = (await bot.client.users_info(user="U0ANA"))["user"]
        assert (winter["tz"], winter["tz_offset"]) == ("Europe/Ljubljana", 3600)
        assert summer["tz_offset"] == 7200


async def test_posts_are_limited_in_the_whole_workspace_as_well(clock: MovableClock) -> None:
    """Several hundred a minute, in however many channels."""
    async with PretendSlack(clock=clock, rate_limits=True) as slack, RealBot(slack) as bot:
        people(slack)
        for number in range(101):
            slack.workspace.add_channel(f"C{number}", f"room-{number}")
        for number in range(300):
            await bot.client.chat_postMessage(channel=f"C{number % 100}", text="x")
        more = bot.client.chat_postMessage(channel="C100", text="x")
        assert await refusal(more) == "ratelimited"
        clock.advance(seconds=1)
        await bot.client.chat_postMessage(channel="C100", text="x")
