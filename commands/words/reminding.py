"""What those are told whom an order waits for, and what becomes of a wish for silence."""

from collections.abc import Collection
from datetime import datetime

from bot.domain.orders import Order
from bot.domain.policy import Requirement
from bot.domain.voting import ballot_of
from commands.words import when
from commands.words.telling import headline, reminded

FOR_AN_HOUR = "Snooze 1 hour"
UNTIL_MORNING = "Snooze until 9:00 tomorrow"


def reminder(
    order: Order, whom: Collection[str], title: str, missing: tuple[Requirement, ...]
) -> str:
    """What is said below the card of an order."""
    return reminded(whom, order.id, headline(order, title), ballot_of(order), missing)


def snoozed(order: Order, until: datetime) -> str:
    """The private answer to a snooze."""
    if until >= order.expires_at:
        return (
            f"I will not remind you of {order.id} again: it expires {when(order.expires_at)}."
            " You can still decide it on its card until then."
        )
    return (
        f"I will not remind you of {order.id} before {when(until)}. You can still decide it on its"
        f" card, and so can others; it expires {when(order.expires_at)}."
    )
