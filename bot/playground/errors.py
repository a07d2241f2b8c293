"""How Slack says no: a word that programs act on, and sentences for whoever reads the log.

The words are Slack's own, so that the bot can be tried against each of them.
"""

from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """An answer with ``ok: false``; ``more`` is sent along with it."""

    def __init__(self, error: str, messages: list[str] | None = None, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more: Json = dict(more)
        if messages:
            self.more["errors"] = messages
            self.more["response_metadata"] = {"messages": [f"[ERROR] {m}" for m in messages]}
