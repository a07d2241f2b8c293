"""From a plan to its dates and its total, before anything is made of it.

Pure: the moment comes in, and the answer is ``Dates`` or a ``PlanFault`` with its facts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice, takewhile

from bot.domain.amounts import EXACT
from bot.domain.money import Money
from bot.domain.plans import Plan
from bot.domain.recurrence import Occurrence, first, following
from bot.domain.schedules import Dates

REACH = timedelta(days=366)
"""A recurring purchase reaches no further ahead: whom it was approved by may be gone by then."""

SHOWN = 3
"""Dates that people see before anything is made."""


class Unplannable(StrEnum):
    """Why a plan has no dates that could be approved."""

    NO_DATE = "no date"
    """It ends before it begins."""
    TOO_FAR = "too far"
    """It reaches further ahead than is allowed."""
    TOO_LATE = "too late"
    """It begins further ahead than is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFault:
    """``first`` is its first date where it has one, ``last`` the one that is too far."""

    why: Unplannable
    first: Occurrence | None = None
    last: Occurrence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The dates of a plan, and the first few of them to be shown."""

    dates: Dates
    upcoming: tuple[Occurrence, ...]


def outlook(plan: Plan, *, now: datetime) -> Outlook | PlanFault:
    """The dates of the plan as of now; its zone has to be known."""
    if plan.start is not None and plan.start > (now + REACH).date():
        # Nor does any calendar have dates after the year 9999.
        return PlanFault(why=Unplannable.TOO_LATE)
    begun = first(plan.when, after=now, since=plan.start)
    later = following(plan.when, begun.local)
    if plan.until is not None and begun.local.date() > plan.until:
        return PlanFault(why=Unplannable.NO_DATE, first=begun)
    if plan.runs is None and plan.until is None:
        return Outlook(
            dates=Dates(first=begun.local, last=None, count=None),
            upcoming=(begun, *islice(later, SHOWN - 1)),
        )
    found = [begun]
    for one in _wanted(plan, later):
        found.append(one)
        if one.at > now + REACH:
            break
    if found[-1].at > now + REACH:
        return PlanFault(why=Unplannable.TOO_FAR, first=begun, last=found[-1])
    return Outlook(
        dates=Dates(first=begun.local, last=found[-1].local, count=len(found)),
        upcoming=tuple(found[:SHOWN]),
    )


def _wanted(plan: Plan, later: Iterator[Occurrence]) -> Iterator[Occurrence]:
    """Of the dates after the first those that the plan wants."""
    until = plan.until
    if until is not None:
        return takewhile(lambda one: one.local.date() <= until, later)
    return islice(later, (plan.runs or 1) - 1)


def total_of(cost: Money, count: int) -> Money:
    """The most that so many purchases may cost. Raises BadAmount (too large)."""
    return Money.of(EXACT.multiply(cost.amount, count), cost.currency)
