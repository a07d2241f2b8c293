"""A Kriptomat on this machine: login with a one-time code, buy, list, and every way to fail.

Documented: the buy call and its reply, the login's fields, the list's path, the row's fields and
state words. Our reading, because the documents are silent: every error (Laravel's shapes), the
list's envelope, prices, fees, and what a key means the second time. ``Behaviour`` and ``FAULTS``
(``kriptomat_faults``) switch between the readings.
"""

import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyotp
from aiohttp import web

from providers.kriptomat_paths import LOGIN_PATHS, KriptomatReading
from providers.onetime import OneTimeCodes
from providers.sandbox.faults import Armed, Faults
from providers.sandbox.kriptomat_checks import Problems, purchase_problems
from providers.sandbox.kriptomat_faults import BAD_CODE, FAULTS, OPS, Behaviour
from providers.sandbox.kriptomat_ledger import Entry, Ledger
from providers.sandbox.posts import Post, document_of, post_of
from providers.sandbox.server import LoopbackServer, answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the sandbox accepts. ``user_id`` is the one user there is."""

    email: str = "treasury@example.test"
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    client_id: str = "5"
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    totp_secret: str = field(default_factory=pyotp.random_base32)
    user_id: str = "1"


class KriptomatSandbox(LoopbackServer):
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
        prices = {"btceur": Decimal("64800.00"), "etheur": Decimal("2341.67")}
        self.book = Ledger(now=now, prices=prices)
        self.posts: list[Post] = []
        self.logins = 0
        """Login requests that arrived, whatever became of them."""
        self._now = now
        self._tokens: dict[str, datetime] = {}
        self._used_codes: set[str] = set()

    @property
    def credentials(self) -> dict[str, str]:
        """The environment that ``countersign run`` needs to use this sandbox."""
        return {
            "KRIPTOMAT_EMAIL": self.account.email,
            "KRIPTOMAT_PASSWORD": self.account.password,
            "KRIPTOMAT_CLIENT_ID": self.account.client_id,
            "KRIPTOMAT_CLIENT_SECRET": self.account.client_secret,
            "KRIPTOMAT_TOTP_SECRET": self.account.totp_secret,
        }

    @property
    def purchases(self) -> list[Entry]:
        """Everything that was really bought, oldest first."""
        self.book.settle_due()
        return self.book.entries

    def settle_now(self, ref: int, state: str) -> None:
        entry = next((e for e in self.book.entries if e.id == ref), None)
        if entry is None:
            raise KeyError(ref)
        self.book.finish(entry, state)

    def expire_tokens(self) -> None:
        self._tokens.clear()

    def ledger(self) -> dict[str, object]:
        return {
            "purchases": [{**e.row(), "idempotency_key": e.key} for e in self.purchases],
            "posts": [post.row for post in self.posts],
        }

    def routes(self) -> list[web.RouteDef]:
        paths = KriptomatReading()
        return [
            *(web.post(path, self._login) for path in LOGIN_PATHS.values()),
            web.post(paths.buy_path, self._buy),
            web.get(paths.transactions_path, self._list),
            web.get(paths.exchange_rate_path, self._rates),
            web.get(paths.public_prices_path, self._public_prices),
        ]

    async def _login(self, request: web.Request) -> web.StreamResponse:
        self.logins += 1

        async def effect(_note: Armed | None) -> web.Response:
            if request.path != LOGIN_PATHS[self.behaviour.login]:
                return answer({"message": "Not Found"}, 404)
            fields = document_of(await request.read())
            if not self._knows(fields):
                return answer({"message": "These credentials do not match."}, 401)
            code = str(fields.get("security_code"))
            genuine = OneTimeCodes(self.account.totp_secret).verify(
                code, for_time=self._now(), valid_window=1
            )
            if not genuine or (self.behaviour.single_use_codes and code in self._used_codes):
                return answer(json.loads(BAD_CODE), 422)
            self._used_codes.add(code)
            token, seconds = secrets.token_urlsafe(32), self.behaviour.token_seconds
            self._tokens[token] = self._now() + timedelta(seconds=seconds)
            flat = {"access_token": token, "expires_in": seconds}
            wrapped = {"status": True, "data": flat}
            return answer(flat if self.behaviour.envelope == "flat" else wrapped)

        return await self.strike("login", request, effect)

    async def _buy(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.posts.append(post_of(request, body, self._now()))

        async def effect(note: Armed | None) -> web.Response:
            if note is not None and note.name == "expired token":
                self.expire_tokens()
            refusal = self._gate(request)
            if refusal is not None:
                return refusal
            fields = document_of(body)
            problems = purchase_problems(fields, frozenset(self.book.prices))
            return _invalid(problems) if problems else self._purchase(fields, note)

        return await self.strike("buy", request, effect)

    def _purchase(self, fields: dict[str, Any], note: Armed | None) -> web.Response:
        user, key, pair = self.account.user_id, fields["idempotency_key"], fields["pair"]
        total = Decimal(fields["amount"])
        seen = self.book.seen(user, key)
        if seen is not None:
            return self._again(seen, same=(seen.pair, seen.total) == (pair, total))
        if not self.book.covers(total):
            return _invalid({"amount": ["Insufficient balance."]})
        entry = self.book.book(user, key, pair, total)
        if note is not None and note.name == "listed late":
            entry.hidden_reads = note.reads
            wait = timedelta(seconds=0 if note.reads else note.seconds)
            entry.hidden_until = entry.at + wait
        return _accepted(entry)

    def _again(self, seen: Entry, *, same: bool) -> web.Response:
        """Undocumented, so all three readings are here; another body is refused in each."""
        known = {"idempotency_key": ["The idempotency key has already been taken."]}
        if not same or self.behaviour.duplicate == "error without id":
            return _invalid(known)
        if self.behaviour.duplicate == "409 with id":
            message = known["idempotency_key"][0]
            return answer({"message": message, "data": {"transaction_id": seen.id}}, 409)
        return _accepted(seen)

    async def _list(self, request: web.Request) -> web.StreamResponse:
        async def effect(note: Armed | None) -> web.Response:
            refusal = self._gate(request)
            if refusal is not None:
                return refusal
            rows = self.book.listed(request.match_info["user_id"])
            for row in rows:
                if note is not None and note.name == "unknown word":
                    row["state"] = "REVIEWING"
                if note is not None and note.name == "wrong total":
                    row["total"] = Decimal(str(row["total"])) + 1
            if self.behaviour.numbers_as_text:
                rows = [{k: str(v) for k, v in row.items()} for row in rows]
            early = note is not None and note.name == "ends early"
            return answer({"status": True, "data": self._page(rows, request, early=early)})

        return await self.strike("list", request, effect)

    def _page(self, rows: list[dict[str, object]], request: web.Request, *, early: bool) -> object:
        size = self.behaviour.page_size
        if size is None:
            return rows
        page = int(request.query.get("page", "1"))
        more = page * size < len(rows) and not early
        following = f"{self.base_url}{request.path}?page={page + 1}" if more else None
        shown = rows[(page - 1) * size : page * size]
        return {"data": shown, "next_page_url": following, "total": len(rows)}

    async def _rates(self, request: web.Request) -> web.StreamResponse:
        async def effect(_note: Armed | None) -> web.Response:
            rates = {pair: format(price, "f") for pair, price in self.book.prices.items()}
            refusal = self._gate(request)
            return answer({"status": True, "data": rates}) if refusal is None else refusal

        return await self.strike("price", request, effect)

    async def _public_prices(self, request: web.Request) -> web.StreamResponse:
        async def effect(_note: Armed | None) -> web.Response:
            rows = {
                (code := pair.removesuffix("eur")): {"code": code, "price": f"{price:,f}B"}
                for pair, price in self.book.prices.items()
            }
            return answer({"data": rows})

        return await self.strike("price", request, effect)

    def _gate(self, request: web.Request) -> web.Response | None:
        """Token, headers and user, as on every call."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self._now() >= self._tokens.get(token, datetime.min.replace(tzinfo=UTC)):
            return answer({"message": "Unauthenticated."}, 401)
        if request.headers.get("X-Requested-With") != "XMLHttpRequest":
            return answer({"message": "X-Requested-With must be XMLHttpRequest."}, 400)
        if request.method == "POST" and request.content_type != "application/json":
            return answer({"message": "Content-Type must be application/json."}, 400)
        if request.match_info.get("user_id", self.account.user_id) != self.account.user_id:
            return answer({"message": "No such user."}, 404)
        return None

    def _knows(self, fields: dict[str, Any]) -> bool:
        mine = self.account
        return all(
            hmac.compare_digest(str(fields.get(name, "")).encode(), expected.encode())
            for name, expected in {
                "email": mine.email,
                "password": mine.password,
                "client_id": mine.client_id,
                "client_secret": mine.client_secret,
            }.items()
        )


def _accepted(entry: Entry) -> web.Response:
    """Documented: Buy Order page."""
    return answer({"status": True, "data": {"transaction_id": entry.id}})


def _invalid(problems: Problems) -> web.Response:
    return answer({"message": "The given data was invalid.", "errors": problems}, 422)
