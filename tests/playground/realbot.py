"""A real bolt app on a real socket, as the bot builds it: what the pretend Slack must fool.

``RealBot`` is the smallest honest bot: an ``AsyncApp`` with its own ``authorize``, one shared
session, no retries, and ``process_before_response``. Each test registers the listeners it needs.
"""

from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.installation import EVENT_SCOPES, Installation
from bot.playground.slack import PretendSlack
from bot.playground.webapi import METHODS

CHANNEL = "C0TREASURY"

Json = dict[str, Any]


EVERYTHING = Installation(
    scopes=frozenset(
        {
            "commands",
            *(scope for method in METHODS.values() for scope in method.scopes),
            *(scope for scope in EVENT_SCOPES.values() if scope is not None),
        }
    ),
    commands={"/buy": True, "/form": True, "/raw": False},
    events=frozenset(EVENT_SCOPES),
    home_tab=True,
    messages_tab=True,
)
"""All that there is; but not ``chat:write.public``, so that ``not_in_channel`` can happen."""


class MovableClock:
    """A clock that stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        """Let this much time pass at once."""
        self.now += timedelta(**by)


class RealBot:
    """One bolt app with its Web API client and any number of Socket Mode connections."""

    def __init__(self, slack: PretendSlack) -> None:
        self.slack = slack
        self.session = aiohttp.ClientSession()
        self.client = self.client_for(slack.bot_token)

        async def authorize(**_: object) -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=None, team_id="T0TEAM", bot_token=slack.bot_token, bot_user_id="U0BOT"
            )

        self.app = AsyncApp(
            name="real bot", client=self.client, authorize=authorize, process_before_response=True
        )
        self.handlers: list[AsyncSocketModeHandler] = []

    def client_for(self, token: str) -> AsyncWebClient:
        """A Web API client with this token, without retries and without a proxy."""
        client = AsyncWebClient(
            token=token,
            base_url=self.slack.api_url,
            session=self.session,
            retry_handlers=[],
            timeout=5,
        )
        client.proxy = None
        return client

    async def connect(self, ping_interval: float = 5) -> AsyncSocketModeHandler:
        """Open one more Socket Mode connection."""
        handler = AsyncSocketModeHandler(
            self.app, self.slack.app_token, ping_interval=ping_interval
        )
        handler.client.proxy = None
        self.handlers.append(handler)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await self.slack.wait_connected(count=len(self.handlers))
        return handler

    async def close(self) -> None:
        """Close every connection and the session."""
        for handler in self.handlers:
            await handler.close_async()  # type: ignore[no-untyped-call]
        await self.session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def people(slack: PretendSlack) -> None:
    """Three colleagues, a guest and a partner in one channel with the bot."""
    slack.workspace.add_person("U0ANA", "Ana", tz="Europe/Ljubljana")
    slack.workspace.add_person("U0BEN", "Ben")
    slack.workspace.add_person("U0CLEO", "Cleo")
    slack.workspace.add_person("U0GUS", "Gus", is_guest=True)
    slack.workspace.add_person("U0PAT", "Pat", team="T0PARTNER")
    slack.workspace.add_group("S0TREASURY", "treasury", ["U0CLEO"])
    slack.workspace.add_channel(CHANNEL, "treasury")


async def refusal(call: Awaitable[Any]) -> str:
    """The error with which Slack refuses this call."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


def button(action_id: str, label: str, **more: object) -> Json:
    """A button."""
    text = {"type": "plain_text", "text": label}
    return {"type": "button", "action_id": action_id, "text": text, **more}


def card(*buttons: Json, text: str = "*250 EUR* of btc for <@U0ANA>") -> list[Json]:
    """A section and, if there are any, its buttons."""
    section: Json = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    actions: Json = {"type": "actions", "block_id": "votes", "elements": list(buttons)}
    return [section, actions] if buttons else [section]


def modal(**more: object) -> Json:
    """A modal that asks for a reason."""
    return {
        "type": "modal",
        "callback_id": "deny",
        "title": {"type": "plain_text", "text": "Deny"},
        "submit": {"type": "plain_text", "text": "Deny it"},
        "blocks": [
            {
                "type": "input",
                "block_id": "reason",
                "label": {"type": "plain_text", "text": "Why?"},
                "element": {"type": "plain_text_input", "action_id": "typed", "max_length": 20},
            }
        ],
        **more,
    }
