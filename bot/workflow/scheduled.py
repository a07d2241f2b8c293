"""What commands and digests may read of schedules, never the tables themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.occurring import Fate, Run
from bot.domain.schedules import OPEN, Schedule
from bot.workflow.desk import Desk
from storage import occurrences, schedules
from storage.database import Tx

RECENTLY = timedelta(days=7)
"""How far back "lately" goes."""


@dataclass(frozen=True, slots=True)
class ScheduleStory:
    """One schedule, what became of its dates so far (newest first), and how many had which fate."""

    schedule: Schedule
    runs: list[Run]
    tally: Mapping[Fate, int]


async def story(desk: Desk, schedule_id: str) -> ScheduleStory | None:
    """None when there is no such schedule."""

    def look(tx: Tx) -> ScheduleStory | None:
        schedule = schedules.load(tx, schedule_id)
        if schedule is None:
            return None
        runs = occurrences.of_schedule(tx, schedule_id)
        return ScheduleStory(schedule, runs, occurrences.tally(tx, schedule_id))

    return await desk.db.read(look)


async def open_and_recent(desk: Desk, *, limit: int) -> list[Schedule]:
    """What is open, newest first, then what has ended lately; one more than asked for, if any."""
    since = desk.now() - RECENTLY

    def look(tx: Tx) -> list[Schedule]:
        still_open = schedules.in_state(tx, *OPEN)
        lately = schedules.ended_lately(tx, since=since, limit=limit + 1)
        return [*reversed(still_open), *lately][: limit + 1]

    return await desk.db.read(look)


async def still_open(desk: Desk) -> list[Schedule]:
    """What has not ended, that with the soonest date first and what waits at the end."""
    found = await desk.db.read(lambda tx: schedules.in_state(tx, *OPEN))
    # What waits for votes or was paused has no date ahead, and keeps the order of its asking.
    return sorted(
        found, key=lambda one: one.next.at if one.next else datetime.max.replace(tzinfo=UTC)
    )


async def upcoming(desk: Desk, *, limit: int) -> list[Schedule]:
    """Whose dates come next, soonest first."""
    return await desk.db.read(lambda tx: schedules.upcoming(tx, limit=limit))
