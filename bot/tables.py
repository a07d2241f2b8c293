"""``[providers.*]``: the shape of each vendor's table, and what a rule has to know of it."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from bot.reading_tables import CoinsPhReadingTable, KriptomatReadingTable, OakReadingTable
from bot.setting_types import Amount, Duration, Percent, Table
from providers import coins_ph_paths, oak_paths
from providers.addresses import pinned
from providers.kriptomat_paths import Asset, Word


@dataclass(frozen=True, slots=True)
class Offer:
    """What a provider can be asked for, as far as a rule has to know: which currencies it is paid
    in, which assets it sells, and whether it can tell a price."""

    currencies: frozenset[str]
    assets: frozenset[str]
    tells_price: bool


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
    reading: KriptomatReadingTable = KriptomatReadingTable()

    @property
    def offer(self) -> Offer:
        return Offer(frozenset({"EUR"}), frozenset(self.assets), tells_price=self.quote != "none")


class OakTable(Table):
    """``[providers.oak]``."""

    base_url: Annotated[str, AfterValidator(pinned)] = "https://payments.oaknetwork.org"
    provider: oak_paths.Name
    payment_method: oak_paths.Name
    customer_id: UUID
    currency: oak_paths.Currency = "usd"
    asset: Asset = "usdc"
    amount_unit: Literal["minor", "major"]
    minimum: Amount | None = None
    fee_allowance: Percent = Decimal(0)
    first_order_at_most: Amount | None = None
    reading: OakReadingTable = OakReadingTable()

    @property
    def offer(self) -> Offer:
        currencies = frozenset({self.currency.upper()})
        return Offer(currencies, frozenset({self.asset}), tells_price=False)


class CoinsPhTable(Table):
    """``[providers.coins_ph]``."""

    base_url: Annotated[str, AfterValidator(pinned)] = "https://coins.ph"
    quote_url: Annotated[str, AfterValidator(pinned)] = "https://quote.coins.ph"
    payment_method: coins_ph_paths.Outlet
    target_account_id: coins_ph_paths.Word | None = None
    targets: dict[coins_ph_paths.Name, coins_ph_paths.Address] = Field(default_factory=dict)
    send_rate: bool = False
    quote: Literal["market", "buyquote", "none"] = "market"
    fee_allowance: Percent = Decimal(0)
    first_order_at_most: Amount | None = None
    reading: CoinsPhReadingTable = CoinsPhReadingTable()

    @property
    def offer(self) -> Offer:
        return Offer(frozenset({"PHP"}), frozenset({"btc"}), tells_price=self.quote != "none")


class Providers(Table):
    """A provider is enabled when its table stands here."""

    kriptomat: KriptomatTable | None = None
    coins_ph: CoinsPhTable | None = None
    oak: OakTable | None = None
