"""Kriptomat's login: a password and a one-time code become a token for 60 minutes.

One login serves everybody who waits for it. A one-time code is good for one login in its window of
30 seconds, so a refused code is tried once more in the next window. A login buys nothing, hence
every failure here is ``Unavailable``: the order waits, and the reason says what is wrong. After a
refusal nobody asks again for a while, because vendors lock accounts that guess.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NoReturn

from providers.base import Unavailable
from providers.http import Http
from providers.kriptomat_paths import KriptomatSettings
from providers.kriptomat_words import envelope_words, payload
from providers.onetime import OneTimeCodes
from providers.replies import Reply, Unreadable, number

EARLY = timedelta(seconds=60)
"""A token is not used in the last minute of its life."""
QUIET_AFTER_REFUSAL = timedelta(seconds=60)

HEADERS = {
    "X-Requested-With": "XMLHttpRequest",
    "Content-Type": "application/json",
    "Accept": "application/json",
}
"""Documented: on every call, with ``Authorization`` added once there is a token."""

CODE_COMPLAINT = re.compile(
    r"security.?code|one.?time|\botp\b|2fa|two.?factor|authenticator", re.IGNORECASE
)
"""Our reading of a refusal that is about the code rather than the password."""


class Session:
    """The token of one account, fetched when needed and shared by all calls."""

    def __init__(
        self,
        http: Http,
        settings: KriptomatSettings,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._http = http
        self._settings = settings
        self._now = now
        self._sleep = sleep
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
            return {**HEADERS, "Authorization": f"Bearer {self._token}"}

    def hide(self, text: str) -> str:
        """``text`` without any secret that the vendor may have echoed."""
        known = self._settings
        secrets = [known.password, known.client_secret, known.totp_secret, known.email]
        for secret in [*(s.get_secret_value() for s in secrets), self._token or ""]:
            text = text.replace(secret, "[hidden]") if secret else text
        return text

    async def _log_in(self) -> str:
        if self._refusal is not None and self._now() < self._refusal[0]:
            self._wait_out(self._refusal)
        reply = await self._ask()
        if reply.status in (400, 401, 403, 422) and CODE_COMPLAINT.search(envelope_words(reply)):
            window = timedelta(seconds=30 - self._now().timestamp() % 30)
            await self._sleep(window.total_seconds() + 0.5)
            reply = await self._ask()
        return self._read(reply)

    async def _ask(self) -> Reply:
        known = self._settings
        client_id = known.client_id.get_secret_value()
        body = {
            "email": known.email.get_secret_value(),
            "password": known.password.get_secret_value(),
            "client_id": int(client_id) if client_id.isdecimal() else client_id,
            "client_secret": known.client_secret.get_secret_value(),
            "security_code": OneTimeCodes(known.totp_secret.get_secret_value()).at(self._now()),
        }
        return await self._http.ask_once(
            "POST", known.login_path, body=json.dumps(body).encode(), headers=HEADERS
        )

    def _read(self, reply: Reply) -> str:
        if reply.status == 429:
            raise Unavailable("Kriptomat asks us to log in later", reply.retry_after(self._now()))
        try:
            fields = payload(reply.document()) if reply.status in (200, 201) else {}
        except Unreadable:
            fields = {}
        token, lives = fields.get("access_token"), number(fields.get("expires_in"))
        if isinstance(token, str) and token.isascii() and token.isprintable() and token:
            longest = self._settings.reading.session_seconds
            seconds = longest if lives is None else min(max(int(lives), 1), longest)
            life = timedelta(seconds=seconds)
            self._good_until = self._now() + max(life - EARLY, life / 2)
            self._refusal = None
            return token
        words = self.hide(envelope_words(reply))
        reason = f"Kriptomat refuses the login ({reply.status}{': ' if words else ''}{words})"
        if reply.status in (400, 401, 403, 422):
            self._refusal = (self._now() + QUIET_AFTER_REFUSAL, reason)
            self._wait_out(self._refusal)
        raise Unavailable(f"Kriptomat's login answered {reply.status} and no token")

    def _wait_out(self, refusal: tuple[datetime, str]) -> NoReturn:
        until, reason = refusal
        raise Unavailable(reason, (until - self._now()).total_seconds())
