"""What stands in the form that asks for a purchase. Slack allows 24 characters in a title."""

from bot.domain.orders import Order
from commands.parse_text import readable
from commands.words import escape, people
from commands.words.refused import needs
from commands.words.telling import headline

TITLE = "Ask for a purchase"
SUBMIT, CLOSE = "Ask", "Leave it"
AGAIN = "Yes, one more"

LABELS = {
    "provider": "Provider",
    "asset": "Asset",
    "amount": "Amount",
    "unit": "Of what",
    "max": "Highest price of one coin",
    "outlet": "Paid by (outlet)",
    "target": "Sent to",
    "reason": "Reason (everybody in the channel can read it)",
}
"""What each field is called."""

COINS = "coins of the asset"
EMPTY = "Fill in the amount, and you see here who would have to approve."
STALE = "Slack was too slow to open the form. Please try again."
EDIT = "Edit and resend"

NOT_NOW = "⚠️ As it stands it would be refused: "


def preview(order: Order, title: str, budgets: str) -> str:
    """What asking would come to: the rule that decides, who is asked, what it may cost."""
    rule = order.rule
    lines = [
        f"*{headline(order, title)}*",
        f"Costs at most {order.terms.cost.human}, fees included.",
        f"Rule “{escape(rule.name)}” decides: {needs(rule.approvals)} must approve.",
        f"Who may: {people(order.eligible)}.",
    ]
    if least := least_quantity(order):
        lines.append(f"At your highest price that is at least {least}.")
    return "\n".join([*lines, *([budgets.strip()] if budgets else [])])


def least_quantity(order: Order) -> str:
    """What the money buys at the highest price; empty where no price is given or coins are."""
    terms = order.terms
    if terms.max_price is None or terms.spend.human.endswith(terms.asset.upper()):
        return ""
    quantity = (terms.spend.amount / terms.max_price).normalize()
    return f"{quantity:.8f}".rstrip("0").rstrip(".") + f" {terms.asset.upper()}"


def beside(text: str) -> str:
    """A sentence beside a field, where Slack shows no format."""
    return readable(text).replace("*", "").replace("`", "")[:500]
