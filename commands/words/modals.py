"""What stands in modals. Slack allows 24 characters in a title or button."""

CLOSE = "Back"
"""Leaves a form as if it had never been opened."""

DENY_TITLE = "Deny an order"
DENY_SUBMIT = "Deny"
DENY_LABEL = "Reason (everybody in the channel can read it)"


def deny_text(order_id: str) -> str:
    """What the button does."""
    return f"One Deny ends *{order_id}*: nothing will be bought."
