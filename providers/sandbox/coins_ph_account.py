"""Who may use the Coins.ph sandbox, and how a request is remembered without what could log in."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

SECRET_HEADERS = frozenset({"authorization", "access_key", "access_signature"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A create request as it arrived, effect or not. What could log in is hidden in ``headers``."""

    at: datetime
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the sandbox accepts; ``wallets`` are its Coins.ph accounts and what they hold."""

    api_key: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    api_secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    wallets: Mapping[str, str] = field(
        default_factory=lambda: {"1a2c3b4n": "BTC", "9z8y7x6w": "PBTC"}
    )


def shown(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers, without those that could log in; either spelling."""
    return {
        name: "[hidden]" if name.lower().replace("-", "_") in SECRET_HEADERS else value
        for name, value in headers.items()
    }
