"""A move is one transaction: it wins whole, or it is lost and leaves no trace."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from bot.domain.orders import Event, Order, Outcome, State, apply
from bot.domain.quotes import PriceBand
from storage import audit, orders, waking
from storage.database import Database, Tx
from storage.outbox import Kind, Wish
from tests.domain import sample_orders
from tests.domain.sample import ANA, BEN, CLEO, KEY, NOW, in_state, order
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
@given(one=sample_orders.orders())
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


def test_an_order_that_was_written_before_anything_was_told_is_still_read(tx: Tx) -> None:
    """A file outlives the version that made it: what it does not know is not known."""
    tx.execute("BEGIN")
    try:
        placed(tx, order(band=PriceBand(wanted=True), outcome=Outcome(word="SUCCESS")))
        for column, name in (("band", "told"), ("outcome", "ordered")):
            tx.execute(f"UPDATE orders SET {column} = json_remove({column}, '$.{name}')")
        loaded = orders.load(tx, "BUY-7K3FQ")
    finally:
        tx.execute("ROLLBACK")
    assert loaded is not None
    assert (loaded.band.told, loaded.outcome.ordered) == (None, None)


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
    assert waking.next_wake(tx) == NOW + GRACE
    assert {**contents(tx), "orders": ()} == {**kept, "orders": ()}


def test_looking_again_later_does_not_disturb_an_order_that_moved_on(tx: Tx) -> None:
    """The poll was slow; meanwhile the order was completed and must not wake again."""
    old = placed(tx, in_state(State.ACCEPTED))
    moved(tx, old, Event.COMPLETED, due_at=None)
    kept = contents(tx)

    orders.touch(tx, old, tries=5, due_at=NOW)

    assert contents(tx) == kept


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
