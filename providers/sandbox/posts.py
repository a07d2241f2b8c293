"""How a sandbox remembers what it was sent, without what could log in, and reads it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from aiohttp import web

from providers.sandbox.wire import HIDDEN

SECRET_HEADERS = frozenset({"authorization", "access_key", "access_signature"})
"""In lower case; a hyphen is read as the underscore that it is at other vendors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A buy request as it arrived, effect or not. What could log in is hidden in ``headers``."""

    at: datetime
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def row(self) -> dict[str, str]:
        """For the ledger page of the sandbox."""
        body = self.body.decode(errors="replace")
        return {"at": self.at.isoformat(), "path": self.path, "body": body}


def post_of(request: web.Request, body: bytes, at: datetime) -> Post:
    """What is kept of this request."""
    headers = {
        name: HIDDEN if name.lower().replace("-", "_") in SECRET_HEADERS else value
        for name, value in request.headers.items()
    }
    return Post(at=at, path=request.path, headers=headers, body=body)


def document_of(body: bytes) -> dict[str, Any]:
    """The fields of a body, fractions as Decimal; none when it is no JSON object."""
    try:
        document = json.loads(body, parse_float=Decimal)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
