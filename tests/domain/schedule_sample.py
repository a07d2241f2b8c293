"""Schedules for the tests of their rules."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from bot.domain.money import Money
from bot.domain.plans import Missed, Plan
from bot.domain.recurrence import Recurrence, Unit
from bot.domain.requests import Buy
from bot.domain.schedules import Dates, Schedule, ScheduleState, next_from
from tests.domain.sample import ANA, BEN, CLEO, SMALL, terms

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ZONE = "Europe/Ljubljana"
DAILY = Recurrence(unit=Unit.DAY, at=time(9), zone=ZONE)
FIRST = datetime.fromisoformat("2026-12-01T09:00")


def plan(**changes: Any) -> Plan:
    """Ana's 250 EUR of bitcoin, every day at nine, ten times."""
    given: dict[str, Any] = {
        "buy": Buy(amount=Decimal(250), unit="EUR", asset="btc", provider="kriptomat"),
        "when": DAILY,
        "runs": 10,
    }
    return Plan(**{**given, **changes})


def schedule(*, missed: Missed = Missed.SKIP, reminds: bool = False, **changes: Any) -> Schedule:
    """A schedule that waits for votes; ``running`` has begun."""
    given: dict[str, Any] = {
        "id": "REC-7K3FQ",
        "origin": "slash:1",
        "requester": ANA,
        "plan": plan(missed=missed, reminds=reminds),
        "terms": terms(),
        "dates": Dates(first=FIRST, last=FIRST + timedelta(days=9), count=10),
        "created_at": NOW,
        "expires_at": NOW + timedelta(hours=8),
        "total": Money.of(2550, "EUR"),
        "rule": SMALL,
        "eligible": frozenset({BEN, CLEO}),
    }
    return Schedule(**{**given, **changes})


def running(*, missed: Missed = Missed.SKIP, reminds: bool = False, **changes: Any) -> Schedule:
    """An active schedule before its first date."""
    one = schedule(missed=missed, reminds=reminds)
    given = {"state": ScheduleState.ACTIVE, "next": next_from(one, NOW), "decided_at": NOW}
    return schedule(missed=missed, reminds=reminds, **{**given, **changes})
