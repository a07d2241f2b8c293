"""Corner's server on this machine: ``await start()``, ``client(now)``, ``await stop()``.

``CornerSandbox(kind=Kind.NONE, now=clock.now)``. ``purchases`` is what really happened, ``posts``
what arrived, ``faults`` breaks the next calls of ``login``, ``buy``, ``list`` and ``price``, and
``shelf`` says how purchases settle and when they are listed. The control pages of
``providers.sandbox.server`` work for other processes.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal

from aiohttp import web

from providers.http import Deadlines
from providers.replies import number
from providers.sandbox.faults import TRANSPORT, Act, Armed, Fault, Faults, Moment
from providers.sandbox.server import LoopbackServer, answer
from tests.vendors.corner import SECRET, Corner
from tests.vendors.corner_ledger import PRICES, Bought, Shelf
from tests.vendors.kinds import Kind

OPS = frozenset({"login", "buy", "list", "price"})


def _fault(op: str, says: str, moment: Moment, status: int = 0, body: str = "") -> Fault:
    return Fault(
        says=says,
        source="our reading",
        moment=moment,
        act=Act.NOTE if moment is Moment.NOTE else Act.ANSWER,
        ops=frozenset({op}),
        status=status,
        body=body,
        headers=MappingProxyType({"Content-Type": "application/json"}),
    )


ERROR_INSIDE = '{"error":"Something went wrong"}'
FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        **TRANSPORT,
        "refused": _fault("buy", "A plain no.", Moment.BEFORE, 422, '{"error":"Closed today."}'),
        "error inside before": _fault("buy", "200, an error.", Moment.BEFORE, 200, ERROR_INSIDE),
        "error inside after": _fault("buy", "Done; an error.", Moment.AFTER, 200, ERROR_INSIDE),
        "expired token": _fault("buy", "All tokens expire as the call arrives.", Moment.NOTE),
        "listed late": _fault("buy", "Not listed for `seconds` or `reads`.", Moment.NOTE),
        "unknown word": _fault("list", "The state is a word of no document.", Moment.NOTE),
        "ends early": _fault("list", "Says that the first page is the last.", Moment.NOTE),
        "login refused": _fault("login", "No.", Moment.BEFORE, 401, '{"error":"Who are you?"}'),
    }
)


class CornerSandbox(LoopbackServer):
    """A vendor that keeps only the promises of its kind."""

    def __init__(
        self,
        *,
        kind: Kind,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        secret: str = SECRET,
    ) -> None:
        super().__init__(Faults(FAULTS, OPS))
        self.kind = kind
        self.secret = secret
        self.shelf = Shelf(kind=kind, now=now)
        self.page_size = 50
        self.duplicate: Literal["replay", "409 with id", "409 without id"] = "replay"
        """NATIVE_KEY's answer to a key and body seen before; another body is always the last."""
        self.posts: list[bytes] = []
        """Bodies of all POSTs to ``/buy``, effect or not."""
        self.logins = 0
        self.tokens: set[str] = set()

    def client(self, now: Callable[[], datetime], *, deadlines: Deadlines | None = None) -> Corner:
        """A client that may come in."""
        return Corner(self.base_url, self.kind, now=now, secret=self.secret, deadlines=deadlines)

    @property
    def purchases(self) -> list[Bought]:
        """Everything that really happened, listed or not, oldest first."""
        self.shelf.settle_due()
        return self.shelf.entries

    @property
    def costs(self) -> Decimal:
        """EUR that have left: what waits, has expired or failed costs nothing."""
        free = {"waiting", "expired", "failed"}
        return sum((one.amount for one in self.purchases if one.state not in free), Decimal(0))

    def settle_now(self, ref: int, state: str) -> None:
        self.shelf.one(ref).state = state

    def ledger(self) -> dict[str, object]:
        return {
            "purchases": [one.row(self.kind, timedelta(0)) for one in self.purchases],
            "posts": [body.decode(errors="replace") for body in self.posts],
        }

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/token", self._token),
            web.post("/buy", self._buy),
            web.get("/purchases", self._list),
            web.get("/purchases/{id}", self._one),
            web.get("/price", self._price),
        ]

    async def _token(self, request: web.Request) -> web.StreamResponse:
        self.logins += 1

        async def effect(_note: Armed | None) -> web.Response:
            if _fields(await request.read()).get("secret") != self.secret:
                return answer({"error": "Who are you?"}, 401)
            token = secrets.token_hex(24)
            self.tokens.add(token)
            return answer({"token": token})

        return await self.strike("login", request, effect)

    async def _buy(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.posts.append(body)

        async def effect(note: Armed | None) -> web.Response:
            if note is not None and note.name == "expired token":
                self.tokens.clear()
            if not self._knows(request):
                return answer({"error": "Token expired."}, 401)
            fields = _fields(body)
            amount = number(fields.get("amount"))
            if amount is None or amount <= 0 or fields.get("currency") != "EUR":
                return answer({"error": "The amount makes no sense."}, 422)
            if fields.get("asset") not in PRICES:
                return answer({"error": "We do not sell that."}, 422)
            return self._purchase(fields, amount, note)

        return await self.strike("buy", request, effect)

    def _purchase(
        self, fields: dict[str, Any], amount: Decimal, note: Armed | None
    ) -> web.Response:
        key, asset = fields.get("key"), str(fields["asset"])
        if self.kind is Kind.NATIVE_KEY:
            if not isinstance(key, str) or not key:
                return answer({"error": "Something to tell repeats by is missing."}, 422)
            seen = next((one for one in self.shelf.entries if one.key == key), None)
            if seen is not None:
                return self._again(seen, same=(seen.asset, seen.amount) == (asset, amount))
        entry = self.shelf.buy(asset, amount, key=key, reference=fields.get("reference"))
        if note is not None and note.name == "listed late":
            entry.hidden_reads = note.reads
            entry.hidden_until += timedelta(seconds=0 if note.reads else note.seconds)
        return answer(self._row(entry), 201)

    def _again(self, seen: Bought, *, same: bool) -> web.Response:
        if not same or self.duplicate == "409 without id":
            return answer({"error": "This key was used before."}, 409)
        if self.duplicate == "409 with id":
            return answer({**self._row(seen), "error": "This key was used before."}, 409)
        return answer(self._row(seen))

    async def _list(self, request: web.Request) -> web.StreamResponse:
        async def effect(note: Armed | None) -> web.Response:
            if not self._knows(request):
                return answer({"error": "Token expired."}, 401)
            if self.kind is Kind.NONE:
                return answer({"error": "No such page."}, 404)
            page, size = int(request.query.get("page", "1")), self.page_size
            rows = [self._row(one, note) for one in self.shelf.shown()]
            early = note is not None and note.name == "ends early"
            document = {
                "purchases": rows[(page - 1) * size : page * size],
                "pages": 1 if early else max(1, -(-len(rows) // size)),
                "total": len(rows),
            }
            return answer(document)

        return await self.strike("list", request, effect)

    async def _one(self, request: web.Request) -> web.StreamResponse:
        async def effect(note: Armed | None) -> web.Response:
            if not self._knows(request):
                return answer({"error": "Token expired."}, 401)
            try:
                entry = self.shelf.one(int(request.match_info["id"]))
            except (KeyError, ValueError):
                return answer({"error": "No such purchase."}, 404)
            if not self.shelf.show(entry):
                return answer({"error": "No such purchase."}, 404)
            return answer(self._row(entry, note))

        return await self.strike("list", request, effect)

    async def _price(self, request: web.Request) -> web.StreamResponse:
        async def effect(_note: Armed | None) -> web.Response:
            if not self._knows(request):
                return answer({"error": "Token expired."}, 401)
            return answer({"price": f"{PRICES[request.query['asset']]:f}"})

        return await self.strike("price", request, effect)

    def _row(self, entry: Bought, note: Armed | None = None) -> dict[str, object]:
        strange = {"state": "pondering"} if note is not None and note.name == "unknown word" else {}
        return {**entry.row(self.kind, self.shelf.behind), **strange}

    def _knows(self, request: web.Request) -> bool:
        return request.headers.get("Authorization", "").removeprefix("Bearer ") in self.tokens


def _fields(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body, parse_float=Decimal)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
