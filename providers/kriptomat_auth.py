"""Kriptomat's login: a password and a one-time code become a token for 60 minutes.

A one-time code is good for one login in its window of 30 seconds, so a refused code is tried once
more in the next window. All else about the token is as everywhere (``providers.session``).
"""

import json
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from providers.http import Http
from providers.kriptomat_paths import KriptomatSettings
from providers.kriptomat_words import envelope_words, payload
from providers.onetime import OneTimeCodes
from providers.replies import Reply, number
from providers.session import EARLY, REFUSED, Session, Token, fit_for_header

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


class KriptomatSession(Session):
    """The token of one partner's account."""

    def __init__(
        self,
        http: Http,
        settings: KriptomatSettings,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        """``sleep`` waits for the next one-time code, in seconds."""
        secrets = (
            settings.password,
            settings.client_secret,
            settings.totp_secret,
            settings.email,
        )
        super().__init__(http, title="Kriptomat", headers=HEADERS, secrets=secrets, now=now)
        self._settings = settings
        self._sleep = sleep

    async def _ask(self) -> Reply:
        reply = await self._log_in_with_code()
        if reply.status in REFUSED and CODE_COMPLAINT.search(envelope_words(reply)):
            window = timedelta(seconds=30 - self._now().timestamp() % 30)
            await self._sleep(window.total_seconds() + 0.5)
            reply = await self._log_in_with_code()
        return reply

    async def _log_in_with_code(self) -> Reply:
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

    def _token_in(self, reply: Reply) -> Token | None:
        fields = payload(reply.fields())
        text, lives = fit_for_header(fields.get("access_token")), number(fields.get("expires_in"))
        longest = self._settings.reading.session_seconds
        seconds = longest if lives is None else min(max(int(lives), 1), longest)
        life = timedelta(seconds=seconds)
        return None if text is None else Token(text, max(life - EARLY, life / 2))

    def _words(self, reply: Reply) -> str:
        return envelope_words(reply)
