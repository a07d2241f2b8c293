"""Somebody pauses, resumes, skips or stops: one transaction, a truthful answer in every case.

Whoever pauses or stops wants no money to leave from now on: the orders of its dates that have not
been sent are cancelled with it. One that is on its way is named, because nothing can hold it up.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.occurring import Fate, Run
from bot.domain.orders import Event, Order, State
from bot.domain.orders import apply as applied
from bot.domain.recurrence import Occurrence
from bot.domain.schedule_votes import DONE, Said, ScheduleVerdict, Verb, judge_change
from bot.domain.schedules import Schedule, ScheduleEvent, apply, next_after, next_from
from bot.workflow import prompting
from bot.workflow.desk import Desk, card_wish
from bot.workflow.schedule_wishes import schedule_notice, schedule_wish
from storage import occurrences, orders, schedules
from storage.database import Tx

EVENTS = {
    Verb.PAUSE: ScheduleEvent.PAUSED,
    Verb.RESUME: ScheduleEvent.RESUMED,
    Verb.SKIP: ScheduleEvent.SKIPPED,
    Verb.STOP: ScheduleEvent.STOPPED,
}

MEANT_ONCE = timedelta(minutes=10)
"""Whoever got no answer types it again: without a date that is the same skip for so long."""

UNSENT = frozenset({State.PENDING_APPROVAL, State.APPROVED})


async def change(
    desk: Desk, schedule_id: str, verb: Verb, *, person: str, local: datetime | None = None
) -> ScheduleVerdict:
    """``local``: which date is to be skipped, as the pressed button showed it; None: the next."""
    now = desk.now()
    verdict = await desk.db.write(
        lambda tx: _change(desk, tx, schedule_id, verb, person, local, now)
    )
    desk.wake_announcer()
    desk.wake_clock(None)
    return verdict


def _change(
    desk: Desk,
    tx: Tx,
    schedule_id: str,
    verb: Verb,
    person: str,
    local: datetime | None,
    now: datetime,
) -> ScheduleVerdict:
    schedule = schedules.load(tx, schedule_id)
    if schedule is None:
        return ScheduleVerdict(answer=Said.NO_SUCH_SCHEDULE)
    verdict = judge_change(
        schedule, verb, person=person, policy=desk.policy, roster=desk.directory.roster
    )
    if verdict.answer is not DONE[verb]:
        return verdict
    date = schedule.next
    if local is not None and (date is None or date.local != local):
        return ScheduleVerdict(answer=Said.OTHER_DATE, schedule=schedule)
    if verb is Verb.SKIP and local is None and (before := _repeated(tx, schedule, person, now)):
        return ScheduleVerdict(answer=Said.SKIPPED_ALREADY, schedule=schedule, date=before)
    return _carry_out(tx, schedule, verb, person, now)


def stop_one(
    tx: Tx, schedule_id: str, *, because: str, actor: str, now: datetime
) -> ScheduleVerdict:
    """The operator on the machine stops it; as for people, an order that was not sent goes too."""
    schedule = schedules.load(tx, schedule_id)
    if schedule is None:
        return ScheduleVerdict(answer=Said.NO_SUCH_SCHEDULE)
    if not schedule.state.is_open:
        return ScheduleVerdict(answer=Said.HAS_ENDED, schedule=schedule)
    return _carry_out(tx, schedule, Verb.STOP, actor, now, because)


def _carry_out(
    tx: Tx, schedule: Schedule, verb: Verb, person: str, now: datetime, note: str | None = None
) -> ScheduleVerdict:
    """Do what was judged to be right, in this transaction. ``note``: why, if that was said."""
    date = schedule.next
    event, changes = EVENTS[verb], _changes(tx, schedule, verb, person, now)
    after = apply(schedule, event, **changes | ({"note": note} if note else {}))
    facts: dict[str, Any] = {"next": None if after.next is None else after.next.key}
    facts |= {"note": note} if note else {}
    withdrawn: list[str] = []
    underway: list[str] = []
    if verb in {Verb.PAUSE, Verb.STOP} and not schedule.reminds:
        withdrawn, underway = _withdrawn(tx, after, person, now)
        facts |= {"withdrawn": withdrawn, "underway": underway}
    if verb is Verb.SKIP and date is not None:
        occurrences.add(tx, _skipped(schedule, date, person, now))
        facts["date"] = date.key
    if verb is Verb.STOP:
        _close_questions(tx, schedule, person, now)
    wishes = [schedule_wish(after), schedule_notice(after, event.value, by=person, **facts)]
    saved = schedules.move(
        tx, schedule, after, event, actor=person, at=now, wishes=wishes, facts=facts
    )
    return ScheduleVerdict(
        answer=DONE[verb],
        schedule=saved,
        date=date,
        withdrawn=tuple(withdrawn),
        underway=tuple(underway),
    )


def _repeated(tx: Tx, schedule: Schedule, person: str, now: datetime) -> Occurrence | None:
    """The date that this person has just skipped, if nothing became of a later one since."""
    for run in occurrences.of_schedule(tx, schedule.id, limit=1):
        is_theirs = run.fate is Fate.SKIPPED and run.actor == person
        if is_theirs and now - MEANT_ONCE < run.decided_at <= now:
            return Occurrence(run.local, run.at)
    return None


def _changes(tx: Tx, schedule: Schedule, verb: Verb, person: str, now: datetime) -> dict[str, Any]:
    match verb:
        case Verb.SKIP if schedule.next is not None:
            return {"next": next_after(schedule, schedule.next.local)}
        case Verb.RESUME:
            # Never a date of the past, nor one that was skipped: what was paused over falls away.
            dealt = occurrences.latest(tx, schedule.id)
            coming = next_from(schedule, now, dealt=dealt)
            return {"next": coming, "note": None, "closed_by": None}
    return {"closed_by": person, "note": None}


def _withdrawn(
    tx: Tx, schedule: Schedule, person: str, now: datetime
) -> tuple[list[str], list[str]]:
    """Cancel what has not been sent; which orders those are, and which are on their way."""
    withdrawn, underway = [], []
    for order_id in occurrences.in_hand(tx, schedule.id):
        order = orders.load(tx, order_id)
        if order is not None and order.state in UNSENT:
            _cancel(tx, order, schedule, person, now)
            withdrawn.append(order_id)
        else:
            underway.append(order_id)
    return withdrawn, underway


def _cancel(tx: Tx, order: Order, schedule: Schedule, person: str, now: datetime) -> None:
    note = f"{schedule.id} was {schedule.state.words}"
    after = applied(order, Event.CANCELLED, closed_by=person, due_at=None, note=note)
    orders.move(
        tx,
        order,
        after,
        Event.CANCELLED,
        actor=person,
        at=now,
        wishes=[card_wish(after)],
        facts={"reason": note},
    )


def _close_questions(tx: Tx, schedule: Schedule, person: str, now: datetime) -> None:
    """Reminders that wait for an answer, now or when a snooze ends, wait no more."""
    for run in occurrences.unanswered(tx, schedule.id):
        closed = replace(run, fate=Fate.SKIPPED, actor=person, ask_at=None)
        prompting.answer(tx, run, closed, now=now)


def _skipped(schedule: Schedule, date: Occurrence, person: str, now: datetime) -> Run:
    return Run(
        schedule_id=schedule.id,
        local=date.local,
        at=date.at,
        fate=Fate.SKIPPED,
        actor=person,
        decided_at=now,
    )
