"""What Coins.ph tells before an order: its price, what it costs with fees, who takes how much.

Documented: the market's ask, the quote for an amount with what each outlet adds to it, and the
outlets with their limits. Nothing of it locks a price, and a quote has no number of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_UP, Decimal
from typing import Any

from bot.domain.amounts import grouped
from bot.domain.money import Money
from bot.domain.quotes import Quote
from providers.base import Purchase, Refused, Unavailable
from providers.coins_ph_lists import WIDE, Lists
from providers.coins_ph_paths import CoinsPhSettings
from providers.coins_ph_wish import outlet_of
from providers.coins_ph_words import read_fields, read_market
from providers.http import Http
from providers.replies import number

SATOSHI = Decimal("0.00000001")

CLOSED = (False, 0, "0", "false", "False")
"""Documented: ``available`` is true or false; our reading: text is taken as well."""


class Prices:
    """Asks the public pages; the outlets are read as the account sees them."""

    def __init__(
        self,
        settings: CoinsPhSettings,
        *,
        http: Http,
        market: Http,
        lists: Lists,
        now: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._http = http
        self._market = market
        self._lists = lists
        self._now = now

    async def quote(self, purchase: Purchase) -> Quote:
        """By the configured source. The market knows no fees; its ask is good for 30 seconds."""
        source = self._settings.quote
        if source == "none":
            raise Refused("Coins.ph has no price source configured")
        if (purchase.asset, purchase.currency) != ("btc", "PHP"):
            raise Refused("Coins.ph sells btc for PHP only")
        if source == "buyquote":
            told = await self._buyquote(purchase)
        else:
            reply = await self._market.read(self._settings.reading.market_path)
            told = Told(rate=read_market(read_fields(reply, self._now())))
        return Quote(
            price=told.rate,
            asset=purchase.asset,
            currency=purchase.currency,
            provider="coins_ph",
            at=self._now(),
            source=source,
            fee=told.fee,
            total=told.total,
        )

    async def takes(self, purchase: Purchase, *, price: Decimal | None) -> str:
        """The outlet takes this amount: its name. Raises Refused with what would do.

        Our reading: the limits are for what is ordered, without fees.
        """
        outlet = await self._lists.outlet(outlet_of(self._settings, purchase))
        if outlet.notice:
            raise Refused(
                f"the outlet {outlet.name} is closed at Coins.ph ({outlet.notice}):"
                " name another one with using"
            )
        spend, pesos = purchase.spend, None
        if isinstance(spend, Money):
            pesos = spend.amount
        elif price is not None:
            pesos = spend.amount * price
        if pesos is not None and not outlet.takes(pesos, stepwise=isinstance(spend, Money)):
            shown = grouped(Decimal(f"{pesos:.2f}"))
            raise Refused(
                f"{outlet.name} takes {outlet.limits} at Coins.ph, and this is {shown} PHP:"
                " ask for an amount that it takes, or name another outlet with using"
            )
        return outlet.name

    async def _buyquote(self, purchase: Purchase) -> "Told":
        """What the purchase costs, at its outlet.

        Only an amount of bitcoin is documented as a question. Where an amount in pesos is answered
        with another one, as much bitcoin as it buys at the rate of that answer is asked about.
        """
        reading, spend = self._settings.reading, purchase.spend
        if not isinstance(spend, Money):
            return await self._of_bitcoin(purchase, spend.amount)
        told = await self._asked(purchase, reading.buyquote_money_field, spend.text)
        if told.is_of_pesos(spend.amount, reading.amount_slack):
            return told
        satoshis = WIDE.divide(spend.amount, told.rate).quantize(SATOSHI, ROUND_UP, WIDE)
        return await self._of_bitcoin(purchase, satoshis)

    async def _of_bitcoin(self, purchase: Purchase, amount: Decimal) -> "Told":
        told = await self._asked(purchase, "btc_amount", f"{amount:f}")
        if told.quantity not in {None, amount}:
            raise Unavailable("Coins.ph's quote is for another amount than was asked about")
        return told

    async def _asked(self, purchase: Purchase, field: str, amount: str) -> "Told":
        reading = self._settings.reading
        path = f"{reading.buyquote_path}?{field}={amount}&currency=PHP"
        reply = await self._http.read(path, template=reading.buyquote_path)
        outlet = outlet_of(self._settings, purchase)
        told = read_buyquote(read_fields(reply, self._now()), outlet)
        if not told.available:
            # The outlet's own page says better why: it is not known, closed, or has limits.
            name = await self.takes(purchase, price=told.rate)
            raise Refused(f"{name} is not available at Coins.ph now: name another one with using")
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A price, and where the quote told them the figures of one outlet, in pesos."""

    rate: Decimal
    available: bool = True
    quantity: Decimal | None = None
    subtotal: Decimal | None = None
    fee: Decimal | None = None
    total: Decimal | None = None

    def is_of_pesos(self, amount: Decimal, slack: Decimal) -> bool:
        """Whether so many pesos are quoted: a parameter that is not known is ignored.

        Our reading: the fees come on top of the amount, or are within it.
        """
        told = [one for one in (self.subtotal, self.total) if one is not None]
        return any(abs(one - amount) <= slack for one in told)


def read_buyquote(fields: dict[str, Any], outlet: str) -> Told:
    """Documented (buyquote page): the rate, and by outlet two fees, the subtotal and the total.

    The larger counts where the total told is not the sum. Raises Unavailable.
    """
    quote = fields.get("quote")
    quote = quote if isinstance(quote, dict) else {}
    rate, outlets = number(quote.get("rate")), quote.get("outlets")
    if rate is None or rate <= 0 or quote.get("currency", "PHP") != "PHP":
        raise Unavailable("Coins.ph's quote of BTC in PHP is missing")
    if not isinstance(outlets, dict):
        raise Unavailable("Coins.ph's quote tells of no outlets")
    row = outlets.get(outlet)
    if not isinstance(row, dict) or row.get("available") in CLOSED:
        return Told(rate=rate, available=False)
    subtotal = number(row.get("subtotal"))
    fees = [number(row[name]) for name in ("coins_fee", "fee") if row.get(name) is not None]
    known = [one for one in fees if one is not None and one >= 0]
    if subtotal is None or subtotal <= 0 or len(known) < len(fees):
        raise Unavailable("Coins.ph's quote tells a cost that we cannot read")
    fee = sum(known, Decimal(0))
    total = max(number(row.get("total")) or Decimal(0), subtotal + fee)
    return Told(
        rate=rate,
        quantity=number(quote.get("btc_amount")),
        subtotal=subtotal,
        fee=fee,
        total=total,
    )
