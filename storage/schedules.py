"""Schedules: save a move, load, list what is due. One transaction holds the whole of a move.

As for orders, ``move`` is a compare-and-set on (id, state, revision, version), and the event, the
audit row and whatever is owed to Slack go with it. What became of each date stands in
``storage.occurrences``.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.canonical import canonical
from bot.domain.schedules import Schedule, ScheduleEvent, ScheduleState, apply, wake_at
from storage import audit, outbox
from storage.database import Tx
from storage.queries import count, marks, moment
from storage.rows import Row, time_column
from storage.schedule_rows import row_of, schedule_of

FIXED = frozenset({"id", "origin", "requester", "created_at"})


class ScheduleLost(Exception):
    """Somebody else moved this schedule first: load it again and say what is true now."""

    def __init__(self, schedule_id: str) -> None:
        super().__init__(f"{schedule_id} was moved by somebody else first")
        self.schedule_id = schedule_id


def create(
    tx: Tx, schedule: Schedule, *, wishes: Sequence[outbox.Wish], facts: dict[str, Any]
) -> None:
    """Write a new schedule and everything that a move writes."""
    row = row_of(schedule)
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    tx.execute(f"INSERT INTO schedules ({names}) VALUES ({values})", row)
    _record(tx, schedule, None, "created", schedule.requester, schedule.created_at, facts)
    for one in wishes:
        outbox.wish(tx, one, at=schedule.created_at)


def move(
    tx: Tx,
    before: Schedule,
    after: Schedule,
    event: ScheduleEvent,
    *,
    actor: str,
    at: datetime,
    wishes: Sequence[outbox.Wish] = (),
    facts: dict[str, Any] | None = None,
) -> Schedule:
    """Replace ``before`` by ``after`` and return it as saved, or raise ScheduleLost."""
    if after.state is not before.state:
        after = replace(after, moved_at=at)
    row = row_of(after)
    names = ", ".join(f"{name} = :{name}" for name in row if name not in FIXED)
    was = {
        "was_version": before.version,
        "was_state": before.state.value,
        "was_revision": before.revision,
    }
    changed = tx.execute(
        f"UPDATE schedules SET {names} WHERE id = :id AND version = :was_version"
        " AND state = :was_state AND revision = :was_revision",
        row | was,
    )
    if changed != 1:
        raise ScheduleLost(before.id)
    _record(tx, after, before.state, event.value, actor, at, facts or {})
    for one in wishes:
        outbox.wish(tx, one, at=at)
    return after


def looked_ahead(tx: Tx, schedule: Schedule) -> bool:
    """Note for which date it was looked; no news, so no version or event. False if it moved on."""
    one = schedule.next
    assert one is not None, "there is a date to look at"
    later = replace(schedule, looked_ahead=one.local)
    changed = tx.execute(
        "UPDATE schedules SET looked_ahead = ?, wake_at = ? WHERE id = ? AND version = ?",
        (
            time_column(later.looked_ahead),
            time_column(wake_at(later)),
            schedule.id,
            schedule.version,
        ),
    )
    return changed == 1


def pause_all(tx: Tx, *, at: datetime, actor: str) -> int:
    """The file was restored: dates since the backup may have been bought, so none is made up for.

    People let each schedule go on, from the next date on. How many were paused.
    """
    note = "the file was restored"
    running = in_state(tx, ScheduleState.ACTIVE)
    for schedule in running:
        after = apply(schedule, ScheduleEvent.PAUSED, closed_by=actor, note=note)
        told = {"schedule": schedule.id, "revision": schedule.revision}
        news = told | {"subject": "paused", "by": actor, "note": note}
        key = outbox.schedule_key(schedule.id, schedule.revision)
        wishes = [
            outbox.Wish(key=key, kind=outbox.Kind.SCHEDULE, order_id=None, facts=told),
            outbox.Wish(
                key=f"{key}:restored:{after.version}",
                kind=outbox.Kind.SCHEDULE_NOTICE,
                order_id=None,
                facts=news,
            ),
        ]
        move(
            tx,
            schedule,
            after,
            ScheduleEvent.PAUSED,
            actor=actor,
            at=at,
            wishes=wishes,
            facts={"reason": note},
        )
    return len(running)


def _record(
    tx: Tx,
    schedule: Schedule,
    before: ScheduleState | None,
    event: str,
    actor: str,
    at: datetime,
    facts: dict[str, Any],
) -> None:
    tx.execute(
        "INSERT INTO schedule_events (schedule_id, version, event, from_state, to_state, actor, at,"
        " facts) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            schedule.id,
            schedule.version,
            event,
            before.value if before else None,
            schedule.state.value,
            actor,
            at.isoformat(),
            canonical(facts),
        ),
    )
    told = facts | {
        "schedule": schedule.id,
        "became": schedule.state.value,
        "step": schedule.version,
        "digest": schedule.digest,
    }
    audit.append(tx, at=at, actor=actor, what=f"schedule {event}", order_id=None, facts=told)


def add_vote(
    tx: Tx,
    schedule: Schedule,
    *,
    voter: str,
    choice: str,
    at: datetime,
    digest: str,
    reason: str | None = None,
) -> None:
    tx.execute(
        "INSERT INTO schedule_votes (schedule_id, revision, voter, choice, digest, reason, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (schedule.id, schedule.revision, voter, choice, digest, reason, at.isoformat()),
    )


def load(tx: Tx, schedule_id: str) -> Schedule | None:
    found = many(tx, tx.rows("SELECT * FROM schedules WHERE id = ?", (schedule_id,)))
    return found[0] if found else None


def by_origin(tx: Tx, origin: str) -> Schedule | None:
    """The schedule that this delivery of Slack has made already."""
    found = many(tx, tx.rows("SELECT * FROM schedules WHERE origin = ?", (origin,)))
    return found[0] if found else None


def due(tx: Tx, *, now: datetime, limit: int = 100) -> list[str]:
    """Ids of the schedules for which the clock has something to decide, longest overdue first."""
    rows = tx.rows(
        "SELECT id FROM schedules WHERE wake_at <= ? ORDER BY wake_at LIMIT ?",
        (now.isoformat(), limit),
    )
    return [row["id"] for row in rows]


def next_wake(tx: Tx, *, after: datetime) -> datetime | None:
    """When the next schedule is due that was not at ``after``."""
    sql = "SELECT min(wake_at) AS at FROM schedules WHERE wake_at > ?"
    return moment(tx, sql, (after.isoformat(),))


def in_state(tx: Tx, *states: ScheduleState) -> list[Schedule]:
    """All schedules in these states, oldest first."""
    rows = tx.rows(
        f"SELECT * FROM schedules WHERE state IN ({marks(states)}) ORDER BY created_at, id",
        tuple(state.value for state in states),
    )
    return many(tx, rows)


def upcoming(tx: Tx, *, limit: int) -> list[Schedule]:
    """The running schedules whose dates come next, soonest first."""
    rows = tx.rows(
        "SELECT * FROM schedules WHERE next_at IS NOT NULL ORDER BY next_at, id LIMIT ?",
        (limit,),
    )
    return many(tx, rows)


def count_upcoming(tx: Tx) -> int:
    """How many have a date ahead."""
    return count(tx, "SELECT count(*) AS n FROM schedules WHERE next_at IS NOT NULL")


def ended_lately(tx: Tx, *, since: datetime, limit: int) -> list[Schedule]:
    """Those that have come to an end since then, newest first."""
    rows = tx.rows(
        "SELECT * FROM schedules WHERE state IN ('ended', 'stopped', 'denied', 'expired')"
        " AND moved_at >= ? ORDER BY moved_at DESC, id LIMIT ?",
        (since.isoformat(), limit),
    )
    return many(tx, rows)


def history(tx: Tx, schedule_id: str) -> list[Row]:
    """Who did what when: the events, oldest first, ``facts`` decoded."""
    rows = tx.rows(
        "SELECT * FROM schedule_events WHERE schedule_id = ? ORDER BY version", (schedule_id,)
    )
    return [row | {"facts": json.loads(row["facts"])} for row in rows]


def all_votes(tx: Tx, schedule_id: str) -> list[Row]:
    """Every vote, those for what was asked about anew included, oldest first."""
    sql = "SELECT * FROM schedule_votes WHERE schedule_id = ? ORDER BY at, voter"
    return tx.rows(sql, (schedule_id,))


def many(tx: Tx, rows: list[Row]) -> list[Schedule]:
    """The schedules in these rows, with their votes."""
    return [
        schedule_of(
            row,
            tx.rows(
                "SELECT * FROM schedule_votes WHERE schedule_id = ? AND revision = ?"
                " AND choice = 'approve' ORDER BY at, voter",
                (row["id"], row["revision"]),
            ),
        )
        for row in rows
    ]


def place(tx: Tx, schedule_id: str, name: str) -> tuple[str, str] | None:
    """Channel and ts of its message of this name."""
    row = tx.row(
        "SELECT channel, ts FROM schedule_cards WHERE schedule_id = ? AND name = ?",
        (schedule_id, name),
    )
    return (row["channel"], row["ts"]) if row else None


def is_known(tx: Tx, schedule_id: str, ts: str) -> bool:
    """The message with this ts is one of its own."""
    sql = "SELECT 1 FROM schedule_cards WHERE schedule_id = ? AND ts = ?"
    return tx.row(sql, (schedule_id, ts)) is not None


def posted(tx: Tx, schedule_id: str, name: str, channel: str, ts: str) -> None:
    tx.execute(
        "INSERT INTO schedule_cards (schedule_id, name, channel, ts) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (schedule_id, name) DO UPDATE"
        " SET channel = excluded.channel, ts = excluded.ts",
        (schedule_id, name, channel, ts),
    )
