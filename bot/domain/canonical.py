"""One text for one value: what digests and hashes are computed over.

Keys sorted, no spaces, times as text, sets sorted, decimals as text with the digits that they have:
``65000`` and ``65000.0`` differ, so whoever makes a value gives it one form. A ``float`` has no
text and is refused.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any


def plain(value: Any) -> Any:
    """The value as JSON types only. Raises TypeError for what has no canonical text."""
    # Nearly everything is one of these two; the patterns below would ask nine classes first.
    if type(value) is dict:
        return {plain(str(key)): plain(item) for key, item in value.items()}
    kind: Any = type(value)
    if (names := _names(kind)) is not None:
        return {name: plain(getattr(value, name)) for name in names}
    match value:
        case None | bool() | int():
            return value
        case str():
            if value.isascii():
                return value
            # Half a surrogate pair has no bytes; a vendor's garbled word must not stop a move.
            return value.encode("utf-8", "replace").decode("utf-8")
        case Decimal():
            return format(value, "f")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return f"{value.total_seconds():.0f}s"
        case frozenset() | set():
            return sorted(plain(item) for item in value)
        case list() | tuple():
            return [plain(item) for item in value]
        case Mapping():
            return {plain(str(key)): plain(item) for key, item in value.items()}
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical text")


@cache
def _names(kind: Any) -> tuple[str, ...] | None:
    """The fields of a dataclass; None: it is none."""
    return tuple(part.name for part in fields(kind)) if is_dataclass(kind) else None


_write = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(value: Any) -> str:
    """The canonical JSON text of a value built of dataclasses, decimals, times and collections."""
    return _write(plain(value))


def sha256(text: str | bytes) -> str:
    """64 hex digits."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()
