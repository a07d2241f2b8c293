"""A Coins.ph on this machine: signed calls, orders that wait to be paid, and every way to fail.

Documented: the signature and its nonce, the order calls with their fields, outlets, accounts and
prices. Our reading, because the documents are silent: every error, how the history is paged, when
a paid order is released. ``Behaviour`` and ``FAULTS`` (``coins_ph_faults``) switch between the
readings; the two faults that are named after a nonce and a key strike where a call is let in.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from aiohttp import web

from providers.coins_ph_paths import CoinsPhReading
from providers.replies import number
from providers.sandbox.coins_ph_checks import Account, Gate, order_problems
from providers.sandbox.coins_ph_faults import FAULTS, OPS, Behaviour
from providers.sandbox.coins_ph_ledger import Ledger, Order
from providers.sandbox.coins_ph_pages import (
    buy_quote,
    crypto_accounts,
    market,
    order_row,
    payin_outlet_fees,
    payin_outlets,
)
from providers.sandbox.faults import Armed, Faults
from providers.sandbox.posts import Post, document_of, post_of
from providers.sandbox.server import LoopbackServer, answer

Row = dict[str, object]
Page = Callable[[web.Request], Row]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class CoinsPhSandbox(LoopbackServer):
    """``await start(port)``, ``base_url`` (prices too) and ``credentials``, ``await stop()``."""

    logins = 0
    """There is no login."""

    def __init__(
        self,
        *,
        account: Account | None = None,
        behaviour: Behaviour | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(Faults(FAULTS, OPS))
        self.account = account or Account()
        self.behaviour = behaviour or Behaviour()
        self.book = Ledger(now=now)
        self.posts: list[Post] = []
        self.disabled: set[str] = set()
        """Payin outlets that are closed today."""
        self.gate = Gate(account=self.account, behaviour=self.behaviour)
        self._now = now

    @property
    def credentials(self) -> dict[str, str]:
        """The environment that ``countersign run`` needs to use this sandbox, with signatures."""
        known = self.account
        return {"COINS_PH_API_KEY": known.api_key, "COINS_PH_API_SECRET": known.api_secret}

    @property
    def bearer_credentials(self) -> dict[str, str]:
        """The other way in; one of the two is enough, and only one may be given."""
        return {"COINS_PH_TOKEN": self.account.token}

    @property
    def purchases(self) -> list[Order]:
        """All orders that were really created, paid or not, oldest first."""
        self.book.settle_due()
        return self.book.orders

    @property
    def costs(self) -> Decimal:
        """Pesos that were paid; an order that was not costs nothing."""
        paid = [order for order in self.purchases if order.marked_paid_time or order.btc_released]
        return sum((order.currency_amount for order in paid), Decimal(0))

    def release(self, ref: str, btc: Decimal | None = None) -> None:
        """Pay out what was ordered, or less or more. Raises KeyError."""
        self.book.release(ref, btc)

    def settle_now(self, ref: object, state: str) -> None:
        order = self.book.one(str(ref))
        if state == "released":
            self.book.release(order.id)
        order.status = state

    def ledger(self) -> dict[str, object]:
        rows = [
            order_row(order, timedelta(0), numbers=False, whole=True) for order in self.purchases
        ]
        return {
            "purchases": rows,
            "posts": [post.row for post in self.posts],
        }

    def routes(self) -> list[web.RouteDef]:
        paths, book = CoinsPhReading(), self.book

        def quote(request: web.Request) -> Row:
            return buy_quote(request.query, book, self.behaviour, self.disabled)

        one = paths.order_path + "/{id}"
        return [
            web.post(paths.order_path, self._create),
            web.get(paths.order_path, self._history),
            web.get(one, self._show),
            web.put(one, self._pay),
            web.delete(one, self._cancel),
            web.get(paths.accounts_path.partition("?")[0], self._accounts),
            web.get(
                paths.outlets_path, self._public("outlets", lambda _: payin_outlets(self.disabled))
            ),
            web.get(
                paths.outlet_fees_path,
                self._public("outlets", lambda _: payin_outlet_fees(book.fee_percent)),
            ),
            web.get(
                paths.market_path, self._public("price", lambda _: {"market": market(book.ask)})
            ),
            web.get(
                "/v2/markets", self._public("price", lambda _: {"markets": [market(book.ask)]})
            ),
            web.get(paths.buyquote_path, self._public("price", quote)),
        ]

    async def _create(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.posts.append(post_of(request, body, self._now()))

        async def effect(note: Armed | None) -> web.Response:
            refusal = await self._refusal(request, note)
            if refusal is not None:
                return refusal
            fields = document_of(body)
            problems = order_problems(fields, self.account.wallets, self.book.ask, self.behaviour)
            return _no(422, *problems) if problems else self._book(fields, note)

        return await self.strike("buy", request, effect)

    def _book(self, fields: dict[str, Any], note: Armed | None) -> web.Response:
        chosen = {"wallet": fields["target_wallet"]} if "target_wallet" in fields else {}
        order = self.book.create(
            btc=number(fields.get("btc_amount")),
            pesos=number(fields.get("currency_amount")),
            outlet=str(fields["payment_method"]),
            **chosen,
        )
        match note.name if note is not None else "":
            case "listed late":
                assert note is not None
                order.hidden_reads = note.reads
                order.hidden_until += timedelta(seconds=0 if note.reads else note.seconds)
            case "another outlet":
                others = ("bdo_deposit", "bpi_deposit")
                order.payment_method = others[order.payment_method == others[0]]
            case "another wallet":
                order.wallet_address = "1AnotherWa11etSandboxPretendsThis1"
            case "another rate":
                order.rate *= Decimal("1.01")
            case "another amount":
                order.currency_amount += 1
                order.btc_amount += Decimal("0.00000001")
        return self._order(order, 201, whole=self.behaviour.deadline_on_create)

    async def _history(self, request: web.Request) -> web.StreamResponse:
        async def effect(note: Armed | None) -> web.Response:
            refusal = await self._refusal(request, note)
            if refusal is not None:
                return refusal
            rows = [self._row(order, note) for order in self.book.shown()]
            document: dict[str, object] = {"orders": self._page(rows, request), "success": True}
            early = note is not None and note.name == "ends early"
            if early or self.behaviour.counts:
                count = len(rows) + 1 if early else len(rows)
                document["meta"] = {"total_count": count, "next_page": None}
            return answer(document)

        return await self.strike("list", request, effect)

    def _page(self, rows: list[Row], request: web.Request) -> list[Any]:
        if self.behaviour.paging == "none":
            return rows
        limit = min(int(request.query.get("limit", "10")), self.behaviour.page_size)
        offset = int(request.query.get("offset", "0"))
        return rows[offset : offset + limit]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        async def effect(note: Armed | None) -> web.Response:
            refusal = await self._refusal(request, note)
            if refusal is not None:
                return refusal
            order = self._known(request)
            if order is None or not self.book.show(order):
                return _no(404, "No such order.")
            return answer({"order": self._row(order, note), "success": True})

        return await self.strike("list", request, effect)

    async def _pay(self, request: web.Request) -> web.StreamResponse:
        async def change(order: Order) -> bool:
            code = document_of(await request.read()).get("payment_confirmation_code")
            word = self.behaviour.paid_word
            return self.book.pay(order, code=None if code is None else str(code), word=word)

        return await self._change("pay", request, change)

    async def _cancel(self, request: web.Request) -> web.StreamResponse:
        async def change(order: Order) -> bool:
            return self.book.cancel(order, word=self.behaviour.canceled_word)

        return await self._change("cancel", request, change)

    async def _change(
        self, op: str, request: web.Request, change: Callable[[Order], Awaitable[bool]]
    ) -> web.StreamResponse:
        async def effect(note: Armed | None) -> web.Response:
            refusal = await self._refusal(request, note)
            if refusal is not None:
                return refusal
            order = self._known(request)
            if order is None:
                return _no(404, "No such order.")
            done = await change(order)
            return self._order(order, 200) if done else _no(422, "The order is over.")

        return await self.strike(op, request, effect)

    async def _accounts(self, request: web.Request) -> web.StreamResponse:
        async def effect(note: Armed | None) -> web.Response:
            refusal = await self._refusal(request, note)
            held = dict(self.account.wallets)
            page = crypto_accounts(held, request.query.get("currency"))
            return answer(page) if refusal is None else refusal

        return await self.strike("outlets", request, effect)

    def _public(self, op: str, page: Page) -> Handler:
        """A page that anybody may read; a signature is not looked at."""

        async def handler(request: web.Request) -> web.StreamResponse:
            async def effect(note: Armed | None) -> web.Response:
                return self._nonce_refusal(note) or answer(page(request))

            return await self.strike(op, request, effect)

        return handler

    async def _refusal(self, request: web.Request, note: Armed | None) -> web.Response | None:
        """Signature, nonce or token, as on every call; None for a call that is let in."""
        refused = self._nonce_refusal(note)
        if refused is not None:
            return refused
        url, body = self.base_url + request.raw_path, await request.read()
        problem = self.gate.problem(request.headers, url, body)
        return None if problem is None else _no(*problem)

    def _nonce_refusal(self, note: Armed | None) -> web.Response | None:
        struck = note is not None and note.name == "nonce refused"
        return _no(self.behaviour.nonce_status, "Invalid nonce.") if struck else None

    def _known(self, request: web.Request) -> Order | None:
        try:
            return self.book.one(request.match_info["id"])
        except KeyError:
            return None

    def _row(self, order: Order, note: Armed | None = None, *, whole: bool = True) -> Row:
        numbers = self.behaviour.numbers == "number"
        row = order_row(order, self.book.behind, numbers=numbers, whole=whole)
        strange = note is not None and note.name == "unknown word"
        return {**row, "status": "under_review"} if strange else row

    def _order(self, order: Order, status: int, *, whole: bool = True) -> web.Response:
        """Documented: the order and ``success``."""
        return answer({"order": self._row(order, whole=whole), "success": True}, status)


def _no(status: int, *problems: str) -> web.Response:
    """Seen in other people's programs: a list of messages."""
    return answer({"errors": list(problems), "success": False}, status)
