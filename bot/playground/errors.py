"""How Slack says no: a word that programs act on, and sentences for whoever reads the log.

The words are Slack's own, so that the bot can be tried against each of them.
"""

from typing import Any

Json = dict[str, Any]


UNSHOWABLE = frozenset({"no_text", "msg_too_long", "invalid_blocks", "invalid_arguments"})
UNSHOWABLE |= {"metadata_too_large", "invalid_metadata_format", "view_too_large"}
"""What is wrong with a message or a form itself: whoever sent it has not kept to the limits."""


class SlackError(Exception):
    """An answer with ``ok: false``; ``more`` is sent along with it."""

    def __init__(self, error: str, messages: list[str] | None = None, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more: Json = dict(more)
        if messages:
            self.more["errors"] = messages
            self.more["response_metadata"] = {"messages": [f"[ERROR] {m}" for m in messages]}

    @property
    def told(self) -> str:
        """The word and the sentences."""
        return ": ".join([self.error, *self.more.get("errors", [])])
