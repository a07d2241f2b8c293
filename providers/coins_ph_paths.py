"""What the operator says about Coins.ph, and what we assume where its documents are silent.

``CoinsPhSettings`` is the configuration. ``CoinsPhReading`` is the one table of paths and shapes:
each entry says whether the vendor documents it, whether it was seen in other people's programs, or
whether it is our reading. Each can be overridden, so that a difference found on the first live day
is a line of configuration. The documents are of 2019; the vendor may have retired all of it.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)

from bot.domain.money import Money
from providers.addresses import pinned
from providers.base import Progress

STATES = MappingProxyType(
    {
        "pending_payment": Progress.AWAITING_PAYMENT,
        "payment_received": Progress.UNDERWAY,
        "released": Progress.COMPLETED,
        "canceled": Progress.FAILED,
        "escrow_expired": Progress.FAILED,
    }
)
"""Documented (buyorder page): the only status words. Any other is UNDERWAY, with its word kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoinsPhReading:
    """Paths (``{id}`` is filled in) and shapes; every one can be overridden."""

    order_path: str = "/api/v2/buyorder"
    """Documented: buyorder page. The host of 2019 calls it ``/v1/buyorder``."""
    outlets_path: str = "/d/api/payin-outlets/"
    """Documented: payin-outlets page."""
    outlet_fees_path: str = "/d/api/payin-outlet-fees/"
    """Documented: payin-outlet-fees page; our reading: ``fee_percent`` is a fraction."""
    accounts_path: str = "/api/v3/crypto-accounts/?currency=BTC"
    """Documented: account balance page."""
    market_path: str = "/v1/markets/BTC-PHP"
    """Seen in many programs, at ``quote_url``; ``/v2/markets`` is documented and read as well."""
    buyquote_path: str = "/api/v2/buyquote"
    """Documented: buyquote page, public."""
    buyquote_money_field: str = "currency_amount"
    """Documented is ``btc_amount`` alone. Our reading: an amount in pesos is asked about as it is
    ordered; a quote that is for another amount is not believed, and bitcoin is asked about."""
    header_style: Literal["underscore", "hyphen"] = "underscore"
    """Both documented: ``ACCESS_KEY`` on the older pages, ``Access-Key`` on the newer one."""
    amount_form: Literal["text", "number"] = "text"
    """Documented: ``btc_amount`` is text and ``currency_amount`` a double; the sample sends a
    number. Our reading: text is taken for both, as the replies give it, and cannot be rounded."""
    on_401: Literal["unavailable", "again", "uncertain"] = "unavailable"
    """Our reading: 401 comes before execution, so the order waits and is sent later. ``again``:
    the same body once more at once, under a new nonce. ``uncertain``: it proves nothing."""
    list_key: str = "orders"
    """Seen: the name of the rows in the history."""
    list_limit: int = 50
    """Seen: ``limit`` and ``offset`` of the history; the most that is allowed is not known."""
    paging: Literal["offset", "none"] = "offset"
    """Our reading: the history is read until a page is empty. ``none``: one reply is all of it."""
    pages_at_most: int = 200
    """Our reading: a history that is longer is not read to its end, and says so."""
    currency_amount_has_fees: bool = False
    """Documented: the equivalent of the bitcoin at the rate. Whether that is all that is to be paid
    is not; one sample is two percent higher. Our reading: fees may come on top."""
    amount_slack: Decimal = Decimal(1)
    """Our reading: pesos are whole in the samples, so a row whose ``currency_amount`` is less than
    this away from what was ordered may be ours. 0: only the very amount."""
    payment_window: timedelta = timedelta(minutes=90)
    """Seen in one outlet's help text; the sample's is 60 minutes. ``expiration_time`` decides."""
    listing_lag: timedelta = timedelta(seconds=30)
    """Our reading: how long a new order may be missing from the history."""
    settles_within: timedelta = timedelta(days=1)
    """Our reading: how long a purchase usually takes; one that takes longer is called out."""
    calls_per_minute: int | None = 60
    """Our reading: a limit is likely and its value is not known. None: as fast as we like."""

    def __post_init__(self) -> None:
        """Raises ValueError: a page without rows would look like the end of the history."""
        if self.list_limit < 1 or self.pages_at_most < 1 or self.amount_slack < 0:
            raise ValueError("list_limit and pages_at_most begin at 1, amount_slack at 0")


Outlet = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
"""What people type after ``to``."""
Address = Annotated[
    str,
    StringConstraints(pattern=r"^(bc1[ac-hj-np-z02-9]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{24,34})$"),
]
"""A bitcoin address by its looks; its checksum is the vendor's to judge."""


def _sendable(secret: SecretStr | None) -> SecretStr | None:
    """None for what is empty. Raises ValueError for what cannot stand in a header."""
    text = "" if secret is None else secret.get_secret_value()
    if not (text.isascii() and text.isprintable()) or text != text.strip():
        raise ValueError("a credential is printable ASCII without blanks around it")
    return secret if text else None


Credential = Annotated[SecretStr | None, AfterValidator(_sendable)]


class CoinsPhSettings(BaseModel):
    """Raises pydantic.ValidationError for what cannot work; its text shows no secret."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    base_url: Annotated[str, AfterValidator(pinned)] = "https://coins.ph"
    quote_url: Annotated[str, AfterValidator(pinned)] = "https://quote.coins.ph"
    payment_method: Outlet
    """The payin outlet of an order that names none, such as ``bdo_deposit``."""
    target_account_id: Word | None = None
    """The Coins.ph wallet that is credited when no target is named; must be a BTC account."""
    targets: dict[Name, Address] = Field(default_factory=dict)
    """The address book: ``to cold``."""
    send_rate: bool = False
    """Send the price of the moment as ``rate`` (documented: optional). Its effect is not known."""
    quote: Literal["market", "buyquote", "none"] = "market"
    """``buyquote`` tells the fees of the outlet as well."""
    fee_allowance: Decimal = Field(default=Decimal(0), ge=0, lt=1)
    first_order_at_most: Money | None = None
    """The cap on an order until one has been completed here."""
    reading: CoinsPhReading = CoinsPhReading()

    api_key: Credential = None
    api_secret: Credential = None
    token: Credential = None

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        given = [one is not None for one in (self.api_key, self.api_secret, self.token)]
        if given not in ([True, True, False], [False, False, True]):
            raise ValueError("give api_key and api_secret, or token: exactly one way to log in")
        return self

    @model_validator(mode="after")
    def _somebody_is_credited(self) -> Self:
        if self.target_account_id is None and not self.targets:
            raise ValueError("give target_account_id, targets or both: somebody must be credited")
        return self

    @model_validator(mode="after")
    def _a_rate_is_read(self) -> Self:
        if self.send_rate and self.quote == "none":
            raise ValueError(
                'send_rate needs a price to send: set quote to "market" or "buyquote", or leave it'
                " out"
            )
        return self

    def order_path(self, ref: str | None = None) -> str:
        """The path of all orders, or of one."""
        return self.reading.order_path + (f"/{ref}" if ref is not None else "")
