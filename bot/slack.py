"""Who we are at Slack: the client, the tokens and what they may do, the channel of the cards.

The bot asks at boot and ``doctor`` asks on request. A wrong token or a missing scope is a fault
that a person must mend; no network is waited for.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Config, Faulty
from bot.refusals import UNREACHABLE, Meaning, code_of, meaning_of
from bot.workflow.desk import backoff

log = structlog.get_logger()

SLACK_SECONDS = 30
"""For one call of the Web API."""

RETRY_SECONDS = (1, 2, 5, 10, 30)
"""Between tries to reach Slack at start; the last repeats."""


async def rest(tries: int) -> None:
    """Wait before Slack is tried again after so many tries."""
    await asyncio.sleep(backoff(RETRY_SECONDS, tries).total_seconds())


SCOPES = {
    "app_mentions:read": "to be asked in threads, where commands do not work",
    "commands": "to be called with /buy",
    "chat:write": "to post and edit the cards",
    "users:read": "to know who is a guest, a bot or has left",
    "usergroups:read": "to know who is in a user group of the policy",
    "files:write": "to send exports and charts to whoever asks for them",
    "im:write": "to tell somebody privately what the channel never saw",
    "channels:read": "to check the channel of the cards, if it is public",
    "groups:read": "to check the channel of the cards, if it is private",
}
"""Every scope that the bot token needs, and why. ``manifest.yml`` asks for exactly these."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot token is."""

    team: str
    team_name: str
    user: str
    bot: str | None
    scopes: frozenset[str]

    @property
    def missing_scopes(self) -> list[str]:
        return sorted(SCOPES.keys() - self.scopes)


def slack_client(config: Config, session: aiohttp.ClientSession) -> AsyncWebClient:
    """The Web API client: one shared session, and no retries of its own (they post twice)."""
    client = AsyncWebClient(
        token=config.slack_bot_token.get_secret_value(),
        base_url=config.slack_api_url,
        timeout=SLACK_SECONDS,
        session=session,
        retry_handlers=[],
    )
    # The SDK takes proxies from the environment and ignores NO_PROXY; a loopback Slack has none.
    if client.base_url.startswith("http://127.0.0.1"):
        client.proxy = None
    return client


async def identify(client: AsyncWebClient) -> Identity:
    """Ask once who the bot token is. Raises SlackApiError or one of ``UNREACHABLE``."""
    answer = await client.auth_test()
    granted = str(answer.headers.get("x-oauth-scopes", ""))
    return Identity(
        team=answer["team_id"],
        team_name=answer.get("team") or answer["team_id"],
        user=answer["user_id"],
        bot=answer.get("bot_id"),
        scopes=frozenset(one.strip() for one in granted.split(",") if one.strip()),
    )


async def try_app_token(client: AsyncWebClient, config: Config) -> None:
    """Ask for a Socket Mode address once. Raises SlackApiError or one of ``UNREACHABLE``."""
    token = config.slack_app_token.get_secret_value()
    await client.apps_connections_open(app_token=token)


async def sign_in(client: AsyncWebClient, config: Config) -> Identity:
    """Check both tokens. No network: keep trying; a wrong token or a missing scope: Faulty."""
    tries = 0
    while True:
        token = "SLACK_BOT_TOKEN"  # noqa: S105 - a name
        try:
            identity = await identify(client)
            token = "SLACK_APP_TOKEN"  # noqa: S105 - a name
            await try_app_token(client, config)
        except SlackApiError as error:
            if meaning_of(error) not in {Meaning.AWAY, Meaning.SLOWER}:
                why = f"{token}: Slack refuses it ({code_of(error)})"
                raise Faulty([f"{why}; copy it anew from the app's page there"]) from None
            log.warning("waiting for Slack", reason=code_of(error))
        except UNREACHABLE as error:
            log.warning("waiting for Slack", reason=type(error).__name__)
        else:
            if missing := identity.missing_scopes:
                mended = "reinstall the app from manifest.yml"
                lacks = (f"{one}, {SCOPES[one]}" for one in missing)
                faults = [f"SLACK_BOT_TOKEN lacks {one}; {mended}" for one in lacks]
                raise Faulty(faults)
            return identity
        await rest(tries)
        tries += 1


def bolt_app(client: AsyncWebClient, identity: Identity) -> AsyncApp:
    """Bolt, acking when a handler returns and asking Slack nothing by itself."""

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=identity.team,
            bot_token=client.token,
            bot_id=identity.bot,
            bot_user_id=identity.user,
        )

    return AsyncApp(
        # Without one Bolt reads the source of every caller, a tenth of a second, to find a name.
        name="countersign",
        client=client,
        authorize=authorize,
        process_before_response=True,
        ignoring_self_events_enabled=False,
    )


class Place:
    """The channel of the cards as it was last read: Slack posts into it what we must not."""

    def __init__(self, client: AsyncWebClient, channel: str) -> None:
        self._client = client
        self._channel = channel
        self.obstacle: str | None = None
        """Why no new card may be posted there although Slack would take it, as a phrase."""

    async def look(self) -> None:
        """Read it again; what cannot be read stays as it was known."""
        try:
            answer = await self._client.conversations_info(channel=self._channel)
        except SlackApiError as error:
            log.warning("the channel cannot be read", code=code_of(error))
            return
        except UNREACHABLE as error:
            log.warning("the channel cannot be read", reason=type(error).__name__)
            return
        shared = answer["channel"].get("is_ext_shared")
        self.obstacle = "the channel is shared with another organisation" if shared else None


async def channel_faults(client: AsyncWebClient, channel: str) -> list[str]:
    """What keeps the cards out of this channel. Raises SlackApiError or ``UNREACHABLE``."""
    try:
        facts: dict[str, Any] = (await client.conversations_info(channel=channel))["channel"]
    except SlackApiError as error:
        if code_of(error) == "channel_not_found":
            return [f"{channel} is not a channel that the bot can see: invite it there"]
        raise
    faults = []
    if not facts.get("is_member"):
        faults.append(f"the bot is not in {channel}: invite it there")
    if facts.get("is_archived"):
        faults.append(f"{channel} is archived")
    if facts.get("is_ext_shared"):
        faults.append(f"{channel} is shared with another organisation")
    return faults
