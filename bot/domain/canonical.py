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
from typing import Any


def plain(value: Any) -> Any:
    """The value as JSON types only. Raises TypeError for what has no canonical text."""
    match value:
        case None | bool() | int():
            return value
        case str():
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
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical text")


def canonical(value: Any) -> str:
    """The canonical JSON text of a value built of dataclasses, decimals, times and collections."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(text: str | bytes) -> str:
    """64 hex digits."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()
