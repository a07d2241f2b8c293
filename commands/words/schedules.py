"""What recurs, told to people: its dates, its state, what comes next, what became of its dates."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.occurring import Fate, Run
from bot.domain.people import Roster
from bot.domain.plans import Missed, Plan
from bot.domain.policy import Policy, Requirement
from bot.domain.recurrence import Occurrence, at_local
from bot.domain.schedule_votes import ballot_of
from bot.domain.schedules import Schedule, ScheduleState
from bot.domain.zones import wall_clock
from commands.words import count, day, escape, listed, person, phrase, when
from commands.words.telling import awaited, money, purchase, reminded

SIGNS = {
    ScheduleState.PROPOSED: "🟡",
    ScheduleState.ACTIVE: "🔵",
    ScheduleState.PAUSED: "⏸️",
    ScheduleState.ENDED: "✅",
    ScheduleState.STOPPED: "⚪️",
    ScheduleState.DENIED: "⛔",
    ScheduleState.EXPIRED: "⚪️",
}
"""A sign before the words, never instead of them."""

MISSED = {
    Missed.SKIP: "it is not made up for",
    Missed.ONE: "the last date that I missed is made up for",
    Missed.ALL: "every date that I missed is made up for",
}

FATES = {
    Fate.ORDERED: "ordered",
    Fate.REMINDED: "asked about",
    Fate.MISSED: "missed",
    Fate.SKIPPED: "skipped",
    Fate.REFUSED: "not possible",
}


def headline(schedule: Schedule, title: str) -> str:
    """``Buy BTC for 50.00 EUR via Kriptomat, every friday at 9:00 Europe/Ljubljana``."""
    what = f"{purchase(schedule.terms, title)}, {schedule.plan.when.words}"
    return f"Reminder: {what}" if schedule.reminds else what


def date(one: Occurrence, zone: str) -> str:
    """A date; where the clock jumps over it, when it happens instead."""
    shown = wall_clock(one.at, zone)
    if shown == one.local:
        return day(one.local)
    return f"{day(one.local)} (the clock jumps over that: at {shown.hour}:{shown:%M})"


def date_of(schedule: Schedule, key: str) -> str:
    """The date with this name."""
    one = at_local(schedule.plan.when, datetime.fromisoformat(key))
    return date(one, schedule.plan.when.zone or "")


def price_words(plan: Plan, currency: str) -> str:
    """What keeps the price of each purchase in bounds."""
    if plan.buy.max_price is None:
        return "none; each date buys at whatever the price is then"
    return f"asks you above {money(plan.buy.max_price, currency)} per coin"


def state_line(schedule: Schedule) -> str:
    return f"{SIGNS[schedule.state]} *{schedule.state.words.capitalize()}*"


def next_words(
    schedule: Schedule, policy: Policy, roster: Roster, tally: Mapping[Fate, int]
) -> str:
    """What it waits for, what comes next, or how it ended; and what has become of its dates."""
    return " ".join(part for part in (_next(schedule, policy, roster), so_far(tally)) if part)


def _next(schedule: Schedule, policy: Policy, roster: Roster) -> str:
    note = f": {phrase(schedule.note)}" if schedule.note else ""
    who = person(schedule.closed_by or "bot")
    match schedule.state:
        case ScheduleState.PROPOSED:
            again = f"Asked again{note}. " if schedule.revision and note else ""
            return again + awaited(ballot_of(schedule), policy, roster)
        case ScheduleState.ACTIVE if schedule.next is not None:
            return f"Next: {date(schedule.next, schedule.plan.when.zone or '')}."
        case ScheduleState.ACTIVE | ScheduleState.ENDED:
            return "Its last date has passed."
        case ScheduleState.PAUSED:
            return f"{who} paused it{note}; the dates until it is resumed fall away."
        case ScheduleState.DENIED:
            return f"{who} denied it{note}. Nothing will be bought."
        case ScheduleState.EXPIRED:
            late = when(schedule.expires_at)
            return f"Too few people approved it by {late}. Nothing will be bought."
        case ScheduleState.STOPPED:
            return f"{who} stopped it{note}. Nothing more will be bought."


def so_far(tally: Mapping[Fate, int]) -> str:
    """``So far: 3 ordered, 1 skipped.``"""
    told = [f"{tally[fate]} {word}" for fate, word in FATES.items() if tally.get(fate)]
    return f"So far: {listed(told)}." if told else ""


def reach(schedule: Schedule) -> str:
    """``12 dates, the first Fri 4 Dec 2026 9:00, the last Fri 19 Feb 2027 9:00``."""
    first = f"the first {day(schedule.dates.first)}"
    if schedule.dates.last is None or schedule.dates.count is None:
        return f"until it is stopped, {first}"
    if schedule.dates.count == 1:
        return f"1 date: {day(schedule.dates.first)}"
    return f"{schedule.dates.count} dates, {first}, the last {day(schedule.dates.last)}"


def fallback(schedule: Schedule, title: str, says: str, roster: Roster) -> str:
    """The whole meaning in one line, for notifications and screen readers."""
    who = escape(roster.name(schedule.requester), longest=80)
    what = f"{headline(schedule, title)} ({reach(schedule)})"
    total = "" if schedule.total is None else f", {schedule.total.human} in all at most"
    state = schedule.state.words
    return f"{schedule.id} is {state}: {what}{total}, asked for by {who}. {says}"


def line(schedule: Schedule, title: str) -> str:
    """One schedule in a list."""
    following = schedule.next
    zone = schedule.plan.when.zone or ""
    coming = "" if following is None else f" · next {date(following, zone)}"
    return (
        f"{SIGNS[schedule.state]} *{schedule.id}* {schedule.state.words} ·"
        f" {headline(schedule, title)}{coming} · {person(schedule.requester)}"
    )


def run_line(run: Run) -> str:
    """What became of one date."""
    order = f" as {run.order_id}" if run.order_id else ""
    who = f" by {person(run.actor)}" if run.fate is Fate.SKIPPED else ""
    note = f": {phrase(run.note)}" if run.note else ""
    return f"• {day(run.local)}: {FATES[run.fate]}{order}{who}{note}"


def waiting(
    schedule: Schedule, whom: Collection[str], title: str, missing: tuple[Requirement, ...]
) -> str:
    """What is said below the card of a schedule."""
    total = "" if schedule.total is None else f", {schedule.total.human} in all at most"
    what = f"{headline(schedule, title)}{total}"
    return reminded(whom, schedule.id, what, ballot_of(schedule), missing)


def notice(schedule: Schedule, facts: Mapping[str, Any]) -> str:
    """A reply in the thread of its card: news of a schedule, as they were when it was wished."""
    name, note = schedule.id, facts.get("note")
    why = f": {phrase(str(note))}" if note else ""
    by = str(facts.get("by", "bot"))
    asker = person(schedule.requester)
    told = "" if by == schedule.requester else f"{asker}: "
    match facts["subject"]:
        case "denied":
            return f"{asker}: {person(schedule.closed_by or 'bot')} denied {name}{why}."
        case "expired":
            return f"{asker}: {name} expired before enough people approved it."
        case "asked again":
            voters = listed(person(user) for user in sorted(schedule.eligible))
            return f"{voters}: please decide {name} anew{why}."
        case "ended":
            return f"{asker}: {name} has come to its end: its last date has passed."
        case "stopped":
            rest = _in_hand(facts) + nothing_more(facts.get("underway", ()))
            return f"{told}{person(by)} stopped {name}{why}. {rest}"
        case "paused":
            rest = f"the dates until it is resumed fall away. {_in_hand(facts)}".rstrip()
            return f"{told}{person(by)} paused {name}{why}; {rest}"
        case "resumed":
            return f"{told}{person(by)} resumed {name}. {_coming(schedule, facts['next'])}"
        case "skipped":
            skipped = date_of(schedule, str(facts["date"]))
            coming = _coming(schedule, facts["next"])
            return f"{told}{person(by)} skipped {skipped} of {name}. {coming}"
        case "missed":
            return f"{asker}: {_missed(schedule, facts['missed'], facts['made_up'])}"
        case "refused":
            return f"{asker}: {_refused(schedule, facts['refused'])}"
        case _:
            reasons = "; ".join(phrase(one) for one in facts["reasons"])
            coming = date_of(schedule, str(facts["date"]))
            return (
                f"{asker}: as things stand, {name} would not buy by itself on {coming}:"
                f" {reasons}. Nothing is decided yet; it is looked at again then."
            )


def in_hand(withdrawn: Sequence[str], underway: Sequence[str]) -> str:
    """What became of its orders that were not bought yet; with a space at the end."""
    told = ""
    if withdrawn:
        verb = "was not sent yet and is" if len(withdrawn) == 1 else "were not sent yet and are"
        told += f"{listed(withdrawn)} of it {verb} cancelled. "
    if underway:
        verb = "is" if len(underway) == 1 else "are"
        told += f"{listed(underway)} of it {verb} on the way already and cannot be held up. "
    return told


def nothing_more(underway: Sequence[str]) -> str:
    return "Nothing else will be bought." if underway else "Nothing more will be bought."


def _in_hand(facts: Mapping[str, Any]) -> str:
    return in_hand(facts.get("withdrawn", ()), facts.get("underway", ()))


def _coming(schedule: Schedule, key: str | None) -> str:
    return "No date is left." if key is None else f"Next: {date_of(schedule, key)}."


def _missed(schedule: Schedule, missed: list[str], made_up: list[list[str]]) -> str:
    went = [date_of(schedule, key) for key in [*missed, *(key for key, _ in made_up)]]
    told = f"I was off at {count(len(went), 'date')} of {schedule.id} ({_some(went)})."
    if schedule.reminds:
        return told
    orders = [order for _, order in made_up if order]
    if not orders:
        # Those of which no order could be made are told with the reason in a reply of their own.
        why = "" if made_up else ", as it was agreed"
        return f"{told} Nothing is bought for that{why}."
    verb = "is" if len(orders) == 1 else "are"
    return (
        f"{told} As it was agreed, {count(len(orders), 'date')} {verb} made up for now by"
        f" {_some(orders)}."
    )


def _refused(schedule: Schedule, refused: list[list[str]]) -> str:
    named = [f"{date_of(schedule, key)}: {phrase(note)}" for key, note in refused[:5]]
    more = [f"and {len(refused) - 5} more"] if len(refused) > 5 else []
    told = "; ".join([*named, *more])
    return f"{schedule.id} could not ask for {count(len(refused), 'purchase')} ({told})."


def _some(words: Iterable[str], at_most: int = 5) -> str:
    told = list(words)
    more = [f"{len(told) - at_most} more"] if len(told) > at_most else []
    return listed([*told[:at_most], *more])
