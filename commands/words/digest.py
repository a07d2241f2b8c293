"""The digest told to the channel: counts first, then the few that somebody should look at.

Nobody is mentioned: it is read when it is read. What is none is told as none, because a part that
is left out looks like a part that broke.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.budgets import Figures
from bot.domain.comparisons import Last
from bot.domain.orders import Order, State
from bot.domain.people import Roster
from bot.domain.schedules import Schedule
from commands.words import (
    budgets,
    count,
    duration,
    escape,
    listed,
    reconciling,
    schedules,
    when,
)
from commands.words.telling import headline, money

LONGEST_NAME = 40
AWAITED = 5
"""People that are named of those whose approval is awaited."""

ENDED = (State.COMPLETED, State.DENIED, State.CANCELLED, State.EXPIRED, State.REJECTED,
         State.FAILED, State.REVERSED)  # fmt: skip
"""In this order."""


def title(at: datetime, zone: ZoneInfo) -> str:
    """``Countersign on Wednesday, 25 November 2026 at 09:00``, in the team's time."""
    local = at.astimezone(zone)
    return f"Countersign on {local:%A}, {local.day} {local:%B %Y} at {local:%H:%M}"


def part(name: str, number: int, lines: Iterable[str], *, more: str = "`/buy list open`") -> str:
    """``*In doubt: 2*`` and a line for each that is named."""
    told = list(lines)
    rest = [f"… and {number - len(told)} more: {more}"] if number > len(told) else []
    return "\n".join([f"*{name}: {number}*", *told, *rest])


def waiting(order: Order, title: str, roster: Roster, now: datetime) -> str:
    """An order that people have still to decide, and who they are."""
    voted = {vote.voter for vote in order.votes}
    awaited = sorted(roster.name(one) for one in order.eligible - voted)
    shown = [escape(one, longest=LONGEST_NAME) for one in awaited[:AWAITED]]
    more = [f"{len(awaited) - AWAITED} more"] if len(awaited) > AWAITED else []
    needed = sum(need.count for need in order.rule.approvals)
    have = count(len(voted), "approval")
    return (
        f"• {_what(order, title)}: {have} of {needed}, waits for"
        f" {listed([*shown, *more], 'or')}; asked for by {_name(order.requester, roster)}"
        f" {duration((now - order.created_at).total_seconds())} ago, expires"
        f" {when(order.expires_at)}"
    )


def moving(order: Order, title: str, now: datetime) -> str:
    """An order that is on its way, and for how long it has been where it is."""
    since = duration((now - (order.moved_at or order.created_at)).total_seconds())
    return f"• {_what(order, title)}: {order.state.words} for {since}"


def ended(counts: Mapping[State, int], spent: Mapping[str, Decimal], since: datetime) -> str:
    """What has ended since the last digest, completed ones always named."""
    completed = counts.get(State.COMPLETED, 0)
    paid = listed(money(amount, currency) for currency, amount in sorted(spent.items()))
    cost = f" for {paid}" if paid else ""
    others = [
        f"{counts[state]} {state.words}"
        for state in ENDED
        if state is not State.COMPLETED and counts.get(state)
    ]
    rest = f"; {listed(others)}" if others else ""
    return f"*Completed since {when(since)}: {completed}*{cost}{rest}"


def coming(schedule: Schedule, titles: Mapping[str, str]) -> str:
    """A recurring purchase or reminder, and its next date in its own zone."""
    assert schedule.next is not None, "only those that have a date ahead are told"
    title = titles.get(schedule.terms.provider, schedule.terms.provider)
    what = schedules.headline(schedule, title)
    date = schedules.date(schedule.next, schedule.plan.when.zone or "")
    return f"• *{schedule.id}* {what}: {date}"


def compared(
    done: Iterable[Last], unlisted: Iterable[str], titles: Mapping[str, str], now: datetime
) -> str:
    """What was found by comparing with the providers' lists; nothing found is told as zero."""
    lines = [reconciling.digest_line(one, titles.get(one.provider, one.provider), now)
             for one in done]  # fmt: skip
    lines += [f"• {titles.get(name, name)}: has no list to compare with" for name in unlisted]
    return "\n".join(["*Compared with the providers*", *lines])


def budget(figures: Figures) -> str:
    """One budget on one line."""
    name = escape(figures.budget.name, longest=LONGEST_NAME)
    return f"• {name}, {budgets.limit(figures.budget)}: " + budgets.columns(
        figures, figures.left, "left"
    )


def log(number: int, head: str) -> str:
    """What proves later that no row of the log was cut off or changed."""
    return (
        f"Audit log: {count(number, 'row')}, head `{head}`."
        " `countersign audit verify --head HASH` proves later that nothing of it was changed."
    )


REPEATED = (
    "_This digest may stand here twice: I was interrupted while I posted it, and could not see"
    " whether it had arrived._"
)


def summary(heading: str, waiting: int, under_way: int, in_doubt: int, completed: int) -> str:
    """The whole in one line, for notifications and screen readers."""
    return (
        f"{heading}: {waiting} waiting for approval, {under_way} under way, {in_doubt} in doubt,"
        f" {completed} completed since the last digest."
    )


def _what(order: Order, title: str) -> str:
    return f"*{order.id}* {headline(order, title)}"


def _name(user: str, roster: Roster) -> str:
    return escape(roster.name(user), longest=LONGEST_NAME)
