"""The shape of ``countersign.toml`` and of the environment, and how each text becomes a value.

Nothing here decides: ``bot.config`` checks that the whole makes sense. Secrets come from the
environment or from files of the same names in lower case; the TOML file has no place for one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.money import BadAmount, Money, parse_amount
from providers.addresses import pinned
from providers.kriptomat_paths import Asset, Word

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(text: object) -> timedelta:
    """``30m``, ``8h``, ``1d``."""
    match = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", text) if isinstance(text, str) else None
    if match is None:
        raise ValueError('write a duration such as "30m" or "8h"')
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def percent(text: object) -> Decimal:
    """``3%`` as the fraction 0.03."""
    pattern = r"([0-9]{1,2}(?:\.[0-9]{1,4})?)%"
    match = re.fullmatch(pattern, text) if isinstance(text, str) else None
    if match is None:
        raise ValueError('write a percentage such as "3%"')
    return Decimal(match[1]) / 100


def money(text: object) -> Money:
    """``1000 EUR``."""
    parts = text.split() if isinstance(text, str) else []
    try:
        amount, currency = parts
        return Money.of(parse_amount(amount), currency)
    except BadAmount as bad:
        raise ValueError(f'"{bad.text}" is not an amount ({bad.kind.replace("_", " ")})') from None
    except ValueError:
        raise ValueError('write an amount such as "1000 EUR"') from None


def time_zone(text: str) -> str:
    """``Europe/Ljubljana``, as the tz database writes it."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError(f'"{text}" is not a time zone such as "Europe/Ljubljana"') from None
    return text


def written_as(pattern: str, such: str) -> Callable[[str], str]:
    """A check that asks for ``such`` a text; what was given is not repeated."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise ValueError(f"write {such}")
        return text

    return check


Duration = Annotated[timedelta, BeforeValidator(duration)]
Percent = Annotated[Decimal, BeforeValidator(percent)]
Amount = Annotated[Money, BeforeValidator(money)]
Person = Annotated[str, AfterValidator(written_as(r"[UW][A-Z0-9]{2,20}", 'a user id like "U0ANA"'))]
PersonOrGroup = Annotated[
    str,
    AfterValidator(
        written_as(r"[UWS][A-Z0-9]{2,20}", 'a user id like "U0ANA" or a user group like "S0BOARD"')
    ),
]
Channel = Annotated[
    str, AfterValidator(written_as(r"[CG][A-Z0-9]{2,20}", 'a channel id like "C0TREASURY"'))
]
Name = Annotated[
    str,
    AfterValidator(
        written_as(
            r"[A-Za-z0-9][A-Za-z0-9 _-]{0,39}", "a name of at most 40 plain letters and digits"
        )
    ),
]

_PATH = r"/(?!/)(?:[A-Za-z0-9._~/-]|\{user_id\})*"
# It is glued to the base URL, and credentials travel there: without its slash "api.example" and
# "x/login" would be another host.
UrlPath = Annotated[str, AfterValidator(written_as(_PATH, 'a path like "/api/v1/buy"'))]
UrlPathAndQuery = Annotated[
    str,
    AfterValidator(
        written_as(
            _PATH + r"(?:\?[A-Za-z0-9._~=&-]*)?", 'a path like "/rates" or "/rates?currency=EUR"'
        )
    ),
]


class Table(BaseModel):
    """A table of the file: every key is known, or the file is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Team(Table):
    """``[team]``."""

    timezone: Annotated[str, AfterValidator(time_zone)] = "UTC"
    operators: tuple[Person, ...] = ()
    readers: tuple[Name, ...] | None = None


class Slack(Table):
    """``[slack]``."""

    channel: Channel


class Approval(Table):
    """``[approval]``."""

    expires_after: Duration = timedelta(hours=8)
    valid_for: Duration = timedelta(hours=1)
    max_price_drift: Percent = Decimal("0.03")


class ApprovalOf(Table):
    """``{ from = "approvers", count = 1 }``."""

    group: Name = Field(alias="from")
    count: int = Field(ge=1, le=50, strict=True)


class RuleTable(Table):
    """``[[rules]]``."""

    name: Name
    up_to: Amount
    approvals: tuple[ApprovalOf, ...] = Field(min_length=1)
    requesters: tuple[Name, ...] | None = Field(default=None, min_length=1)
    providers: tuple[str, ...] | None = Field(default=None, min_length=1)
    assets: tuple[str, ...] | None = Field(default=None, min_length=1)
    quote: Literal["if possible", "required"] = "if possible"
    require_reason: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What a provider can be asked for, as far as a rule has to know: which currencies it is paid
    in, which assets it sells, and whether it can tell a price."""

    currencies: frozenset[str]
    assets: frozenset[str]
    tells_price: bool


class KriptomatReading(Table):
    """``[providers.kriptomat.reading]``: corrections to what the vendor does not document."""

    login_path: UrlPath | None = None
    buy_path: UrlPath | None = None
    transactions_path: UrlPath | None = None
    exchange_rate_path: UrlPathAndQuery | None = None
    public_prices_path: UrlPathAndQuery | None = None
    spent_field: Literal["total", "subtotal"] | None = None
    calls_per_minute: int | None = Field(default=None, ge=1, le=6000, strict=True)


class KriptomatTable(Table):
    """``[providers.kriptomat]``."""

    base_url: Annotated[str, AfterValidator(pinned)] = "https://api.kriptomat.io"
    user_id: Word
    assets: tuple[Asset, ...] = Field(min_length=1)
    quote: Literal["none", "exchange-rate", "public-prices"] = "none"
    key_lifetime: Duration = timedelta(hours=1)
    fee_allowance: Percent = Decimal(0)
    first_order_at_most: Amount | None = None
    login: Literal["partners", "old"] = "partners"
    reading: KriptomatReading = KriptomatReading()

    @property
    def offer(self) -> Offer:
        return Offer(frozenset({"EUR"}), frozenset(self.assets), tells_price=self.quote != "none")


class Providers(Table):
    """``[providers.*]``: a provider is enabled when its table stands here."""

    kriptomat: KriptomatTable | None = None


class File(Table):
    """The whole file."""

    team: Team = Team()
    slack: Slack
    approval: Approval = Approval()
    groups: dict[Name, tuple[PersonOrGroup, ...]] = Field(min_length=1)
    rules: tuple[RuleTable, ...] = Field(min_length=1)
    providers: Providers


LATER = {
    "budgets": "budgets come with a later version",
    "slack.digest": "the digest comes with a later version",
    "approval.remind_after": "reminders to approvers come with a later version",
    "providers.coins_ph": "Coins.ph comes with a later version",
    "providers.oak": "Oak Network comes with a later version",
}
"""Settings of the agreed file that this version cannot honour yet, and so refuses."""


class Environment(BaseSettings):
    """Environment variables, or files of the same names in lower case (systemd, containers)."""

    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    countersign_config: Path = Path("countersign.toml")
    countersign_database: str = "countersign.db"
    kriptomat_email: SecretStr | None = None
    kriptomat_password: SecretStr | None = None
    kriptomat_client_id: SecretStr | None = None
    kriptomat_client_secret: SecretStr | None = None
    kriptomat_totp_secret: SecretStr | None = None
