"""What becomes of the dates that have come: which of them run, and which were missed.

The bot may have been off, the machine asleep, or its clock turned. All of that looks the same from
here: dates lie behind us that nothing was done about. What is done about them the plan says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import takewhile

from bot.domain.plans import Missed
from bot.domain.recurrence import Occurrence
from bot.domain.schedules import LATE, Schedule, dates_from
from bot.domain.zones import wall_key


class Fate(StrEnum):
    """What became of one date."""

    ORDERED = "ordered"
    """An order was made of it."""
    MISSED = "missed"
    """It went by while nobody looked, and is not made up for."""
    SKIPPED = "skipped"
    """Somebody wanted it so."""
    REFUSED = "refused"
    """No order could be made of it."""
    REMINDED = "reminded"
    """People have been asked whether they want to buy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What became of one date of one schedule; ``local`` is its name."""

    schedule_id: str
    local: datetime
    at: datetime
    fate: Fate
    actor: str
    """A user id, or ``bot``."""
    decided_at: datetime
    order_id: str | None = None
    note: str | None = None
    asked: int = 0
    """How often the reminder of this date was posted."""
    ask_at: datetime | None = None
    """When it is to be posted again."""

    @property
    def is_open(self) -> bool:
        """A reminder that nobody has answered yet."""
        return self.fate is Fate.REMINDED

    @property
    def key(self) -> str:
        return wall_key(self.local)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A date that has come. ``runs``: something is done about it; else it was missed.

    ``made_up``: it is done later than it was meant, because the plan wants that.
    """

    occurrence: Occurrence
    runs: bool
    made_up: bool = False


def due_dates(schedule: Schedule, *, now: datetime) -> list[Due]:
    """Every date that has come and was not dealt with, oldest first."""
    if schedule.next is None:
        return []
    come = list(takewhile(lambda one: one.at <= now, dates_from(schedule, schedule.next.local)))
    missed = [one for one in come if one.at < now - LATE]
    made_up, late = set(_made_up(schedule, missed)), set(missed)
    return [
        Due(occurrence=one, runs=one in made_up or one not in late, made_up=one in made_up)
        for one in come
    ]


def _made_up(schedule: Schedule, missed: Sequence[Occurrence]) -> Sequence[Occurrence]:
    """Which of the missed dates are made up for. Of missed reminders one is enough."""
    match Missed.ONE if schedule.reminds else schedule.plan.missed:
        case Missed.SKIP:
            return []
        case Missed.ONE:
            return missed[-1:]
        case Missed.ALL:
            return missed


def origin_of(schedule_id: str, local: datetime) -> str:
    """The origin of the order of this date: one date, one order, whatever crashes."""
    return f"schedule:{schedule_id}:{wall_key(local)}"
