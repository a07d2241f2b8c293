"""A schedule as a row and back: the plan and the terms as canonical JSON, local times as text."""

import json
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal

from bot.domain.canonical import canonical
from bot.domain.money import Money, Quantity
from bot.domain.occurring import Fate, Run
from bot.domain.orders import Terms
from bot.domain.plans import Missed, Plan
from bot.domain.recurrence import MonthDay, NthWeekday, Occurrence, Recurrence, Short, Unit
from bot.domain.requests import Buy
from bot.domain.schedules import Dates, Schedule, ScheduleState, wake_at
from bot.domain.zones import wall_key
from storage.rows import Row, decimal_of, rule_of, time_column, time_of, votes_of


def row_of(schedule: Schedule) -> Row:
    """The columns of ``schedules``."""
    dates, following = schedule.dates, schedule.next
    return {
        "id": schedule.id,
        "origin": schedule.origin,
        "state": schedule.state.value,
        "version": schedule.version,
        "revision": schedule.revision,
        "requester": schedule.requester,
        "reminds": int(schedule.reminds),
        "plan": canonical(schedule.plan),
        "terms": canonical(schedule.terms),
        "first": local_column(dates.first),
        "last": None if dates.last is None else local_column(dates.last),
        "count": dates.count,
        "total": None if schedule.total is None else schedule.total.text,
        "rule": None if schedule.rule is None else canonical(schedule.rule),
        "eligible": canonical(schedule.eligible),
        "created_at": schedule.created_at.isoformat(),
        "expires_at": schedule.expires_at.isoformat(),
        "remind_at": time_column(schedule.remind_at),
        "reminders": schedule.reminders,
        "decided_at": time_column(schedule.decided_at),
        "next_local": None if following is None else following.key,
        "next_at": None if following is None else following.at.isoformat(),
        "wake_at": time_column(wake_at(schedule)),
        "looked_ahead": time_column(schedule.looked_ahead),
        "note": schedule.note,
        "closed_by": schedule.closed_by,
        "moved_at": time_column(schedule.moved_at),
    }


def schedule_of(row: Row, votes: Iterable[Row]) -> Schedule:
    """The schedule in this row, with the votes for its present revision."""
    terms = _terms_of(json.loads(row["terms"]))
    return Schedule(
        id=row["id"],
        origin=row["origin"],
        requester=row["requester"],
        plan=_plan_of(json.loads(row["plan"])),
        terms=terms,
        dates=Dates(
            first=datetime.fromisoformat(row["first"]),
            last=time_of(row["last"]),
            count=row["count"],
        ),
        total=None if row["total"] is None else Money.of(row["total"], terms.currency),
        rule=None if row["rule"] is None else rule_of(json.loads(row["rule"])),
        eligible=frozenset(json.loads(row["eligible"])),
        created_at=datetime.fromisoformat(row["created_at"]),
        expires_at=datetime.fromisoformat(row["expires_at"]),
        state=ScheduleState(row["state"]),
        version=row["version"],
        revision=row["revision"],
        votes=votes_of(votes),
        remind_at=time_of(row["remind_at"]),
        reminders=row["reminders"],
        decided_at=time_of(row["decided_at"]),
        next=None if row["next_local"] is None else next_of(row),
        looked_ahead=time_of(row["looked_ahead"]),
        note=row["note"],
        closed_by=row["closed_by"],
        moved_at=time_of(row["moved_at"]),
    )


def next_of(row: Row) -> Occurrence:
    """The date that comes next, of a row that has one."""
    local, at = (datetime.fromisoformat(row[name]) for name in ("next_local", "next_at"))
    return Occurrence(local, at)


def run_of(row: Row) -> Run:
    """One row of ``occurrences``."""
    return Run(
        schedule_id=row["schedule_id"],
        local=datetime.fromisoformat(row["local"]),
        at=datetime.fromisoformat(row["at"]),
        fate=Fate(row["fate"]),
        order_id=row["order_id"],
        actor=row["actor"],
        note=row["note"],
        decided_at=datetime.fromisoformat(row["decided_at"]),
        asked=row["asked"],
        ask_at=time_of(row["ask_at"]),
    )


def local_column(local: datetime) -> str:
    return wall_key(local)


def _plan_of(data: Row) -> Plan:
    return Plan(
        buy=_buy_of(data["buy"]),
        when=_recurrence_of(data["when"]),
        start=_date_of(data["start"]),
        runs=data["runs"],
        until=_date_of(data["until"]),
        missed=Missed(data["missed"]),
        reminds=data["reminds"],
    )


def _buy_of(data: Row) -> Buy:
    decimals = {"amount": Decimal(data["amount"]), "max_price": decimal_of(data["max_price"])}
    return Buy(**{**data, **decimals})


def _recurrence_of(data: Row) -> Recurrence:
    return Recurrence(
        unit=Unit(data["unit"]),
        at=time.fromisoformat(data["at"]),
        every=data["every"],
        weekdays=tuple(data["weekdays"]),
        on=None if data["on"] is None else _month_day_of(data["on"]),
        zone=data["zone"],
    )


def _month_day_of(data: Row) -> MonthDay | NthWeekday:
    if "nth" in data:
        return NthWeekday(nth=data["nth"], weekday=data["weekday"])
    short = data["short"]
    return MonthDay(day=data["day"], short=None if short is None else Short(short))


def _date_of(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _terms_of(data: Row) -> Terms:
    spend, cost = data["spend"], data["cost"]
    figures = {
        "spend": (
            Quantity.of(spend["amount"], spend["asset"])
            if "asset" in spend
            else Money.of(spend["amount"], spend["currency"])
        ),
        "cost": Money.of(cost["amount"], cost["currency"]),
        "max_price": decimal_of(data["max_price"]),
    }
    return Terms(**{**data, **figures})
