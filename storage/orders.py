"""Orders: save a move, load, list. One transaction holds the whole of a move.

``move`` is a compare-and-set on (id, state, revision, version, due_at): one row changes, or
somebody else won or has woken it meanwhile, and ``Lost`` is raised. With it go the event, the audit
row, the reservation and whatever is owed to Slack; a caller cannot write one without the others.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.canonical import canonical, sha256
from bot.domain.orders import Attempt, Event, Order, State
from bot.domain.steps import WATCHED, wake_at
from storage import audit, outbox, reservations
from storage.database import Tx
from storage.queries import marks
from storage.rows import Row, order_of, row_of, time_column


class Lost(Exception):
    """Somebody else moved this order first: load it again and say what is true now."""

    def __init__(self, order_id: str) -> None:
        super().__init__(f"{order_id} was moved by somebody else first")
        self.order_id = order_id


def create(tx: Tx, order: Order, *, wishes: Sequence[outbox.Wish], facts: dict[str, Any]) -> None:
    """Write a new order with its key and everything that a move writes."""
    at = order.created_at
    row = row_of(order, wake_at(order))
    values = tuple(row.values())
    tx.execute(f"INSERT INTO orders ({', '.join(row)}) VALUES ({marks(values)})", values)
    tx.execute(
        "INSERT INTO idempotency_keys (key, order_id, provider, minted_at) VALUES (?, ?, ?, ?)",
        (order.key, order.id, order.terms.provider, at.isoformat()),
    )
    _record(tx, order, None, "requested", order.requester, at, facts)
    for one in wishes:
        outbox.wish(tx, one, at=at)


def move(
    tx: Tx,
    before: Order,
    after: Order,
    event: Event,
    *,
    actor: str,
    at: datetime,
    wishes: Sequence[outbox.Wish] = (),
    facts: dict[str, Any] | None = None,
) -> Order:
    """Replace ``before`` by ``after`` and return it as saved, or raise Lost and write nothing."""
    if after.state is not before.state:
        after = replace(after, moved_at=at)
        if after.look_first and after.state in WATCHED and after.due_at is None:
            # It ends as if nothing had been bought, and the file may have forgotten that it was.
            after = replace(after, due_at=at, tries=0)
    row = row_of(after, wake_at(after))
    row |= {
        "was_version": before.version,
        "was_state": before.state.value,
        "was_revision": before.revision,
        "was_due_at": time_column(before.due_at),
    }
    fixed = {"id", "origin", "requester", "key", "created_at"}
    names = ", ".join(
        f"{name} = :{name}" for name in row if name not in fixed and not name.startswith("was_")
    )
    changed = tx.execute(
        f"UPDATE orders SET {names} WHERE id = :id AND version = :was_version"
        " AND state = :was_state AND revision = :was_revision AND due_at IS :was_due_at",
        row,
    )
    if changed != 1:
        raise Lost(before.id)
    if reservations.follow(tx, before, after, at):
        outbox.refresh(tx, after.terms.currency, at=at)
    _record(tx, after, before.state, event.value, actor, at, facts or {})
    for one in wishes:
        outbox.wish(tx, one, at=at)
    return after


def touch(tx: Tx, order: Order, *, tries: int, due_at: datetime | None) -> None:
    """Look again later, or never: no news, so no version, event or audit row. Silent if it moved
    on."""
    later = replace(order, tries=tries, due_at=due_at)
    tx.execute(
        "UPDATE orders SET tries = ?, due_at = ?, wake_at = ?"
        " WHERE id = ? AND version = ? AND due_at IS ?",
        (
            tries,
            time_column(due_at),
            time_column(wake_at(later)),
            order.id,
            order.version,
            time_column(order.due_at),
        ),
    )


def _record(
    tx: Tx,
    order: Order,
    before: State | None,
    event: str,
    actor: str,
    at: datetime,
    facts: dict[str, Any],
) -> None:
    tx.execute(
        "INSERT INTO events (order_id, version, event, from_state, to_state, actor, at, facts)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            order.id,
            order.version,
            event,
            before.value if before else None,
            order.state.value,
            actor,
            at.isoformat(),
            canonical(facts),
        ),
    )
    told = facts | {"state": order.state.value, "version": order.version, "digest": order.digest}
    audit.append(tx, at=at, actor=actor, what=event, order_id=order.id, facts=told)


def add_vote(
    tx: Tx,
    order: Order,
    *,
    voter: str,
    choice: str,
    at: datetime,
    digest: str,
    reason: str | None = None,
) -> None:
    tx.execute(
        "INSERT INTO votes (order_id, revision, voter, choice, digest, reason, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (order.id, order.revision, voter, choice, digest, reason, at.isoformat()),
    )


def start_attempt(tx: Tx, order: Order, attempt: Attempt, method: str) -> None:
    """Write the intent: the exact body and its hash, the key, this process, the deadline."""
    tx.execute(
        "INSERT INTO attempts (order_id, number, key, method, path, body, body_sha256, boot_id,"
        " started_at, deadline) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            order.id,
            attempt.number,
            attempt.key,
            method,
            attempt.path,
            attempt.body,
            sha256(attempt.body),
            attempt.boot_id,
            attempt.started_at.isoformat(),
            attempt.deadline.isoformat(),
        ),
    )


def end_attempt(tx: Tx, order: Order, *, at: datetime, result: str, detail: str | None) -> None:
    """Note how the running attempt ended."""
    tx.execute(
        "UPDATE attempts SET ended_at = ?, result = ?, detail = ?"
        " WHERE order_id = ? AND number = ? AND ended_at IS NULL",
        (at.isoformat(), result, detail, order.id, order.attempts),
    )


def load(tx: Tx, order_id: str) -> Order | None:
    return _one(tx, tx.row("SELECT * FROM orders WHERE id = ?", (order_id,)))


def exists(tx: Tx, order_id: str) -> bool:
    return tx.row("SELECT 1 FROM orders WHERE id = ?", (order_id,)) is not None


def some(tx: Tx, ids: Iterable[str]) -> list[Order]:
    """Those of these orders that there are, in the order of the ids."""
    return [order for order in (load(tx, order_id) for order_id in ids) if order is not None]


def by_origin(tx: Tx, origin: str) -> Order | None:
    """The order that this delivery of Slack has made already."""
    # Nearly always there is none, and to name all columns of nothing takes longer than to look.
    row = tx.row("SELECT id FROM orders WHERE origin = ?", (origin,))
    return None if row is None else load(tx, row["id"])


def last_attempt(tx: Tx, order_id: str) -> Attempt | None:
    row = tx.row(
        "SELECT * FROM attempts WHERE order_id = ? ORDER BY number DESC LIMIT 1", (order_id,)
    )
    return _attempt(row) if row else None


def first_attempt(tx: Tx, order_id: str) -> Attempt | None:
    """The body that every resend repeats to the byte."""
    row = tx.row("SELECT * FROM attempts WHERE order_id = ? ORDER BY number LIMIT 1", (order_id,))
    return _attempt(row) if row else None


def _attempt(row: Row) -> Attempt:
    return Attempt(
        number=row["number"],
        key=row["key"],
        body=bytes(row["body"]),
        path=row["path"],
        boot_id=row["boot_id"],
        started_at=datetime.fromisoformat(row["started_at"]),
        deadline=datetime.fromisoformat(row["deadline"]),
    )


def in_state(tx: Tx, *states: State) -> list[Order]:
    """All orders in these states, oldest first."""
    rows = tx.rows(
        f"SELECT * FROM orders WHERE state IN ({marks(states)}) ORDER BY created_at, id",
        tuple(state.value for state in states),
    )
    return many(tx, rows)


def ids_in_state(tx: Tx, *states: State) -> list[str]:
    """The ids of the same."""
    marks = ", ".join("?" for _ in states)
    sql = f"SELECT id FROM orders WHERE state IN ({marks}) ORDER BY created_at, id"
    return [row[0] for row in tx.tuples(sql, tuple(state.value for state in states))]


def recent(
    tx: Tx, *, since: datetime | None = None, requester: str | None = None, limit: int = 10
) -> list[Order]:
    """The newest orders, newest first."""
    rows = tx.rows(
        "SELECT * FROM orders WHERE (?1 IS NULL OR created_at >= ?1)"
        " AND (?2 IS NULL OR requester = ?2) ORDER BY created_at DESC, id LIMIT ?3",
        (since.isoformat() if since else None, requester, limit),
    )
    return many(tx, rows)


def has_taken_part(tx: Tx, user: str) -> bool:
    """Somebody has asked for something, or voted, ever."""
    asked = tx.row("SELECT 1 FROM orders WHERE requester = ? LIMIT 1", (user,))
    return bool(asked or tx.row("SELECT 1 FROM votes WHERE voter = ? LIMIT 1", (user,)))


def claimed(tx: Tx, provider: str, refs: Sequence[str]) -> frozenset[str]:
    """Which of these vendor references orders of ours own already."""
    sql = "SELECT ref FROM orders WHERE provider = ? AND ref = ?"
    owned = (tx.row(sql, (provider, ref)) for ref in refs)
    return frozenset(row["ref"] for row in owned if row)


def history(tx: Tx, order_id: str) -> list[dict[str, Any]]:
    """Who did what when: the events of an order, oldest first, ``facts`` decoded."""
    rows = tx.rows("SELECT * FROM events WHERE order_id = ? ORDER BY version", (order_id,))
    return [row | {"facts": json.loads(row["facts"])} for row in rows]


def _one(tx: Tx, row: Row | None) -> Order | None:
    return None if row is None else many(tx, [row])[0]


def all_votes(tx: Tx, order_id: str) -> list[Row]:
    """Every vote, those for terms that were asked about anew included, oldest first."""
    return tx.rows("SELECT * FROM votes WHERE order_id = ? ORDER BY at, voter", (order_id,))


def all_attempts(tx: Tx, order_id: str) -> list[Row]:
    """Every send, oldest first, with its body as text."""
    rows = tx.rows("SELECT * FROM attempts WHERE order_id = ? ORDER BY number", (order_id,))
    return [row | {"body": bytes(row["body"]).decode(errors="replace")} for row in rows]


def many(tx: Tx, rows: list[Row]) -> list[Order]:
    """The orders in these rows, with their votes."""
    return [
        order_of(
            row,
            tx.rows(
                "SELECT * FROM votes WHERE order_id = ? AND revision = ? AND choice = 'approve'"
                " ORDER BY at, voter",
                (row["id"], row["revision"]),
            ),
        )
        for row in rows
    ]
