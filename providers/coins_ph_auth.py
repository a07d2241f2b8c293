"""How Coins.ph knows us: a signature over nonce, URL and body, or an OAuth bearer token.

Documented: the signed message is ``nonce + full URL + body``, the signature its HMAC-SHA256 in hex,
and a nonce may be used once per user and must grow. Numbers that are drawn in order must therefore
also arrive in order: one key makes one call at a time, from drawing the nonce to the answer.
"""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from providers.base import Nonces, Unavailable
from providers.coins_ph_paths import CoinsPhSettings
from providers.coins_ph_words import complains_of_nonce
from providers.http import Deadlines, Http, OutOfTurn
from providers.replies import Reply

HEADERS = {"Content-Type": "application/json;charset=UTF-8", "Accept": "application/json"}
"""Documented: on every call."""

SIGNED = MappingProxyType(
    {
        "underscore": ("ACCESS_KEY", "ACCESS_SIGNATURE", "ACCESS_NONCE"),
        "hyphen": ("Access-Key", "Access-Signature", "Access-Nonce"),
    }
)
"""Both documented, see ``CoinsPhReading.header_style``."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def signature(secret: str, nonce: int, url: str, body: bytes) -> str:
    """Documented: hex HMAC-SHA256 of the nonce, the full URL with its query, and the body."""
    message = f"{nonce}{url}".encode() + body
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


class Signer:
    """Sends calls in the name of one key, one at a time; with a token there is no need to queue."""

    def __init__(
        self,
        http: Http,
        settings: CoinsPhSettings,
        *,
        now: Callable[[], datetime],
        nonces: Nonces,
        deadlines: Deadlines | None = None,
    ) -> None:
        """``now`` is aware UTC; ``nonces`` must be the same store for all users of one key."""
        self._http = http
        self._settings = settings
        self._now = now
        self._nonces = nonces
        self._times = deadlines or Deadlines()
        self._lock = asyncio.Lock()

    async def send_once(
        self, method: str, path: str, *, body: bytes, template: str | None = None
    ) -> Reply:
        """As ``Http.send_once``, signed. Raises Unavailable (surely not sent) or Uncertain."""
        async with self._signed(path, body) as headers:
            reply = await self._http.send_once(
                method, path, body=body, headers=headers, template=template
            )
            return self._hidden(reply)

    async def read(self, path: str, *, template: str | None = None) -> Reply:
        """GET, tried again after a failure or a 5xx; a refused nonce gets one new one.

        Raises Unavailable only; 4xx are returned. Every attempt has a nonce of its own.
        """
        reply = await self._patiently(path, template)
        if self._settings.token is None and _nonce_refused(reply):
            reply = await self._patiently(path, template)
        return reply

    async def _patiently(self, path: str, template: str | None) -> Reply:
        for attempt in range(1, self._times.read_attempts + 1):
            try:
                async with self._signed(path, b"") as headers:
                    reply = await self._http.ask_once(
                        "GET", path, body=None, headers=headers, template=template
                    )
            except OutOfTurn:
                raise
            except Unavailable:
                if attempt == self._times.read_attempts:
                    raise
            else:
                if reply.status < 500:
                    return self._hidden(reply)
            if attempt < self._times.read_attempts:
                await asyncio.sleep(self._times.read_wait * 2 ** (attempt - 1))
        raise Unavailable(f"Coins.ph answered {reply.status}")

    @asynccontextmanager
    async def _signed(self, path: str, body: bytes) -> AsyncGenerator[Mapping[str, str]]:
        """The headers of one attempt; while they are in use nobody else signs with this key."""
        known = self._settings
        if known.token is not None:
            yield {**HEADERS, "Authorization": f"Bearer {known.token.get_secret_value()}"}
            return
        assert known.api_key is not None
        assert known.api_secret is not None
        key, secret = known.api_key.get_secret_value(), known.api_secret.get_secret_value()
        await self._in_turn()
        try:
            microseconds = (self._now() - EPOCH) // timedelta(microseconds=1)
            nonce = await self._nonces.next(_account(key), microseconds)
            signed = signature(secret, nonce, self._http.url(path), body)
            names = SIGNED[known.reading.header_style]
            yield {**HEADERS, **dict(zip(names, (key, signed, str(nonce)), strict=True))}
        finally:
            self._lock.release()

    def _hidden(self, reply: Reply) -> Reply:
        """The reply without any secret that the vendor may have echoed."""
        known, body = self._settings, reply.body
        for secret in (known.api_key, known.api_secret, known.token):
            if secret is not None:
                body = body.replace(secret.get_secret_value().encode(), b"[hidden]")
        return Reply(reply.status, reply.headers, body)

    async def _in_turn(self) -> None:
        """Wait for the key as long as one call may take. Raises OutOfTurn."""
        try:
            async with asyncio.timeout(self._times.total):
                await self._lock.acquire()
        except TimeoutError:
            raise OutOfTurn("too many calls wait for the one key at Coins.ph") from None


def _account(key: str) -> str:
    """The name under which nonces are kept: the same for a key, and not the key itself."""
    return f"coins_ph {hashlib.sha256(key.encode()).hexdigest()[:16]}"


def _nonce_refused(reply: Reply) -> bool:
    return reply.status in (401, 403) or complains_of_nonce(reply)
