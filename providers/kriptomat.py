"""Kriptomat: EUR from a funded balance, bought at market with one POST that carries our key.

Documented: the buy call with its required ``idempotency_key``, the login, the path of the user's
transaction list, and three status words. All else is our reading and stands in
``kriptomat_paths``. The reply to a buy is only an id; price, quantity and state come from the list,
whose rows carry no key of ours: a purchase whose reply was lost is found by pair, amount and time.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection
from contextlib import aclosing
from datetime import datetime

from bot.domain.capabilities import Health, Lookup, Sheet
from bot.domain.money import Money
from bot.domain.quotes import Quote
from providers.base import Draft, Found, Purchase, Refused, Report, Survey, Unavailable
from providers.http import Call, Deadlines, Http
from providers.kriptomat_auth import KriptomatSession
from providers.kriptomat_paths import KriptomatSettings
from providers.kriptomat_words import (
    read_fields,
    read_public_price,
    read_purchase,
    read_rate,
    read_rows,
    reports,
)
from providers.replies import Reply, number
from providers.surveys import Pages, is_since, walk


class Kriptomat:
    """The vendor behind ``providers.base.Provider``."""

    def __init__(
        self,
        settings: KriptomatSettings,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        deadlines: Deadlines | None = None,
        observe: Callable[[Call], None] | None = None,
    ) -> None:
        """``now`` is aware UTC; ``sleep`` waits for the next one-time code, in seconds."""
        self._settings = settings
        self._now = now
        self._http = Http(
            settings.base_url,
            vendor="kriptomat",
            now=now,
            calls_per_minute=settings.reading.calls_per_minute,
            deadlines=deadlines,
            observe=observe,
        )
        self._session = KriptomatSession(self._http, settings, now=now, sleep=sleep)
        self._sheet = Sheet(
            provider="kriptomat",
            title="Kriptomat",
            currencies=frozenset({"EUR"}),
            assets=settings.assets,
            key_lifetime=settings.key_lifetime,
            lookup=Lookup.ATTRIBUTES,
            credited=f"Kriptomat's user {settings.user_id}",
            quotes=settings.quote != "none",
            fee_allowance=settings.fee_allowance,
            looks_at="its list of transactions",
            survey_from=1,
            settles_within=settings.reading.settles_within,
            first_order_at_most=settings.first_order_at_most,
        )

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def health(self) -> Health:
        return self._http.health

    def draft(self, purchase: Purchase) -> Draft:
        """Documented (Buy Order page): ``{"amount":"250.00","pair":"btceur",...}``, always equal.

        Raises Refused for anything but an EUR amount of an asset that the settings name.
        """
        spend = purchase.spend
        if not isinstance(spend, Money):
            raise Refused("Kriptomat takes an amount in EUR, not a quantity of the asset")
        if spend.currency != "EUR" or purchase.currency != "EUR":
            raise Refused("Kriptomat takes EUR only")
        if spend.amount <= 0:
            raise Refused("Kriptomat takes amounts above zero")
        if purchase.outlet is not None or purchase.target is not None:
            raise Refused("Kriptomat knows neither outlets (using) nor targets (to)")
        body = {
            "amount": spend.text,
            "pair": self._pair(purchase.asset),
            "idempotency_key": purchase.key,
        }
        return Draft(
            method="POST",
            path=self._settings.path(self._settings.reading.buy_path),
            body=json.dumps(body, separators=(",", ":")).encode(),
            key=purchase.key,
        )

    async def ready(self) -> None:
        """Log in now, so that a purchase does not wait for the next one-time code in its middle."""
        await self._session.headers()

    async def buy(self, draft: Draft) -> Report:
        """Send the drafted bytes. A 401 came before execution: one fresh login, the same bytes."""
        reply = await self._session.buy(draft, template=self._settings.reading.buy_path)
        return read_purchase(reply, self._now())

    async def find(self, purchase: Purchase, *, since: datetime) -> list[Found]:
        """Same pair, same amount, not older than ``since`` less two minutes; never ``exact``.

        Raises Unavailable when a row may be ours but does not tell enough: that is no absence.
        """
        field, found = self._settings.reading.spent_field, []
        for listed in await self._listed():
            spent = number(listed.raw.get(field))
            told = (listed.asset, spent, listed.at)
            if (
                listed.asset in (None, purchase.asset)
                and spent in (None, purchase.spend.amount)
                and is_since(listed, since)
            ):
                if None in told or listed.currency != purchase.currency:
                    raise Unavailable("Kriptomat lists a purchase that we cannot read to its end")
                found.append(Found(report=listed, exact=False))
        return found

    async def status(self, ref: str) -> Report | None:
        """From the list, which is the only look at a purchase that is documented."""
        async with aclosing(self._pages()) as pages:
            async for page in pages:
                for listed in page:
                    if listed.ref == ref:
                        return listed
        return None

    async def survey(self, refs: Collection[str]) -> Survey:
        return await walk(self._pages(), refs)

    async def list_since(self, since: datetime) -> list[Report]:
        """Purchases since then; one whose time the vendor does not tell is kept in."""
        return [row for row in await self._listed() if is_since(row, since)]

    async def quote(self, purchase: Purchase) -> Quote:
        """By the configured source, both unconfirmed at the vendor; market price, no lock."""
        source, reading = self._settings.quote, self._settings.reading
        if source == "none":
            raise Refused("Kriptomat has no price source configured")
        asset = purchase.asset
        if purchase.currency != "EUR":
            raise Refused("Kriptomat takes EUR only")
        pair = self._pair(asset)
        if source == "exchange-rate":
            reply = await self._read(reading.exchange_rate_path)
            price = read_rate(read_fields(reply, self._now()), pair)
        else:
            reply = await self._http.read(reading.public_prices_path)
            price = read_public_price(read_fields(reply, self._now()), asset)
        return Quote(
            price=price,
            asset=asset,
            currency=purchase.currency,
            provider="kriptomat",
            at=self._now(),
            source=source,
        )

    async def check(self) -> str:
        listed = await self._listed()
        return (
            f"Kriptomat: logged in, user {self._settings.user_id}, {len(listed)} purchases listed"
        )

    async def aclose(self) -> None:
        await self._http.aclose()

    def _pair(self, asset: str) -> str:
        if asset not in self._settings.assets:
            raise Refused(f"Kriptomat is not configured for {asset}")
        return f"{asset}eur"

    async def _read(self, template: str, query: str = "") -> Reply:
        path = self._settings.path(template) + query
        return await self._session.read(path, template)

    async def _pages(self) -> Pages:
        """All listed purchases, each once. Raises Unavailable rather than end before the list does.

        While pages are read a new purchase may push a row from one page to the next.
        """
        reading, shown, told = self._settings.reading, 0, set[str]()
        for nth in range(1, reading.pages_at_most + 1):
            query = f"?page={nth}" if nth > 1 else ""
            page = read_rows(await self._read(reading.transactions_path, query), self._now())
            shown += len(page.rows)
            fresh = {one.ref: one for one in reversed(reports(page)) if one.ref not in told}
            told.update(fresh)
            yield list(reversed(fresh.values()))
            if not page.more:
                if (page.total or 0) > shown or (nth > 1 and not page.rows):
                    raise Unavailable("Kriptomat's transaction list ends before its end")
                return
        raise Unavailable("Kriptomat's transaction list is longer than we read")

    async def _listed(self) -> list[Report]:
        return [listed async for page in self._pages() for listed in page]
