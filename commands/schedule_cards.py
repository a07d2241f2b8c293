"""A schedule, and one date's reminder, become messages: text, blocks, metadata. Pure.

As with orders, the same card is posted once and edited for ever; a proposal that was made anew
leaves its old card without buttons.
"""

from collections.abc import Mapping

from bot.domain.occurring import Fate, Run
from bot.domain.orders import Order
from bot.domain.schedule_votes import Verb
from bot.domain.schedules import Schedule, ScheduleState
from commands.blocks import Block, actions, button, confirm, context, section
from commands.cards import APPROVE, DENY, VOTES_AT_MOST, Message, Setting, reason, shut
from commands.carried import carried
from commands.words import closed, day, escape, person, plans, schedules, when
from commands.words.telling import purchase

EVENT_TYPE = "countersign_schedule"
REMINDER_TYPE = "countersign_reminder"

CHANGE = {verb: f"schedule_{verb.value}" for verb in Verb}
BUY, SKIP, SNOOZE = "reminder_buy", "reminder_skip", "reminder_snooze"
"""Action ids of the buttons."""

VERBS = {
    ScheduleState.PROPOSED: (Verb.STOP,),
    ScheduleState.ACTIVE: (Verb.PAUSE, Verb.SKIP, Verb.STOP),
    ScheduleState.PAUSED: (Verb.RESUME, Verb.STOP),
}
LABELS = {
    Verb.PAUSE: "Pause",
    Verb.RESUME: "Resume",
    Verb.SKIP: "Skip the next",
    Verb.STOP: "Stop",
}


def card(
    schedule: Schedule,
    setting: Setting,
    tally: Mapping[Fate, int],
    *,
    revision: int | None = None,
) -> Message:
    """The card of its present revision, or of an older one, which is closed."""
    title = setting.title(schedule)
    if revision is not None and revision != schedule.revision:
        return _closed(schedule, title, closed.REPLACED)
    says = schedules.next_words(schedule, setting.policy, setting.roster, tally)
    head = f"*{schedules.headline(schedule, title)}*   {schedule.id}"
    state = f"{schedules.state_line(schedule)}\n{says}"
    blocks = [
        section(head, block_id="what"),
        section(state, block_id="state"),
        section(fields=_fields(schedule), block_id="terms"),
    ]
    if schedule.terms.reason:
        blocks.append(context(reason(schedule.terms.reason), block_id="reason"))
    if schedule.votes:
        newest = schedule.votes[-VOTES_AT_MOST:]
        told = [f"👍 {person(vote.voter)} {when(vote.at)}" for vote in newest]
        blocks.append(context("   ".join(told), block_id="decided"))
    if buttons := _buttons(schedule):
        blocks.append(actions(buttons, block_id="decide", about=schedule.id))
    return Message(
        text=schedules.fallback(schedule, title, says, setting.roster),
        blocks=blocks,
        metadata=_metadata(schedule),
    )


def spare(schedule: Schedule, setting: Setting) -> Message:
    """A second copy of one of its messages, posted when Slack did not say that one had arrived."""
    title = setting.title(schedule)
    return _closed(schedule, title, closed.SPARE)


def _closed(schedule: Schedule, title: str, why: closed.Closed) -> Message:
    what = schedules.headline(schedule, title)
    return shut(schedule.id, what, why, metadata=_metadata(schedule))


def reminder(
    schedule: Schedule, run: Run, order: Order | None, setting: Setting, *, asked: int
) -> Message:
    """One date of a reminder; ``asked``: which of its messages this is."""
    newest = asked == run.asked
    told = plans.reminder(schedule, run, order, newest=newest)
    title = setting.title(schedule)
    what, date = purchase(schedule.terms, title), plans.date_of(schedule, run)
    state = f"{told.sign} *{told.state}*\n{told.says}"
    said = told.state if told.state.endswith("?") else f"{told.state}:"
    blocks = [
        section(f"*Reminder: {what}*   {schedule.id}", block_id="what"),
        section(state, block_id="reminder"),
        context(date[0].upper() + date[1:], block_id="date"),
    ]
    if run.is_open and newest:
        value = carried(schedule=schedule.id, local=run.key)
        buttons = [
            button("Buy", BUY, value, style="primary"),
            button("Skip", SKIP, value),
            button("Snooze", SNOOZE, value),
        ]
        about = f"{schedule.id}, {day(run.local)}"
        blocks.append(actions(buttons, block_id="answer", about=about))
    return Message(
        text=f"{schedule.id}, a reminder: {what}, {date}. {said} {told.says}",
        blocks=blocks,
        metadata={
            "event_type": REMINDER_TYPE,
            "event_payload": {"schedule": schedule.id, "date": run.key, "fate": run.fate.value},
        },
    )


def _metadata(schedule: Schedule) -> dict[str, object]:
    payload = {"schedule": schedule.id, "state": schedule.state.value}
    return {"event_type": EVENT_TYPE, "event_payload": payload}


def _fields(schedule: Schedule) -> list[str]:
    plan, zone = schedule.plan, schedule.plan.when.zone or ""
    parts = {
        "Asked for by": f"{person(schedule.requester)} {when(schedule.created_at)}",
        "Dates": f"{schedules.reach(schedule)} ({zone})",
    }
    if schedule.total is not None and schedule.rule is not None:
        rule = schedule.rule
        parts |= {
            "Each costs at most": f"{schedule.terms.cost.human}, fees included",
            "All of it at most": f"*{schedule.total.human}*, fees included",
            "Rule": f"{escape(rule.name)} (up to {rule.up_to.human})",
            "Price protection": schedules.price_words(plan, schedule.terms.currency),
            "If I am off on a date": schedules.MISSED[plan.missed],
        }
    if schedule.terms.outlet:
        parts["Paid by"] = escape(schedule.terms.outlet)
    if schedule.terms.target:
        parts["To"] = escape(schedule.terms.target)
    return [f"*{name}*\n{value}" for name, value in parts.items()]


def _buttons(schedule: Schedule) -> list[Block]:
    buttons = []
    if schedule.state is ScheduleState.PROPOSED:
        vote = carried(order=schedule.id, digest=schedule.digest)
        buttons = [
            button("Approve", APPROVE, vote, style="primary"),
            button("Deny", DENY, vote, style="danger"),
        ]
    return [*buttons, *_changing(schedule)]


def changes(schedule: Schedule, *, block_id: str) -> Block:
    """The buttons that change what recurs, without its card; for a schedule that has not ended."""
    return actions(_changing(schedule), block_id=block_id, about=schedule.id)


def _changing(schedule: Schedule) -> list[Block]:
    buttons = []
    following = None if schedule.next is None else schedule.next.key
    value = carried(schedule=schedule.id, local=following)
    for verb in VERBS.get(schedule.state, ()):
        if verb is Verb.SKIP and following is None:
            continue
        sure = _sure(schedule) if verb is Verb.STOP else None
        buttons.append(button(LABELS[verb], CHANGE[verb], value, sure=sure))
    return buttons


def _sure(schedule: Schedule) -> Block:
    return confirm(
        f"Stop {schedule.id}?",
        "Nothing more will be bought by it. This cannot be undone; a new one has to be asked for"
        " then.",
        yes="Stop it",
        no="Keep it",
    )
