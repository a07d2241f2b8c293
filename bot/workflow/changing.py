"""Somebody pauses, resumes, skips or stops: one transaction, a truthful answer in every case."""

from datetime import datetime
from typing import Any

from bot.domain.occurring import Fate, Run
from bot.domain.recurrence import Occurrence
from bot.domain.schedule_votes import DONE, Said, ScheduleVerdict, Verb, judge_change
from bot.domain.schedules import Schedule, ScheduleEvent, apply, next_after, next_from
from bot.workflow.desk import Desk
from bot.workflow.schedule_wishes import schedule_notice, schedule_wish
from storage import occurrences, schedules
from storage.database import Tx

EVENTS = {
    Verb.PAUSE: ScheduleEvent.PAUSED,
    Verb.RESUME: ScheduleEvent.RESUMED,
    Verb.SKIP: ScheduleEvent.SKIPPED,
    Verb.STOP: ScheduleEvent.STOPPED,
}


async def change(
    desk: Desk, schedule_id: str, verb: Verb, *, person: str, local: datetime | None = None
) -> ScheduleVerdict:
    """``local``: which date is to be skipped, as the pressed button showed it; None: the next."""
    now = desk.now()
    verdict = await desk.db.write(
        lambda tx: _change(desk, tx, schedule_id, verb, person, local, now)
    )
    desk.wake_announcer()
    desk.wake_clock()
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
    event, changes = EVENTS[verb], _changes(schedule, verb, person, now)
    after = apply(schedule, event, **changes)
    facts: dict[str, Any] = {"next": None if after.next is None else after.next.key}
    if verb is Verb.SKIP and date is not None:
        occurrences.add(tx, _skipped(schedule, date, person, now))
        facts["date"] = date.key
    wishes = [schedule_wish(after), schedule_notice(after, event.value, by=person, **facts)]
    saved = schedules.move(
        tx, schedule, after, event, actor=person, at=now, wishes=wishes, facts=facts
    )
    return ScheduleVerdict(answer=DONE[verb], schedule=saved, date=date)


def _changes(schedule: Schedule, verb: Verb, person: str, now: datetime) -> dict[str, Any]:
    match verb:
        case Verb.SKIP if schedule.next is not None:
            return {"next": next_after(schedule, schedule.next.local)}
        case Verb.RESUME:
            # Never a date of the past: what was paused over falls away.
            return {"next": next_from(schedule, now), "note": None, "closed_by": None}
        case Verb.STOP:
            return {"closed_by": person, "note": None}
    return {"closed_by": person}


def _skipped(schedule: Schedule, date: Occurrence, person: str, now: datetime) -> Run:
    return Run(
        schedule_id=schedule.id,
        local=date.local,
        at=date.at,
        fate=Fate.SKIPPED,
        actor=person,
        decided_at=now,
    )
