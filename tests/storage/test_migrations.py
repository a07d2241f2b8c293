"""The schema: all steps or none, never a file from the future, and constraints that bite."""

from pathlib import Path
from typing import Any

import pytest
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from bot.domain.orders import State
from storage import orders
from storage.connection import connect
from storage.database import Database, Tx
from storage.migrations import STEPS, NewerFile, countersign, migrate
from tests.domain.sample import order
from tests.storage.conftest import Look

TABLES = {
    "orders",
    "idempotency_keys",
    "votes",
    "attempts",
    "events",
    "reservations",
    "cards",
    "outbox",
    "audit",
    "evidence",
    "comparisons",
    "explanations",
    "findings",
    "freezes",
    "nonces",
    "routines",
    "schedules",
    "schedule_votes",
    "schedule_events",
    "schedule_cards",
    "occurrences",
}


def test_a_step_that_fails_takes_all_steps_back(path: Path, look: Look) -> None:
    """Half a schema could neither be used nor repaired by starting again."""
    raw = connect(path)
    raw.execute("CREATE TABLE audit (in_the_way TEXT)")

    with pytest.raises(sqlite3.OperationalError, match="audit"):
        migrate(raw)

    assert not raw.conn.in_transaction
    raw.close()
    made = {name for (name,) in look("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert made.isdisjoint(TABLES - {"audit"})


def test_starting_again_after_such_a_failure_finishes_the_work(path: Path) -> None:
    """Once what was in the way is gone, the same file is good."""
    raw = connect(path)
    raw.execute("CREATE TABLE audit (in_the_way TEXT)")
    with pytest.raises(sqlite3.OperationalError):
        migrate(raw)
    raw.execute("DROP TABLE audit")

    migrate(raw)

    applied = {step.name for step in countersign.applied(raw)}
    raw.close()
    assert applied == STEPS


def test_the_second_start_changes_nothing(tx: Tx, path: Path, look: Look) -> None:
    """Every start runs the same function."""
    before = look("SELECT * FROM sqlite_master ORDER BY name")

    raw = connect(path)
    migrate(raw)
    raw.close()

    assert look("SELECT * FROM sqlite_master ORDER BY name") == before


async def test_a_file_of_a_later_version_is_refused_untouched(path: Path, look: Look) -> None:
    """An older bot would not know what the newer one had promised in it."""
    db = await Database.open(path)
    await db.write(
        lambda tx: tx.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('countersign', 'm999_future', '2030')"
        )
    )
    await db.close()

    with pytest.raises(NewerFile, match="m999_future"):
        await Database.open(path)

    assert look("SELECT count(*) FROM orders") == [(0,)]


def test_every_step_is_known_by_name(tx: Tx) -> None:
    """``STEPS`` decides what is from the future; a step missing there would refuse our own file."""
    applied = {row["name"] for row in tx.rows("SELECT name FROM _sqlite_migrations")}
    assert applied == STEPS


def test_every_table_of_ours_is_strict(tx: Tx) -> None:
    """Without STRICT, SQLite stores the word "abc" in an INTEGER column."""
    listed = {row["name"]: row for row in tx.rows("PRAGMA table_list") if row["schema"] == "main"}
    ours = {name for name in listed if not name.startswith(("sqlite_", "_sqlite_"))}

    assert ours == TABLES
    assert all(listed[name]["strict"] for name in ours)


def test_states_in_the_schema_are_the_states_of_the_domain(tx: Tx) -> None:
    """A state that the file refuses would be a move that cannot be saved."""
    for number, state in enumerate(State):
        one = order(
            id=f"BUY-0000{number:X}", origin=f"o{number}", key=f"{number:032x}", state=state
        )
        orders.create(tx, one, wishes=(), facts={})

    (counted,) = tx.rows("SELECT count(*) AS n FROM orders")
    assert counted["n"] == len(State)


BAD = [
    ("UPDATE orders SET state = 'bought'", ()),
    ("UPDATE orders SET state = NULL", ()),
    ("UPDATE orders SET version = 'one'", ()),
    ("UPDATE orders SET doubted = 2", ()),
    ("UPDATE orders SET proven = -1", ()),
    ("UPDATE orders SET spend_amount = '-250.00'", ()),
    ("UPDATE orders SET spend_amount = '1e3'", ()),
    ("UPDATE orders SET cost = 'NaN'", ()),
    ("UPDATE orders SET created_at = NULL", ()),
    ("INSERT INTO idempotency_keys VALUES ('short', 'BUY-7K3FQ', 'k', 'now')", ()),
    ("INSERT INTO idempotency_keys VALUES (?, 'BUY-7K3FQ', 'k', 'now')", ("f" * 32,)),
    ("INSERT INTO idempotency_keys VALUES (?, 'BUY-NONE0', 'k', 'now')", ("f" * 32,)),
    ("INSERT INTO votes VALUES ('BUY-7K3FQ', 0, 'U1', 'perhaps', 'd', NULL, 'now')", ()),
    ("INSERT INTO votes VALUES ('BUY-NONE0', 0, 'U1', 'approve', 'd', NULL, 'now')", ()),
    ("INSERT INTO cards VALUES ('BUY-NONE0', 0, 'C1', '1.0')", ()),
    (
        (
            "INSERT INTO reservations VALUES"
            " ('BUY-7K3FQ', 'U1', 'k', 'btc', '1.00', 'EUR', 'now', 'forgotten', '')"
        ),
        (),
    ),
    (
        (
            "INSERT INTO reservations VALUES"
            " ('BUY-7K3FQ', 'U1', 'k', 'btc', '-1.00', 'EUR', 'now', 'spent', '')"
        ),
        (),
    ),
    (
        (
            "INSERT INTO freezes (kind, name, reason, set_by, set_at)"
            " VALUES ('half', '', 'r', 'U0BEN', 'now')"
        ),
        (),
    ),
    (
        (
            "INSERT INTO attempts (order_id, number, key, method, path, body, body_sha256, boot_id,"
            " started_at, deadline) VALUES ('BUY-7K3FQ', 1, ?, 'POST', '/', x'00', '', '', '', '')"
        ),
        ("e" * 32,),
    ),
    ("INSERT INTO events VALUES ('BUY-7K3FQ', 0, 'again', NULL, 'x', 'bot', 'now', '{}')", ()),
]


@pytest.mark.parametrize(("sql", "values"), BAD, ids=range(len(BAD)))
def test_the_file_refuses_what_makes_no_sense(tx: Tx, sql: str, values: tuple[Any, ...]) -> None:
    """The last line of defence stands in the file itself, whatever a later version does wrong."""
    orders.create(tx, order(), wishes=(), facts={})

    with pytest.raises(sqlite3.IntegrityError):
        tx.execute(sql, values)


def test_one_person_votes_once_on_one_revision(tx: Tx) -> None:
    """Two clicks that raced through every other check still end here."""
    one = order()
    orders.create(tx, one, wishes=(), facts={})
    vote: dict[str, Any] = {
        "voter": "U0BEN",
        "choice": "approve",
        "at": one.created_at,
        "digest": one.digest,
    }
    orders.add_vote(tx, one, **vote)

    with pytest.raises(sqlite3.IntegrityError):
        orders.add_vote(tx, one, **vote)


def test_one_delivery_of_slack_makes_one_order(tx: Tx) -> None:
    """``origin`` is UNIQUE: a repeated delivery cannot buy twice."""
    orders.create(tx, order(), wishes=(), facts={})
    with pytest.raises(sqlite3.IntegrityError, match="origin"):
        orders.create(tx, order(id="BUY-00000", key="f" * 32), wishes=(), facts={})


def test_one_key_serves_one_order(tx: Tx) -> None:
    """The vendor would take the second order for a repetition of the first."""
    orders.create(tx, order(), wishes=(), facts={})
    with pytest.raises(sqlite3.IntegrityError, match="key"):
        orders.create(tx, order(id="BUY-00000", origin="slash:2"), wishes=(), facts={})
