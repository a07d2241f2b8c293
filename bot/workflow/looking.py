"""What commands may read: orders and their history, never the tables themselves."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.budgets import Figures, Prospect
from bot.domain.freezes import Freeze
from bot.domain.orders import OPEN, Order
from bot.workflow import budgeting
from bot.workflow.desk import Desk
from storage import freezes, orders, outbox
from storage.database import Tx

RECENTLY = timedelta(hours=24)
"""How far back "lately" goes."""


@dataclass(frozen=True, slots=True)
class Story:
    """One order and its events, oldest first: ``event, actor, at, facts, from_state, to_state``."""

    order: Order
    events: list[dict[str, Any]]
    freezes: tuple[Freeze, ...]
    prospects: tuple[Prospect, ...] = ()
    """What it would do to the budgets, while it waits for votes."""


async def budgets(desk: Desk) -> tuple[Figures, ...]:
    """What has become of every budget."""
    return await desk.db.read(lambda tx: budgeting.everything(desk, tx))


async def story(desk: Desk, order_id: str) -> Story | None:
    """Who did what when; None when there is no such order."""

    def look(tx: Tx) -> Story | None:
        order = orders.load(tx, order_id)
        if order is None:
            return None
        return Story(
            order=order,
            events=orders.history(tx, order_id),
            freezes=freezes.active(tx),
            prospects=budgeting.shown(desk, tx, order),
        )

    return await desk.db.read(look)


async def open_and_recent(desk: Desk, *, limit: int) -> list[Order]:
    """What is open, newest first, then what has ended lately."""
    since = desk.now() - RECENTLY

    def look(tx: Tx) -> list[Order]:
        still_open = orders.in_state(tx, *OPEN)
        lately = orders.recent(tx, since=since, limit=limit + len(still_open))
        return [*reversed(still_open), *(order for order in lately if order.state not in OPEN)]

    return await desk.db.read(look)


async def still_open(desk: Desk) -> list[Order]:
    """What is open, newest first."""
    return list(reversed(await desk.db.read(lambda tx: orders.in_state(tx, *OPEN))))


async def newest(desk: Desk, *, requester: str | None, limit: int) -> list[Order]:
    """The newest orders of everybody or of one requester."""
    return await desk.db.read(lambda tx: orders.recent(tx, requester=requester, limit=limit))


async def order_at(desk: Desk, channel: str, ts: str) -> str | None:
    """The order whose card stands there; None when it is no card."""
    return await desk.db.read(lambda tx: outbox.order_at(tx, channel, ts))


async def freezes_now(desk: Desk) -> tuple[Freeze, ...]:
    """The freezes that stand, oldest first."""
    return await desk.db.read(freezes.active)


async def has_taken_part(desk: Desk, user: str) -> bool:
    """Somebody has asked for something, or voted, ever."""
    return await desk.db.read(lambda tx: orders.has_taken_part(tx, user))
