"""The private answer to somebody who has asked for a purchase."""

from bot.domain.orders import Order
from commands.words import when
from commands.words.refused import needs
from commands.words.telling import headline


def asked(order: Order, title: str, channel: str) -> str:
    """What happens next, and where."""
    return (
        f"*{order.id}* waits for approval: {headline(order, title)}. Its card is in"
        f" <#{channel}>; it needs {needs(order.rule.approvals)} and expires"
        f" {when(order.expires_at)}. `/buy cancel {order.id}` takes it back."
    )


def again(order: Order) -> str:
    """The same delivery came once more: nothing new was made."""
    return f"*{order.id}* is {order.state.words}; `/buy status {order.id}` tells more."


ONE_MORE = "Yes, one more"
A_MISTAKE = "No, leave it"
LEFT = "Nothing was requested."
NOT_YOURS = "This question was put to somebody else. Nothing was requested."
STALE = "That was more than 10 minutes ago. Type it again if you still want it."


def repeated(before: Order, title: str) -> str:
    """The same person has just asked for the same: a mistake, or one more?"""
    return (
        f"You asked for the same {when(before.created_at)}: *{before.id}*,"
        f" {headline(before, title)}, is {before.state.words}. Nothing was requested yet."
        " Do you want to ask for one more?"
    )
