"""What the operator says about Oak Network, and what we assume where its documents are silent.

``OakSettings`` is the configuration. ``OakReading`` is the one table of paths and meanings: each
entry says whether the vendor documents it or whether it is our reading, and each can be overridden,
so that a difference found on the first live day is a line of configuration.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from bot.domain.money import ASSET, Money, decimals_of
from providers.addresses import pinned
from providers.base import Progress

STATUSES = MappingProxyType(
    {
        "created": Progress.UNDERWAY,
        "awaiting_confirmation": Progress.AWAITING_PAYMENT,
        "processing": Progress.UNDERWAY,
        "captured": Progress.UNDERWAY,
        "succeeded": Progress.COMPLETED,
        "failed": Progress.FAILED,
        "canceled": Progress.FAILED,
        "canceled_after_completion": Progress.REVERSED,
    }
)
"""Five are documented, all stand in the vendor's SDK; what they mean here is our reading.

``captured`` says that money was taken, not that the asset has arrived: see ``captured_means``.
"""

SUB_STATUSES = MappingProxyType(
    {
        "awaiting_user_initiation": Progress.AWAITING_PAYMENT,
        "requires_action": Progress.AWAITING_PAYMENT,
        "on_ramp_successful": Progress.COMPLETED,
    }
)
"""Seen in the vendor's SDK: these say more than a status that is not final. Others change nothing.

``..._failed`` never ends an order by itself: the vendor may try again.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OakReading:
    """Paths (``{id}`` is filled in) and meanings; every one can be overridden."""

    grant_path: str = "/api/v1/merchant/token/grant"
    """Documented: Grant merchant token page."""
    buy_path: str = "/api/v1/wallets/trades/buy"
    """Documented: Create a wallet buy trade page."""
    transactions_path: str = "/api/v1/transactions"
    """Documented: List transactions page."""
    transaction_path: str = "/api/v1/transactions/{id}"
    """Documented: Get transaction details page."""
    metadata_key: str = "client_order_id"
    """Our choice: metadata is documented as free, stored and echoed; under this name stands our
    key."""
    buy_type: str = "buy"
    """Our reading: the ``type`` of a wallet trade; nothing is taken for absent because of it."""
    list_by_customer: bool = False
    """Seen in the SDK, not documented: let the list be filtered by ``customer_id``."""
    list_limit: int = 50
    """Rows that are asked for at once. Documented: 10 unless told, at least 1; the most is not."""
    pages_at_most: int = 200
    """Our choice: a list longer than so many pages is not read to its end, and says so."""
    captured_means: Literal["underway", "completed"] = "underway"
    """Our reading: documented as "payment captured", and shown as the state of a fresh buy."""
    awaiting_means: Literal["awaiting payment", "underway"] = "awaiting payment"
    """Our reading of ``awaiting_confirmation`` and of the sub-statuses that ask for an action."""
    destination_decimals: int | None = None
    """Not documented: ``destination.amount`` counts units of 10^-n of the asset (0: whole ones).
    None: it is kept as it came and no quantity is told."""
    session_seconds: int = 3600
    """Our choice: the longest that a token is kept, whatever the vendor says of its life."""
    milliseconds_from: int = 86_400
    """Our reading: the vendor's pages say seconds and milliseconds; from here on it must be the
    latter. Asked only of a token that does not tell its own end."""
    listing_lag: timedelta = timedelta(minutes=2)
    """Our reading: how long a purchase may be missing from the list."""
    settles_within: timedelta = timedelta(days=3)
    """Our reading: how long a purchase usually takes; one that takes longer is called out."""
    calls_per_minute: int | None = 60
    """Our reading: a limit is likely and its value is not known. None: as fast as we like."""


def _code(text: str) -> str:
    """A currency in lower case, as the vendor writes it."""
    decimals_of(text.upper())
    return text.lower()


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
Currency = Annotated[str, AfterValidator(_code)]
Asset = Annotated[str, StringConstraints(pattern=rf"^{ASSET.pattern}$")]


class OakSettings(BaseModel):
    """Raises pydantic.ValidationError for what cannot work; its text shows no secret."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    base_url: Annotated[str, AfterValidator(pinned)] = "https://payments.oaknetwork.org"
    provider: Name
    """Who trades behind Oak, such as ``bridge``."""
    payment_method: Name
    customer_id: UUID
    """Whose money is spent and whose wallet receives."""
    currency: Currency = "usd"
    asset: Asset = "usdc"
    """What the customer's wallet receives. The call cannot choose it."""
    amount_unit: Literal["minor", "major"]
    """Whether 25 USD is sent as 2500 or as 25. Not documented on this route, so it must be said."""
    minimum: Decimal | None = Field(default=None, gt=0)
    """The smallest order, in major units, where known."""
    fee_allowance: Decimal = Field(default=Decimal(0), ge=0, lt=1)
    first_order_at_most: Money | None = None
    """The cap on an order until one has been completed here."""
    reading: OakReading = OakReading()

    client_id: SecretStr
    client_secret: SecretStr

    @property
    def shift(self) -> int:
        """Decimal places between what is sent and major units: 2 for cents."""
        return decimals_of(self.currency.upper()) if self.amount_unit == "minor" else 0
