"""A login that gives a token: fetched when needed, shared by all calls, asked for again on a 401.

One login serves everybody who waits for it. It buys nothing, hence every failure here is
``Unavailable``: the order waits, and the reason says what is wrong. After a refusal nobody asks
again for a while, because vendors lock accounts that guess. A vendor whose calls are let in by a
token says in a subclass how it is asked for one and where the token stands in the answer.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr

from providers.base import Draft, Unavailable
from providers.http import Http
from providers.replies import Reply

EARLY = timedelta(seconds=60)
"""A token is not used in the last minute of its life."""
QUIET_AFTER_REFUSAL = timedelta(seconds=60)

REFUSED = frozenset({400, 401, 403, 422})
"""Answers to a login that we read as: not with these credentials. No vendor documents its own."""


@dataclass(frozen=True, slots=True)
class Token:
    """What a login gave: the token's text, and how long it is used."""

    text: str
    used_for: timedelta


class Session(ABC):
    """The token of one account."""

    def __init__(
        self,
        http: Http,
        *,
        title: str,
        headers: Mapping[str, str],
        secrets: Iterable[SecretStr],
        now: Callable[[], datetime],
    ) -> None:
        """``headers`` are those of every call; ``secrets`` what the vendor may echo to us."""
        self._http = http
        self._title = title
        self._headers = dict(headers)
        self._secrets = tuple(secrets)
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
                self._token = await self._log_in()
            return {**self._headers, "Authorization": f"Bearer {self._token}"}

    async def buy(self, draft: Draft, *, template: str | None = None) -> Reply:
        """Send the drafted bytes; after a 401 once more, the same bytes with a fresh login.

        Our reading, which no vendor documents: a call that is not let in is not executed. Raises
        Unavailable, also for the login or a second 401, or Uncertain.
        """
        headers = await self.headers()
        reply = await self._send(draft, headers, template)
        if reply.status == 401:
            reply = await self._send(draft, await self.headers(stale=headers), template)
        if reply.status == 401:
            raise Unavailable(f"{self._title} refuses the login that it has just granted")
        return reply

    async def read(self, path: str, template: str) -> Reply:
        """As ``Http.read``, logged in; a 401 costs one fresh login. Raises Unavailable."""
        headers = await self.headers()
        reply = await self._http.read(path, headers=headers, template=template)
        if reply.status == 401:
            headers = await self.headers(stale=headers)
            reply = await self._http.read(path, headers=headers, template=template)
        return reply

    @abstractmethod
    async def _ask(self) -> Reply:
        """Ask for a token. Raises Unavailable."""

    @abstractmethod
    def _token_in(self, reply: Reply) -> Token | None:
        """The token in a successful answer; None where there is none that could be one."""

    @abstractmethod
    def _words(self, reply: Reply) -> str:
        """The vendor's own words of refusal; empty where it has none."""

    async def _send(self, draft: Draft, headers: dict[str, str], template: str | None) -> Reply:
        return await self._http.send_once(
            draft.method, draft.path, body=draft.body, headers=headers, template=template
        )

    async def _log_in(self) -> str:
        if self._refusal is not None and self._now() < self._refusal[0]:
            raise self._wait_out(*self._refusal)
        reply = await self._ask()
        if reply.status == 429:
            wait = reply.retry_after(self._now())
            raise Unavailable(f"{self._title} asks us to log in later", wait)
        token = self._token_in(reply) if reply.status in (200, 201) else None
        if token is not None:
            self._good_until = self._now() + token.used_for
            self._refusal = None
            return token.text
        if reply.status in REFUSED:
            words = self._hide(self._words(reply))
            told = f"{reply.status}{': ' if words else ''}{words}"
            reason = f"{self._title} refuses the login ({told})"
            self._refusal = (self._now() + QUIET_AFTER_REFUSAL, reason)
            raise self._wait_out(*self._refusal)
        raise Unavailable(f"{self._title}'s login answered {reply.status} and no token")

    def _hide(self, text: str) -> str:
        """``text`` without any secret that the vendor may have echoed."""
        for secret in [*(one.get_secret_value() for one in self._secrets), self._token or ""]:
            text = text.replace(secret, "[hidden]") if secret else text
        return text

    def _wait_out(self, until: datetime, reason: str) -> Unavailable:
        return Unavailable(reason, (until - self._now()).total_seconds())


def fit_for_header(value: object) -> str | None:
    """The token, if it can stand in a header: printable ASCII, and some of it."""
    fit = isinstance(value, str) and value.isascii() and value.isprintable() and bool(value)
    return str(value) if fit else None
