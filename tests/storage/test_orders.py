"""A move is one transaction: it wins whole, or it is lost and leaves no trace."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from bot.domain.canonical import sha256
from bot.domain.orders import OPEN, TRANSITIONS, Event, Order, Outcome, State, apply, wake_at
from storage import audit, orders
from storage.database import Database, Tx, connect
from storage.migrations import migrate
from storage.outbox import Kind, Wish
from tests.domain import sample
from tests.domain.sample import ANA, BEN, BOOT, CLEO, KEY, NOW, in_state, order
from tests.storage.conftest import Look

CARD = Wish(key="card:BUY-7K3FQ:0", kind=Kind.CARD, order_id="BUY-7K3FQ", facts={"revision": 0})
EVERYTHING = ("orders", "events", "audit", "outbox", "reservations", "votes", "attempts")


def contents(tx: Tx) -> dict[str, list[dict[str, Any]]]:
    return {table: tx.rows(f"SELECT * FROM {table}") for table in EVERYTHING}


def placed(tx: Tx, one: Order | None = None) -> Order:
    one = one or order()
    orders.create(tx, one, wishes=(), facts={"said": "hello"})
    return one


def moved(tx: Tx, before: Order, event: Event, **changes: Any) -> Order:
    after = apply(before, event, **changes)
    return orders.move(tx, before, after, event, actor="bot", at=NOW)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=sample.orders())
def test_an_order_comes_back_from_its_row_as_it_went_in(tx: Tx, one: Order) -> None:
    """Every field, to the last decimal and microsecond; and with it the digest people voted for."""
    tx.execute("BEGIN")
    try:
        placed(tx, one)
        for vote in one.votes:
            at, digest = vote.at, vote.digest
            orders.add_vote(tx, one, voter=vote.voter, choice="approve", at=at, digest=digest)
        loaded = orders.load(tx, one.id)
    finally:
        tx.execute("ROLLBACK")

    assert loaded == one
    assert loaded.digest == one.digest


def test_a_new_order_comes_with_its_key_its_event_its_audit_row_and_its_wish(tx: Tx) -> None:
    """None of them may be missing after a crash, so none of them is written alone."""
    one = order()
    orders.create(tx, one, wishes=(CARD,), facts={"said": "hello"})

    assert tx.rows("SELECT key, order_id FROM idempotency_keys") == [
        {"key": KEY, "order_id": one.id}
    ]
    (event,) = orders.history(tx, one.id)
    assert (event["event"], event["actor"], event["facts"]) == ("requested", ANA, {"said": "hello"})
    (row,) = tx.rows("SELECT what, actor, order_id, facts FROM audit")
    assert (row["what"], row["actor"], row["order_id"]) == ("requested", ANA, one.id)
    assert one.digest in row["facts"]
    assert [debt["key"] for debt in tx.rows("SELECT key FROM outbox")] == [CARD.key]
    assert orders.by_origin(tx, one.origin) == one


def test_a_move_writes_everything_that_belongs_to_it(tx: Tx) -> None:
    """State, event, audit, reservation and what is owed to Slack, or nothing."""
    before = placed(tx)
    after = apply(before, Event.APPROVED, decided_at=NOW, due_at=NOW)

    saved = orders.move(
        tx, before, after, Event.APPROVED, actor=BEN, at=NOW, wishes=(CARD,), facts={"by": "click"}
    )

    assert saved == replace(after, moved_at=NOW) == orders.load(tx, before.id)
    event = orders.history(tx, before.id)[-1]
    assert (event["version"], event["event"], event["actor"]) == (1, "approved", BEN)
    assert (event["from_state"], event["to_state"]) == ("pending_approval", "approved")
    assert event["facts"] == {"by": "click"}
    assert audit.head(tx).number == 2
    assert tx.rows("SELECT status FROM reservations") == [{"status": "reserved"}]
    assert len(tx.rows("SELECT * FROM outbox")) == 1


STALE = [
    {"version": 1},
    {"state": State.APPROVED},
    {"revision": 1},
    {"id": "BUY-00000"},
]


@pytest.mark.parametrize("changes", STALE, ids="-".join)
def test_a_lost_move_leaves_no_trace(tx: Tx, changes: dict[str, Any]) -> None:
    """Whoever lost must not leave an event, an audit row or a message of what never happened."""
    placed(tx)
    kept = contents(tx)
    stale = replace(order(), **changes)
    event = Event.CANCELLED

    with pytest.raises(orders.Lost):
        orders.move(tx, stale, apply(stale, event), event, actor=ANA, at=NOW, wishes=(CARD,))

    assert contents(tx) == kept


async def test_of_64_moves_at_once_exactly_one_wins(db: Database, look: Look) -> None:
    """A double click, the clock and an operator may act in one instant; the order moves once."""
    before = order()
    await db.write(placed)

    def cancel(who: int) -> Any:
        after = apply(before, Event.CANCELLED, closed_by=f"U{who}")

        def run(tx: Tx) -> Order:
            return orders.move(
                tx, before, after, Event.CANCELLED, actor=f"U{who}", at=NOW, wishes=(CARD,)
            )

        return db.write(run)

    told = await asyncio.gather(*(cancel(n) for n in range(64)), return_exceptions=True)

    won = [one for one in told if isinstance(one, Order)]
    assert len(won) == 1
    assert sum(isinstance(one, orders.Lost) for one in told) == 63
    assert look("SELECT closed_by, version FROM orders") == [(won[0].closed_by, 1)]
    assert look("SELECT version, actor FROM events ORDER BY version") == [
        (0, ANA),
        (1, won[0].closed_by),
    ]
    assert look("SELECT count(*) FROM audit") == [(2,)]
    assert look("SELECT wanted FROM outbox") == [(1,)]


def test_what_an_order_is_cannot_be_moved(tx: Tx) -> None:
    """Id, origin, requester, key and birthday are not facts that an event may change."""
    before = placed(tx)
    changed = replace(before, origin="x", requester=CLEO, key="f" * 32, created_at=NOW + GRACE)

    moved(tx, changed, Event.VOTED)

    loaded = orders.load(tx, before.id)
    assert loaded is not None
    assert replace(loaded, version=0) == before


GRACE = timedelta(seconds=1)


def test_looking_again_later_is_no_news(tx: Tx) -> None:
    """A poll without an answer moves the alarm and writes no history."""
    one = placed(tx, in_state(State.ACCEPTED, votes=()))
    kept = contents(tx)

    orders.touch(tx, one, tries=5, due_at=NOW + GRACE)

    later = replace(one, tries=5, due_at=NOW + GRACE)
    assert orders.load(tx, one.id) == later
    assert orders.next_wake(tx) == NOW + GRACE
    assert {**contents(tx), "orders": ()} == {**kept, "orders": ()}


def test_looking_again_later_does_not_disturb_an_order_that_moved_on(tx: Tx) -> None:
    """The poll was slow; meanwhile the order was completed and must not wake again."""
    old = placed(tx, in_state(State.ACCEPTED))
    moved(tx, old, Event.COMPLETED, due_at=None)
    kept = contents(tx)

    orders.touch(tx, old, tries=5, due_at=NOW)

    assert contents(tx) == kept


RESERVED = {
    State.APPROVED,
    State.SUBMITTING,
    State.IN_DOUBT,
    State.ACCEPTED,
    State.AWAITING_PAYMENT,
}


@pytest.mark.parametrize(("state", "event"), sorted(TRANSITIONS))
def test_the_reservation_follows_every_move(tx: Tx, state: State, event: Event) -> None:
    """Budgets will count these rows: promised until nothing can leave, spent once it has left."""
    before = placed(tx, in_state(state))
    if state in RESERVED:
        tx.execute(
            "INSERT INTO reservations VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (before.id, ANA, "kriptomat", "btc", "255.00", "EUR", NOW.isoformat(), "reserved"),
        )
    total = Decimal("249.99") if TRANSITIONS[state, event] is State.COMPLETED else None

    after = moved(tx, before, event, outcome=Outcome(word="x", total=total))

    rows = tx.rows("SELECT amount, status FROM reservations")
    if after.state in RESERVED:
        assert rows == [{"amount": "255.00", "status": "reserved"}]
    elif after.state is State.COMPLETED:
        assert rows == [{"amount": "249.99", "status": "spent"}]
    elif state in RESERVED:
        assert rows == [{"amount": "255.00", "status": "released"}]
    else:
        assert rows == []


def test_only_orders_that_may_still_cost_money_are_reserved() -> None:
    """The set of the product, spelled out here, so that a new state is thought about."""
    assert orders.RESERVING == RESERVED == OPEN - {State.PENDING_APPROVAL}


@pytest.mark.parametrize("total", [None, Decimal(0), Decimal(-250), Decimal("-0.00")])
def test_a_total_that_is_no_amount_counts_as_the_most_that_was_approved(
    tx: Tx, total: Decimal | None
) -> None:
    """A vendor that books its sales as minus must neither stop the move nor free a budget."""
    before = placed(tx, in_state(State.SUBMITTING))

    moved(tx, before, Event.COMPLETED, outcome=Outcome(word="SUCCESS", total=total))

    assert tx.rows("SELECT amount, status FROM reservations") == [
        {"amount": "255.00", "status": "spent"}
    ]


def test_an_order_that_was_approved_anew_counts_from_the_newer_approval(tx: Tx) -> None:
    """It counts at the instant of its approval; the votes of the first time are void."""
    first = placed(tx, in_state(State.PENDING_APPROVAL))
    approved = moved(tx, first, Event.APPROVED, decided_at=NOW)
    again = moved(tx, approved, Event.ASKED_AGAIN, decided_at=None, revision=1)
    assert tx.rows("SELECT status FROM reservations") == [{"status": "released"}]

    moved(tx, again, Event.APPROVED, decided_at=NOW + timedelta(days=30))

    assert tx.rows("SELECT status, at FROM reservations") == [
        {"status": "reserved", "at": (NOW + timedelta(days=30)).isoformat()}
    ]


def test_one_purchase_at_a_vendor_belongs_to_one_order(tx: Tx) -> None:
    """Two orders that claim the same number would both be called completed by one purchase."""
    mine = placed(tx, in_state(State.SUBMITTING))
    other = placed(tx, replace(mine, id="BUY-00000", origin="slash:2", key="f" * 32))
    moved(tx, mine, Event.ACCEPTED, ref="9001")

    with pytest.raises(sqlite3.IntegrityError, match="ref"):
        moved(tx, other, Event.ACCEPTED, ref="9001")

    assert orders.claimed(tx, "kriptomat", ["9001", "9002"]) == {"9001"}
    assert orders.claimed(tx, "oak", ["9001"]) == frozenset()


def test_two_vendors_may_use_the_same_number(tx: Tx) -> None:
    """Numbers are the vendors' own, and small ones repeat."""
    mine = placed(tx, in_state(State.SUBMITTING))
    elsewhere = replace(
        mine,
        id="BUY-00000",
        origin="slash:2",
        key="f" * 32,
        terms=replace(mine.terms, provider="oak"),
    )
    moved(tx, mine, Event.ACCEPTED, ref="1")
    moved(tx, placed(tx, elsewhere), Event.ACCEPTED, ref="1")

    assert orders.claimed(tx, "oak", ["1"]) == {"1"}


def test_only_votes_of_the_present_revision_are_loaded(tx: Tx) -> None:
    """A new question starts without a yes."""
    one = placed(tx)
    orders.add_vote(tx, one, voter=BEN, choice="approve", at=NOW, digest=one.digest)
    orders.add_vote(tx, one, voter=CLEO, choice="deny", at=NOW, digest=one.digest)
    loaded = orders.load(tx, one.id)
    assert loaded is not None
    assert [vote.voter for vote in loaded.votes] == [BEN]

    again = moved(tx, moved(tx, loaded, Event.APPROVED), Event.ASKED_AGAIN, revision=1, votes=())

    fresh = orders.load(tx, again.id)
    assert fresh is not None
    assert fresh.votes == ()
    assert len(tx.rows("SELECT * FROM votes")) == 2


def test_an_attempt_is_kept_to_the_byte_with_its_hash(tx: Tx) -> None:
    """A resend repeats these bytes; an auditor recomputes this hash."""
    one = placed(tx, in_state(State.SUBMITTING))
    first, second = sample.attempt(), sample.attempt(number=2, body=b"\x00\xff", boot_id="other")
    orders.start_attempt(tx, one, first, "POST")
    orders.start_attempt(tx, one, second, "POST")

    assert orders.first_attempt(tx, one.id) == first
    assert orders.last_attempt(tx, one.id) == second
    hashes = [row["body_sha256"] for row in tx.rows("SELECT body_sha256 FROM attempts")]
    assert hashes == [sha256(first.body), sha256(second.body)]


def test_an_attempt_ends_once(tx: Tx) -> None:
    """What a reply was taken for is evidence and is not written over."""
    one = placed(tx, in_state(State.SUBMITTING))
    orders.start_attempt(tx, one, sample.attempt(boot_id=BOOT), "POST")

    orders.end_attempt(tx, one, at=NOW, result="doubted", detail="reset")
    orders.end_attempt(tx, one, at=NOW + GRACE, result="accepted", detail=None)

    assert tx.rows("SELECT result, detail, ended_at FROM attempts") == [
        {"result": "doubted", "detail": "reset", "ended_at": NOW.isoformat()}
    ]


def in_a_file(path: Path, waking: list[int]) -> tuple[list[str], list[str], int]:
    """Orders that are due so many seconds from now: what is due, in order; and how many wait."""
    raw = connect(path)
    migrate(raw)
    tx = Tx(raw)
    tx.execute("BEGIN")
    for number, seconds in enumerate(waking):
        one = in_state(
            State.ACCEPTED,
            id=f"BUY-{number:05d}",
            origin=f"o{number}",
            key=f"{number:032x}",
            ref=f"r{number}",
            due_at=NOW + timedelta(seconds=seconds),
        )
        orders.create(tx, one, wishes=(), facts={})
        assert wake_at(one) == one.due_at
    found = orders.due(tx, now=NOW), orders.due(tx, now=NOW, limit=2), orders.unfinished(tx)
    tx.execute("ROLLBACK")
    raw.close()
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(waking=st.lists(st.integers(-3, 3), max_size=6))
def test_the_clock_is_told_what_is_due_longest_overdue_first(path: Path, waking: list[int]) -> None:
    """Nothing due is forgotten, and a rush does not starve whoever waits longest."""
    due, first_two, unfinished = in_a_file(path, waking)

    late = sorted((seconds, number) for number, seconds in enumerate(waking) if seconds <= 0)
    assert sorted(due) == sorted(f"BUY-{number:05d}" for _, number in late)
    assert [waking[int(one[4:])] for one in due] == [seconds for seconds, _ in late]
    assert first_two == due[:2]
    assert unfinished == len(waking)


def test_lists_are_newest_first_and_open_ones_oldest_first(tx: Tx) -> None:
    """Two lists that commands show; neither may skip an order."""
    for number, state in enumerate((State.PENDING_APPROVAL, State.COMPLETED, State.IN_DOUBT)):
        one = in_state(
            state,
            id=f"BUY-{number:05d}",
            origin=f"o{number}",
            key=f"{number:032x}",
            requester=CLEO if number == 2 else ANA,
            created_at=NOW + timedelta(minutes=number),
        )
        placed(tx, one)

    def ids(found: list[Order]) -> list[str]:
        return [one.id[-1] for one in found]

    assert ids(orders.recent(tx)) == ["2", "1", "0"]
    assert ids(orders.recent(tx, limit=1)) == ["2"]
    assert ids(orders.recent(tx, requester=ANA)) == ["1", "0"]
    assert ids(orders.recent(tx, since=NOW + timedelta(minutes=1))) == ["2", "1"]
    assert ids(orders.in_state(tx, *OPEN)) == ["0", "2"]
    assert orders.load(tx, "BUY-NONE0") is None
    assert orders.by_origin(tx, "never") is None
