"""The audit log: whoever edits, removes or reorders a row behind our back is found out."""

from typing import Any

import pytest
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from storage import audit
from storage.database import Tx
from tests.domain.sample import NOW


def filled(tx: Tx, rows: int = 6) -> audit.Head:
    for number in range(rows):
        audit.append(
            tx,
            at=NOW,
            actor=f"U{number}",
            what="approved",
            order_id="BUY-7K3FQ" if number % 2 else None,
            facts={"number": number, "note": "é"},
        )
    return audit.head(tx)


def unguarded(tx: Tx) -> None:
    """What somebody with the file and an editor can do."""
    for verb in ("update", "delete"):
        tx.execute(f"DROP TRIGGER audit_is_append_only_{verb}")


def test_an_empty_log_is_whole(tx: Tx) -> None:
    """The chain begins with a known hash, not with whatever the first row says."""
    assert audit.verify(tx) is None
    assert audit.head(tx) == audit.Head(0, audit.GENESIS)


def test_each_row_names_the_one_before(tx: Tx) -> None:
    """Numbers without a gap, hashes that follow from each other."""
    head = filled(tx)

    rows = tx.rows("SELECT number, previous, hash FROM audit ORDER BY number")

    assert audit.verify(tx) is None
    assert head == audit.Head(6, rows[-1]["hash"])
    assert [row["previous"] for row in rows] == [
        audit.GENESIS,
        *(row["hash"] for row in rows[:-1]),
    ]


EDITS = [
    ("at", "2026-11-06T09:00:01+00:00"),
    ("actor", "U9"),
    ("what", "denied"),
    ("order_id", "BUY-00000"),
    ("facts", '{"note":"é","number":9}'),
    ("previous", "f" * 64),
    ("hash", "f" * 64),
]


@pytest.mark.parametrize(("column", "value"), EDITS)
@pytest.mark.parametrize("number", [1, 3, 6])
def test_an_edited_row_is_found(tx: Tx, number: int, column: str, value: str) -> None:
    """Every column is hashed, in the first row, the last, and between."""
    filled(tx)
    unguarded(tx)
    tx.execute(f"UPDATE audit SET {column} = ? WHERE number = ?", (value, number))

    assert audit.verify(tx) == f"row {number} was changed"


def test_a_row_whose_hash_was_computed_anew_breaks_the_next(tx: Tx) -> None:
    """A forger who knows the recipe has to rewrite all that follows, and the head shows that."""
    head = filled(tx)
    unguarded(tx)
    row = tx.row("SELECT * FROM audit WHERE number = 3")
    assert row is not None
    forged = audit._hash(
        3, row["at"], "U9", row["what"], row["order_id"], row["facts"], row["previous"]
    )
    tx.execute("UPDATE audit SET actor = 'U9', hash = ? WHERE number = 3", (forged,))

    assert audit.verify(tx) == "row 4 does not follow from row 3: one of them was changed"
    assert audit.head(tx) == head


@pytest.mark.parametrize("number", [1, 4])
def test_a_removed_row_is_missed(tx: Tx, number: int) -> None:
    """A gap cannot be closed without changing every number after it."""
    filled(tx)
    unguarded(tx)
    tx.execute("DELETE FROM audit WHERE number = ?", (number,))

    assert audit.verify(tx) == f"row {number} is missing"


def test_a_removed_row_is_missed_even_when_the_numbers_are_closed_up(tx: Tx) -> None:
    """The number is part of what is hashed."""
    filled(tx)
    unguarded(tx)
    tx.execute("DELETE FROM audit WHERE number = 3")
    for number in (4, 5, 6):
        tx.execute("UPDATE audit SET number = ? WHERE number = ?", (number - 1, number))

    assert audit.verify(tx) == "row 3 is missing: row 4 stands in its place"


def test_two_rows_that_changed_places_are_found(tx: Tx) -> None:
    """Who came first decides who decided."""
    filled(tx)
    unguarded(tx)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        tx.execute("UPDATE audit SET number = ? WHERE number = ?", (new, old))

    assert audit.verify(tx) == "row 2 stands in another place: as row 3"


def test_a_cut_tail_shows_against_a_head_that_was_noted(tx: Tx) -> None:
    """What is left is whole in itself; a hash that was noted elsewhere tells."""
    head = filled(tx)
    assert audit.verify(tx, head=head.hash) is None
    unguarded(tx)
    tx.execute("DELETE FROM audit WHERE number > 4")

    assert audit.verify(tx) is None
    assert audit.verify(tx, head=head.hash) == (
        "the log ends at row 4 and no row has the hash that was noted:"
        " the rows after it were cut off or changed"
    )


def test_a_head_that_was_noted_long_ago_is_still_good(tx: Tx) -> None:
    """The log grows after every backup; the row that was its end then stands in it still."""
    early = filled(tx)
    filled(tx)

    assert audit.verify(tx, head=early.hash) is None
    assert audit.verify(tx, head=audit.GENESIS) is None, "noted before the first row"


def test_a_row_before_the_first_does_not_belong(tx: Tx) -> None:
    """The log begins at 1; whoever wants to put something in front has no number for it."""
    filled(tx)
    tx.execute("INSERT INTO audit VALUES (-1, 'x', 'x', 'x', NULL, '{}', 'x', 'x')")

    assert audit.verify(tx) == "row -1 does not belong to the log"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET actor = 'U9'",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE number = 6",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE number = 2",
    ],
)
def test_the_file_itself_refuses_to_change_or_remove_a_row(tx: Tx, sql: str) -> None:
    """A bug of ours cannot do what only a forger should have to."""
    filled(tx)
    before: Any = tx.rows("SELECT * FROM audit")

    with pytest.raises(sqlite3.IntegrityError):
        tx.execute(sql)

    assert tx.rows("SELECT * FROM audit") == before


def test_a_float_among_the_facts_is_refused(tx: Tx) -> None:
    """It would be printed in two ways and then verify on one machine only."""
    with pytest.raises(TypeError):
        audit.append(tx, at=NOW, actor="bot", what="x", order_id=None, facts={"price": 0.1})
    assert audit.head(tx).number == 0
