"""The buttons of a reminder: Buy opens the ordinary request, Skip and Snooze need no vote.

The request has the date for its origin, so two people who press Buy at once make one order. It
goes down in the transaction that answers the reminder.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.occurring import Fate, Run, origin_of
from bot.domain.orders import Order
from bot.domain.recurrence import at_local
from bot.domain.requests import Refusal
from bot.domain.schedule_votes import Said, ScheduleVerdict, may_change
from bot.domain.schedules import Schedule
from bot.workflow import asking
from bot.workflow.desk import Desk
from bot.workflow.schedule_wishes import prompt_wish
from storage import audit, occurrences, orders, outbox, schedules
from storage.database import Tx

Change = Callable[[Run], Run]


class _Answered(Exception):
    """Somebody else was first: nothing of this transaction may stand."""


Answer = Callable[..., Awaitable[ScheduleVerdict]]
"""``skip`` or ``snooze``."""

SNOOZE = timedelta(hours=1)
"""After that the reminder is posted anew."""


async def buy(
    desk: Desk, schedule_id: str, local: datetime, *, person: str
) -> ScheduleVerdict | Refusal:
    """Ask for the purchase in the name of whoever pressed the button."""
    found = await desk.db.read(lambda tx: _open(tx, schedule_id, local))
    if isinstance(found, ScheduleVerdict):
        return found
    schedule, _ = found
    origin = origin_of(schedule_id, local)

    def answered(tx: Tx, order: Order) -> None:
        run = occurrences.load(tx, schedule_id, local)
        if run is None or not run.is_open:
            raise _Answered
        after = replace(run, fate=Fate.ORDERED, order_id=order.id, actor=person, ask_at=None)
        answer(tx, run, after, now=desk.now())

    try:
        asked = await asking.ask(
            desk, schedule.plan.buy, requester=person, origin=origin, meant=True, also=answered
        )
    except _Answered:
        return ScheduleVerdict(answer=Said.NOT_OPEN, schedule=schedule)
    desk.wake_announcer()
    if isinstance(asked, Refusal):
        return asked
    assert isinstance(asked, asking.Asked), "it was meant"
    return ScheduleVerdict(
        answer=Said.BOUGHT if asked.is_new else Said.NOT_OPEN,
        schedule=schedule,
        order=asked.order,
    )


async def skip(desk: Desk, schedule_id: str, local: datetime, *, person: str) -> ScheduleVerdict:
    """Nothing is bought on this date."""

    def change(run: Run) -> Run:
        return replace(run, fate=Fate.SKIPPED, actor=person, ask_at=None)

    return await _changed(desk, schedule_id, local, person, Said.DECLINED, change)


async def snooze(desk: Desk, schedule_id: str, local: datetime, *, person: str) -> ScheduleVerdict:
    """Ask again in an hour, in a fresh message."""
    ask_at = desk.now() + SNOOZE

    def change(run: Run) -> Run:
        return replace(run, actor=person, ask_at=ask_at)

    return await _changed(desk, schedule_id, local, person, Said.SNOOZED, change)


async def ask_again(desk: Desk, run: Run) -> None:
    """The snooze is over: a fresh message, and the one before it loses its buttons."""

    def write(tx: Tx) -> None:
        fresh = replace(run, asked=run.asked + 1, ask_at=None)
        if occurrences.answer(tx, run, fresh):
            for number in (run.asked, fresh.asked):
                wish = prompt_wish(run.schedule_id, run.local, number)
                outbox.wish(tx, wish, at=desk.now())

    await desk.db.write(write)
    desk.wake_announcer()


async def _changed(
    desk: Desk,
    schedule_id: str,
    local: datetime,
    person: str,
    said: Said,
    change: Change,
) -> ScheduleVerdict:
    """Judged and written in one transaction."""

    def write(tx: Tx) -> ScheduleVerdict:
        found = _open(tx, schedule_id, local)
        if isinstance(found, ScheduleVerdict):
            return found
        schedule, run = found
        policy, roster = desk.policy, desk.directory.roster
        refused = may_change(schedule, person=person, policy=policy, roster=roster)
        if refused is not None:
            return refused
        answer(tx, run, change(run), now=desk.now())
        date = at_local(schedule.plan.when, local)
        return ScheduleVerdict(answer=said, schedule=schedule, date=date)

    verdict = await desk.db.write(write)
    desk.wake_announcer()
    desk.wake_clock(None)
    return verdict


def _open(tx: Tx, schedule_id: str, local: datetime) -> tuple[Schedule, Run] | ScheduleVerdict:
    """The reminder, while nobody has answered it; otherwise what has become of it."""
    schedule, run = schedules.load(tx, schedule_id), occurrences.load(tx, schedule_id, local)
    if schedule is None or run is None:
        return ScheduleVerdict(answer=Said.NO_SUCH_SCHEDULE)
    if run.is_open:
        return schedule, run
    order = None if run.order_id is None else orders.load(tx, run.order_id)
    return ScheduleVerdict(answer=Said.NOT_OPEN, schedule=schedule, order=order)


def answer(tx: Tx, before: Run, after: Run, *, now: datetime) -> None:
    """Write down what became of an open reminder, and owe its message the news."""
    occurrences.answer(tx, before, replace(after, decided_at=now))
    audit.append(
        tx,
        at=now,
        actor=after.actor,
        what="reminder answered",
        order_id=None,
        facts={
            "schedule": after.schedule_id,
            "date": after.key,
            "fate": after.fate,
            "ask_at": after.ask_at,
            "order": after.order_id,
        },
    )
    outbox.wish(tx, prompt_wish(after.schedule_id, after.local, after.asked), at=now)
