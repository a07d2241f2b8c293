"""Read the configuration once, at start, and say everything that is wrong with it at once.

A fault is one sentence: which setting, what is wrong, what to do. A policy that could never work
(an empty group, a rule behind a wider one, more approvals than people) is a fault of start-up, not
a surprise on the day somebody wants to buy.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_settings import SettingsError

from bot.budget_faults import budget_faults
from bot.complaints import Faulty, sentences
from bot.domain.budgets import Budget
from bot.domain.policy import Policy, Requirement, Rule
from bot.domain.routines import Routine
from bot.domain.windows import rolling
from bot.policy_faults import policy_faults
from bot.settings import BudgetTable, Environment, File, RuleTable
from bot.vendors import VENDORS
from providers.addresses import pinned

__all__ = ["Config", "Faulty", "config_of", "environment", "load", "policy_of"]

SECRET_PLACES = ("CREDENTIALS_DIRECTORY",)
RUN_SECRETS = Path("/run/secrets")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything the bot is told from outside."""

    policy: Policy
    timezone: ZoneInfo
    digest: Routine | None
    """When the channel is told what stands; None: never."""
    channel: str
    database: Path
    slack_api_url: str
    slack_bot_token: SecretStr
    slack_app_token: SecretStr
    listen: tuple[str, int] | None = None
    """Host and port of ``/healthz`` and ``/metrics``, on loopback; None: nothing listens."""
    notify_socket: str | None = None
    vendors: Mapping[str, BaseModel]
    """The settings of every provider that is enabled, by its name."""


def environment() -> Environment:
    """The process's environment and secret files; the only reader of ``os.environ``.

    Raises Faulty when a file of secrets cannot be read.
    """
    places = [os.environ[name] for name in SECRET_PLACES if os.environ.get(name)]
    folders = [folder for folder in (*map(Path, places), RUN_SECRETS) if folder.is_dir()]
    try:
        return Environment(_secrets_dir=folders or None)  # type: ignore[call-arg] # pydantic's own
    except (OSError, ValueError, SettingsError):
        where = ", ".join(map(str, folders))
        raise Faulty([f"{where}: the files of secrets cannot be read"]) from None


def load(env: Environment, path: Path | None = None) -> Config:
    """Read the file and put it together with the environment. Raises Faulty."""
    path = path or env.countersign_config
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        todo = "copy countersign.example.toml there, or name another with --config"
        raise Faulty([f"{path}: there is no such file; {todo}"]) from None
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise Faulty([f"{path}: the configuration cannot be read ({why})"]) from None
    return config_of(text, env)


def config_of(text: str, env: Environment) -> Config:
    """The configuration in this TOML text. Raises Faulty with all faults."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Faulty([f"the configuration is not TOML: {error}"]) from None
    faults: list[str] = []
    file = None
    try:
        file = File.model_validate(data)
    except ValidationError as error:
        faults += sentences(error)
    else:
        faults += [*policy_faults(file), *budget_faults(file)]
    faults += _environment_faults(env)
    named = data.get("providers")
    for vendor in VENDORS:
        if isinstance(named, dict) and vendor.name in named:
            faults += vendor.missing_secrets(env)
    vendors: dict[str, BaseModel] = {}
    if file is not None:
        faults += _vendors(file, env, vendors)
    if faults:
        raise Faulty(faults)
    assert file is not None, "without faults it was read"
    assert env.slack_bot_token is not None, "checked with the tokens"
    assert env.slack_app_token is not None, "checked with the tokens"
    return Config(
        policy=policy_of(file),
        timezone=ZoneInfo(file.team.timezone),
        digest=file.slack.digest,
        channel=file.slack.channel,
        database=Path(env.countersign_database),
        slack_api_url=env.slack_api_url.rstrip("/") + "/",
        slack_bot_token=env.slack_bot_token,
        slack_app_token=env.slack_app_token,
        listen=None if file.operations is None else file.operations.listen,
        notify_socket=env.notify_socket,
        vendors=vendors,
    )


def _vendors(file: File, env: Environment, found: dict[str, BaseModel]) -> Iterator[str]:
    """Put the settings of every enabled vendor together; what is wrong with them."""
    for vendor in VENDORS:
        table = getattr(file.providers, vendor.name)
        if table is None:
            continue
        try:
            found[vendor.name] = vendor.settings(table, env)
        except Faulty as error:
            yield from error.faults
    if all(table is None for _, table in file.providers):
        yield "providers: no provider is enabled; add a table such as [providers.kriptomat]"


def policy_of(file: File) -> Policy:
    """The rules as the domain knows them."""
    return Policy(
        groups=dict(file.groups),
        rules=tuple(_rule(table) for table in file.rules),
        readers=file.team.readers,
        operators=file.team.operators,
        budgets=tuple(_budget(table, file.team.timezone) for table in file.budgets),
        expires_after=file.approval.expires_after,
        remind_after=file.approval.remind_after,
        valid_for=file.approval.valid_for,
        max_price_drift=file.approval.max_price_drift,
    )


def _rule(table: RuleTable) -> Rule:
    return Rule(
        name=table.name,
        up_to=table.up_to,
        approvals=tuple(Requirement(group=one.group, count=one.count) for one in table.approvals),
        requesters=table.requesters,
        providers=table.providers,
        assets=table.assets,
        quote_required=table.quote == "required",
        require_reason=table.require_reason,
    )


def _budget(table: BudgetTable, zone: str) -> Budget:
    return Budget(
        name=table.name,
        limit=table.limit,
        per=table.per,
        # A rolling window knows no midnight, so the team's zone is none of its terms.
        zone="UTC" if rolling(table.per) else zone,
        requesters=table.requesters,
        providers=table.providers,
        assets=table.assets,
    )


def _environment_faults(env: Environment) -> Iterator[str]:
    tokens = (
        ("SLACK_BOT_TOKEN", env.slack_bot_token, "xoxb-"),
        ("SLACK_APP_TOKEN", env.slack_app_token, "xapp-"),
    )
    for name, token, start in tokens:
        if token is None or not token.get_secret_value():
            yield f"{name} is not set"
        elif not token.get_secret_value().startswith(start):
            yield f"{name} does not begin with {start}: it is another kind of token"
        elif not re.fullmatch(r"[!-~]+", token.get_secret_value()):
            yield f"{name} holds a space, a line break or another character that no token has"
    try:
        pinned(env.slack_api_url)
    except ValueError:
        # The tokens travel there: a typing mistake must not send them to anybody in the clear.
        yield "SLACK_API_URL must be https:// and a host (http:// only on this machine)"
    if env.countersign_database.startswith(("postgresql:", "postgres:")):
        yield "COUNTERSIGN_DATABASE: PostgreSQL comes with a later version; name a file"
    elif not env.countersign_database.strip():
        yield "COUNTERSIGN_DATABASE is empty; name a file"
