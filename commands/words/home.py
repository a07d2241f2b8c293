"""What stands in the bot's home tab."""

from datetime import datetime

from bot.domain.capabilities import Health, Sheet
from commands.words import escape

WAITING, MINE, RECURRING, BUDGETS, PROVIDERS = (
    "Waiting for your vote",
    "Your open orders",
    "What recurs",
    "Budgets",
    "Providers",
)
"""Headings."""

NO_VOTES = "Nothing waits for your vote."
NO_ORDERS = "You have no open order. `/buy` in any channel asks for one."
NO_SCHEDULES = (
    "Nothing recurs. `/buy every friday at 9:00 50 EUR btc via kriptomat runs 12` would, once it is"
    " approved."
)
FOOT = "Kept up to date while you look at it. `/buy help` tells everything that can be typed."
MORE_VOTES = "… and {more} more: their cards are in <#{channel}>."
MORE_ORDERS = "… and {more} more: `/buy list mine`."
MORE_SCHEDULES = "… and {more} more: `/buy schedules`."


def welcome(channel: str) -> str:
    """For whoever has nothing here yet: three steps, and what they lead to."""
    return (
        "*Welcome.* This team buys crypto together, and nothing is bought that the right people"
        " have not approved:\n"
        "1. Type `/buy` in any channel and fill the form in, or write it at once:"
        " `/buy 250 EUR btc via kriptomat`.\n"
        f"2. A card in <#{channel}> asks the people whom the policy names. They press Approve or"
        " Deny, there or here.\n"
        "3. It is bought exactly once, and the card tells what became of it. `/buy help` tells"
        " more."
    )


def provider(sheet: Sheet, health: Health, now: datetime) -> str:
    """How one provider is, in a line that changes only when that does."""
    if health.paused_until is not None and health.paused_until > now:
        return f"⚠️ *{sheet.title}* keeps failing; purchases there wait."
    if health.failures:
        return f"⚠️ *{sheet.title}* did not answer last ({escape(health.trouble or '?')})."
    if health.answered_at is None:
        return f"⚪️ *{sheet.title}* was not asked since the bot was started."
    return f"✅ *{sheet.title}* answers."
