"""What the operator says about Kriptomat, and what we assume where its documents are silent.

``KriptomatSettings`` is the configuration. ``KriptomatReading`` is the one table of paths and
shapes: each entry says whether the vendor documents it or whether it is our reading, and each can
be overridden, so that a difference found on the first live day is a line of configuration.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from bot.domain.money import ASSET, Money
from providers.addresses import pinned
from providers.base import Progress
from providers.onetime import OneTimeCodes

LOGIN_PATHS = MappingProxyType(
    {
        "partners": "/api/v1/partners/auth/login",  # documented: Login page, current
        "old": "/v1/auth/login",  # documented: both older pages
    }
)

STATES = MappingProxyType(
    {
        "SUCCESS": Progress.COMPLETED,
        "PENDING": Progress.UNDERWAY,
        "ERROR": Progress.FAILED,
    }
)
"""Documented (webhook page): the only status words. Any other is UNDERWAY, with its word kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KriptomatReading:
    """Paths (``{user_id}`` is filled in) and shapes; every one can be overridden."""

    login_path: str | None = None
    """None: by ``login`` family of the settings, see ``LOGIN_PATHS``."""
    buy_path: str = "/api/v1/partners/users/{user_id}/buy"
    """Documented: Buy Order page."""
    transactions_path: str = "/api/v1/partners/users/{user_id}/transactions"
    """Path documented (User Transaction List page); the shape of its reply is our reading."""
    exchange_rate_path: str = "/api/v1/partners/exchange-rate"
    """Our reading: an Exchange Rate page exists, its path and reply are not known."""
    public_prices_path: str = "/public/prices"
    """Seen in third-party scripts, unauthenticated; its currency is not known."""
    spent_field: Literal["total", "subtotal"] = "total"
    """Our reading: the ordered amount is the row's total, fees included."""
    session_seconds: int = 3600
    """Documented: a session lasts 60 minutes. Also the longest that a token is kept."""
    pages_at_most: int = 200
    """Our reading: should the list be paged as Laravel does, so many pages are read."""
    settles_within: timedelta = timedelta(hours=2)
    """Our reading: how long a purchase usually takes; one that takes longer is called out."""
    calls_per_minute: int | None = 60
    """Our reading: a limit is likely and its value is not known. None: as fast as we like."""


Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Asset = Annotated[str, StringConstraints(pattern=rf"^{ASSET.pattern}$")]
"""A code that people can type: ``btc``."""


def _decodes(secret: SecretStr) -> SecretStr:
    OneTimeCodes(secret.get_secret_value())
    return secret


class KriptomatSettings(BaseModel):
    """Raises pydantic.ValidationError for what cannot work; its text shows no secret."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    base_url: Annotated[str, AfterValidator(pinned)] = "https://api.kriptomat.io"
    user_id: Word
    """The partner's end user at Kriptomat whose EUR balance is spent."""
    assets: frozenset[Asset] = Field(min_length=1)
    """Lower-case codes, such as ``btc``; the pair sent is ``btceur``."""
    quote: Literal["none", "exchange-rate", "public-prices"] = "none"
    key_lifetime: timedelta = Field(default=timedelta(hours=1), gt=timedelta(0))
    """Unknown at the vendor: how long a resend of the same key is taken to be harmless."""
    fee_allowance: Decimal = Field(default=Decimal(0), ge=0, lt=1)
    first_order_at_most: Money | None = None
    """The cap on an order until one has been completed here."""
    login: Literal["partners", "old"] = "partners"
    reading: KriptomatReading = KriptomatReading()

    email: SecretStr
    password: SecretStr
    client_id: SecretStr
    client_secret: SecretStr
    totp_secret: Annotated[SecretStr, AfterValidator(_decodes)]
    """Base32, as shown when the second factor was set up."""

    @property
    def login_path(self) -> str:
        return self.reading.login_path or LOGIN_PATHS[self.login]

    def path(self, template: str) -> str:
        return template.replace("{user_id}", self.user_id)
