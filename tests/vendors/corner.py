"""Corner: the client of a vendor that does not exist, written as a real one would be.

Its API is tiny: a token for a secret, POST ``/buy``, GET ``/purchases`` in pages that say how many
rows there are in all, GET ``/purchases/ID``, GET ``/price``. Which promises the vendor keeps is its
``Kind``; the workflow only ever sees the sheet.
"""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.capabilities import Health, Lookup, Sheet
from bot.domain.money import Money
from bot.domain.quotes import Quote
from providers.base import Draft, Found, Purchase, Refused, Report, Unavailable
from providers.http import Call, Deadlines, Http
from providers.replies import Reply, number
from tests.vendors.corner_words import read_fields, read_page, read_purchase, report
from tests.vendors.kinds import Kind

SECRET = "corner-secret-of-the-tests"
ASSETS = frozenset({"btc", "eth"})
SKEW = timedelta(minutes=2)
PAGES_AT_MOST = 50


class Corner:
    """The vendor behind ``providers.base.Provider``."""

    def __init__(
        self,
        base_url: str,
        kind: Kind,
        *,
        now: Callable[[], datetime],
        name: str = "corner",
        assets: frozenset[str] = ASSETS,
        secret: str = SECRET,
        calls_per_minute: int | None = None,
        deadlines: Deadlines | None = None,
        observe: Callable[[Call], None] | None = None,
    ) -> None:
        """A base URL and a kind are enough; ``now`` is aware UTC."""
        self._kind = kind
        self._now = now
        self._secret = secret
        self._token: str | None = None
        self._lock = asyncio.Lock()
        self._http = Http(
            base_url,
            vendor=name,
            now=now,
            calls_per_minute=calls_per_minute,
            deadlines=deadlines,
            observe=observe,
        )
        unpaid = kind.payment_window is not None
        self._sheet = Sheet(
            provider=name,
            title=name.title(),
            currencies=frozenset({"EUR"}),
            assets=assets,
            key_lifetime=kind.key_lifetime,
            lookup=kind.lookup,
            free_until_paid=unpaid,
            payment_step=unpaid,
            payment_window=kind.payment_window,
            quotes=True,
        )

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def health(self) -> Health:
        return self._http.health

    def draft(self, purchase: Purchase) -> Draft:
        """``{"amount":"250.00","currency":"EUR","asset":"btc"}``, with a key or a reference."""
        spend = purchase.spend
        if not isinstance(spend, Money) or spend.currency != "EUR" or spend.amount <= 0:
            raise Refused("Corner takes an amount in EUR")
        if purchase.asset not in self._sheet.assets:
            raise Refused(f"Corner does not sell {purchase.asset}")
        if purchase.outlet is not None or purchase.target is not None:
            raise Refused("Corner knows neither outlets nor targets")
        body = {"amount": spend.text, "currency": "EUR", "asset": purchase.asset}
        if self._kind is Kind.NATIVE_KEY:
            body["key"] = purchase.key
        elif self._kind is Kind.REFERENCE:
            body["reference"] = purchase.key
        text = json.dumps(body, separators=(",", ":"))
        return Draft(method="POST", path="/buy", body=text.encode(), key=purchase.key)

    async def ready(self) -> None:
        await self._headers()

    async def buy(self, draft: Draft) -> Report:
        """Send the drafted bytes. A 401 came before execution: one fresh token, the same bytes."""
        headers = await self._headers()
        reply = await self._send(draft, headers)
        if reply.status == 401:
            reply = await self._send(draft, await self._headers(stale=headers))
        if reply.status == 401:
            raise Unavailable("Corner refuses the token that it has just granted")
        return read_purchase(reply, self._now())

    async def find(self, purchase: Purchase, *, since: datetime) -> list[Found]:
        """By reference where there is one, else by asset, amount and time; NONE finds nothing."""
        rows = await self._listed()
        if self._sheet.lookup is Lookup.REFERENCE:
            field = "key" if self._kind is Kind.NATIVE_KEY else "reference"
            ours = [row for row in rows if row.raw.get(field) == purchase.key]
            return [Found(report=row, exact=True) for row in ours]
        return [
            Found(report=row, exact=False)
            for row in rows
            if row.asset == purchase.asset
            and number(row.raw.get("amount")) == purchase.spend.amount
            and row.at is not None
            and row.at >= since - SKEW
        ]

    async def status(self, ref: str) -> Report | None:
        """By the vendor's own id, which works for every kind."""
        if not ref.isdecimal():
            return None
        reply = await self._read(f"/purchases/{ref}", "/purchases/{id}")
        return None if reply.status == 404 else report(read_fields(reply, self._now()))

    async def list_since(self, since: datetime) -> list[Report]:
        return [row for row in await self._listed() if row.at is None or row.at >= since - SKEW]

    async def quote(self, purchase: Purchase) -> Quote:
        """Market price, no lock."""
        asset, currency = purchase.asset, purchase.currency
        if currency != "EUR" or asset not in self._sheet.assets:
            raise Refused(f"Corner does not sell {asset} for {currency}")
        reply = await self._read(f"/price?asset={asset}", "/price")
        price = number(read_fields(reply, self._now()).get("price"))
        if price is None or price <= 0:
            raise Unavailable("Corner's price is missing")
        return Quote(
            price=price,
            asset=asset,
            currency=currency,
            provider=self._sheet.provider,
            at=self._now(),
            source="price",
        )

    async def check(self) -> str:
        await self._headers()
        return f"{self._sheet.title}: logged in, {len(await self._listed())} purchases listed"

    async def aclose(self) -> None:
        await self._http.aclose()

    async def _headers(self, stale: dict[str, str] | None = None) -> dict[str, str]:
        """``stale``: headers that were just answered with 401. Raises Unavailable."""
        async with self._lock:
            if stale is not None and stale["Authorization"] == f"Bearer {self._token}":
                self._token = None
            if self._token is None:
                body = json.dumps({"secret": self._secret}).encode()
                reply = await self._http.ask_once("POST", "/token", body=body, headers={})
                token = read_fields(reply, self._now()).get("token")
                if not isinstance(token, str) or not token.isalnum() or not token.isascii():
                    raise Unavailable("Corner granted no token")
                self._token = token
            return {"Authorization": f"Bearer {self._token}"}

    async def _send(self, draft: Draft, headers: dict[str, str]) -> Reply:
        return await self._http.send_once(
            draft.method, draft.path, body=draft.body, headers=headers
        )

    async def _read(self, path: str, template: str) -> Reply:
        headers = await self._headers()
        reply = await self._http.read(path, headers=headers, template=template)
        if reply.status == 401:
            headers = await self._headers(stale=headers)
            reply = await self._http.read(path, headers=headers, template=template)
        return reply

    async def _listed(self) -> list[Report]:
        """Every row. Raises Unavailable rather than return fewer than the vendor says there are."""
        if self._sheet.lookup is Lookup.NONE:
            return []
        seen: list[Report] = []
        for page in range(1, PAGES_AT_MOST + 1):
            reply = await self._read(f"/purchases?page={page}", "/purchases")
            rows, pages, total = read_page(reply, self._now())
            seen += rows
            if page >= pages:
                if len(seen) < total:
                    raise Unavailable("Corner's list ends before all its rows were shown")
                return seen
        raise Unavailable("Corner's list is longer than we read")
