"""What those are told whom an order waits for, and what becomes of a wish for silence."""

from collections.abc import Collection
from datetime import datetime

from bot.domain.orders import Order
from bot.domain.policy import Requirement
from commands.words import count, people, person, when
from commands.words.refused import needs
from commands.words.telling import headline

FOR_AN_HOUR = "Snooze 1 hour"
UNTIL_MORNING = "Snooze until 9:00 tomorrow"


def reminder(
    order: Order, whom: Collection[str], title: str, missing: tuple[Requirement, ...]
) -> str:
    """A reply under the card, with mentions: what it is about and until when it can be decided."""
    given = f"{count(len(order.votes), 'approval')} so far" if order.votes else "nobody has yet"
    return (
        f"{people(whom)}: *{order.id}* waits for your decision. {headline(order, title)}, asked for"
        f" by {person(order.requester)}. It needs {needs(missing)}; {given}."
        f" It expires {when(order.expires_at)}. Approve or deny it on the card above."
    )


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
