"""How each text of the configuration becomes a value, or one sentence that says what to write."""

import ipaddress
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from bot.domain.money import BadAmount, Money, parse_amount
from bot.domain.routines import SUCH, Routine, routine
from bot.domain.windows import is_window

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(text: object) -> timedelta:
    """``30m``, ``8h``, ``1d``."""
    match = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", text) if isinstance(text, str) else None
    if match is None:
        raise ValueError('write a duration such as "30m" or "8h"')
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def percent(text: object) -> Decimal:
    """``3%`` as the fraction 0.03."""
    pattern = r"([0-9]{1,2}(?:\.[0-9]{1,4})?)%"
    match = re.fullmatch(pattern, text) if isinstance(text, str) else None
    if match is None:
        raise ValueError('write a percentage such as "3%"')
    return Decimal(match[1]) / 100


def money(text: object) -> Money:
    """``1000 EUR``."""
    parts = text.split() if isinstance(text, str) else []
    try:
        amount, currency = parts
        return Money.of(parse_amount(amount), currency)
    except BadAmount as bad:
        raise ValueError(f'"{bad.text}" is not an amount ({bad.kind.replace("_", " ")})') from None
    except ValueError:
        raise ValueError('write an amount such as "1000 EUR"') from None


def digest(text: object) -> Routine:
    """``weekdays 09:00``."""
    if not isinstance(text, str):
        raise ValueError(SUCH)  # noqa: TRY004 - pydantic tells a ValueError as a sentence
    return routine(text)


def time_zone(text: str) -> str:
    """``Europe/Ljubljana``, as the tz database writes it."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError(f'"{text}" is not a time zone such as "Europe/Ljubljana"') from None
    return text


def loopback(text: object) -> tuple[str, int]:
    """``127.0.0.1:9464`` or ``[::1]:9464``: host and port that only this machine can reach."""
    pattern = r"(?:\[(?P<six>[0-9a-f:]+)\]|(?P<four>[0-9.]+)):(?P<port>[0-9]{1,5})"
    match = re.fullmatch(pattern, text) if isinstance(text, str) else None
    host = (match["six"] or match["four"]) if match else ""
    try:
        here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if match is None or not here or int(match["port"]) > 65535:
        raise ValueError('write an address of this machine alone, such as "127.0.0.1:9464"')
    return host, int(match["port"])


def window(text: object) -> str:
    """``day``, ``week``, ``month``, ``30d``."""
    if not isinstance(text, str) or not is_window(text):
        raise ValueError('write "day", "week", "month", or up to 999 rolling days such as "30d"')
    return text


def written_as(pattern: str, such: str) -> Callable[[str], str]:
    """A check that asks for ``such`` a text; what was given is not repeated."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise ValueError(f"write {such}")
        return text

    return check


Duration = Annotated[timedelta, BeforeValidator(duration)]
Percent = Annotated[Decimal, BeforeValidator(percent)]
Loopback = Annotated[tuple[str, int], BeforeValidator(loopback)]
Digest = Annotated[Routine, BeforeValidator(digest)]
Window = Annotated[str, BeforeValidator(window)]
Amount = Annotated[Money, BeforeValidator(money)]
Person = Annotated[str, AfterValidator(written_as(r"[UW][A-Z0-9]{2,20}", 'a user id like "U0ANA"'))]
PersonOrGroup = Annotated[
    str,
    AfterValidator(
        written_as(r"[UWS][A-Z0-9]{2,20}", 'a user id like "U0ANA" or a user group like "S0BOARD"')
    ),
]
Channel = Annotated[
    str, AfterValidator(written_as(r"[CG][A-Z0-9]{2,20}", 'a channel id like "C0TREASURY"'))
]
Name = Annotated[
    str,
    AfterValidator(
        written_as(
            r"[A-Za-z0-9][A-Za-z0-9 _-]{0,39}", "a name of at most 40 plain letters and digits"
        )
    ),
]
Word = Annotated[
    str, AfterValidator(written_as(r"[A-Za-z0-9_-]{1,64}", "one word of plain letters and digits"))
]

_PATH = r"/(?!/)(?:[A-Za-z0-9._~/-]|\{user_id\})*"
_ITEM = r"/(?!/)[A-Za-z0-9._~/-]*\{id\}[A-Za-z0-9._~/-]*"
# It is glued to the base URL, and credentials travel there: without its slash "api.example" and
# "x/login" would be another host.
UrlPath = Annotated[str, AfterValidator(written_as(_PATH, 'a path like "/api/v1/buy"'))]
ItemPath = Annotated[str, AfterValidator(written_as(_ITEM, 'a path like "/orders/{id}"'))]
UrlPathAndQuery = Annotated[
    str,
    AfterValidator(
        written_as(
            _PATH + r"(?:\?[A-Za-z0-9._~=&-]*)?", 'a path like "/rates" or "/rates?currency=EUR"'
        )
    ),
]


class Table(BaseModel):
    """A table of the file: every key is known, or the file is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
