"""``[providers.*.reading]``: corrections to what the vendors do not document.

Every entry of a vendor's own table of readings can be corrected, and nothing else; what is left out
stays as it is there.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from bot.setting_types import Duration, ItemPath, Table, UrlPath, UrlPathAndQuery, Word

Pace = Annotated[int, Field(ge=1, le=6000, strict=True)]
"""Calls a minute."""
Rows = Annotated[int, Field(ge=1, le=1000, strict=True)]
Pages = Annotated[int, Field(ge=1, le=10_000, strict=True)]
Seconds = Annotated[int, Field(ge=60, le=86_400, strict=True)]


class KriptomatReadingTable(Table):
    """As ``providers.kriptomat_paths.KriptomatReading``."""

    login_path: UrlPath | None = None
    buy_path: UrlPath | None = None
    transactions_path: UrlPath | None = None
    exchange_rate_path: UrlPathAndQuery | None = None
    public_prices_path: UrlPathAndQuery | None = None
    spent_field: Literal["total", "subtotal"] | None = None
    session_seconds: Seconds | None = None
    pages_at_most: Pages | None = None
    settles_within: Duration | None = None
    calls_per_minute: Pace | None = None


class CoinsPhReadingTable(Table):
    """As ``providers.coins_ph_paths.CoinsPhReading``."""

    order_path: UrlPath | None = None
    outlets_path: UrlPathAndQuery | None = None
    outlet_fees_path: UrlPathAndQuery | None = None
    accounts_path: UrlPathAndQuery | None = None
    market_path: UrlPathAndQuery | None = None
    buyquote_path: UrlPath | None = None
    buyquote_money_field: Word | None = None
    header_style: Literal["underscore", "hyphen"] | None = None
    amount_form: Literal["text", "number"] | None = None
    on_401: Literal["unavailable", "again", "uncertain"] | None = None
    list_key: Word | None = None
    list_limit: Rows | None = None
    paging: Literal["offset", "none"] | None = None
    pages_at_most: Pages | None = None
    currency_amount_has_fees: bool | None = None
    amount_slack: Decimal | None = Field(default=None, ge=0, le=100)
    payment_window: Duration | None = None
    listing_lag: Duration | None = None
    settles_within: Duration | None = None
    calls_per_minute: Pace | None = None


class OakReadingTable(Table):
    """As ``providers.oak_paths.OakReading``."""

    grant_path: UrlPath | None = None
    buy_path: UrlPath | None = None
    transactions_path: UrlPath | None = None
    transaction_path: ItemPath | None = None
    metadata_key: Word | None = None
    buy_type: Word | None = None
    list_by_customer: bool | None = None
    list_limit: Rows | None = None
    pages_at_most: Pages | None = None
    captured_means: Literal["underway", "completed"] | None = None
    awaiting_means: Literal["awaiting payment", "underway"] | None = None
    destination_decimals: int | None = Field(default=None, ge=0, le=18, strict=True)
    session_seconds: Seconds | None = None
    milliseconds_from: int | None = Field(default=None, ge=1, strict=True)
    listing_lag: Duration | None = None
    settles_within: Duration | None = None
    calls_per_minute: Pace | None = None
