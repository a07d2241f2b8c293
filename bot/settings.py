"""The shape of ``countersign.toml`` and of the environment, and how each text becomes a value.

Nothing here decides: ``bot.config`` checks that the whole makes sense. Secrets come from the
environment or from files of the same names in lower case; the TOML file has no place for one.
"""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.setting_types import (
    Amount,
    Channel,
    Digest,
    Duration,
    Loopback,
    Name,
    Percent,
    Person,
    PersonOrGroup,
    Table,
    Window,
    time_zone,
)
from bot.tables import Offer, Providers


class Team(Table):
    """``[team]``."""

    timezone: Annotated[str, AfterValidator(time_zone)] = "UTC"
    operators: tuple[Person, ...] = ()
    readers: tuple[Name, ...] | None = None


class Slack(Table):
    """``[slack]``."""

    channel: Channel
    digest: Digest | None = None


class Approval(Table):
    """``[approval]``."""

    expires_after: Duration = timedelta(hours=8)
    remind_after: Duration = timedelta(minutes=30)
    valid_for: Duration = timedelta(hours=1)
    max_price_drift: Percent = Decimal("0.03")


class Operations(Table):
    """``[operations]``: without it nothing listens."""

    listen: Loopback


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


class BudgetTable(Table):
    """``[[budgets]]``."""

    name: Name
    limit: Amount
    per: Window
    requesters: tuple[Name, ...] | None = Field(default=None, min_length=1)
    providers: tuple[str, ...] | None = Field(default=None, min_length=1)
    assets: tuple[str, ...] | None = Field(default=None, min_length=1)


class File(Table):
    """The whole file."""

    team: Team = Team()
    slack: Slack
    approval: Approval = Approval()
    operations: Operations | None = None
    groups: dict[Name, tuple[PersonOrGroup, ...]] = Field(min_length=1)
    rules: tuple[RuleTable, ...] = Field(min_length=1)
    budgets: tuple[BudgetTable, ...] = ()
    providers: Providers

    @property
    def offers(self) -> dict[str, Offer]:
        """What each enabled provider can be asked for, by its name."""
        return {name: table.offer for name, table in self.providers if table is not None}


class Environment(BaseSettings):
    """Environment variables, or files of the same names in lower case (systemd, containers)."""

    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    countersign_config: Path = Path("countersign.toml")
    countersign_database: str = "countersign.db"
    notify_socket: str | None = None
    """Where systemd wants to be told how we are; it sets this itself."""
    sudo_user: str | None = None
    """Whoever called sudo to work on the machine; sudo sets this itself."""
    kriptomat_email: SecretStr | None = None
    kriptomat_password: SecretStr | None = None
    kriptomat_client_id: SecretStr | None = None
    kriptomat_client_secret: SecretStr | None = None
    kriptomat_totp_secret: SecretStr | None = None
    coins_ph_api_key: SecretStr | None = None
    coins_ph_api_secret: SecretStr | None = None
    coins_ph_token: SecretStr | None = None
    oak_client_id: SecretStr | None = None
    oak_client_secret: SecretStr | None = None
