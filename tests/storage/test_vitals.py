"""What operators watch: the figures are right, and reading them does not grow with the history."""

from datetime import timedelta
from typing import Any

from bot.domain.freezes import Scope
from bot.domain.orders import OPEN, State
from storage import audit, freezes, orders, outbox, vitals
from storage.database import Tx
from storage.outbox import Kind, Wish
from tests.domain.sample import NOW, order


class Watched(Tx):
    """A transaction that keeps how SQLite means to answer each of its questions."""

    def __init__(self, tx: Tx) -> None:
        super().__init__(tx._db)
        self.plans: list[str] = []

    def rows(self, sql: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> list[dict[str, Any]]:
        self.plans += [row["detail"] for row in super().rows(f"EXPLAIN QUERY PLAN {sql}", values)]
        return super().rows(sql, values)


def made(tx: Tx, number: int, **changes: Any) -> None:
    """One more order."""
    own = {"id": f"BUY-0000{number}", "origin": f"o{number}", "key": f"{number:032x}"}
    orders.create(tx, order(**own, **changes), wishes=(), facts={})


def wish(key: str = "card:1") -> Wish:
    return Wish(key=key, kind=Kind.FREEZE, order_id=None, facts={})


def test_open_orders_are_counted_by_state_with_the_age_of_the_oldest(tx: Tx) -> None:
    """An order that has been in doubt for an hour is what somebody must be woken for."""
    made(tx, 1, state=State.IN_DOUBT, moved_at=NOW - timedelta(hours=1))
    made(tx, 2, state=State.IN_DOUBT, moved_at=NOW - timedelta(minutes=1))
    made(tx, 3)
    made(tx, 4, state=State.COMPLETED, moved_at=NOW)

    found = vitals.read(tx, now=NOW).orders

    assert found["in_doubt"] == vitals.Waiting(2, NOW - timedelta(hours=1))
    assert found["pending_approval"] == vitals.Waiting(1, NOW)
    assert found["submitting"] == vitals.Waiting(0, None)
    assert found.keys() == {state.value for state in OPEN}, "an alert needs its zero"


def test_a_message_is_as_old_as_the_first_wish_that_is_not_paid(tx: Tx) -> None:
    """Ever new wishes and tries would make the oldest debt look like the youngest."""
    outbox.wish(tx, wish(), at=NOW)
    (debt,) = outbox.due(tx, now=NOW)
    outbox.wish(tx, wish(), at=NOW + timedelta(minutes=5))
    outbox.postponed(tx, debt, until=NOW + timedelta(hours=1), trouble="is_archived")

    found = vitals.read(tx, now=NOW + timedelta(minutes=10))

    assert (found.unsent, found.refused) == (vitals.Waiting(1, NOW), 1)


def test_a_message_that_is_wished_for_anew_is_young_again(tx: Tx) -> None:
    """The card of an old order that moves today is not owed since last week."""
    outbox.wish(tx, wish(), at=NOW - timedelta(days=7))
    (debt,) = outbox.due(tx, now=NOW)
    outbox.paid(tx, debt)
    assert vitals.read(tx, now=NOW).unsent == vitals.Waiting(0, None)

    outbox.wish(tx, wish(), at=NOW)

    assert vitals.read(tx, now=NOW).unsent == vitals.Waiting(1, NOW)


def test_a_message_for_later_is_not_late(tx: Tx) -> None:
    """What is owed tomorrow is no reason to wake anybody today."""
    outbox.wish(tx, wish(), at=NOW + timedelta(hours=1))

    assert vitals.read(tx, now=NOW).unsent.count == 0


def test_standing_freezes_and_the_log_are_counted(tx: Tx) -> None:
    """A freeze that nobody remembers is found on the dashboard."""
    one = freezes.put(tx, scope=Scope.EVERYTHING, name="", reason="r", by="U0BEN", at=NOW)
    freezes.put(tx, scope=Scope.ASSET, name="btc", reason="r", by="U0BEN", at=NOW)
    freezes.lift(tx, one, by="U0CLEO", at=NOW)

    found = vitals.read(tx, now=NOW)

    assert (found.freezes, found.audit_rows) == (1, 3)


def test_what_has_happened_is_counted_once_and_in_steps(tx: Tx) -> None:
    """A counter that counted a row twice would ring the alarm for one doubt twice."""
    before = audit.head(tx).number
    for number in range(1, 6):
        made(tx, number)
    freezes.put(tx, scope=Scope.EVERYTHING, name="", reason="r", by="U0BEN", at=NOW)

    first = vitals.news(tx, after=before, limit=4)
    second = vitals.news(tx, after=first[0], limit=4)

    assert first == (before + 4, {"requested": 4})
    assert second == (before + 6, {"requested": 1, "frozen": 1})
    assert vitals.news(tx, after=second[0], limit=4) == (second[0], {})


def test_no_question_reads_a_whole_table(tx: Tx) -> None:
    """Prometheus asks every few seconds, for years."""
    watched = Watched(tx)

    vitals.read(watched, now=NOW)
    vitals.news(watched, after=0, limit=10)

    # The newest row of the audit log is where a scan from its end begins, and ends.
    tables = ("orders", "outbox", "freezes")
    scans = [
        plan
        for plan in watched.plans
        if plan.startswith("SCAN") and " USING " not in plan and plan.split()[1] in tables
    ]
    assert scans == []
    assert "SEARCH audit USING INTEGER PRIMARY KEY (rowid>?)" in watched.plans
    assert "SEARCH orders USING INDEX orders_by_state (state=?)" in watched.plans
