"""The law of budgets, by its plain definition: no order is sent that would exceed one.

Reckoned from the orders themselves and not from the reservations, with windows told by dates.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.budgets import Budget
from bot.domain.money import Money
from storage.database import Tx
from tests.histories.law import Row, demand

ZONE = "Europe/Ljubljana"

BUDGETS = (
    Budget(name="daily", limit=Money.of(10_400, "EUR"), per="day", zone=ZONE),
    Budget(name="ether", limit=Money.of(5_300, "EUR"), per="2d", assets=("eth",)),
    Budget(name="buyers", limit=Money.of(15_600, "EUR"), per="2d", requesters=("buyers",)),
)
"""Two large orders a day and a little; one of ether in two days; three by all buyers."""

HOLDS = {
    "approved",
    "submitting",
    "in_doubt",
    "accepted",
    "awaiting_payment",
    "completed",
    "reversed",
}


def within(tx: Tx, budgets: Iterable[Budget], *, now: datetime) -> None:
    """Everything that was approved in a budget's window and may have cost money fits into it."""
    rows = [row for row in tx.rows("SELECT * FROM orders") if _holds(row)]
    for budget in budgets:
        mine = [row for row in rows if budget.assets is None or row["asset"] in budget.assets]
        for sent in (row for row in mine if row["state"] == "submitting"):
            inside = [row for row in mine if _together(budget, row, sent, now)]
            used = sum((Decimal(row["cost"]) for row in inside), Decimal(0))
            told = [(row["id"], row["state"], row["cost"]) for row in inside]
            demand(
                used <= budget.limit.amount,
                f"{sent['id']} is sent although budget {budget.name} is exceeded: {told}",
            )


def _holds(row: Row) -> bool:
    paid_in_vain = row["state"] == "failed" and row["paid_by"] is not None
    return row["decided_at"] is not None and (row["state"] in HOLDS or paid_in_vain)


def _together(budget: Budget, row: Row, sent: Row, now: datetime) -> bool:
    at, its = (datetime.fromisoformat(one["decided_at"]) for one in (row, sent))
    if budget.per == "day":
        days = {one.astimezone(ZoneInfo(budget.zone)).date() for one in (at, its)}
        return len(days) == 1
    return now - timedelta(days=2) < at and now - timedelta(days=2) < its
