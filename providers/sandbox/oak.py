"""An Oak Network on this machine: token, buy, list, look by id, and every way to fail.

Documented: the token grant and its flat reply, the buy call with all its fields, the envelope
``{"msg", "data"}``, the list with ``limit`` and ``offset``, the look by id. Our reading, because
the documents are silent: status codes, the words of refusals, prices, fees, when a purchase
settles. ``Behaviour`` and ``FAULTS`` (``oak_faults``) switch between the readings.
"""

import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from aiohttp import web

from providers.oak_paths import OakReading
from providers.sandbox.faults import Armed, Faults
from providers.sandbox.oak_checks import buy_complaint, list_complaint, matches
from providers.sandbox.oak_faults import FAULTS, OPS, Behaviour
from providers.sandbox.oak_ledger import Entry, Ledger
from providers.sandbox.posts import Post, document_of, post_of
from providers.sandbox.server import LoopbackServer, answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the sandbox accepts. ``customer_id`` is the one customer there is."""

    client_id: str = field(default_factory=lambda: secrets.token_hex(12))
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    customer_id: str = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
    provider: str = "bridge"


class OakSandbox(LoopbackServer):
    """``await start(port)``, use ``base_url`` and ``credentials``, ``await stop()``."""

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
        self.logins = 0
        """Token requests that arrived, whatever became of them."""
        self._now = now
        self._tokens: dict[str, datetime] = {}

    @property
    def credentials(self) -> dict[str, str]:
        """The environment that ``countersign run`` needs to use this sandbox."""
        return {
            "OAK_CLIENT_ID": self.account.client_id,
            "OAK_CLIENT_SECRET": self.account.client_secret,
        }

    @property
    def purchases(self) -> list[Entry]:
        """Everything that was really bought, oldest first."""
        self.book.settle_due()
        return self.book.entries

    def put(self, total: Decimal, metadata: dict[str, Any], currency: str = "usd") -> Entry:
        """A purchase that came another way, for ``total`` in major units."""
        sent = {
            "amount": int(total * (1 if self.behaviour.amount_unit == "major" else 100)),
            "provider": self.account.provider,
            "payment_method": "customer_wallet",
            "currency": currency,
            "customer_id": self.account.customer_id,
            "metadata": metadata,
        }
        return self.book.book(sent, total)

    def settle_now(self, ref: int | str, state: str) -> None:
        """``captured``, or with a sub-status ``processing / funds_received``. KeyError."""
        entry = next((e for e in self.book.entries if e.id == ref), None)
        if entry is None:
            raise KeyError(ref)
        self.book.finish(entry, state)

    def expire_tokens(self) -> None:
        self._tokens.clear()

    def ledger(self) -> dict[str, object]:
        return {
            "purchases": [self.book.row(entry) for entry in self.purchases],
            "posts": [post.row for post in self.posts],
        }

    def routes(self) -> list[web.RouteDef]:
        paths = OakReading()
        return [
            web.post(paths.grant_path, self._grant),
            web.post(paths.buy_path, self._buy),
            web.get(paths.transactions_path, self._list),
            web.get(paths.transactions_path + "/", self._list),  # seen: an empty id gives the list
            web.get(paths.transaction_path, self._one),
        ]

    async def _grant(self, request: web.Request) -> web.StreamResponse:
        self.logins += 1

        async def effect(_note: Armed | None) -> web.Response:
            fields, mine = document_of(await request.read()), self.account
            if fields.get("grant_type") != "client_credentials":
                return _refusal("grant_type must be client_credentials", 400)
            if not (
                _same(fields.get("client_id"), mine.client_id)
                and _same(fields.get("client_secret"), mine.client_secret)
            ):
                return _refusal("Invalid credentials", 401)
            told = self._mint()
            return answer({"access_token": told[0], "token_type": "Bearer", **told[1]})

        return await self.strike("login", request, effect)

    def _mint(self) -> tuple[str, dict[str, int]]:
        """A token and what the reply says of its life."""
        seconds, kind, begins = self.behaviour.token_seconds, self.behaviour.expires_in, self._now()
        token = secrets.token_urlsafe(32)
        if kind == "jwt":
            iat = int(begins.timestamp())
            claims = {"iat": iat, "exp": iat + seconds, "jti": token}
            token = ".".join((_base64({"alg": "HS256"}), _base64(claims), token[:20]))
        self._tokens[token] = begins + timedelta(seconds=seconds)
        told = {"ms": {"expires_in": seconds * 1000}, "s": {"expires_in": seconds}}
        return token, told.get(kind, {"expires_in": 1} if kind == "jwt" else {})

    async def _buy(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.posts.append(post_of(request, body, self._now()))

        async def effect(note: Armed | None) -> web.Response:
            if note is not None and note.name == "expired token":
                self.expire_tokens()
            if not self._knows(request):
                return _refusal("Unauthorized", 401)
            if request.content_type != "application/json":
                return _refusal("Content-Type must be application/json", 400)
            fields = document_of(body)
            complaint = buy_complaint(
                fields,
                providers=frozenset({self.account.provider}),
                currencies=frozenset(self.book.prices),
            )
            if complaint:
                return _refusal(complaint, 422)
            if fields["customer_id"].lower() != self.account.customer_id:
                return _refusal("Customer not found", 404)
            return self._purchase(fields, note)

        return await self.strike("buy", request, effect)

    def _purchase(self, fields: dict[str, Any], note: Armed | None) -> web.Response:
        name = "" if note is None else note.name
        unit = Decimal("0.01") if self.behaviour.amount_unit == "minor" else Decimal(1)
        entry = self.book.book(fields, fields["amount"] * unit)
        if note is not None and name == "listed late":
            entry.hidden_reads = note.reads
            entry.hidden_until += timedelta(seconds=0 if note.reads else note.seconds)
        row = self._row(entry)
        if name == "echo altered":
            row["source"]["amount"] = fields["amount"] + 1
        if name == "echo of another":
            row["metadata"] = {"client_order_id": "f" * 32}
        if name == "only an id":
            row = {"id": entry.id}
        return answer({"msg": "Buy trade initiated", "data": row}, self.behaviour.created)

    async def _list(self, request: web.Request) -> web.StreamResponse:
        async def effect(note: Armed | None) -> web.Response:
            if not self._knows(request):
                return _refusal("Unauthorized", 401)
            complaint = list_complaint(request.query)
            if complaint:
                return _refusal(complaint, 422)
            rows = [self._row(entry, note) for entry in self.book.shown()]
            return self._page([row for row in rows if matches(row, request.query)], request, note)

        return await self.strike("list", request, effect)

    def _page(
        self, rows: list[dict[str, Any]], request: web.Request, note: Armed | None
    ) -> web.Response:
        name = "" if note is None else note.name
        behaviour = self.behaviour
        limit = min(int(request.query.get("limit", "10")), behaviour.most_rows or 10**6)
        offset = 0 if name == "repeats" else int(request.query.get("offset", "0"))
        shown = rows[offset : offset + limit]
        if name == "ends early" and offset:
            shown = []
        if not rows and behaviour.empty_list == "404":
            return _refusal("No transactions found", 404)
        counts = {"total": {"count": len(rows)}, "page": {"count": len(shown)}, "none": {}}
        data = {**counts[behaviour.count], "transaction_list": shown}
        return answer({"msg": "Transactions fetched", "data": data})

    async def _one(self, request: web.Request) -> web.StreamResponse:
        async def effect(note: Armed | None) -> web.Response:
            if not self._knows(request):
                return _refusal("Unauthorized", 401)
            self.book.settle_due()
            ref = request.match_info["id"].lower()
            entry = next((e for e in self.book.entries if e.id == ref), None)
            if entry is None or not self.book.show(entry):
                return _refusal("Transaction not found", 404)
            return answer({"msg": "Transaction fetched", "data": self._row(entry, note)})

        return await self.strike("list", request, effect)

    def _row(self, entry: Entry, note: Armed | None = None) -> dict[str, Any]:
        """As documented, but for the readings that are switched on."""
        behaviour, row = self.behaviour, self.book.row(entry)
        row["type"] = behaviour.buy_type
        if note is not None and note.name == "unknown word":
            row["status"] = "pondering"
        if behaviour.metadata == "left out":
            del row["metadata"]
        elif behaviour.metadata == "empty":
            row["metadata"] = {}
        for side in (row["source"], row["destination"]):
            if behaviour.amounts_as_text:
                side["amount"] = str(side["amount"])
            if behaviour.upper_case:
                side["currency"] = side["currency"].upper()
        if behaviour.upper_case:
            row |= {name: row[name].upper() for name in ("id", "status", "type", "provider")}
        return row

    def _knows(self, request: web.Request) -> bool:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return self._now() < self._tokens.get(token, datetime.min.replace(tzinfo=UTC))


def _same(given: object, expected: str) -> bool:
    return hmac.compare_digest(str(given).encode(), expected.encode())


def _refusal(words: str, status: int) -> web.Response:
    """Documented: the envelope with no data."""
    return answer({"msg": words, "data": None}, status)


def _base64(fields: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(fields).encode()).decode().rstrip("=")
