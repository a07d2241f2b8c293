"""A bounded record of the HTTP calls that a sandbox received, for the demo page.

A call is noted when it arrives and completed when it is answered, so that one that hangs is seen
hanging. Secrets never enter it: no header but the idempotency key is kept, and fields that hold a
credential are replaced, in requests and replies alike.
"""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

HIDDEN = "[hidden]"
SECRET_FIELDS = frozenset(
    {
        "access_token",
        "api_key",
        "api_secret",
        "authorization",
        "client_secret",
        "password",
        "refresh_token",
        "security_code",
        "token",
    }
)
LONGEST = 4000
"""Characters of a body that is no JSON."""
KEPT = 500
"""Calls that are remembered."""


@dataclass(eq=False, slots=True)
class HttpCall:
    """One request and, once there is one, what was answered."""

    number: int
    """1 for the first call of this sandbox; never given twice."""
    at: datetime
    method: str
    path: str
    sent: Any
    key: str | None
    """The ``Idempotency-Key`` header."""
    status: str = ""
    """``200``, or in words what became of the connection; empty while nothing has."""
    got: Any = None


class Wire(deque[HttpCall]):
    """The last calls, oldest first; ``changed`` is called for each that comes or is answered."""

    def __init__(self) -> None:
        super().__init__(maxlen=KEPT)
        self.changed: Callable[[], None] = lambda: None
        self.total = 0

    @web.middleware
    async def middleware(
        self, request: web.Request, handler: Callable[[web.Request], Any]
    ) -> web.StreamResponse:
        """Record every call but those to the control pages."""
        if request.path.startswith("/_sandbox/"):
            return await handler(request)  # type: ignore[no-any-return] # aiohttp's
        self.total += 1
        call = HttpCall(
            number=self.total,
            at=datetime.now(UTC),
            method=request.method,
            path=request.path_qs,
            sent=_shown(await request.read()),
            key=request.headers.get("Idempotency-Key"),
        )
        self.append(call)
        self.changed()
        try:
            reply: web.StreamResponse = await handler(request)
            call.status, call.got = _fate(request, reply)
        except web.HTTPException as refusal:
            call.status = str(refusal.status)
            raise
        finally:
            call.status = call.status or "cut off"
            self.changed()
        return reply


def _fate(request: web.Request, reply: web.StreamResponse) -> tuple[str, Any]:
    """What the caller saw of the answer."""
    transport = request.transport
    if transport is None or transport.is_closing():
        return "connection cut", None
    body = reply.body if isinstance(reply, web.Response) else None
    return str(reply.status), _shown(body) if isinstance(body, bytes) else None


def _shown(body: bytes) -> Any:
    """A body with its secrets hidden: JSON as it is, anything else as text."""
    if not body:
        return None
    try:
        return without_secrets(json.loads(body))
    except ValueError:
        return body[:LONGEST].decode(errors="replace").strip()


def without_secrets(value: Any) -> Any:
    """The same JSON with every field that holds a credential replaced."""
    if isinstance(value, dict):
        return {
            name: HIDDEN if str(name).lower() in SECRET_FIELDS else without_secrets(one)
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(one) for one in value]
    return value
