"""The clock was set back: what was put off while it was wrong is looked at now.

An order or a message that was to be looked at again five seconds later, by a clock that stood a
month ahead, would otherwise wait for a month. To look too early is harmless. What is not harmless
is to take an approval, or a vendor's key, for fresh because it is of a day that has not come: an
order that was approved or sent then counts as approved too long ago, so that people are asked
again and nothing is sent a second time.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from bot.domain.orders import Order
from bot.domain.steps import is_of_the_future
from bot.workflow.desk import Desk
from bot.workflow.portions import portions
from storage import audit, orders, outbox, waking
from storage.database import Tx

log = structlog.get_logger()


async def see_to(desk: Desk, now: datetime, *, stood: datetime) -> None:
    """``stood``: the latest moment that was seen before."""
    if not is_of_the_future(stood, now):
        return
    desk.resting.clear()
    ids = await desk.db.read(lambda tx: waking.put_off(tx, now=now))
    for some in portions(ids):
        await desk.db.write(partial(_rewind, ids=some, now=now))

    def owe(tx: Tx) -> int:
        messages = outbox.hurried(tx, now=now)
        facts = {"stood": stood, "orders": len(ids), "messages": messages}
        audit.append(tx, at=now, actor="bot", what="clock was set back", order_id=None, facts=facts)
        return messages

    messages = await desk.db.write(owe)
    log.warning("the clock was set back", stood=stood, orders=len(ids), messages=messages)
    desk.wake_announcer()


def _rewind(tx: Tx, ids: Sequence[str], now: datetime) -> None:
    for order in orders.some(tx, ids):
        waking.rewind(tx, order, rewound(order, now))


def rewound(order: Order, now: datetime) -> Order:
    """The order with nothing in it that waits for the wrong clock."""
    due_at, valid_until = order.due_at, order.valid_until
    if is_of_the_future(order.decided_at, now) or is_of_the_future(order.first_sent_at, now):
        valid_until = None if valid_until is None else min(valid_until, now)
    return replace(
        order, due_at=None if due_at is None else min(due_at, now), valid_until=valid_until
    )
