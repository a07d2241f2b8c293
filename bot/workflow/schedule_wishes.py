"""What is owed to Slack about a schedule: its card, replies in its thread, its reminders."""

from datetime import datetime
from typing import Any

from bot.domain.schedules import Schedule
from bot.domain.zones import wall_key
from storage.outbox import Kind, Wish, schedule_key


def schedule_wish(schedule: Schedule, revision: int | None = None) -> Wish:
    """Owe the card of this revision (the present one unless told) its present truth."""
    number = schedule.revision if revision is None else revision
    return Wish(
        key=schedule_key(schedule.id, number),
        kind=Kind.SCHEDULE,
        order_id=None,
        facts={"schedule": schedule.id, "revision": number},
    )


def spare_wish(schedule_id: str, channel: str, ts: str) -> Wish:
    """Owe a closing edit to a second copy of one of its messages."""
    return Wish(
        key=f"spare:{channel}:{ts}",
        kind=Kind.SCHEDULE,
        order_id=None,
        facts={"schedule": schedule_id, "revision": 0, "spare": [channel, ts]},
    )


def schedule_notice(schedule: Schedule, subject: str, **facts: Any) -> Wish:
    """Owe a reply in its thread that mentions whoever must know; edits notify nobody."""
    return Wish(
        key=f"schedule notice:{schedule.id}:{schedule.version}:{subject}",
        kind=Kind.SCHEDULE_NOTICE,
        order_id=None,
        facts={
            "schedule": schedule.id,
            "revision": schedule.revision,
            "subject": subject,
            **facts,
        },
    )


def prompt_wish(schedule_id: str, local: datetime, asked: int) -> Wish:
    """Owe the message of one date's reminder; ``asked`` counts how often it was posted."""
    date = wall_key(local)
    return Wish(
        key=f"prompt:{schedule_id}:{date}:{asked}",
        kind=Kind.PROMPT,
        order_id=None,
        facts={"schedule": schedule_id, "local": date, "asked": asked},
    )
