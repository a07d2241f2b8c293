"""What we owe Slack, as rows: written with the move that makes it true, paid by ``bot.announcer``.

A wish has a key; wishing again raises ``wanted`` on the same row instead of adding another. Paying
marks the number that was read before the send, so a wish that arrives during the send is not lost:
the message is simply sent again, from the order as it is then.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.canonical import canonical
from storage.database import Tx
from storage.queries import moment

REFRESHED_AFTER = timedelta(seconds=15)
REFRESHED_AT_MOST = 10
"""Cards that are edited for nothing but their figures; Slack takes fifty edits a minute in all."""


class Kind(StrEnum):
    """CARD: post or edit an order's card. NOTICE: a reply in its thread. DIRECT: a private message
    to one person. REMINDER: a reply in the thread to those who have not voted, once at most. TWIN:
    a second copy of a card that a click revealed, to be closed. FREEZE: post or edit the message of
    a freeze. THAW: a reply in its thread. ANSWER: to a message that mentions the bot, for its
    writer alone. DIGEST: what stands, at a time that the team has set. SCHEDULE: post or edit the
    card of a schedule. SCHEDULE_NOTICE: a reply in its thread. PROMPT: post or edit the question
    that a reminder of a purchase asks. FILE: a file into somebody's direct messages."""

    CARD = "card"
    NOTICE = "notice"
    DIRECT = "direct"
    REMINDER = "reminder"
    TWIN = "twin"
    FREEZE = "freeze"
    THAW = "thaw"
    ANSWER = "answer"
    DIGEST = "digest"
    SCHEDULE = "schedule"
    SCHEDULE_NOTICE = "schedule_notice"
    PROMPT = "prompt"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Something owed. ``facts`` say what to tell (never the rendered words)."""

    key: str
    kind: Kind
    order_id: str | None
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """A wish that is due: ``wanted`` is to be handed back to ``paid``."""

    id: int
    key: str
    kind: Kind
    order_id: str | None
    facts: dict[str, Any]
    wanted: int
    tries: int


def wish(tx: Tx, one: Wish, *, at: datetime) -> None:
    """Owe it, from ``at`` on."""
    tx.execute(
        "INSERT INTO outbox (key, kind, order_id, facts, due_at, created_at, owed_since)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?5)"
        " ON CONFLICT (key) DO UPDATE SET wanted = wanted + 1, tries = 0,"
        " owed_since = CASE WHEN wanted > paid THEN owed_since ELSE excluded.owed_since END,"
        " due_at = excluded.due_at, facts = excluded.facts",
        (one.key, one.kind, one.order_id, canonical(one.facts), at.isoformat()),
    )


def schedule_key(schedule_id: str, revision: int) -> str:
    """The wish for the card of a schedule, as it was asked about the so-many-th time."""
    return f"schedule:{schedule_id}:{revision}"


def card_key(order_id: str, revision: int) -> str:
    """Under which the card of this revision is owed."""
    return f"card:{order_id}:{revision}"


def was_wished(tx: Tx, key: str) -> bool:
    """A message with this key has been sent or is owed."""
    return tx.row("SELECT 1 FROM outbox WHERE key = ?", (key,)) is not None


def refresh(tx: Tx, currency: str, *, at: datetime) -> None:
    """What is left of budgets in this currency has changed: the cards on which people are about to
    vote show it a little later, all changes of that time at once.

    Only cards that stand as they were owed: any other is made anew anyway. Each tells of which
    moment its figures are, so it is enough to do this for those that are decided soonest.
    """
    rows = tx.rows(
        "SELECT id, revision FROM orders WHERE state = 'pending_approval' AND currency = ?"
        " AND budgets <> '[]' ORDER BY expires_at LIMIT ?",
        (currency, REFRESHED_AT_MOST),
    )
    for row in rows:
        tx.execute(
            "UPDATE outbox SET wanted = wanted + 1, due_at = ?1, owed_since = ?1"
            " WHERE key = ?2 AND wanted = paid",
            ((at + REFRESHED_AFTER).isoformat(), card_key(row["id"], row["revision"])),
        )


def wish_once(tx: Tx, one: Wish, *, at: datetime) -> None:
    """Owe it unless a wish of this key was ever made: the same event may be delivered again."""
    if not was_wished(tx, one.key):
        wish(tx, one, at=at)


def due(tx: Tx, *, now: datetime, limit: int = 50) -> list[Debt]:
    """What is to be sent now, oldest wish first."""
    rows = tx.rows(
        "SELECT * FROM outbox WHERE wanted > paid AND due_at <= ? ORDER BY due_at, id LIMIT ?",
        (now.isoformat(), limit),
    )
    return [
        Debt(
            id=row["id"],
            key=row["key"],
            kind=Kind(row["kind"]),
            order_id=row["order_id"],
            facts=json.loads(row["facts"]),
            wanted=row["wanted"],
            tries=row["tries"],
        )
        for row in rows
    ]


def next_due(tx: Tx) -> datetime | None:
    """When the next unpaid wish is due."""
    return moment(tx, "SELECT min(due_at) AS at FROM outbox WHERE wanted > paid")


def paid(tx: Tx, debt: Debt) -> None:
    tx.execute(
        "UPDATE outbox SET paid = max(paid, ?), tries = 0, trouble = NULL WHERE id = ?",
        (debt.wanted, debt.id),
    )


def postponed(tx: Tx, debt: Debt, *, until: datetime, trouble: str) -> None:
    """It could not be sent; try again then."""
    tx.execute(
        "UPDATE outbox SET tries = tries + 1, due_at = ?, trouble = ? WHERE id = ?",
        (until.isoformat(), trouble, debt.id),
    )


def hurried(tx: Tx, *, now: datetime) -> int:
    """The clock was set back: what is owed later is owed now. How many that are."""
    return tx.execute(
        "UPDATE outbox SET due_at = ?1 WHERE wanted > paid AND due_at > ?1", (now.isoformat(),)
    )


def deferred(tx: Tx, debt: Debt, *, until: datetime) -> None:
    """Not yet, by our own pacing."""
    tx.execute("UPDATE outbox SET due_at = ? WHERE id = ?", (until.isoformat(), debt.id))


def card_of(tx: Tx, order_id: str, revision: int) -> tuple[str, str] | None:
    """Channel and ts of the posted card of this revision."""
    row = tx.row(
        "SELECT channel, ts FROM cards WHERE order_id = ? AND revision = ?", (order_id, revision)
    )
    return (row["channel"], row["ts"]) if row else None


def order_at(tx: Tx, channel: str, ts: str) -> str | None:
    """The order whose card, of whatever revision, stands there."""
    row = tx.row("SELECT order_id FROM cards WHERE channel = ? AND ts = ?", (channel, ts))
    return None if row is None else str(row["order_id"])


def owed_at(tx: Tx, key: str) -> datetime | None:
    """When the message with this key is to be sent; None when it is not owed."""
    return moment(tx, "SELECT due_at AS at FROM outbox WHERE key = ? AND wanted > paid", (key,))


def is_card(tx: Tx, order_id: str, ts: str) -> bool:
    """This message is a card of the order, of whatever revision; or there is no such order."""
    if tx.row("SELECT 1 FROM orders WHERE id = ?", (order_id,)) is None:
        return True
    sql = "SELECT 1 FROM cards WHERE order_id = ? AND ts = ?"
    return tx.row(sql, (order_id, ts)) is not None


def card_posted(tx: Tx, order_id: str, revision: int, channel: str, ts: str) -> None:
    tx.execute(
        "INSERT INTO cards (order_id, revision, channel, ts) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (order_id, revision) DO UPDATE"
        " SET channel = excluded.channel, ts = excluded.ts",
        (order_id, revision, channel, ts),
    )
