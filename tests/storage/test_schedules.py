"""Schedules in the file: saved whole, moved by compare-and-set, each date written once."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from bot.domain.occurring import Fate, Run
from bot.domain.plans import Missed
from bot.domain.recurrence import at_local
from bot.domain.requests import Buy
from bot.domain.schedules import Schedule, ScheduleEvent, ScheduleState, apply, next_after, wake_at
from storage import audit, occurrences, orders, schedule_dates, schedules
from storage.database import Tx
from storage.schedule_rows import row_of, schedule_of
from storage.schedules import ScheduleLost
from tests.domain.recurrences import ZONES, recurrences
from tests.domain.sample import BEN, CLEO
from tests.domain.sample import order as an_order
from tests.domain.schedule_sample import FIRST, NOW, plan, running, schedule


def saved(tx: Tx, one: Schedule) -> Schedule:
    schedules.create(tx, one, wishes=(), facts={})
    return one


def run(one: Schedule, fate: Fate = Fate.MISSED, **changes: Any) -> Run:
    given: dict[str, Any] = {
        "schedule_id": one.id,
        "local": FIRST,
        "at": at_local(one.plan.when, FIRST).at,
        "fate": fate,
        "actor": "bot",
        "decided_at": NOW,
    }
    return Run(**{**given, **changes})


@given(
    recurrences(st.sampled_from(ZONES)),
    st.sampled_from(Missed),
    st.none() | st.dates(),
    st.decimals(1, 10**6, places=2),
)
def test_any_schedule_comes_back_from_its_row_as_it_went(
    when: Any, missed: Missed, start: Any, amount: Any
) -> None:
    """What people approved must not change in the file."""
    buy = Buy(amount=amount, unit="EUR", asset="btc", max_price=amount, reason="é *x* 'y'")
    one = replace(running(), plan=plan(when=when, missed=missed, start=start, buy=buy))
    assert schedule_of(row_of(one), []) == one
    assert schedule_of(row_of(one), []).digest == one.digest


def test_a_move_writes_the_event_the_audit_row_and_what_is_owed(tx: Tx) -> None:
    """One transaction, one truth."""
    one = saved(tx, running())
    after = apply(one, ScheduleEvent.PAUSED, closed_by=BEN)
    moved = schedules.move(tx, one, after, ScheduleEvent.PAUSED, actor=BEN, at=NOW)

    assert schedules.load(tx, one.id) == moved
    assert moved.moved_at == NOW
    told = schedules.history(tx, one.id)
    assert [(event["event"], event["actor"]) for event in told] == [
        ("created", one.requester),
        ("paused", BEN),
    ]
    (row,) = tx.rows("SELECT facts FROM audit WHERE what = 'schedule paused'")
    assert moved.digest in row["facts"]
    assert audit.verify(tx) is None


def test_who_comes_second_has_lost_and_writes_nothing(tx: Tx) -> None:
    """Two people at once: one of them is told what has become true."""
    one = saved(tx, running())
    first = apply(one, ScheduleEvent.PAUSED)
    schedules.move(tx, one, first, ScheduleEvent.PAUSED, actor=BEN, at=NOW)
    second = apply(one, ScheduleEvent.STOPPED)
    with pytest.raises(ScheduleLost):
        schedules.move(tx, one, second, ScheduleEvent.STOPPED, actor=CLEO, at=NOW)
    assert len(schedules.history(tx, one.id)) == 2


def test_one_delivery_makes_one_schedule(tx: Tx) -> None:
    """The origin is unique, whatever the id."""
    saved(tx, running())
    with pytest.raises(sqlite3.IntegrityError):
        saved(tx, running(id="REC-00000"))
    assert schedules.by_origin(tx, "slash:1") == running()
    assert schedules.by_origin(tx, "slash:2") is None


def test_a_date_is_written_once_and_an_order_belongs_to_one_date(tx: Tx) -> None:
    """The last line of defence against buying twice."""
    one = saved(tx, running())
    orders.create(tx, an_order(), wishes=(), facts={})
    occurrences.add(tx, run(one, Fate.ORDERED, order_id="BUY-7K3FQ"))
    with pytest.raises(sqlite3.IntegrityError):
        occurrences.add(tx, run(one, Fate.MISSED))
    later = FIRST + timedelta(days=1)
    with pytest.raises(sqlite3.IntegrityError):
        occurrences.add(tx, run(one, Fate.ORDERED, local=later, order_id="BUY-7K3FQ"))
    assert occurrences.tally(tx, one.id) == {Fate.ORDERED: 1}


def test_a_reminder_is_answered_once(tx: Tx) -> None:
    """Two buttons at the same instant: the second finds it answered."""
    one = saved(tx, running(reminds=True))
    asked = run(one, Fate.REMINDED, asked=1)
    occurrences.add(tx, asked)
    skipped = replace(asked, fate=Fate.SKIPPED, actor=BEN)
    assert occurrences.answer(tx, asked, skipped)
    assert not occurrences.answer(tx, asked, replace(asked, ask_at=NOW))
    assert occurrences.load(tx, one.id, FIRST) == skipped


def test_an_old_question_is_still_open_however_many_dates_came_after_it(tx: Tx) -> None:
    """Stopping closes all of them; one with buttons left over would ask for a purchase."""
    one = saved(tx, running(reminds=True))
    open_still = run(one, Fate.REMINDED, asked=1)
    occurrences.add(tx, open_still)
    for days in range(1, 450):
        occurrences.add(tx, run(one, Fate.SKIPPED, local=FIRST + timedelta(days=days)))

    assert occurrences.unanswered(tx, one.id) == [open_still]


def test_the_clock_reads_what_is_due_and_when_the_next_thing_is(tx: Tx) -> None:
    """By the very moment that the rules say."""
    first = saved(tx, running())
    saved(tx, schedule(id="REC-00001", origin="b"))
    saved(tx, apply(running(id="REC-00002", origin="c"), ScheduleEvent.STOPPED))
    at = wake_at(first)
    assert at is not None

    assert schedules.due(tx, now=at) == ["REC-00001", "REC-7K3FQ"]
    assert schedules.due(tx, now=at - timedelta(seconds=1)) == ["REC-00001"]
    assert schedules.next_wake(tx, after=at - timedelta(seconds=1)) == at
    assert schedules.next_wake(tx, after=at) is None


def test_what_is_due_is_found_by_an_index(tx: Tx) -> None:
    """Ten thousand schedules that are not due must cost nothing."""
    for sql in (
        "SELECT id FROM schedules WHERE wake_at <= ? ORDER BY wake_at LIMIT ?",
        "SELECT min(wake_at) AS at FROM schedules WHERE wake_at > ?",
        "SELECT * FROM occurrences WHERE ask_at <= ? ORDER BY ask_at LIMIT ?",
        "SELECT min(ask_at) AS at FROM occurrences WHERE ask_at > ?",
        "SELECT * FROM schedules WHERE next_at IS NOT NULL ORDER BY next_at, id LIMIT ?",
    ):
        rows = tx.rows(f"EXPLAIN QUERY PLAN {sql}", (5,) * sql.count("?"))
        told = [row["detail"] for row in rows if "TEMP B-TREE" not in row["detail"]]
        assert all("INDEX" in detail for detail in told), sql


def test_looking_ahead_is_noted_unless_it_moved_on(tx: Tx) -> None:
    """A note for a date that has been skipped meanwhile would hide the next one."""
    one = saved(tx, running())
    assert one.next is not None
    assert schedules.looked_ahead(tx, one)
    noted = schedules.load(tx, one.id)
    assert noted is not None
    assert noted.looked_ahead == one.next.local
    assert noted.version == one.version
    skipped = apply(noted, ScheduleEvent.SKIPPED, next=next_after(noted, FIRST))
    schedules.move(tx, noted, skipped, ScheduleEvent.SKIPPED, actor=BEN, at=NOW)
    assert not schedules.looked_ahead(tx, noted)


def test_a_zone_with_new_rules_moves_the_instant_and_not_the_date(tx: Tx) -> None:
    """The name of a date is its local time; an update of tzdata must not make a second one."""
    one = saved(tx, running())
    assert one.next is not None
    hour_later = replace(one.next, at=one.next.at + timedelta(hours=1))
    schedule_dates.retime(tx, one, hour_later)
    found = schedules.load(tx, one.id)
    assert found is not None
    assert found.next == hour_later
    assert schedule_dates.next_dates(tx) == [("Europe/Ljubljana", hour_later)]
    assert schedule_dates.awaiting(tx, "Europe/Ljubljana", hour_later) == [found]
    assert schedule_dates.awaiting(tx, "Asia/Manila", hour_later) == []
    assert schedules.next_wake(tx, after=NOW) == wake_at(found)


def test_a_restore_pauses_what_runs(tx: Tx) -> None:
    """The dates since the backup may have been bought: people say when it goes on."""
    one = saved(tx, running())
    saved(tx, schedule(id="REC-00001", origin="b"))
    assert schedules.pause_all(tx, at=NOW, actor="operator eve") == 1
    found = schedules.load(tx, one.id)
    assert found is not None
    assert (found.state, found.next) == (ScheduleState.PAUSED, None)
    assert found.closed_by == "operator eve"


def test_what_comes_next_is_listed_soonest_first(tx: Tx) -> None:
    """For the digest, and for people."""
    one = saved(tx, running())
    later = next_after(one, FIRST)
    saved(tx, running(id="REC-00001", origin="b", next=later))
    saved(tx, schedule(id="REC-00002", origin="c"))
    assert [found.id for found in schedules.upcoming(tx, limit=5)] == ["REC-7K3FQ", "REC-00001"]
    assert [found.id for found in schedules.upcoming(tx, limit=1)] == ["REC-7K3FQ"]


ADD = "INSERT INTO occurrences (schedule_id, local, at, fate, actor, decided_at)"
BAD = [
    "UPDATE schedules SET state = 'running'",
    "UPDATE schedules SET total = '-1'",
    "UPDATE schedules SET next_at = NULL",
    "UPDATE schedules SET reminds = 2",
    f"{ADD} VALUES ('REC-7K3FQ', 'x', 'x', 'bought', 'bot', 'x')",
    f"{ADD} VALUES ('REC-NONE', 'x', 'x', 'missed', 'bot', 'x')",
]


@pytest.mark.parametrize("sql", BAD, ids=range(len(BAD)))
def test_the_file_refuses_what_cannot_be(tx: Tx, sql: str) -> None:
    """Whatever a later version gets wrong, the constraints are there."""
    saved(tx, running())
    with pytest.raises(sqlite3.IntegrityError):
        tx.execute(sql)


def test_times_are_stored_to_the_minute_by_their_local_name(tx: Tx) -> None:
    """The key that keeps a repeated hour from being two."""
    one = saved(tx, running())
    occurrences.add(tx, run(one))
    (row,) = tx.rows("SELECT local FROM occurrences")
    assert row["local"] == "2026-12-01T09:00"
    assert occurrences.load(tx, one.id, datetime.fromisoformat("2026-12-01T09:00")) is not None
