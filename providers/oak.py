"""Oak Network: a stablecoin for a customer's wallet, with one POST that must not be repeated.

Documented: the token grant, the buy call with its fields and its reply, the list of transactions
and the look at one of them. There is no idempotency key: every POST buys again. Our key travels in
``metadata``, which is stored with the transaction, so a purchase whose reply was lost is found in
the list and proven by it. All else is our reading and stands in ``oak_paths``.
"""

import json
from collections.abc import Callable, Collection
from datetime import datetime

from bot.domain.capabilities import Health, Lookup, Sheet
from bot.domain.money import EXACT, Money
from bot.domain.quotes import Quote
from providers.base import Draft, Found, Purchase, Refused, Report, Survey, Unavailable
from providers.http import Call, Deadlines, Http
from providers.oak_auth import OakSession
from providers.oak_list import Listing, Row
from providers.oak_paths import OakSettings
from providers.oak_words import (
    REF,
    carries,
    envelope_words,
    mentions_another,
    read_data,
    read_purchase,
    report,
)
from providers.surveys import Pages, is_since, walk


class Oak:
    """The vendor behind ``providers.base.Provider``."""

    def __init__(
        self,
        settings: OakSettings,
        *,
        now: Callable[[], datetime],
        deadlines: Deadlines | None = None,
        observe: Callable[[Call], None] | None = None,
    ) -> None:
        """``now`` is aware UTC."""
        self._settings = settings
        self._now = now
        self._http = Http(
            settings.base_url,
            vendor="oak",
            now=now,
            calls_per_minute=settings.reading.calls_per_minute,
            deadlines=deadlines,
            observe=observe,
        )
        self._session = OakSession(self._http, settings, now=now)
        self._listing = Listing(settings, self._session.read, now=now)
        self._sheet = Sheet(
            provider="oak",
            title="Oak Network",
            currencies=frozenset({settings.currency.upper()}),
            assets=frozenset({settings.asset}),
            assets_because="Its call cannot choose: what the customer's wallet receives is bought.",
            lookup=Lookup.REFERENCE,
            looks_at="its list of transactions",
            survey_from=10,
            settles_within=settings.reading.settles_within,
            listing_lag=settings.reading.listing_lag,
            credited=f"the wallet of Oak's customer {settings.customer_id}",
            minimum=settings.minimum,
            fee_allowance=settings.fee_allowance,
            first_order_at_most=settings.first_order_at_most,
        )

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def health(self) -> Health:
        return self._http.health

    def draft(self, purchase: Purchase) -> Draft:
        """Documented (wallet buy trade page): all five required fields and ``metadata``.

        Raises Refused for anything but an amount of the configured currency that buys the
        configured asset, in whole units of what the settings say that the vendor counts in.
        """
        known = self._settings
        code = known.currency.upper()
        if purchase.asset != known.asset:
            raise Refused(f"Oak is configured for {known.asset} only; its call cannot choose")
        if purchase.outlet is not None or purchase.target is not None:
            raise Refused("Oak knows neither outlets (using) nor targets (to)")
        if purchase.currency != code:
            raise Refused(f"Oak is configured for {code} only")
        body = {
            "amount": self._units(purchase),
            "provider": known.provider,
            "payment_method": known.payment_method,
            "currency": known.currency,
            "customer_id": str(known.customer_id),
            "metadata": {known.reading.metadata_key: purchase.key},
        }
        return Draft(
            method="POST",
            path=known.reading.buy_path,
            body=json.dumps(body, separators=(",", ":")).encode(),
            key=purchase.key,
        )

    async def ready(self) -> None:
        """Fetch the token now, so that a purchase does not wait for it."""
        await self._session.headers()

    async def buy(self, draft: Draft) -> Report:
        """Send the drafted bytes. A 401 came before execution: one fresh token, the same bytes."""
        reply = await self._session.buy(draft)
        return read_purchase(reply, draft.body, self._settings, self._now())

    async def find(self, purchase: Purchase, *, since: datetime) -> list[Found]:
        """What carries our key, ``exact``; else what may be ours and lost its metadata.

        Absence is told from the whole list only: which ``type`` a trade has is not documented.
        """
        rows: list[Row] = []
        for query in self._listing.queries:
            rows = await self._listing.whole(query)
            ours = [row for row in rows if carries(row, purchase.key)]
            if ours:
                return [Found(report=self._report(row), exact=True) for row in ours]
        return [
            Found(report=one, exact=False)
            for one in self._bought(rows, since)
            if one.asset in (None, purchase.asset)
            and one.currency in (None, purchase.currency)
            and one.total in (None, purchase.spend.amount)
            and not mentions_another(one.raw, self._settings.reading)
        ]

    async def status(self, ref: str) -> Report | None:
        """By id. An empty one would be answered with the whole list, so it is not asked for."""
        if not REF.fullmatch(ref):
            return None
        template = self._settings.reading.transaction_path
        reply = await self._session.read(template.replace("{id}", ref), template)
        if reply.status == 404 and envelope_words(reply):
            return None
        found = report(read_data(reply, self._now()), self._settings)
        if found is None or found.ref.lower() != ref.lower():
            raise Unavailable("Oak answered with something else than the transaction asked for")
        return found

    async def survey(self, refs: Collection[str]) -> Survey:
        return await walk(self._pages(), refs)

    async def list_since(self, since: datetime) -> list[Report]:
        """Purchases since then; one whose time the vendor does not tell is kept in."""
        found: list[Report] = []
        for query in self._listing.queries:
            found = self._bought(await self._listing.whole(query), since)
            if found:
                break
        return found

    async def quote(self, purchase: Purchase) -> Quote:
        """No page of the vendor's tells of one: the price is known when it is done."""
        raise Refused(f"Oak gives no price of {purchase.asset} before it buys")

    async def check(self) -> str:
        rows: list[Row] = []
        for query in self._listing.queries:
            rows = await self._listing.whole(query)
            if rows:
                break
        return f"Oak Network: logged in, {len(rows)} transactions listed"

    async def aclose(self) -> None:
        await self._http.aclose()

    async def _pages(self) -> Pages:
        """What is listed as purchases, and then everything: the type of a trade is undocumented."""
        for query in self._listing.queries:
            async for rows in self._listing.pages(query):
                yield [self._report(row) for row in rows]

    def _units(self, purchase: Purchase) -> int:
        """The amount as the vendor counts it. Raises Refused for what is no whole number."""
        known, spend = self._settings, purchase.spend
        code = known.currency.upper()
        if not isinstance(spend, Money) or spend.currency != code:
            raise Refused(f"Oak takes an amount in {code}")
        units = spend.amount.scaleb(known.shift, context=EXACT)
        if units != units.to_integral_value() or units < 1:
            raise Refused(f"Oak takes whole {known.amount_unit} units of {code}, at least one")
        return int(units)

    def _bought(self, rows: list[Row], since: datetime) -> list[Report]:
        found = [self._report(row) for row in rows if self._listing.is_buy(row)]
        return [one for one in found if is_since(one, since)]

    def _report(self, row: Row) -> Report:
        found = report(row, self._settings)
        if found is None:
            raise Unavailable("Oak lists a transaction whose id we cannot read")
        return found
