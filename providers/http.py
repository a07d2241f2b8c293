"""The one way to a vendor: deadlines, a pace, limits, silence about secrets, and verdicts.

A call is a purchase (``send_once``), a call that buys nothing but must not be repeated
(``ask_once``, a login), or a read (``read``, retried a few times). Whatever goes wrong becomes one
of the three errors of ``providers.base``, by one table: a purchase whose bytes may have left is
``Uncertain``, and only what surely never left is ``Unavailable``. No text made here holds a header,
a body or a query; exceptions of httpx are named by their class and never quoted.

Every attempt waits for its turn first, so that we never go faster than a vendor allows, and a
purchase is not even sent while the vendor keeps failing (``providers.breaker``).
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
import stamina
import structlog
from aiolimiter import AsyncLimiter

from bot.domain.capabilities import Health
from providers.addresses import host_of, pinned
from providers.base import Unavailable, Uncertain
from providers.breaker import Breaker, Patience
from providers.replies import Reply
from providers.verdicts import ReplyTooLong, Verdict, plainly, verdict

log = structlog.get_logger(__name__)

BODY_CAP = 1024 * 1024
"""Bytes of a reply that are read; a longer one is unreadable."""

BURST = 10
"""Calls that may go at once after a silence; then they go one by one, at the agreed pace."""


class OutOfTurn(Unavailable):
    """Nothing was sent: too many calls were waiting before this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Seconds, and how often a read is tried. ``total`` bounds each attempt, once it has begun."""

    turn: float = 5
    """For our own pace; nothing of this is the vendor's doing."""
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
        now: Callable[[], datetime],
        calls_per_minute: int | None = None,
        patience: Patience | None = None,
        deadlines: Deadlines | None = None,
        keep_alive: bool = False,
        observe: Callable[[Call], None] | None = None,
    ) -> None:
        """``calls_per_minute``: every attempt counts; None is without a limit.
        ``keep_alive``: an idle connection may turn a harmless close into doubt; reads only.
        ``observe`` is told of every attempt and must not raise.

        Raises ValueError for a base URL that is not plain https (http on loopback is allowed).
        """
        self._base = pinned(base_url)
        self._host = host_of(self._base)
        self._vendor = vendor
        self._observe = observe
        self._pace = _pace(calls_per_minute)
        self._breaker = Breaker(
            vendor=vendor, host=self._host, now=now, patience=patience or Patience()
        )
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

    @property
    def health(self) -> Health:
        """How this vendor has answered lately."""
        return self._breaker.health

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
        await self._turn()
        trial = self._breaker.admit()
        try:
            return await self._attempt(
                method, path, template or path, headers, body, sent=True, trial=trial
            )
        except Exception as error:
            match verdict(error):
                case Verdict.NOT_SENT:
                    told = f"{plainly(error)}, so nothing was sent"
                    raise Unavailable(told, detail=self._detail(error)) from None
                case Verdict.UNKNOWN:
                    raise Uncertain(plainly(error), detail=self._detail(error)) from None
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
        await self._turn()
        try:
            return await self._attempt(method, path, template or path, headers, body)
        except Exception as error:
            if verdict(error) is Verdict.BUG:
                raise
            raise Unavailable(plainly(error), detail=self._detail(error)) from None

    async def read(
        self, path: str, *, headers: Headers | None = None, template: str | None = None
    ) -> Reply:
        """GET, tried again after a failure or a 5xx. Raises Unavailable only; 4xx are returned."""
        times = self._deadlines
        async for attempt in stamina.retry_context(
            on=_worth_another_try,
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
            raise Unavailable(f"it answered with error {reply.status}", detail=self._host)
        return reply

    async def _turn(self) -> None:
        """Wait until a call may go by our own pace. Raises Unavailable when that takes too long."""
        try:
            async with asyncio.timeout(self._deadlines.turn):
                if self._pace is not None:
                    await self._pace.acquire()
        except TimeoutError:
            raise OutOfTurn("too many calls wait for their turn", detail=self._host) from None

    async def _attempt(
        self,
        method: str,
        path: str,
        template: str,
        headers: Headers,
        body: bytes | None,
        *,
        sent: bool = False,
        trial: bool = False,
    ) -> Reply:
        url = self.url(path)
        given = headers() if callable(headers) else headers
        outcome, status, began = "cancelled", None, time.perf_counter()
        trouble = ""
        try:
            async with (
                asyncio.timeout(self._deadlines.total),
                self._client.stream(method, url, content=body, headers=dict(given)) as response,
            ):
                status = response.status_code
                reply = Reply(status, dict(response.headers), await _whole(response))
            outcome = "replied"
        except Exception as error:
            outcome, trouble = type(error).__name__, plainly(error)
            raise
        else:
            return reply
        finally:
            call = Call(
                vendor=self._vendor,
                method=method,
                host=self._host,
                path=template,
                outcome=outcome,
                status=status,
                ms=round((time.perf_counter() - began) * 1000),
            )
            self._learn(call, trouble, sent=sent, trial=trial)

    def _learn(self, call: Call, trouble: str, *, sent: bool, trial: bool) -> None:
        log.info("provider.call", **asdict(call))
        if call.outcome == "cancelled":
            self._breaker.abandoned(trial=trial)
        elif call.outcome != "replied" or call.status is None:
            self._breaker.failed(trouble, sent=sent, trial=trial)
        elif call.status >= 500:
            self._breaker.failed(f"it answered with error {call.status}", sent=sent, trial=trial)
        else:
            self._breaker.answered(sent=sent)
        if self._observe is not None:
            self._observe(call)

    def _detail(self, error: Exception) -> str:
        return f"{type(error).__name__} at {self._host}"

    async def aclose(self) -> None:
        await self._client.aclose()


def _worth_another_try(error: Exception) -> bool:
    return isinstance(error, Unavailable) and not isinstance(error, OutOfTurn)


def _pace(calls_per_minute: int | None) -> AsyncLimiter | None:
    """A bucket that holds a burst and leaks at the agreed rate."""
    if calls_per_minute is None:
        return None
    burst = min(BURST, calls_per_minute)
    return AsyncLimiter(burst, 60 * burst / calls_per_minute)


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
