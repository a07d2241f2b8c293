"""A file from before budgets: what it has bought is counted as it would be today."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.orders import Order, State
from storage import orders
from storage.connection import connect
from storage.database import Tx
from storage.migrations import countersign, migrate
from storage.rows import row_of
from tests.domain.sample import NOW, in_state

CASES: list[tuple[State, dict[str, Any], str, str, tuple[str, str]]] = [
    (State.APPROVED, {}, "reserved", "255.00", ("reserved", "255.00")),
    (State.SUBMITTING, {}, "reserved", "255.00", ("reserved", "255.00")),
    (State.SUBMITTING, {"doubted": True}, "reserved", "255.00", ("in_doubt", "255.00")),
    (State.IN_DOUBT, {}, "reserved", "255.00", ("in_doubt", "255.00")),
    (State.ACCEPTED, {}, "reserved", "255.00", ("reserved", "255.00")),
    (State.COMPLETED, {}, "spent", "249.99", ("spent", "249.99")),
    (State.COMPLETED, {}, "spent", "249.9901", ("spent", "250.00")),
    (State.COMPLETED, {}, "spent", "250", ("spent", "250.00")),
    (State.REVERSED, {}, "released", "249.99", ("spent", "249.99")),
    (State.FAILED, {"paid_by": "U0ANA"}, "released", "255.00", ("spent", "255.00")),
    (State.FAILED, {}, "released", "255.00", ("released", "255.00")),
    (State.CANCELLED, {}, "released", "255.00", ("released", "255.00")),
]


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Tx]:
    """The schema as it was."""
    raw = connect(tmp_path / "old.db")
    countersign.apply(raw, stop_before="m007_budgets")
    yield Tx(raw)
    raw.close()


def insert(tx: Tx, one: Order) -> None:
    """Write an order into whatever columns this file has."""
    has = {column["name"] for column in tx.rows("PRAGMA table_info(orders)")}
    row = {name: value for name, value in row_of(one, None).items() if name in has}
    marks = ", ".join(f":{name}" for name in row)
    tx.execute(f"INSERT INTO orders ({', '.join(row)}) VALUES ({marks})", row)


def test_reservations_of_an_old_file_count_by_the_rules_of_today(old: Tx) -> None:
    """Doubts apart from promises, whole cents, and nothing freed that nobody knows to be back."""
    for number, (state, changes, status, amount, _) in enumerate(CASES):
        name = f"BUY-{number:05}"
        insert(old, in_state(state, id=name, origin=name, ref=None, **changes))
        old.execute(
            "INSERT INTO reservations (order_id, requester, provider, asset, amount, currency, at,"
            " status) VALUES (?, 'U0ANA', 'kriptomat', 'btc', ?, 'EUR', ?, ?)",
            (name, amount, NOW.isoformat(), status),
        )
    before = {row["id"]: row for row in old.rows("SELECT * FROM orders")}

    migrate(old._db)

    rows = old.rows("SELECT status, amount, marks FROM reservations ORDER BY order_id")
    assert [(row["status"], row["amount"]) for row in rows] == [case[-1] for case in CASES]
    assert {row["marks"] for row in rows} == {""}
    for name, row in before.items():
        kept = orders.load(old, name)
        assert kept is not None
        assert kept.budgets == ()
        assert kept.digest == in_state(kept.state, id=name).digest
        assert kept.state.value == row["state"]
