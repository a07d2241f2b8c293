"""What the manifest does not ask for is not there: commands, scopes, events, tabs."""

from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.installation import OURS
from bot.playground.slack import PretendSlack
from tests.playground.realbot import CHANNEL, EVERYTHING, Json, RealBot, card, people


async def test_a_command_that_is_not_installed_never_reaches_the_bot(
    slack: PretendSlack, bot: RealBot
) -> None:
    """Slack answers it by itself; the person learns at once that it was a slip."""
    outcome = await slack.slash("U0ANA", "/bye", "250 EUR btc", channel=CHANNEL)
    assert (outcome.sent, outcome.error) == (False, "not_a_command")
    assert slack.private("U0ANA")[0].text == "/bye is not a valid command."
    assert [p for p in slack.traffic if p.name == "slash_commands"] == []


async def test_without_should_escape_the_words_come_as_they_were_typed(
    slack: PretendSlack, bot: RealBot
) -> None:
    """The switch stands in the manifest, for each command by itself."""
    seen: list[str] = []

    @bot.app.command("/raw")
    async def raw(ack: Any, command: Json) -> None:
        seen.append(command["text"])
        await ack()

    await bot.connect()
    await slack.slash("U0ANA", "/raw", "@Ben & coins.ph <3", channel=CHANNEL)
    assert seen == ["@Ben & coins.ph <3"]


async def test_each_token_has_scopes_of_its_own(slack: PretendSlack, bot: RealBot) -> None:
    """``connections:write`` belongs to the app token; the bot token never has it."""
    slack.grant({"chat:write"})
    who = await bot.client.auth_test()
    assert who.headers["x-oauth-scopes"] == "chat:write"
    opened = await bot.client.apps_connections_open(app_token=slack.app_token)
    assert opened["url"].startswith("ws://127.0.0.1:")
    with pytest.raises(SlackApiError) as caught:
        await bot.client.users_info(user="U0ANA")
    assert caught.value.response.headers["x-accepted-oauth-scopes"] == "users:read"


async def test_an_event_comes_only_with_its_subscription_and_its_scope() -> None:
    """A bot that listens to what its manifest forgot would be deaf in a real workspace alone."""
    mute = replace(EVERYTHING, events=frozenset())
    bare = replace(EVERYTHING, scopes=EVERYTHING.scopes - {"app_mentions:read"})
    for installed in (mute, bare):
        async with PretendSlack(installed=installed) as slack, RealBot(slack) as bot:
            people(slack)
            await bot.connect()
            assert not (await slack.say("U0ANA", "@countersign hello", channel=CHANNEL)).sent
            assert (await slack.open_home("U0ANA")).sent == (installed is bare)


async def test_without_the_messages_tab_nobody_can_be_written_to() -> None:
    """New apps have none; a bot that owes somebody a private message must ask for it."""
    closed = replace(OURS, messages_tab=False)
    async with PretendSlack(installed=closed) as slack, RealBot(slack) as bot:
        people(slack)
        opened = await bot.client.conversations_open(users="U0ANA")
        for channel in ("U0ANA", opened["channel"]["id"]):
            with pytest.raises(SlackApiError, match="messages_tab_disabled"):
                await bot.client.chat_postMessage(channel=channel, text="x")
        await bot.client.chat_postMessage(channel=CHANNEL, text="x")


async def test_without_the_home_tab_nothing_can_be_published() -> None:
    """``not_enabled``, and looking there raises no event."""
    closed = replace(EVERYTHING, home_tab=False)
    async with PretendSlack(installed=closed) as slack, RealBot(slack) as bot:
        people(slack)
        with pytest.raises(SlackApiError, match="not_enabled"):
            await bot.client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": card()})
        await bot.connect()
        assert not (await slack.open_home("U0ANA")).sent
        assert (await slack.open_home("U0ANA", "messages")).sent
