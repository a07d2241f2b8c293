"""What the clock does about schedules: dates that have come, proposals that ran out, the end.

``carry_on`` is the only function that branches over what a schedule needs. A date that has come is
dealt with in one transaction: its row by local time, its order with an origin of its own, and the
next date. Whatever crashes, it is dealt with once.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog

from bot.domain.occurring import Due, Fate, Run, due_dates
from bot.domain.orders import Order
from bot.domain.recurrence import Occurrence
from bot.domain.schedules import (
    Schedule,
    ScheduleEvent,
    Step,
    apply,
    next_after,
    next_step,
)
from bot.domain.zones import instant
from bot.workflow import ahead, envelopes, prompting
from bot.workflow.advance import moved
from bot.workflow.carrying import carry
from bot.workflow.desk import Desk
from bot.workflow.ordering import order_for
from bot.workflow.schedule_wishes import prompt_wish, schedule_notice, schedule_wish
from storage import occurrences, schedule_dates, schedules
from storage.database import Tx
from storage.outbox import Wish

log = structlog.get_logger()

BATCH = 10
"""Schedules started in one look; the first that is done brings the next look. So few that clicks
which arrive meanwhile are answered in between."""

PIECE = 10
"""Orders made in one transaction, for the same reason: a year of dates may have gone by."""

BREATH = 0.2
"""Seconds between two such pieces: the orders of the first are on their way then."""

AT_MOST = 50
"""Steps in one go: a loop that decides nothing must end."""


@dataclass(slots=True)
class Dealt:
    """What one transaction has done about the dates that had come."""

    orders: list[Order] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    runs: list[tuple[Run, bool]] = field(default_factory=list)
    """And whether it was made up for."""


def wake(desk: Desk, schedule_id: str) -> None:
    """See to the schedule in the background, unless the bot is stopping."""
    carry(desk, schedule_id, carry_on)


async def carry_on(desk: Desk, schedule_id: str) -> None:
    """Do what the schedule needs until it needs nothing now."""
    before: Step | None = None
    for _ in range(AT_MOST):
        schedule = await desk.db.read(partial(_load, schedule_id))
        if schedule is None or desk.stopping:
            return
        step = next_step(schedule, now=desk.now())
        if step is Step.NOTHING:
            return
        if step is before is Step.OCCUR:
            await asyncio.sleep(BREATH)
        before = step
        log.info("step", schedule=schedule.id, state=schedule.state.value, step=step.value)
        try:
            await _take(desk, schedule, step)
        except schedules.ScheduleLost:
            log.info("somebody else moved the schedule first", schedule=schedule_id)
        desk.wake_announcer()
    log.error("a schedule keeps asking for another step", schedule=schedule_id)


def _load(schedule_id: str, tx: Tx) -> Schedule | None:
    return schedules.load(tx, schedule_id)


async def _take(desk: Desk, schedule: Schedule, step: Step) -> None:
    match step:
        case Step.EXPIRE:
            await _end(desk, schedule, ScheduleEvent.EXPIRED)
        case Step.REMIND:
            await envelopes.remind(desk, schedule)
        case Step.END:
            await _end(desk, schedule, ScheduleEvent.ENDED)
        case Step.LOOK_AHEAD:
            await ahead.look(desk, schedule)
        case Step.OCCUR:
            desk.checkpoint("date due")
            dealt = await desk.db.write(lambda tx: _occur(desk, tx, schedule.id))
            desk.checkpoint("date committed")
            for order in dealt.orders:
                moved(desk, order)


async def _end(desk: Desk, schedule: Schedule, event: ScheduleEvent) -> None:
    after = apply(schedule, event)
    wishes = [schedule_wish(after), schedule_notice(after, event.value)]
    now = desk.now()
    await desk.db.write(
        lambda tx: schedules.move(tx, schedule, after, event, actor="bot", at=now, wishes=wishes)
    )


def _occur(desk: Desk, tx: Tx, schedule_id: str) -> Dealt:
    """Deal with every date that has come, on the schedule as it is in this transaction."""
    now, dealt = desk.now(), Dealt()
    schedule = schedules.load(tx, schedule_id)
    if schedule is None or next_step(schedule, now=now) is not Step.OCCUR:
        return dealt
    for due in _piece(due_dates(schedule, now=now)):
        run = _deal(desk, tx, schedule, due, dealt, now)
        occurrences.add(tx, run)
        dealt.runs.append((run, due.made_up))
    last = dealt.runs[-1][0]
    following = next_after(schedule, last.local)
    after = apply(schedule, ScheduleEvent.OCCURRED, next=following)
    facts = {"dates": [(run.key, run.fate, run.order_id, run.note) for run, _ in dealt.runs]}
    wishes = [schedule_wish(after), *dealt.wishes, *_told(after, dealt.runs)]
    schedules.move(
        tx,
        schedule,
        after,
        ScheduleEvent.OCCURRED,
        actor="bot",
        at=now,
        wishes=wishes,
        facts=facts,
    )
    return dealt


def _piece(found: Sequence[Due]) -> Sequence[Due]:
    """The first of them, so many as make ``PIECE`` orders; the rest is dealt with right after."""
    runs = [place for place, due in enumerate(found) if due.runs]
    return found if len(runs) <= PIECE else found[: runs[PIECE]]


def _deal(desk: Desk, tx: Tx, schedule: Schedule, due: Due, dealt: Dealt, now: datetime) -> Run:
    """What becomes of one date."""
    date = due.occurrence

    def became(
        fate: Fate, *, order: Order | None = None, note: str | None = None, asked: int = 0
    ) -> Run:
        return Run(
            schedule_id=schedule.id,
            local=date.local,
            at=date.at,
            fate=fate,
            actor="bot",
            decided_at=now,
            order_id=None if order is None else order.id,
            note=note,
            asked=asked,
        )

    if not due.runs:
        return became(Fate.MISSED)
    if schedule.reminds:
        dealt.wishes.append(prompt_wish(schedule.id, date.local, 1))
        return became(Fate.REMINDED, asked=1)
    made = order_for(desk, tx, schedule, date, now=now)
    if isinstance(made, str):
        return became(Fate.REFUSED, note=made)
    dealt.orders.append(made)
    return became(Fate.ORDERED, order=made)


def _told(schedule: Schedule, runs: Sequence[tuple[Run, bool]]) -> list[Wish]:
    """People are told in the thread of what was missed, made up for, or could not be asked for."""
    missed = [run.key for run, _ in runs if run.fate is Fate.MISSED]
    made_up = [(run.key, run.order_id) for run, again in runs if again]
    refused = [(run.key, run.note) for run, _ in runs if run.fate is Fate.REFUSED]
    wishes = []
    if missed or made_up:
        wishes.append(schedule_notice(schedule, "missed", missed=missed, made_up=made_up))
    if refused:
        wishes.append(schedule_notice(schedule, "refused", refused=refused))
    return wishes


async def look(desk: Desk, now: datetime) -> datetime | None:
    """Start what is due at this moment; when the next thing is. A chore of the clock."""
    # Those that are carried or left alone for a while must not take the places of the others.
    limit = BATCH + len(desk.busy) + len(desk.resting)

    def due(tx: Tx) -> tuple[list[str], list[Run], list[datetime | None]]:
        asks = occurrences.asking(tx, now=now, limit=limit)
        moments = [schedules.next_wake(tx, after=now), occurrences.next_asking(tx, after=now)]
        return schedules.due(tx, now=now, limit=limit), asks, moments

    ids, asks, moments = await desk.db.read(due)
    for schedule_id in ids:
        wake(desk, schedule_id)
    for run in asks:
        await prompting.ask_again(desk, run)
    return min((at for at in moments if at is not None), default=None)


async def retime(desk: Desk) -> None:
    """At start: the zones may have other rules than when the next dates were written down."""

    def moved_dates(tx: Tx) -> list[tuple[str, Occurrence]]:
        return [
            (zone, date)
            for zone, date in schedule_dates.next_dates(tx)
            if instant(date.local, zone) != date.at
        ]

    for zone, date in await desk.db.read(moved_dates):
        log.warning("a zone has new rules", zone=zone, date=date.key)
        await desk.db.write(partial(_retime, zone, date))


def _retime(zone: str, date: Occurrence, tx: Tx) -> None:
    """Every schedule whose next date is that one."""
    fresh = Occurrence(date.local, instant(date.local, zone))
    for schedule in schedule_dates.awaiting(tx, zone, date):
        schedule_dates.retime(tx, schedule, fresh)
