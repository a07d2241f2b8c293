"""What is loaded, listed and due: votes of the present question, attempts to the byte."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.canonical import sha256
from bot.domain.orders import OPEN, Event, Order, State, apply
from bot.domain.steps import wake_at
from storage import orders, waking
from storage.connection import connect
from storage.database import Tx
from storage.migrations import migrate
from tests.domain import sample
from tests.domain.sample import ANA, BEN, BOOT, CLEO, NOW, in_state, order


def placed(tx: Tx, one: Order | None = None) -> Order:
    one = one or order()
    orders.create(tx, one, wishes=(), facts={"said": "hello"})
    return one


def moved(tx: Tx, before: Order, event: Event, **changes: Any) -> Order:
    after = apply(before, event, **changes)
    return orders.move(tx, before, after, event, actor="bot", at=NOW)


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
    orders.end_attempt(tx, one, at=NOW + timedelta(seconds=1), result="accepted", detail=None)

    assert tx.rows("SELECT result, detail, ended_at FROM attempts") == [
        {"result": "doubted", "detail": "reset", "ended_at": NOW.isoformat()}
    ]


def in_a_file(path: Path, seconds_until: list[int]) -> tuple[list[str], list[str], int]:
    """Orders that are due so many seconds from now: what is due, in order; and how many wait."""
    raw = connect(path)
    migrate(raw)
    tx = Tx(raw)
    tx.execute("BEGIN")
    for number, seconds in enumerate(seconds_until):
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
    found = waking.due(tx, now=NOW), waking.due(tx, now=NOW, limit=2), waking.unfinished(tx)
    tx.execute("ROLLBACK")
    raw.close()
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(seconds_until=st.lists(st.integers(-3, 3), max_size=6))
def test_the_clock_is_told_what_is_due_longest_overdue_first(
    path: Path, seconds_until: list[int]
) -> None:
    """Nothing due is forgotten, and a rush does not starve whoever waits longest."""
    due, first_two, unfinished = in_a_file(path, seconds_until)

    late = sorted((seconds, number) for number, seconds in enumerate(seconds_until) if seconds <= 0)
    assert sorted(due) == sorted(f"BUY-{number:05d}" for _, number in late)
    assert [seconds_until[int(one[4:])] for one in due] == [seconds for seconds, _ in late]
    assert first_two == due[:2]
    assert unfinished == len(seconds_until)


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
