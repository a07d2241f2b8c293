"""A recurring purchase that waits for votes on what is no longer so: people are asked anew.

What was shown is held against what would be asked today: by the vote that comes in, at every start,
and whenever it may have changed who is who. Where it differs the votes are void and a fresh card
asks; what cannot be asked any more is stopped. As for orders, the time to decide begins anew once,
and nobody gains a vote by joining a group that could decide before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import structlog

from bot.domain.changes import Shown, changes, obstacle
from bot.domain.money import Money
from bot.domain.orders import Terms
from bot.domain.policy import Rule, eligible_anew, unmet
from bot.domain.quotes import PriceBand
from bot.domain.requests import Refusal, resolve
from bot.domain.schedules import Schedule, ScheduleEvent, ScheduleState, apply
from bot.workflow.desk import Desk
from bot.workflow.planning import Offer, offer
from bot.workflow.rules import TOO_FEW, not_taken, said, sheets
from bot.workflow.schedule_wishes import schedule_notice, schedule_wish
from storage import outbox, schedules
from storage.database import Tx

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What is asked today, if it can be, and how that differs from what was shown."""

    today: Offer | None
    why: Sequence[str]


def changed(desk: Desk, tx: Tx, schedule: Schedule) -> Changed | None:
    """How the proposal differs from the same words asked at this moment; None: it does not."""
    assert schedule.rule is not None, "reminders are not voted on"
    assert schedule.total is not None, "reminders are not voted on"
    terms = resolve(schedule.plan.buy, sheets(desk))
    if isinstance(terms, Refusal):
        return Changed(today=None, why=[not_taken(terms)])
    now = offer(desk, tx, terms, schedule.dates.count or 0, schedule.requester)
    if isinstance(now, Refusal):
        return Changed(today=None, why=[_refused(now, schedule.total)])
    policy, roster = desk.policy, desk.directory.roster
    eligible = eligible_anew(
        policy,
        roster,
        now.rule,
        schedule.requester,
        before=schedule.rule,
        then=schedule.eligible,
    )
    if unmet(policy, roster, now.rule, eligible):
        return Changed(today=None, why=[TOO_FEW])
    found = list(changes(_shown(schedule.terms, schedule.rule), _shown(now.terms, now.rule)))
    if now.total != schedule.total:
        found.append(f"all of it {schedule.total.human} → {now.total.human}")
    return Changed(today=replace(now, eligible=eligible), why=found) if found else None


def propose_anew(
    desk: Desk, tx: Tx, schedule: Schedule, found: Changed, *, now: datetime
) -> Schedule:
    """The votes are void, and a fresh card asks under what stands today; or it is stopped."""
    event, today = ScheduleEvent.ASKED_AGAIN, found.today
    if today is None:
        event = ScheduleEvent.STOPPED
        note = f"it is not allowed any more: {'; '.join(found.why)}"
        after = apply(schedule, event, closed_by="bot", note=note)
        wishes = [schedule_wish(after), schedule_notice(after, "stopped", note=note)]
    else:
        policy, note = desk.policy, said(found.why)
        after = apply(
            schedule,
            event,
            revision=schedule.revision + 1,
            votes=(),
            terms=today.terms,
            total=today.total,
            rule=today.rule,
            eligible=today.eligible,
            expires_at=schedule.expires_at if schedule.revision else now + policy.expires_after,
            remind_at=now + policy.remind_after,
            reminders=0,
            note=note,
        )
        fresh = schedule_notice(after, "asked again", note=note)
        wishes = [schedule_wish(after, schedule.revision), schedule_wish(after), fresh]
    return schedules.move(
        tx, schedule, after, event, actor="bot", at=now, wishes=wishes, facts={"reason": note}
    )


async def renew(desk: Desk) -> None:
    """Ask anew about every proposal whose card no longer tells what stands."""

    def look(tx: Tx) -> list[str]:
        waiting = schedules.in_state(tx, ScheduleState.PROPOSED)
        return [one.id for one in waiting if changed(desk, tx, one) is not None]

    for schedule_id in await desk.db.read(look):
        saved = await desk.db.write(partial(_renewed, desk, schedule_id))
        if saved is not None:
            log.info("asked anew", schedule=saved.id, state=saved.state.value, why=saved.note)
            desk.wake_announcer()


async def show_again(desk: Desk) -> None:
    """At start: the buttons of every waiting card carry what this version binds votes to."""

    def wish(tx: Tx) -> None:
        for one in schedules.in_state(tx, ScheduleState.PROPOSED):
            if schedules.place(tx, one.id, f"card {one.revision}") is not None:
                outbox.wish(tx, schedule_wish(one), at=desk.now())

    await desk.db.write(wish)


def _renewed(desk: Desk, schedule_id: str, tx: Tx) -> Schedule | None:
    """Judged on the proposal as it is now; None when somebody has moved it meanwhile."""
    schedule, now = schedules.load(tx, schedule_id), desk.now()
    if schedule is None or schedule.state is not ScheduleState.PROPOSED:
        return None
    if now >= schedule.expires_at or (found := changed(desk, tx, schedule)) is None:
        return None
    return propose_anew(desk, tx, schedule, found, now=now)


def _shown(terms: Terms, rule: Rule) -> Shown:
    return Shown(terms=terms, rule=rule, band=PriceBand(ceiling=None))


def _refused(no: Refusal, total: Money) -> str:
    """Why it could not be asked today, as a phrase."""
    return f"{no.why.value}: {no.given}" if no.denied is None else obstacle(no.denied, total)
