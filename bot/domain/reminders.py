"""Whom an order still waits for is reminded: less and less often, never after it is decided.

A snooze silences the reminders of one person until a moment and says so to nobody else; when it
ends that person is reminded, alone. Times are instants; "9:00 tomorrow" is that of the person's own
zone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.orders import Order, Snooze, State

MORNING = time(9)
HOUR = timedelta(hours=1)


class Until(StrEnum):
    """How long somebody may want not to be reminded."""

    HOUR = "hour"
    MORNING = "morning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round of reminding: whom it is for, and what the order remembers after it."""

    people: frozenset[str]
    reminders: int
    remind_at: datetime | None
    snoozes: tuple[Snooze, ...]


def due_at(order: Order) -> datetime | None:
    """When somebody is to be reminded next; None: nobody is, before the order expires."""
    if order.state is not State.PENDING_APPROVAL:
        return None
    ends = [snooze.until for snooze in order.snoozes]
    at = min([*ends, *([order.remind_at] if order.remind_at else [])], default=None)
    return None if at is None or at >= order.expires_at else at


def next_round(
    order: Order, *, able: Collection[str], now: datetime, remind_after: timedelta
) -> Round:
    """Whom to remind at ``now``, and when the next round comes.

    ``able``: whose vote could count at this moment. A round that comes late (the bot was stopped)
    is one round, however many were missed.
    """
    over = {snooze.person for snooze in order.snoozes if snooze.until <= now}
    silent = {snooze.person for snooze in order.snoozes} - over
    regular = order.remind_at is not None and order.remind_at <= now
    after = next_at(
        order.reminders, now=now, remind_after=remind_after, expires_at=order.expires_at
    )
    awaited = frozenset(able) - {vote.voter for vote in order.votes}
    return Round(
        people=(awaited - silent) if regular else (awaited & over),
        reminders=order.reminders + regular,
        remind_at=after if regular else order.remind_at,
        snoozes=tuple(snooze for snooze in order.snoozes if snooze.until > now),
    )


def next_at(
    reminders: int, *, now: datetime, remind_after: timedelta, expires_at: datetime
) -> datetime | None:
    """The next round after so many: twice as long as the pause before; None: it ends first."""
    pauses: int = 2 ** (reminders + 1)
    # Compared by division: a doubled duration may leave the range of what a clock can show.
    if (expires_at - now) / pauses <= remind_after:
        return None
    return now + remind_after * pauses


def snoozed(order: Order, person: str, until: datetime) -> tuple[Snooze, ...]:
    """The snoozes with this one, which takes the place of an earlier one of the same person."""
    others = (snooze for snooze in order.snoozes if snooze.person != person)
    return (*others, Snooze(person=person, until=until))


def moment(until: Until, now: datetime, zone: str) -> datetime:
    """When a snooze that begins now ends, in UTC. An unknown zone is taken for UTC."""
    if until is Until.HOUR:
        return now + HOUR
    try:
        there = ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        there = ZoneInfo("UTC")
    tomorrow = now.astimezone(there).date() + timedelta(days=1)
    return datetime.combine(tomorrow, MORNING, there).astimezone(UTC)
