"""Oak's login: a client id and its secret become a token for about an hour.

One grant serves everybody who waits for it. It buys nothing, hence every failure here is
``Unavailable``: the order waits, and the reason says what is wrong. After a refusal nobody asks
again for a while. Whether ``expires_in`` counts seconds or milliseconds is documented both ways, so
a token that tells its own end is believed first.
"""

import asyncio
import binascii
import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NoReturn

from providers.base import Unavailable
from providers.http import Http
from providers.oak_paths import OakSettings
from providers.oak_words import envelope_words
from providers.replies import Reply, Unreadable, number

EARLY = timedelta(seconds=60)
"""A token is not used in the last minute of its life."""
SHORTEST = timedelta(seconds=30)
"""A token is used so long in any case; one that has ended before is answered with 401."""
QUIET_AFTER_REFUSAL = timedelta(seconds=60)

HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


class Session:
    """The token of one merchant, fetched when needed and shared by all calls."""

    def __init__(self, http: Http, settings: OakSettings, *, now: Callable[[], datetime]) -> None:
        self._http = http
        self._settings = settings
        self._now = now
        self._lock = asyncio.Lock()
        self._token: str | None = None
        self._good_until: datetime | None = None
        self._refusal: tuple[datetime, str] | None = None

    async def headers(self, stale: dict[str, str] | None = None) -> dict[str, str]:
        """The headers of an authorised call; ``stale``: those that were just answered with 401.

        Raises Unavailable when there is no login, for whatever reason.
        """
        async with self._lock:
            if stale is not None and stale.get("Authorization") == f"Bearer {self._token}":
                self._token = None
            if self._token is None or self._good_until is None or self._now() >= self._good_until:
                self._token = await self._grant()
            return {**HEADERS, "Authorization": f"Bearer {self._token}"}

    def hide(self, text: str) -> str:
        """``text`` without any secret that the vendor may have echoed."""
        known = (self._settings.client_secret, self._settings.client_id)
        for secret in [*(one.get_secret_value() for one in known), self._token or ""]:
            text = text.replace(secret, "[hidden]") if secret else text
        return text

    async def _grant(self) -> str:
        """Documented: Grant merchant token page; the reply is flat, unlike all others."""
        if self._refusal is not None and self._now() < self._refusal[0]:
            self._wait_out(self._refusal)
        body = {
            "client_id": self._settings.client_id.get_secret_value(),
            "client_secret": self._settings.client_secret.get_secret_value(),
            "grant_type": "client_credentials",
        }
        reply = await self._http.ask_once(
            "POST",
            self._settings.reading.grant_path,
            body=json.dumps(body).encode(),
            headers=HEADERS,
        )
        return self._read(reply)

    def _read(self, reply: Reply) -> str:
        if reply.status == 429:
            raise Unavailable("Oak asks us to log in later", reply.retry_after(self._now()))
        fields = _fields(reply) if reply.status in (200, 201) else {}
        token = fields.get("access_token")
        if isinstance(token, str) and token.isascii() and token.isprintable() and token:
            told = self._life(token, fields)
            longest = Decimal(self._settings.reading.session_seconds)
            life = timedelta(seconds=int(longest if told is None else min(told, longest)))
            self._good_until = self._now() + max(life - EARLY, SHORTEST)
            self._refusal = None
            return token
        words = self.hide(envelope_words(reply))
        reason = f"Oak refuses the login ({reply.status}{': ' if words else ''}{words})"
        if reply.status in (400, 401, 403, 422):
            self._refusal = (self._now() + QUIET_AFTER_REFUSAL, reason)
            self._wait_out(self._refusal)
        raise Unavailable(f"Oak's login answered {reply.status} and no token")

    def _life(self, token: str, fields: dict[str, Any]) -> Decimal | None:
        """Seconds that a fresh token lives, by its own word or else the reply's; None if untold.

        Its own ``exp`` less its own ``iat`` needs no clock of ours.
        """
        claims = _claims(token)
        ends, begins = number(claims.get("exp")), number(claims.get("iat"))
        if ends is not None:
            life = ends - (Decimal(int(self._now().timestamp())) if begins is None else begins)
            if life > 0:
                return life
        told = number(fields.get("expires_in"))
        if told is None or told <= 0:
            return None
        return told / 1000 if told >= self._settings.reading.milliseconds_from else told

    def _wait_out(self, refusal: tuple[datetime, str]) -> NoReturn:
        until, reason = refusal
        raise Unavailable(reason, (until - self._now()).total_seconds())


def _claims(token: str) -> dict[str, Any]:
    """What stands in a JSON web token, unverified: it is only about when to ask for another."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        text = urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
    except (binascii.Error, ValueError):
        return {}
    return _fields(Reply(200, {}, text))


def _fields(reply: Reply) -> dict[str, Any]:
    try:
        document = reply.document()
    except Unreadable:
        return {}
    return document if isinstance(document, dict) else {}
