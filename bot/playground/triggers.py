"""Trigger ids: the ticket with which the bot may open one view for the person who just acted.

A ticket is good once and for three seconds after it was sent; each of the three ways in which it
can be wrong has its own error, as at Slack.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.playground.errors import SlackError
from bot.playground.views import View

LIFETIME = timedelta(seconds=3)


@dataclass(slots=True)
class Trigger:
    """Who acted and when, and whom to tell which view came of it."""

    user: str
    sent: datetime
    opened: Callable[[View], None]
    within: View | None = None
    """The form in which they acted; only over such a one another can be pushed."""
    used: bool = False


class Triggers:
    """Every ticket that was ever given out."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: str, opened: Callable[[View], None], within: View | None = None) -> str:
        """A new ticket; its three seconds begin now."""
        now = self._clock()
        trigger_id = f"{len(self._issued) + 1}.{int(now.timestamp())}.pretend"
        self._issued[trigger_id] = Trigger(user, now, opened, within)
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """The ticket, spent; ``SlackError`` if it is unknown, spent or too old."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock() - trigger.sent > LIFETIME:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger
