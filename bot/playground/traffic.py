"""A bounded record of what went over the wire, for the demo page and for failing tests.

Tokens never enter it: whatever looks like one is replaced before the record is kept.
"""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Direction = Literal["from bot", "to bot"]

_TOKEN = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|ticket=\w+")


@dataclass(frozen=True, slots=True)
class Passage:
    """One thing that crossed between the bot and Slack."""

    time: datetime
    direction: Direction
    kind: str
    name: str
    payload: Any


class Traffic(deque[Passage]):
    """The last two thousand passages, oldest first; ``ring`` is called after each new one."""

    def __init__(self, ring: Callable[[], None], keep: int = 2000) -> None:
        super().__init__(maxlen=keep)
        self._ring = ring
        self.total = 0
        """How many were ever noted."""

    def note(
        self, time: datetime, direction: Direction, kind: str, name: str, payload: Any
    ) -> None:
        """Keep one passage with its secrets hidden."""
        self.total += 1
        self.append(Passage(time, direction, kind, name, without_tokens(payload)))
        self._ring()


def without_tokens(value: Any) -> Any:
    """The same value with everything that looks like a token replaced."""
    if isinstance(value, dict):
        return {
            key: "[hidden]" if key == "token" else without_tokens(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [without_tokens(inner) for inner in value]
    return _TOKEN.sub("[hidden]", value) if isinstance(value, str) else value
