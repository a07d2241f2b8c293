"""The audit log: append-only rows, each with the hash of the one before.

Every move of an order writes one row in its own transaction, so the log cannot disagree with the
orders. ``verify`` names the first row that was edited, removed or put elsewhere. A tail that was
cut off shows against the orders' own events, and against a head that was noted elsewhere (a digest
message, a backup).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.canonical import canonical, sha256
from storage.database import Tx
from storage.queries import moment

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row: how long the log is, and its hash."""

    number: int
    hash: str


def append(
    tx: Tx, *, at: datetime, actor: str, what: str, order_id: str | None, facts: dict[str, Any]
) -> Head:
    """Add a row. ``facts`` must hold no secret: it is shown to operators and kept for ever."""
    before = head(tx)
    number, text, when = before.number + 1, canonical(facts), at.isoformat()
    mark = _hash(number, when, actor, what, order_id, text, before.hash)
    tx.execute(
        "INSERT INTO audit (number, at, actor, what, order_id, facts, previous, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (number, when, actor, what, order_id, text, before.hash, mark),
    )
    return Head(number, mark)


def began_at(tx: Tx) -> datetime | None:
    """When the first row was written; None: there is none."""
    return moment(tx, "SELECT at FROM audit ORDER BY number LIMIT 1")


def latest(tx: Tx) -> datetime | None:
    """The latest moment of the newest rows, which is not that of the last one where the clock was
    set back."""
    sql = "SELECT max(at) AS at FROM (SELECT at FROM audit ORDER BY number DESC LIMIT 50)"
    return moment(tx, sql)


def head(tx: Tx) -> Head:
    """The newest row, or number 0 with the genesis hash."""
    row = tx.row("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
    return Head(row["number"], row["hash"]) if row else Head(0, GENESIS)


def verify(tx: Tx, *, head: str | None = None) -> str | None:
    """None when the log is whole, else a sentence that names the first row that is wrong.

    ``head`` is the hash of a row as it was noted elsewhere: that row has to be there still.
    """
    previous, expected, noted = GENESIS, 1, head in {None, GENESIS}
    for row in tx.each("SELECT * FROM audit ORDER BY number"):
        if row["number"] != expected or row["previous"] != previous or not _fits(row, expected):
            return _fault(tx, row, expected, previous)
        previous, expected, noted = row["hash"], expected + 1, noted or row["hash"] == head
    if not noted:
        return (
            f"the log ends at row {expected - 1} and no row has the hash that was noted: the rows"
            " after it were cut off or changed"
        )
    return _against_events(tx)


def _hash(*parts: object) -> str:
    return sha256(canonical(parts))


def _fits(row: dict[str, Any], number: int) -> bool:
    """The hash of this row is that of its contents at this place."""
    told = (row["at"], row["actor"], row["what"], row["order_id"], row["facts"], row["previous"])
    return bool(row["hash"] == _hash(number, *told))


def _fault(tx: Tx, row: dict[str, Any], expected: int, previous: str) -> str:
    """What is wrong at this place. Everything before it is as it was written.

    The number is part of what is hashed, so a row that was moved still tells where it stood.
    """
    for other in tx.rows("SELECT * FROM audit WHERE previous = ?", (previous,)):
        if other["number"] != expected and _fits(other, expected):
            return f"row {expected} stands in another place: as row {other['number']}"
    if row["number"] > expected:
        return f"row {expected} is missing"
    if row["number"] < expected:
        return f"row {row['number']} does not belong to the log"
    if _fits(row, expected):
        # Whoever knows the recipe can write any row anew, but not make the next one follow it.
        return f"row {expected} does not follow from row {expected - 1}: one of them was changed"
    last = tx.row("SELECT max(number) + count(*) AS number FROM audit")
    assert last is not None, "an aggregate has a row"
    for number in range(expected + 1, last["number"] + 1):
        if _fits(row, number):
            return f"row {expected} is missing: row {number} stands in its place"
    return f"row {expected} was changed"


TOLD = (
    "SELECT number, order_id, what, at, actor,"
    " CASE WHEN json_valid(facts) THEN json_extract(facts, '$.version') END AS version,"
    " CASE WHEN json_valid(facts) THEN json_extract(facts, '$.state') END AS state"
    " FROM audit WHERE order_id IS NOT NULL"
)
"""What the log tells about orders; rows without a version tell of no move."""


def _against_events(tx: Tx) -> str | None:
    """The log and the orders say the same: what is left of a cut log is whole in itself."""
    lacks = tx.row(
        f"WITH told AS MATERIALIZED ({TOLD}) SELECT e.order_id, e.version, told.number FROM events"
        " AS e LEFT JOIN told ON told.order_id = e.order_id AND told.version = e.version"
        " WHERE told.number IS NULL OR (told.what, told.state, told.at, told.actor)"
        " IS NOT (e.event, e.to_state, e.at, e.actor) ORDER BY e.at, e.order_id, e.version LIMIT 1"
    )
    if lacks and lacks["number"] is None:
        return (
            f"the log has no row for event {lacks['version']} of {lacks['order_id']}:"
            " its end was cut off, or the row was removed"
        )
    if lacks:
        event = f"event {lacks['version']} of {lacks['order_id']}"
        return f"row {lacks['number']} does not tell what {event} tells: one of them was changed"
    more = tx.row(
        f"WITH told AS MATERIALIZED ({TOLD}) SELECT max(told.number) AS number, told.order_id,"
        " told.version, count(*) AS times FROM told LEFT JOIN events AS e"
        " ON e.order_id = told.order_id AND e.version = told.version"
        " WHERE told.version IS NOT NULL GROUP BY told.order_id, told.version"
        " HAVING count(*) > 1 OR count(e.version) = 0 ORDER BY 1 LIMIT 1"
    )
    if more:
        fate = "is told twice" if more["times"] > 1 else "is not among the events of the order"
        return f"row {more['number']}: event {more['version']} of {more['order_id']} {fate}"
    stands = tx.row(
        "SELECT o.id, o.state, o.version, e.version AS told, e.to_state FROM orders AS o"
        " LEFT JOIN events AS e ON e.order_id = o.id AND e.version ="
        " (SELECT max(version) FROM events WHERE order_id = o.id)"
        " WHERE (o.state, o.version) IS NOT (e.to_state, e.version)"
        " ORDER BY o.created_at, o.id LIMIT 1"
    )
    if stands:
        return (
            f"{stands['id']} is {stands['state']} at version {stands['version']}, and no event"
            f" made it so: its last one is event {stands['told'] or 0}"
        )
    return None
