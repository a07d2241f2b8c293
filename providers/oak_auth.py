"""Oak's login: a client id and its secret become a token for about an hour.

Whether ``expires_in`` counts seconds or milliseconds is documented both ways, so a token that tells
its own end is believed first. All else about the token is as everywhere (``providers.session``).
"""

import binascii
import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from providers.http import Http
from providers.oak_paths import OakSettings
from providers.oak_words import envelope_words
from providers.replies import Reply, number
from providers.session import EARLY, Session, Token, fit_for_header

SHORTEST = timedelta(seconds=30)
"""A token is used so long in any case; one that has ended before is answered with 401."""

HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


class OakSession(Session):
    """The token of one merchant."""

    def __init__(self, http: Http, settings: OakSettings, *, now: Callable[[], datetime]) -> None:
        secrets = (settings.client_secret, settings.client_id)
        super().__init__(http, title="Oak", headers=HEADERS, secrets=secrets, now=now)
        self._settings = settings

    async def _ask(self) -> Reply:
        """Documented: Grant merchant token page; the reply is flat, unlike all others."""
        body = {
            "client_id": self._settings.client_id.get_secret_value(),
            "client_secret": self._settings.client_secret.get_secret_value(),
            "grant_type": "client_credentials",
        }
        return await self._http.ask_once(
            "POST",
            self._settings.reading.grant_path,
            body=json.dumps(body).encode(),
            headers=HEADERS,
        )

    def _token_in(self, reply: Reply) -> Token | None:
        fields = reply.fields()
        text = fit_for_header(fields.get("access_token"))
        if text is None:
            return None
        told = self._life(text, fields)
        longest = Decimal(self._settings.reading.session_seconds)
        life = timedelta(seconds=int(longest if told is None else min(told, longest)))
        return Token(text, max(life - EARLY, SHORTEST))

    def _words(self, reply: Reply) -> str:
        return envelope_words(reply)

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


def _claims(token: str) -> dict[str, Any]:
    """What stands in a JSON web token, unverified: it is only about when to ask for another."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        text = urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
    except (binascii.Error, ValueError):
        return {}
    return Reply(200, {}, text).fields()
