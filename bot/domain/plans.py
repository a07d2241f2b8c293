"""What somebody wants to happen again and again: a purchase, a rhythm, and an end."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.recurrence import Recurrence
from bot.domain.requests import Buy

MOST_RUNS = 366
"""As many days as a plan may reach ahead."""


class Missed(StrEnum):
    """What is to become of occurrences that went by while the bot was off."""

    SKIP = "skip"
    """None of them is made up for."""
    ONE = "one"
    """The last of them is."""
    ALL = "all"
    """Each of them is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``every friday at 9:00 50 EUR btc via kriptomat runs 12 missed one``.

    ``runs`` counts the dates, ``until`` is the last day (of the zone) that may have one. A
    recurring purchase has exactly one of them, a reminder at most one.
    """

    buy: Buy
    when: Recurrence
    start: date | None = None
    """No occurrence before this day."""
    runs: int | None = None
    until: date | None = None
    missed: Missed = Missed.SKIP
    reminds: bool = False
    """People are only asked whether they want to buy."""
