"""The sandbox of Toy, the vendor of ``docs/adding-a-provider.md``: as small as one can be.

It keeps its orders on Corner's shelf. ``note_field`` plays the one thing about Toy that was only
seen: under which name it lists what we sent with an order.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from aiohttp import web

from providers.replies import number
from providers.sandbox.faults import TRANSPORT, Act, Armed, Fault, Faults, Moment
from providers.sandbox.server import LoopbackServer, answer
from tests.vendors.corner_ledger import Bought, Shelf
from tests.vendors.kinds import Kind

SECRET = "toy-secret-of-the-tests"
OPS = frozenset({"buy", "list"})
NOT_LET_IN = '{"error":"Who are you?"}'


def _fault(says: str, moment: Moment, status: int = 0, body: str = "", ops: str = "buy") -> Fault:
    return Fault(
        says=says,
        source="our reading",
        moment=moment,
        act=Act.NOTE if moment is Moment.NOTE else Act.ANSWER,
        ops=frozenset(ops.split()),
        status=status,
        body=body,
        headers=MappingProxyType({"Content-Type": "application/json"}),
    )


FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        **TRANSPORT,
        "refused": _fault("A plain no.", Moment.BEFORE, 422, '{"error":"Closed today."}'),
        "error inside before": _fault("201, an error.", Moment.BEFORE, 201, '{"error":"Oh."}'),
        "error inside after": _fault("Done; an error.", Moment.AFTER, 201, '{"error":"Oh."}'),
        "expired token": _fault("Not let in.", Moment.BEFORE, 401, NOT_LET_IN, "buy list"),
        "login refused": _fault("Wrong key.", Moment.BEFORE, 401, NOT_LET_IN, "list"),
        "listed late": _fault("Not listed for `seconds` or `reads`.", Moment.NOTE),
        "unknown word": _fault("A state of no document.", Moment.NOTE, ops="list"),
        "ends early": _fault("Later pages are empty.", Moment.NOTE, ops="list"),
    }
)


class ToySandbox(LoopbackServer):
    """POST ``/orders``, and GET ``/orders?page=N``, newest first."""

    logins = 0

    def __init__(self, *, now: Callable[[], datetime]) -> None:
        super().__init__(Faults(FAULTS, OPS))
        self.shelf = Shelf(kind=Kind.REFERENCE, now=now)
        self.note_field = "note"
        self.page_size = 50
        self.posts: list[bytes] = []

    def settle_now(self, ref: int, state: str) -> None:
        self.shelf.one(ref).state = state

    def ledger(self) -> dict[str, object]:
        return {"orders": [self._row(one) for one in self.shelf.entries]}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/orders", self._buy),
            web.get("/orders", self._list),
        ]

    async def _buy(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.posts.append(body)

        async def effect(note: Armed | None) -> web.Response:
            if request.headers.get("X-Toy-Key") != SECRET:
                return answer({"error": "Who are you?"}, 401)
            wish: dict[str, Any] = json.loads(body)
            amount = number(wish["amount"])
            if amount is None or amount < 10:
                return answer({"error": "At least 10 EUR, please."}, 422)
            entry = self.shelf.buy(wish["asset"], amount, reference=wish.get(self.note_field))
            if note is not None:
                entry.hidden_reads = note.reads
                entry.hidden_until += timedelta(seconds=0 if note.reads else note.seconds)
            return answer(self._row(entry), 201)

        return await self.strike("buy", request, effect)

    async def _list(self, request: web.Request) -> web.StreamResponse:
        async def effect(note: Armed | None) -> web.Response:
            if request.headers.get("X-Toy-Key") != SECRET:
                return answer({"error": "Who are you?"}, 401)
            strange = {"state": "pondering"} if note and note.name == "unknown word" else {}
            rows = [{**self._row(one), **strange} for one in self.shelf.shown()]
            page = int(request.query["page"])
            shown = rows[(page - 1) * self.page_size : page * self.page_size]
            if page > 1 and note is not None and note.name == "ends early":
                shown = []
            return answer({"orders": shown, "total": len(rows)})

        return await self.strike("list", request, effect)

    def _row(self, entry: Bought) -> dict[str, object]:
        row = entry.row(Kind.REFERENCE, self.shelf.behind)
        return {**row, self.note_field: row.pop("reference")}
