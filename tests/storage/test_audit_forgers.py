"""The audit log against forgers who do anything at random, and against the orders it tells of."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database as SqliteUtilsDatabase
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from bot.domain.orders import Event, Order, State
from storage import audit, orders
from storage.database import Tx
from storage.migrations import migrate
from tests.domain import sample
from tests.domain.sample import NOW


@dataclass
class Log:
    """An honest log and how it came about; ``told`` has order and version of each row, or None."""

    tx: Tx
    orders: list[Order] = field(default_factory=list)
    told: list[tuple[str, int] | None] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return NOW + timedelta(seconds=len(self.told))

    def live(self, steps: list[int]) -> None:
        """0 starts the bot, 1 asks for a new order, any other number moves one."""
        for step in steps:
            if step == 0:
                audit.append(
                    self.tx, at=self.now, actor="bot", what="started", order_id=None, facts={}
                )
                self.told.append(None)
            elif step == 1 or not self.orders:
                self.ask()
            else:
                self.move(step % len(self.orders))

    def ask(self) -> None:
        number = len(self.orders)
        one = replace(
            sample.order(),
            id=f"BUY-{number:05}",
            origin=f"slash:{number}",
            key=f"{number:032x}",
            created_at=self.now,
        )
        orders.create(self.tx, one, wishes=(), facts={"said": "é"})
        self.orders.append(one)
        self.told.append((one.id, one.version))

    def move(self, number: int) -> None:
        before = self.orders[number]
        after = replace(before, version=before.version + 1)
        orders.move(self.tx, before, after, Event.HELD, actor="U0BEN", at=self.now)
        self.orders[number] = after
        self.told.append((after.id, after.version))

    def forge(self, sql: str, *values: Any) -> None:
        """What somebody with the file and an editor can do."""
        for verb in ("update", "delete"):
            self.tx.execute(f"DROP TRIGGER IF EXISTS audit_is_append_only_{verb}")
        self.tx.execute(sql, values)

    def rewrite(self, number: int, actor: str = "U0EVE") -> None:
        """Change a row and compute its hash anew, as who knows the recipe can."""
        row = self.tx.row("SELECT * FROM audit WHERE number = ?", (number,))
        assert row is not None
        parts = [row[name] for name in ("what", "order_id", "facts", "previous")]
        mark = audit._hash(number, row["at"], actor, *parts)
        self.forge("UPDATE audit SET actor = ?, hash = ? WHERE number = ?", actor, mark, number)


@contextmanager
def lived(steps: list[int]) -> Iterator[Log]:
    """A log in memory, after these steps."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as raw:
        db = SqliteUtilsDatabase(raw, execute_plugins=False, strict=True)
        migrate(db)
        log = Log(Tx(db))
        log.live(steps)
        yield log


STEPS = st.lists(st.integers(0, 9), min_size=2, max_size=14)
PLACES = st.floats(0, 1, exclude_max=True)


def place(part: float, rows: int) -> int:
    """A row number from 1 to ``rows``."""
    return 1 + int(part * rows)


@given(steps=st.lists(st.integers(0, 9), max_size=30))
def test_an_honest_log_is_whole_whatever_happened(steps: list[int]) -> None:
    """A false alarm would teach people to overlook the true one."""
    with lived(steps) as log:
        end = audit.head(log.tx)
        assert audit.verify(log.tx) is None
        assert audit.verify(log.tx, head=end.hash) is None
        assert end.number == len(steps)


@given(
    steps=STEPS,
    part=PLACES,
    column=st.sampled_from(["at", "actor", "what", "order_id", "facts", "previous", "hash"]),
    value=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
)
def test_any_edit_names_its_row(steps: list[int], part: float, column: str, value: str) -> None:
    """Whatever was changed, and to whatever it was changed."""
    with lived(steps) as log:
        number = place(part, len(steps))
        log.forge(f"UPDATE audit SET {column} = ? WHERE number = ?", value, number)
        assert audit.verify(log.tx) == f"row {number} was changed"


@given(steps=STEPS, part=PLACES, closed_up=st.booleans())
def test_any_removed_row_is_named(steps: list[int], part: float, closed_up: bool) -> None:
    """Whether the gap is left open or the numbers after it are moved up."""
    with lived(steps) as log:
        number = place(part, len(steps) - 1)
        log.forge("DELETE FROM audit WHERE number = ?", number)
        told = f"row {number} is missing"
        if closed_up:
            for later in range(number + 1, len(steps) + 1):
                log.forge("UPDATE audit SET number = ? WHERE number = ?", later - 1, later)
            told += f": row {number + 1} stands in its place"
        assert audit.verify(log.tx) == told


@given(steps=STEPS, one=PLACES, other=PLACES)
def test_any_two_rows_that_changed_places_are_named(
    steps: list[int], one: float, other: float
) -> None:
    """The first of them is named, and where it stands now."""
    with lived(steps) as log:
        first = place(one, len(steps) - 1)
        second = first + place(other, len(steps) - first)
        for old, new in ((first, 0), (second, first), (0, second)):
            log.forge("UPDATE audit SET number = ? WHERE number = ?", new, old)
        expected = f"row {first} stands in another place: as row {second}"
        assert audit.verify(log.tx) == expected


@given(steps=STEPS, part=PLACES)
def test_any_cut_is_found_by_the_head_and_by_the_events(steps: list[int], part: float) -> None:
    """Only rows that tell of no order can be cut off unseen by who has noted nothing."""
    with lived(steps) as log:
        noted, last = audit.head(log.tx), place(part, len(steps)) - 1
        log.forge("DELETE FROM audit WHERE number > ?", last)
        cut = [one for one in log.told[last:] if one is not None]

        assert str(audit.verify(log.tx, head=noted.hash)).startswith(f"the log ends at row {last} ")
        if not cut:
            assert audit.verify(log.tx) is None
        else:
            order_id, version = cut[0]
            assert audit.verify(log.tx) == (
                f"the log has no row for event {version} of {order_id}:"
                " its end was cut off, or the row was removed"
            )


@given(steps=STEPS, part=PLACES)
def test_a_row_written_anew_does_not_carry_the_next(steps: list[int], part: float) -> None:
    """A hash can be computed by anybody; that the next row follows from it cannot be arranged."""
    with lived(steps) as log:
        number = place(part, len(steps) - 1)
        log.rewrite(number)
        assert audit.verify(log.tx) == (
            f"row {number + 1} does not follow from row {number}: one of them was changed"
        )


@given(steps=STEPS)
def test_a_last_row_written_anew_is_found_by_the_head_and_by_its_event(steps: list[int]) -> None:
    """Nothing follows the last row, so the order and the noted hash have to speak against it."""
    with lived(steps) as log:
        noted, number, told = audit.head(log.tx), len(steps), log.told[-1]
        log.rewrite(number)

        assert "no row has the hash that was noted" in str(audit.verify(log.tx, head=noted.hash))
        if told is not None:
            assert audit.verify(log.tx) == (
                f"row {number} does not tell what event {told[1]} of {told[0]} tells:"
                " one of them was changed"
            )


FORGERIES = [
    (
        "UPDATE events SET actor = 'U0EVE' WHERE version = 1",
        "row 3 does not tell what event 1 of BUY-00000 tells: one of them was changed",
    ),
    ("DELETE FROM events WHERE version = 1", "row 3: event 1 of BUY-00000 is not among the events"),
    (
        f"UPDATE orders SET state = '{State.COMPLETED}'",
        "BUY-00000 is completed at version 1, and no event made it so: its last one is event 1",
    ),
    ("UPDATE orders SET version = 7", "BUY-00000 is pending_approval at version 7, and no event"),
]


@pytest.mark.parametrize(("sql", "told"), FORGERIES)
def test_an_order_that_says_something_else_than_the_log_is_named(sql: str, told: str) -> None:
    """Who leaves the log alone and edits the order has not bought anything by it."""
    with lived([0, 1, 2]) as log:
        log.forge(sql)
        assert str(audit.verify(log.tx)).startswith(told)


def test_a_move_that_is_told_twice_is_named() -> None:
    """An honest row is made of one move; a second one was made by somebody else."""
    with lived([1]) as log:
        row = log.tx.row("SELECT * FROM audit")
        assert row is not None
        audit.append(
            log.tx, at=NOW, actor="U0ANA", what=row["what"], order_id=row["order_id"],
            facts={"version": 0, "state": "pending_approval"},
        )  # fmt: skip
        assert audit.verify(log.tx) == "row 2: event 0 of BUY-00000 is told twice"
