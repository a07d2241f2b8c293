"""Where Slack's documents leave something open: which of its readings the playground plays.

Nothing here is a fact about Slack. Each field says what is open; the first value is what we hold
more likely or more unpleasant for a bot, and tests play the others as well.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(slots=True, kw_only=True)
class Readings:
    """One value a question; change a field to hear the other answer."""

    lost_thread: Literal["refused", "channel"] = "refused"
    """A reply under a message that is gone: ``cannot_reply_to_message``, or it stands alone."""
    edit_after_leaving: Literal["refused", "allowed"] = "refused"
    """An edit of an own message in a public channel that the bot was removed from."""
    retry_envelope: Literal["new", "same"] = "new"
    """A redelivered event: a fresh ``envelope_id``, or that of the first delivery."""
    event_without_connection: Literal["retried", "lost"] = "retried"
    """An event while no connection is open."""
