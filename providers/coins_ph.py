"""Coins.ph: bitcoin for pesos. An order is created first, then people pay it at a payin outlet.

Documented: creating, reading, marking as paid and cancelling an order, its fields and five status
words. All else is our reading and stands in ``coins_ph_paths``. There is no key of ours and no
reference: an order whose reply was lost is found by amount, outlet, wallet and time, and a
duplicate costs nothing while nobody pays it.
"""

import json
from collections.abc import Callable, Collection
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from bot.domain.capabilities import Health, Lookup, Sheet
from bot.domain.quotes import Quote
from providers.base import (
    Draft,
    Found,
    Instructions,
    Nonces,
    Progress,
    ProviderError,
    Purchase,
    Refused,
    Report,
    Survey,
    Unavailable,
    Uncertain,
)
from providers.coins_ph_auth import Signer
from providers.coins_ph_lists import Lists
from providers.coins_ph_paths import CoinsPhSettings
from providers.coins_ph_prices import Prices
from providers.coins_ph_wish import body_of, may_be, ordered
from providers.coins_ph_words import (
    REF,
    accepted,
    complains_of_nonce,
    envelope_words,
    is_paid,
    is_refusal,
    read_order,
    read_purchase,
    words_of,
)
from providers.http import Call, Deadlines, Http
from providers.replies import Reply, clean
from providers.surveys import is_since, walk


class CoinsPh:
    """The vendor behind ``providers.base.Provider`` and ``providers.base.Payable``."""

    def __init__(
        self,
        settings: CoinsPhSettings,
        *,
        now: Callable[[], datetime],
        nonces: Nonces,
        deadlines: Deadlines | None = None,
        observe: Callable[[Call], None] | None = None,
    ) -> None:
        """``now`` is aware UTC; ``nonces`` is the one store for this key, also after a restart."""
        self._settings = settings
        self._now = now
        pace = settings.reading.calls_per_minute
        self._http, self._market = (
            Http(
                url,
                vendor="coins_ph",
                now=now,
                calls_per_minute=pace,
                deadlines=deadlines,
                observe=observe,
            )
            for url in (settings.base_url, settings.quote_url)
        )
        self._signer = Signer(self._http, settings, now=now, nonces=nonces, deadlines=deadlines)
        self._lists = Lists(self._signer, settings, now=now)
        self._prices = Prices(
            settings, http=self._http, market=self._market, lists=self._lists, now=now
        )
        self._sheet = _sheet(settings)

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def health(self) -> Health:
        return self._http.health

    def draft(self, purchase: Purchase) -> Draft:
        """Pure. Raises Refused for what Coins.ph has no field for."""
        return Draft(
            method="POST",
            path=self._settings.order_path(),
            body=body_of(self._settings, purchase),
            key=purchase.key,
        )

    async def ready(self) -> None:
        """Nothing comes before an order: each call is signed by itself."""

    async def buy(self, draft: Draft) -> Report:
        """Send the drafted bytes; what a 401 means is ``CoinsPhReading.on_401``."""
        reply = await self._send(draft)
        if reply.status == 401 and self._settings.reading.on_401 == "again":
            reply = await self._send(draft)
        if reply.status == 401:
            words = "Coins.ph refuses our key or its nonce"
            certain = self._settings.reading.on_401 != "uncertain"
            raise Unavailable(words) if certain else Uncertain(words)
        return read_purchase(reply, self._now())

    async def find(self, purchase: Purchase, *, since: datetime) -> list[Found]:
        """Same amount as sent, outlet and wallet, not older than ``since`` less two minutes.

        Never ``exact``. Raises Unavailable when a row may be ours but does not tell enough.
        """
        found = []
        for listed in await self._lists.orders():
            if is_since(listed, since) and may_be(self._settings, listed, purchase):
                if None in (ordered(listed, purchase), listed.at, listed.outlet):
                    raise Unavailable("Coins.ph lists an order that we cannot read to its end")
                found.append(Found(report=listed, exact=False))
        return found

    async def status(self, ref: str) -> Report | None:
        if not REF.fullmatch(ref):
            return None
        path = self._settings.order_path
        reply = await self._signer.read(path(ref), template=path("{id}"))
        if reply.status == 404:
            return None
        told = read_order(reply, self._now())
        if told.ref != ref:
            raise Unavailable("Coins.ph shows another order than the one that we asked for")
        return told

    async def survey(self, refs: Collection[str]) -> Survey:
        return await walk(self._lists.pages(), refs)

    async def list_since(self, since: datetime) -> list[Report]:
        """Orders since then; one whose time the vendor does not tell is kept in."""
        rows = await self._lists.orders()
        return [row for row in rows if is_since(row, since)]

    async def quote(self, purchase: Purchase) -> Quote:
        """By the configured source; nothing is locked."""
        return await self._prices.quote(purchase)

    async def takes(self, purchase: Purchase, *, price: Decimal | None) -> str:
        """The outlet's name. Raises Refused with what it would take, or Unavailable."""
        return await self._prices.takes(purchase, price=price)

    async def instructions(self, ref: str) -> Instructions:
        """The order's own words, else those of its outlet. Raises Unavailable or Refused."""
        told = await self.status(ref)
        if told is None:
            raise Unavailable("Coins.ph does not show the order yet")
        if told.progress not in (Progress.AWAITING_PAYMENT, Progress.UNDERWAY):
            raise Refused(f"there is nothing to pay any more at Coins.ph ({told.word})")
        name, text = told.outlet or "", words_of(told.raw.get("instructions"))
        try:
            known = await self._lists.outlet(name)
            name, text = known.name, text or known.instructions
        except ProviderError:
            pass  # what the order itself says is enough
        return Instructions(
            amount=told.total, currency="PHP", outlet=name, text=text, pay_by=told.pay_by
        )

    async def mark_paid(self, ref: str, code: str | None) -> None:
        """PUT, with the outlet's confirmation code if there is one (documented)."""
        body = b""
        if code is not None and code.strip():
            if clean(code, 100) != code.strip():
                raise Refused("a confirmation code is one line of at most 100 characters")
            fields = {"payment_confirmation_code": code.strip()}
            body = json.dumps(fields, separators=(",", ":")).encode()
        await self._change("PUT", ref, body, is_paid)

    async def cancel(self, ref: str) -> None:
        """DELETE (documented); judged by its time of cancelling or its word."""
        await self._change("DELETE", ref, b"", lambda told: told.progress is Progress.FAILED)

    async def check(self) -> str:
        """The key works, the outlet is open, the account is BTC. Raises Unavailable or Refused."""
        settings = self._settings
        await self._lists.key_works()
        outlet = await self._lists.outlet(settings.payment_method)
        if outlet.notice:
            raise Refused(f"the payin outlet {outlet.id} is disabled ({outlet.notice})")
        account = settings.target_account_id
        if account is not None:
            await self._lists.proves_btc(account)
        to = f"account {account} is BTC" if account is not None else "only named targets"
        fees = await self._lists.fees(outlet.id)
        said = f"{outlet.id} takes {outlet.limits}" + (f" and adds {fees}" if fees else "")
        return clean(f"Coins.ph: key works, {to}, {said}", 160)

    async def aclose(self) -> None:
        await self._http.aclose()
        await self._market.aclose()

    async def _send(self, draft: Draft) -> Reply:
        return await self._signer.send_once(draft.method, draft.path, body=draft.body)

    async def _change(
        self, method: str, ref: str, body: bytes, done: Callable[[Report], bool]
    ) -> None:
        """Change an order. Whatever is answered, an order that shows it done is done."""
        if not REF.fullmatch(ref):
            raise Refused("this is no reference of a Coins.ph order")
        path = self._settings.order_path
        reply = await self._signer.send_once(method, path(ref), body=body, template=path("{id}"))
        if reply.status == 429:
            wait = reply.retry_after(self._now())
            raise Unavailable("Coins.ph asks us to slow down", wait)
        if reply.status == 401:
            raise Unavailable("Coins.ph refuses our key or its nonce")
        told = accepted(reply)
        if told is not None and told.ref == ref and done(told):
            return
        try:
            told = await self.status(ref)
        except ProviderError:
            told = None
        if told is not None and done(told):
            return
        if is_refusal(reply) and not complains_of_nonce(reply):
            raise Refused(envelope_words(reply))
        raise Uncertain(f"Coins.ph answered {reply.status}, and its order does not show it yet")


def _sheet(settings: CoinsPhSettings) -> Sheet:
    """What the workflow may do here."""
    account = settings.target_account_id
    return Sheet(
        provider="coins_ph",
        title="Coins.ph",
        currencies=frozenset({"PHP"}),
        assets=frozenset({"btc"}),
        spends_asset=True,
        lookup=Lookup.ATTRIBUTES,
        looks_at="its history of buy orders",
        survey_from=10,
        settles_within=settings.reading.settles_within,
        listing_lag=settings.reading.listing_lag,
        free_until_paid=True,
        payment_window=settings.reading.payment_window,
        quotes=settings.quote != "none",
        sends_rate=settings.send_rate,
        cancellable=True,
        payment_step=True,
        outlets=True,
        outlet=settings.payment_method,
        targets=MappingProxyType(settings.targets),
        credited=None if account is None else f"the account {account} at Coins.ph",
        fee_allowance=settings.fee_allowance,
        total_has_fees=settings.reading.currency_amount_has_fees,
        first_order_at_most=settings.first_order_at_most,
        caution="This is the vendor's older API, last described in 2019: it may be retired"
        " any day. Try it with a small order first.",
    )
