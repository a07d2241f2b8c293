"""A vendor's answer, and the careful reading of what stands in it.

Everything here is total: a number that is no plain number, a time that is no time, a document that
contradicts itself are None or ``Unreadable``, never a guess and never a crash. Fractions are
Decimal from the first byte on. Words that came from outside are cut and cleaned before anybody,
a log or a card, gets to see them.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

REFUSALS = frozenset({400, 402, 403, 404, 422})
"""Statuses that may be a definitive no, as we read them. It is one only in the vendor's own words:
a proxy between us answers so as well."""

PLAIN_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


class Unreadable(ValueError):
    """A body that is not one strict JSON document."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> object:
        """The JSON document: fractions as Decimal, whole numbers as int. Raises Unreadable."""
        try:
            return json.loads(
                self.body.decode("utf-8"),
                parse_float=Decimal,
                parse_constant=_refuse_constant,
                object_pairs_hook=_unique,
            )
        except (ValueError, ArithmeticError, RecursionError):
            raise Unreadable("not one strict JSON document") from None

    def fields(self) -> dict[str, Any]:
        """The fields of the document; none when it is not one strict JSON object."""
        try:
            document = self.document()
        except Unreadable:
            return {}
        return document if isinstance(document, dict) else {}

    def retry_after(self, now: datetime) -> float | None:
        """Seconds that ``Retry-After`` asks for (seconds or an HTTP date); None without one."""
        text = self.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit() and len(text) < 10:
            return float(text)
        try:
            return max(0.0, (_aware(parsedate_to_datetime(text)) - now).total_seconds())
        except (ValueError, TypeError, OverflowError):
            return None


def number(value: object) -> Decimal | None:
    """A finite number of sane size from a JSON number or plain decimal text; None for the rest."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return Decimal(value) if PLAIN_NUMBER.fullmatch(value.strip()) else None
    if isinstance(value, int):
        return Decimal(value) if abs(value) < 10**30 else None
    if isinstance(value, Decimal):
        sane = value.is_finite() and -30 <= value.adjusted() < 30
        return value if sane or value == 0 else None
    return None


def instant(value: object) -> datetime | None:
    """An aware UTC time from ISO 8601 text; without a zone it is taken for UTC. None if neither."""
    if not isinstance(value, str):
        return None
    try:
        return _aware(datetime.fromisoformat(value.strip())).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def reference(value: object, shape: re.Pattern[str]) -> str | None:
    """An id as text, from text of this shape or from a whole number of sane size; else None."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 0 < value < 10**18 else None
    return value if isinstance(value, str) and shape.fullmatch(value) else None


def complaints(errors: object) -> list[str]:
    """What an error envelope complains of: an object by field, a list, or one text."""
    if isinstance(errors, dict):
        return [
            f"{field}: {one}"
            for field, texts in errors.items()
            for one in (texts if isinstance(texts, list) else [texts])
        ]
    listed = errors if isinstance(errors, list) else [errors]
    return [one for one in listed if isinstance(one, str) and one.strip()]


def clean(text: str, limit: int = 200) -> str:
    """One printable line of at most ``limit`` characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _refuse_constant(text: str) -> object:
    raise ValueError(f"{text} is not JSON")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Two values under one name may contradict each other, so such a document says nothing."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
