"""One task at a time carries one thing, an order or a schedule, as far as it can go now.

Being woken meanwhile makes that task look once more before it ends.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from bot.workflow.desk import Desk
from storage.database import DatabaseClosed

log = structlog.get_logger()

REST = timedelta(minutes=1)
"""How long something is left alone after it met what nobody expected."""

Work = Callable[[Desk, str], Awaitable[None]]


def carry(desk: Desk, key: str, work: Work) -> None:
    """See to it in the background, unless the bot is stopping. ``key`` is the id."""
    if desk.resting.get(key, desk.now()) > desk.now():
        return
    desk.resting.pop(key, None)
    if key in desk.busy:
        desk.again.add(key)
    elif not desk.stopping:
        desk.busy.add(key)
        desk.spawn(_carry(desk, key, work), name=f"carry {key}")


async def _carry(desk: Desk, key: str, work: Work) -> None:
    try:
        while True:
            desk.again.discard(key)
            await work(desk, key)
            if key not in desk.again or desk.stopping:
                break
    except DatabaseClosed:
        pass
    except Exception:
        # A fault of ours or of a client: once a minute is often enough to meet it again.
        log.exception("something could not be carried on", id=key)
        desk.resting[key] = desk.now() + REST
    finally:
        desk.busy.discard(key)
        desk.again.discard(key)
        desk.wake_announcer()
        desk.wake_clock(None)
