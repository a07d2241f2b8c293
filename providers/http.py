"""The one module that imports httpx: deadlines, limits, silence about secrets, and verdicts.

A call is a purchase (``send_once``), a call that buys nothing but must not be repeated
(``ask_once``, a login), or a read (``read``, retried a few times). Whatever goes wrong becomes one
of the three errors of ``providers.base``, by one table: a purchase whose bytes may have left is
``Uncertain``, and only what surely never left is ``Unavailable``. No text made here holds a header,
a body or a query; exceptions of httpx are named by their class and never quoted.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import MappingProxyType

import httpx
import stamina
import structlog

from providers.addresses import host_of, pinned
from providers.base import Unavailable, Uncertain
from providers.replies import Reply

log = structlog.get_logger(__name__)

BODY_CAP = 1024 * 1024
"""Bytes of a reply that are read; a longer one is unreadable."""


class Verdict(Enum):
    """What an exception proves about a request that was being sent."""

    NOT_SENT = "not sent"
    UNKNOWN = "unknown"
    BUG = "bug"


class ReplyTooLong(Exception):
    """The reply passed ``BODY_CAP``."""


VERDICTS: Mapping[type[Exception], Verdict] = MappingProxyType(
    {
        # No connection, so no byte of the request. TLS failures on connect arrive as ConnectError.
        httpx.ConnectError: Verdict.NOT_SENT,
        httpx.ConnectTimeout: Verdict.NOT_SENT,
        httpx.PoolTimeout: Verdict.NOT_SENT,
        # Some bytes may have left, or all of them.
        httpx.ReadError: Verdict.UNKNOWN,
        httpx.ReadTimeout: Verdict.UNKNOWN,
        httpx.WriteError: Verdict.UNKNOWN,
        httpx.WriteTimeout: Verdict.UNKNOWN,
        httpx.CloseError: Verdict.UNKNOWN,
        httpx.RemoteProtocolError: Verdict.UNKNOWN,
        # h11 may say this before or in the middle of sending; its text quotes headers.
        httpx.LocalProtocolError: Verdict.UNKNOWN,
        httpx.DecodingError: Verdict.UNKNOWN,
        # Never raised as we use httpx (no proxy, no redirects, no raise_for_status), or the
        # general classes that a new httpx may subclass: the careful answer.
        httpx.ProxyError: Verdict.UNKNOWN,
        httpx.TooManyRedirects: Verdict.UNKNOWN,
        httpx.HTTPStatusError: Verdict.UNKNOWN,
        httpx.TimeoutException: Verdict.UNKNOWN,
        httpx.NetworkError: Verdict.UNKNOWN,
        httpx.ProtocolError: Verdict.UNKNOWN,
        httpx.TransportError: Verdict.UNKNOWN,
        httpx.RequestError: Verdict.UNKNOWN,
        httpx.HTTPError: Verdict.UNKNOWN,
        # Ours, and what the standard library may let through: TimeoutError is our own deadline.
        ReplyTooLong: Verdict.UNKNOWN,
        TimeoutError: Verdict.UNKNOWN,
        OSError: Verdict.UNKNOWN,
        # Mistakes in our code or configuration: loud.
        httpx.UnsupportedProtocol: Verdict.BUG,
        httpx.InvalidURL: Verdict.BUG,
        httpx.CookieConflict: Verdict.BUG,
        httpx.StreamError: Verdict.BUG,
        httpx.StreamClosed: Verdict.BUG,
        httpx.StreamConsumed: Verdict.BUG,
        httpx.RequestNotRead: Verdict.BUG,
        httpx.ResponseNotRead: Verdict.BUG,
    }
)


def verdict(error: Exception) -> Verdict:
    """What ``error`` proves, by its most specific class in the table; not in it is a BUG."""
    known = (VERDICTS[kind] for kind in type(error).__mro__ if kind in VERDICTS)
    return next(known, Verdict.BUG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Seconds, and how often a read is tried. ``total`` bounds each attempt."""

    connect: float = 5
    pool: float = 2
    write: float = 10
    read: float = 30
    total: float = 45
    read_attempts: int = 3
    read_wait: float = 0.2
    """Before the second attempt of a read; doubled after that, with a little chance in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One attempt, as told to ``observe`` and to the log: nothing in it is secret."""

    vendor: str
    method: str
    host: str
    path: str
    """With its variable parts named: ``/users/{user_id}/buy``."""
    outcome: str
    """``replied``, ``cancelled``, or the class of the exception."""
    status: int | None
    ms: int
    """Milliseconds."""


Headers = Mapping[str, str] | Callable[[], Mapping[str, str]]
"""A callable is asked once for each attempt: for signatures that hold a nonce."""


class Http:
    """One vendor's HTTP: one pinned host, one client for the life of the process."""

    def __init__(
        self,
        base_url: str,
        *,
        vendor: str,
        deadlines: Deadlines | None = None,
        keep_alive: bool = False,
        observe: Callable[[Call], None] | None = None,
    ) -> None:
        """``keep_alive``: an idle connection may turn a harmless close into doubt; reads only.
        ``observe`` is told of every attempt and must not raise.

        Raises ValueError for a base URL that is not plain https (http on loopback is allowed).
        """
        self._base = pinned(base_url)
        self._host = host_of(self._base)
        self._vendor = vendor
        self._observe = observe
        self._deadlines = times = deadlines or Deadlines()
        for chatty in ("httpx", "httpcore"):  # they log whole URLs at INFO
            logging.getLogger(chatty).setLevel(logging.WARNING)
        self._client = httpx.AsyncClient(
            trust_env=False,
            verify=_trusted(),
            follow_redirects=False,
            timeout=httpx.Timeout(
                connect=times.connect, pool=times.pool, write=times.write, read=times.read
            ),
            limits=httpx.Limits(
                max_connections=10,
                max_keepalive_connections=5 if keep_alive else 0,
                keepalive_expiry=5,
            ),
            headers={"User-Agent": "countersign", "Accept-Encoding": "identity"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )

    def url(self, path: str) -> str:
        """The full URL of a path that starts with one slash; raises ValueError for any other."""
        if not path.startswith("/") or path.startswith("//"):
            raise ValueError("a path starts with exactly one slash")
        return self._base + path

    async def send_once(
        self, method: str, path: str, *, body: bytes, headers: Headers, template: str | None = None
    ) -> Reply:
        """Send a purchase, once. Raises Unavailable (surely not sent) or Uncertain (may be).

        Any reply is returned, whatever its status: what it means is the vendor's file to say.
        """
        try:
            return await self._attempt(method, path, template or path, headers, body)
        except Exception as error:
            match verdict(error):
                case Verdict.NOT_SENT:
                    raise Unavailable(self._words(error, "was not sent")) from None
                case Verdict.UNKNOWN:
                    raise Uncertain(self._words(error, "may have been executed")) from None
            raise

    async def ask_once(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None,
        headers: Headers,
        template: str | None = None,
    ) -> Reply:
        """Send something that buys nothing and must not be repeated. Raises Unavailable only."""
        try:
            return await self._attempt(method, path, template or path, headers, body)
        except Exception as error:
            if verdict(error) is Verdict.BUG:
                raise
            raise Unavailable(self._words(error, "got no answer")) from None

    async def read(
        self, path: str, *, headers: Headers | None = None, template: str | None = None
    ) -> Reply:
        """GET, tried again after a failure or a 5xx. Raises Unavailable only; 4xx are returned."""
        times = self._deadlines
        async for attempt in stamina.retry_context(
            on=Unavailable,
            attempts=times.read_attempts,
            wait_initial=times.read_wait,
            wait_max=8 * times.read_wait,
            wait_jitter=times.read_wait / 2,
        ):
            with attempt:
                return await self._look(path, template or path, headers or {})
        raise AssertionError("stamina returns or raises")

    async def _look(self, path: str, template: str, headers: Headers) -> Reply:
        reply = await self.ask_once("GET", path, body=None, headers=headers, template=template)
        if reply.status >= 500:
            raise Unavailable(f"{self._host} answered {reply.status}")
        return reply

    async def _attempt(
        self, method: str, path: str, template: str, headers: Headers, body: bytes | None
    ) -> Reply:
        url = self.url(path)
        given = headers() if callable(headers) else headers
        outcome, status, began = "cancelled", None, time.perf_counter()
        try:
            async with (
                asyncio.timeout(self._deadlines.total),
                self._client.stream(method, url, content=body, headers=dict(given)) as response,
            ):
                status = response.status_code
                reply = Reply(status, dict(response.headers), await _whole(response))
            outcome = "replied"
        except Exception as error:
            outcome = type(error).__name__
            raise
        else:
            return reply
        finally:
            self._tell(
                Call(
                    vendor=self._vendor,
                    method=method,
                    host=self._host,
                    path=template,
                    outcome=outcome,
                    status=status,
                    ms=round((time.perf_counter() - began) * 1000),
                )
            )

    def _tell(self, call: Call) -> None:
        log.info("provider.call", **asdict(call))
        if self._observe is not None:
            self._observe(call)

    def _words(self, error: Exception, consequence: str) -> str:
        kind = "our deadline" if type(error) is TimeoutError else type(error).__name__
        return f"the call to {self._host} {consequence} ({kind})"

    async def aclose(self) -> None:
        await self._client.aclose()


@cache
def _trusted() -> ssl.SSLContext:
    """The bundled authorities, loaded once: that is most of the cost of a client."""
    return httpx.create_ssl_context(trust_env=False)


async def _whole(response: httpx.Response) -> bytes:
    received = bytearray()
    async for piece in response.aiter_bytes():
        received += piece
        if len(received) > BODY_CAP:
            raise ReplyTooLong
    return bytes(received)
