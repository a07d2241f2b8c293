"""A plan before anything is made of it, and the answers to what people do with what recurs."""

from dataclasses import dataclass

from bot.domain.occurring import Run
from bot.domain.orders import Order
from bot.domain.planning import PlanFault, Unplannable
from bot.domain.recurrence import Occurrence
from bot.domain.schedule_votes import Said, ScheduleVerdict
from bot.domain.schedules import Schedule
from bot.domain.voting import Answer
from bot.workflow.planning import Offer, Preview
from commands.words import count, day, escape, people, person, when
from commands.words.refused import STANDINGS, needs
from commands.words.schedules import MISSED, date, in_hand, nothing_more, price_words
from commands.words.telling import purchase

CREATE, LEAVE = "Create", "Leave it"
LEFT = "Nothing was made."
NOT_YOURS = "This was shown to somebody else. Nothing was made."
UNCHANGED = "That changed nothing."


def preview(shown: Preview, title: str) -> str:
    """Everything that somebody should know before it is made: dates first."""
    plan, zone = shown.plan, shown.plan.when.zone or ""
    what = "A reminder" if plan.reminds else "A recurring purchase"
    lines = [f"*{what}:* {purchase(shown.terms, title)}, {plan.when.words}"]
    lines.append(_dates(shown, zone))
    if shown.offer is not None:
        lines += _offered(shown, shown.offer)
    else:
        lines.append("It asks in the channel each time and buys nothing by itself.")
    return "\n".join([*lines, "Nothing was made yet."])


def _offered(shown: Preview, offer: Offer) -> list[str]:
    """What it may cost, and who has to agree."""
    each, rule = shown.terms.cost.human, offer.rule
    whole = (
        f"rule “{escape(rule.name)}” (up to {rule.up_to.human}); needs {needs(rule.approvals)}:"
        f" {people(offer.eligible)}"
    )
    return [
        f"*Costs at most:* {each} each with fees, *{offer.total.human}* in all",
        f"*Price protection:* {price_words(shown.plan, shown.terms.currency)}",
        f"*If I am off on a date:* {MISSED[shown.plan.missed]}",
        f"*Approved once, as a whole:* {whole}",
    ]


def _dates(shown: Preview, zone: str) -> str:
    """The next three, and how many there are."""
    next_ones = ", ".join(date(one, zone) for one in shown.outlook.upcoming)
    dates = shown.outlook.dates
    if dates.count is None or dates.last is None:
        return f"*Next:* {next_ones}, and so on until it is stopped ({zone})"
    more = dates.count - len(shown.outlook.upcoming)
    rest = f", and {more} more until {day(dates.last)}" if more > 0 else ""
    return f"*Next:* {next_ones}{rest}; {count(dates.count, 'date')} in all ({zone})"


def changed_since() -> str:
    """What was to be made is not what was shown."""
    return "Something has changed since that was shown. This is how it would be now:"


def fault(no: PlanFault, zone: str) -> str:
    """Why the plan has no dates that could be approved."""
    if no.why is Unplannable.TOO_LATE:
        return "It may begin at most 366 days ahead. Say an earlier `from`. Nothing was made."
    if no.why is Unplannable.NO_DATE and no.first is not None:
        return (
            f"It would end before it begins: its first date is {date(no.first, zone)}. Say a later"
            " `until`. Nothing was made."
        )
    far = "" if no.last is None else f"; one of its dates is {day(no.last.local)}"
    return (
        f"It may reach at most 366 days ahead{far}. Ask for fewer `runs` or an earlier `until`;"
        " it can be made anew when it has ended. Nothing was made."
    )


def created(schedule: Schedule, channel: str) -> str:
    """What happens next, and where."""
    if schedule.reminds:
        return f"*{schedule.id}* runs; I ask in <#{channel}>. {_undo(schedule)}"
    assert schedule.rule is not None, "a recurring purchase has a rule"
    return (
        f"*{schedule.id}* waits for approval. Its card is in <#{channel}>; it needs"
        f" {needs(schedule.rule.approvals)} and expires {when(schedule.expires_at)}."
        f" {_undo(schedule)}"
    )


def _undo(schedule: Schedule) -> str:
    return f"`/buy stop {schedule.id}` ends it."


def again(schedule: Schedule) -> str:
    """The same button once more: nothing new was made."""
    return f"*{schedule.id}* is {schedule.state.words}; `/buy schedules {schedule.id}` tells more."


UNKNOWN = (
    "My records have no schedule of that number; `/buy schedules` shows those that they have."
    f" {UNCHANGED}"
)
"""Of a button: a restored file may be older than the card on which it stands."""


def no_schedule(schedule_id: str) -> str:
    """Somebody has typed a number that nothing has."""
    return (
        f"There is no schedule {schedule_id} here. Check the number: `/buy schedules` lists them."
    )


def answer(verdict: ScheduleVerdict) -> str:
    """One truthful answer for every way in which a click or a word can end."""
    schedule = verdict.schedule
    if schedule is None:
        return UNKNOWN
    if verdict.standing is not None:
        return f"{STANDINGS[verdict.standing]} {UNCHANGED}"
    if isinstance(verdict.answer, Said):
        return _said(schedule, verdict)
    return _voted(schedule, verdict)


def _said(schedule: Schedule, verdict: ScheduleVerdict) -> str:
    name, zone = schedule.id, schedule.plan.when.zone or ""
    told = in_hand(verdict.withdrawn, verdict.underway)
    match verdict.answer:
        case Said.PAUSED:
            return f"{name} is paused. {told}`/buy resume {name}` lets it go on."
        case Said.RESUMED:
            return f"{name} goes on. {_coming(schedule.next, zone)}"
        case Said.SKIPPED if verdict.date is not None:
            skipped = date(verdict.date, zone)
            return f"{skipped} of {name} is skipped. {_coming(schedule.next, zone)}"
        case Said.SKIPPED_ALREADY if verdict.date is not None:
            return (
                f"You have just skipped {date(verdict.date, zone)} of {name}; no other date is"
                f" skipped. {_coming(schedule.next, zone)} To leave that out as well, press"
                " *Skip the next* on its card."
            )
        case Said.STOPPED:
            return f"{name} is stopped, for good. {told}{nothing_more(verdict.underway)}"
        case Said.NOT_YOURS:
            asker = person(schedule.requester)
            return f"Only {asker} or an approver can change {name}. {UNCHANGED}"
        case Said.NOT_RUNNING | Said.NOT_PAUSED | Said.HAS_ENDED:
            return f"{name} is {schedule.state.words}. {UNCHANGED}"
        case Said.OTHER_DATE:
            return f"That date of {name} is dealt with already. {_coming(schedule.next, zone)}"
        case Said.BOUGHT if verdict.order is not None:
            return f"*{verdict.order.id}* waits for approval; its card is in the channel."
        case Said.SNOOZED:
            return "I ask again in an hour."
        case Said.DECLINED:
            return "Skipped: nothing is bought on this date."
        case _:
            return _answered(verdict.order)


def _answered(order: Order | None) -> str:
    if order is None:
        return f"This reminder was answered already. {UNCHANGED}"
    asker = person(order.requester)
    return f"{asker} asked for it already: {order.id} is {order.state.words}. {UNCHANGED}"


def _coming(following: Occurrence | None, zone: str) -> str:
    return "No date is left." if following is None else f"Next: {date(following, zone)}."


def _voted(schedule: Schedule, verdict: ScheduleVerdict) -> str:
    name = schedule.id
    match verdict.answer:
        case Answer.COUNTED:
            return f"Your approval of {name} counts. Still needed: {needs(verdict.missing)}."
        case Answer.DECIDED:
            zone = schedule.plan.when.zone or ""
            return f"Your approval decides {name}. {_coming(schedule.next, zone)}"
        case Answer.DENIED:
            return f"You denied {name}. Nothing will be bought."
        case Answer.TOO_LATE:
            return f"{name} expired {when(schedule.expires_at)}. {UNCHANGED}"
        case Answer.OLD_CARD:
            return f"This is not the present card of {name}; look for the newer one. {UNCHANGED}"
        case Answer.OWN_ORDER:
            waits = people(schedule.eligible)
            return f"You asked for {name} yourself, so it waits for {waits}. {UNCHANGED}"
        case Answer.NOT_AN_APPROVER:
            return f"{name} is decided by {people(schedule.eligible)}. {UNCHANGED}"
        case Answer.JOINED_LATER:
            return (
                f"You became an approver after {name} was asked for, so your vote cannot count on"
                f" it. {UNCHANGED}"
            )
        case Answer.ALREADY_VOTED:
            return f"You approved {name} already. One person counts once."
        case Answer.POLICY_CHANGED:
            return (
                f"What {name} was asked under has changed, so your vote cannot count. Its card"
                " tells how it stands now."
            )
        case _:
            return f"{name} is {schedule.state.words} already. {UNCHANGED}"


@dataclass(frozen=True, slots=True)
class Asked:
    """How one date of a reminder stands: a sign, a word or two, and what that means."""

    sign: str
    state: str
    says: str


def reminder(schedule: Schedule, run: Run, order: Order | None, *, newest: bool) -> Asked:
    """What could be bought on one date, or what became of it."""
    if order is not None:
        who = f"{person(order.requester)} asked for it as {order.id}"
        return Asked("🔵", "Asked for", f"{who}; its card tells what becomes of it.")
    if not run.is_open:
        return Asked("⚪️", "Skipped", f"{person(run.actor)} skipped it: nothing is bought for it.")
    if not newest:
        return Asked("⚪️", "Closed", "It is asked again below; please answer there.")
    if run.ask_at is not None:
        who = person(run.actor)
        return Asked("🟡", "Snoozed", f"{who} wants to be asked again {when(run.ask_at)}.")
    return Asked(
        "🟡",
        "Do you want to buy?",
        f"{person(schedule.requester)}: “Buy” asks the approvers for it, “Skip” leaves this date"
        " out, “Snooze” asks you again in an hour.",
    )


def date_of(schedule: Schedule, run: Run) -> str:
    """Which date it is about, by the clock of the schedule's own zone."""
    return f"for {day(run.local)}; repeats {schedule.plan.when.words}"
