"""What an operator may do on the machine itself when Slack is no way out: settle, cancel, unfreeze.

One person is enough there, because whoever can write to the file could do anything to it; what they
do is written into the audit log under their name and told in the channel. A running bot reads its
orders from the file, so it notices within seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.freezes import Freeze
from bot.domain.occurring import Fate
from bot.domain.orders import Event, Order, Proposal, State, apply
from bot.domain.schedules import Schedule, ScheduleState
from bot.domain.steps import is_settleable
from bot.workflow import freezing
from bot.workflow.desk import card_wish, notice_wish
from bot.workflow.settling import is_taken, settle
from storage import evidence, freezes, occurrences, orders, reservations, schedules
from storage.database import Tx

WATCH = timedelta(hours=1)
"""When the vendor is asked again about what was settled as not bought."""


class Obstacle(StrEnum):
    """Why it cannot be done."""

    NO_SUCH_ORDER = "no such order"
    NOTHING_TO_SETTLE = "nothing to settle"
    REF_TAKEN = "ref taken"
    SENT = "sent"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Done:
    """The order as it is now, or why nothing was done."""

    order: Order | None
    obstacle: Obstacle | None = None


def settle_one(
    tx: Tx,
    order_id: str,
    *,
    bought: bool,
    ref: str | None,
    because: str,
    actor: str,
    now: datetime,
) -> Done:
    """Say what became of an order in doubt."""
    order = orders.load(tx, order_id)
    if order is None:
        return Done(None, Obstacle.NO_SUCH_ORDER)
    if not is_settleable(order):
        return Done(order, Obstacle.NOTHING_TO_SETTLE)
    if ref is not None and is_taken(tx, order, ref):
        return Done(order, Obstacle.REF_TAKEN)
    said = Proposal(bought=bought, ref=ref, by=actor, at=now, because=because)
    saved = settle(
        tx,
        order,
        said,
        by=(actor,),
        actor=actor,
        now=now,
        watch=WATCH,
        wishes=lambda after: [card_wish(after), notice_wish(after, "settled")],
    )
    return Done(saved)


def cancel_one(tx: Tx, order_id: str, *, because: str, actor: str, now: datetime) -> Done:
    """Take back an order that has not been sent."""
    order = orders.load(tx, order_id)
    if order is None:
        return Done(None, Obstacle.NO_SUCH_ORDER)
    if order.state not in {State.PENDING_APPROVAL, State.APPROVED}:
        return Done(order, Obstacle.SENT if order.state.is_open else Obstacle.ENDED)
    after = apply(order, Event.CANCELLED, closed_by=actor, due_at=None, note=because)
    wishes = [card_wish(after), notice_wish(after, "cancelled")]
    saved = orders.move(
        tx,
        order,
        after,
        Event.CANCELLED,
        actor=actor,
        at=now,
        wishes=wishes,
        facts={"reason": because},
    )
    return Done(saved)


def unfreeze_all(tx: Tx, *, actor: str, now: datetime) -> tuple[Freeze, ...]:
    """Lift every freeze; which ones those were."""
    standing = freezes.active(tx)
    for one in standing:
        freezing.lift(tx, one, by=actor, at=now, operators=())
    return standing


def records(tx: Tx, order_id: str) -> dict[str, Any] | None:
    """Everything that is written down about one order, as plain values; None: there is none."""
    order = orders.load(tx, order_id)
    if order is None:
        return None
    return {
        "order": order,
        "digest": order.digest,
        "votes": orders.all_votes(tx, order_id),
        "attempts": orders.all_attempts(tx, order_id),
        "evidence": evidence.of(tx, order_id),
        "events": orders.history(tx, order_id),
        "reservation": reservations.of(tx, order_id),
        "freezes": [one for one in freezes.active(tx) if one.stops(order.terms)],
    }


def schedule_records(tx: Tx, schedule_id: str) -> dict[str, Any] | None:
    """Everything that is written down about one schedule; None: there is none."""
    schedule = schedules.load(tx, schedule_id)
    if schedule is None:
        return None
    return {
        "schedule": schedule,
        "digest": schedule.digest,
        "votes": schedules.all_votes(tx, schedule_id),
        "dates": occurrences.of_schedule(tx, schedule_id),
        "in_hand": occurrences.in_hand(tx, schedule_id),
        "events": schedules.history(tx, schedule_id),
    }


def schedules_in(tx: Tx, states: Iterable[ScheduleState]) -> list[tuple[Schedule, dict[Fate, int]]]:
    """The schedules in these states, oldest first, with what became of their dates."""
    return [(one, occurrences.tally(tx, one.id)) for one in schedules.in_state(tx, *states)]


def listed(tx: Tx, states: Iterable[State]) -> tuple[list[Order], tuple[Freeze, ...]]:
    """The orders in these states, oldest first, and the freezes that stand."""
    return orders.in_state(tx, *states), freezes.active(tx)
