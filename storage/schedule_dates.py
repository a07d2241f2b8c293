"""The dates that come next, for when a zone has other rules than when they were written down."""

from dataclasses import replace

from bot.domain.recurrence import Occurrence
from bot.domain.schedules import Schedule, wake_at
from storage import schedules
from storage.database import Tx
from storage.rows import time_column
from storage.schedule_rows import next_of


def next_dates(tx: Tx) -> list[tuple[str, Occurrence]]:
    """The zones and dates that come next, each once: far fewer than there are schedules."""
    rows = tx.rows(
        "SELECT DISTINCT json_extract(plan, '$.when.zone') AS zone, next_local, next_at"
        " FROM schedules WHERE next_at IS NOT NULL"
    )
    return [(row["zone"], next_of(row)) for row in rows]


def awaiting(tx: Tx, zone: str, date: Occurrence) -> list[Schedule]:
    """The schedules in this zone whose next date is that one."""
    rows = tx.rows(
        "SELECT * FROM schedules WHERE next_at = ? AND next_local = ?"
        " AND json_extract(plan, '$.when.zone') = ?",
        (date.at.isoformat(), date.key, zone),
    )
    return schedules.many(tx, rows)


def retime(tx: Tx, schedule: Schedule, following: Occurrence) -> None:
    """The zone's rules have changed: the same date is at another instant now."""
    later = replace(schedule, next=following)
    tx.execute(
        "UPDATE schedules SET next_at = ?, wake_at = ? WHERE id = ? AND version = ?",
        (following.at.isoformat(), time_column(wake_at(later)), schedule.id, schedule.version),
    )
