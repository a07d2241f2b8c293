"""``countersign doctor``: is everything there that the bot needs? One finding a line.

It changes nothing: the database is only read, the provider is only logged in to.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.budget_faults import never_in_full
from bot.clients import make_providers
from bot.clock import SystemClock
from bot.config import Config, Faulty, load
from bot.domain.people import Standing, is_usergroup
from bot.people import SlackDirectory
from bot.refusals import UNREACHABLE, code_of
from bot.settings import Environment
from bot.slack import (
    SLACK_SECONDS,
    channel_faults,
    identify,
    slack_client,
    try_app_token,
)
from bot.workflow.desk import Unreachable
from commands.words import budgets as words
from providers.base import ProviderError
from storage.build import sqlite_build, wal_reset_fixed
from storage.files import check_file


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is good, and a sentence."""

    good: bool
    what: str
    says: str

    @property
    def line(self) -> str:
        return f"{'ok  ' if self.good else 'FAIL'}  {self.what:<14} {self.says}"


async def examine(env: Environment, path: Path | None) -> AsyncIterator[Finding]:
    """Look at everything; without a readable configuration there is nothing more to look at."""
    try:
        config = load(env, path)
    except Faulty as error:
        for sentence in error.faults:
            yield Finding(good=False, what="configuration", says=sentence)
        return
    name = path or env.countersign_config
    yield Finding(good=True, what="configuration", says=f"{name} is complete")
    yield _policy(config)
    yield _budgets(config)
    yield _sqlite()
    fault: str | None = await asyncio.to_thread(check_file, config.database)
    yield Finding(good=fault is None, what="database", says=f"{config.database}: {fault or 'fine'}")
    timeout = aiohttp.ClientTimeout(total=SLACK_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        async for finding in _slack(config, slack_client(config, session)):
            yield finding
    async for finding in _providers(config):
        yield finding


def _policy(config: Config) -> Finding:
    rules = ", ".join(f"{rule.name} (up to {rule.up_to.human})" for rule in config.policy.rules)
    return Finding(good=True, what="policy", says=rules)


def _budgets(config: Config) -> Finding:
    told = [f"{one.name} ({words.limit(one)})" for one in config.policy.budgets]
    says = ", ".join(told) or "none, so that only the rules limit"
    return Finding(good=True, what="budgets", says="; ".join([says, *never_in_full(config.policy)]))


def _sqlite() -> Finding:
    version, module = sqlite_build()
    parts = tuple(int(part) for part in version.split("."))
    if wal_reset_fixed(parts):
        return Finding(good=True, what="sqlite", says=f"{version} ({module})")
    slow = f"{version} ({module}) has a fault that can lose what was written; the bot avoids it by"
    mended = "writing four times slower, until `pip install pysqlite3` brings a newer one"
    return Finding(good=True, what="sqlite", says=f"{slow} {mended}")


async def _slack(config: Config, client: AsyncWebClient) -> AsyncIterator[Finding]:
    try:
        identity = await identify(client)
    except SlackApiError as error:
        yield Finding(good=False, what="slack", says=_refused("SLACK_BOT_TOKEN", error))
        return
    except UNREACHABLE as error:
        yield Finding(good=False, what="slack", says=_unreached(config, error))
        return
    yield Finding(good=True, what="slack", says=f"signed in to {identity.team_name}")
    missing = ", ".join(identity.missing_scopes)
    says = f"missing: {missing}; reinstall the app with manifest.yml" if missing else "complete"
    yield Finding(good=not missing, what="scopes", says=says)
    yield await _app_token(config, client)
    yield await _channel(config, client)
    async for finding in _people(config, client, identity.team):
        yield finding


def _refused(token: str, error: SlackApiError) -> str:
    """What to do about it, by Slack's own word."""
    return f"{token} is refused ({code_of(error)}): copy it anew from the app's page at Slack"


def _unreached(config: Config, error: Exception) -> str:
    why = type(error).__name__
    return f"{config.slack_api_url} cannot be reached ({why}): look at the network and its proxy"


async def _app_token(config: Config, client: AsyncWebClient) -> Finding:
    try:
        await try_app_token(client, config)
    except SlackApiError as error:
        says = _refused("SLACK_APP_TOKEN", error)
        return Finding(good=False, what="socket mode", says=says)
    except UNREACHABLE as error:
        return Finding(good=False, what="socket mode", says=_unreached(config, error))
    return Finding(good=True, what="socket mode", says="a connection can be opened")


async def _channel(config: Config, client: AsyncWebClient) -> Finding:
    try:
        faults = await channel_faults(client, config.channel)
    except SlackApiError as error:
        faults = [f"{config.channel}: {code_of(error)}"]
    except UNREACHABLE as error:
        faults = [f"{config.channel}: {_unreached(config, error)}"]
    says = "; ".join(faults) or f"{config.channel} takes cards"
    return Finding(good=not faults, what="channel", says=says)


async def _people(config: Config, client: AsyncWebClient, team: str) -> AsyncIterator[Finding]:
    directory = SlackDirectory(client, SystemClock(), config.policy.usergroups)
    try:
        await directory.fill(team)
    except Unreachable as error:
        yield Finding(good=False, what="people", says=f"Slack does not tell: {error}")
        return
    roster = directory.roster
    for name, ids in config.policy.groups.items():
        strange = [
            f"{one} is {roster.standing(one).value}"
            for one in ids
            if not is_usergroup(one) and roster.standing(one) is not Standing.MEMBER
        ]
        members = len(roster.members(ids))
        says = f"{name}: {members} people" + (f"; {', '.join(strange)}" if strange else "")
        yield Finding(good=not strange and members > 0, what="group", says=says)


async def _providers(config: Config) -> AsyncIterator[Finding]:
    for name, provider in make_providers(config, SystemClock()).items():
        try:
            says, good = await provider.check(), True
        except ProviderError as error:
            says, good = error.in_full, False
        finally:
            await provider.aclose()
        if provider.sheet.caution:
            says = f"{says}. {provider.sheet.caution}"
        yield Finding(good=good, what=name, says=says)
