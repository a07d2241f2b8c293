"""An order whose card nobody can see must not wait for votes that cannot come."""

import structlog

from bot.domain.orders import Event, Order, State, apply
from bot.workflow.desk import Desk
from storage import orders, outbox
from storage.database import Tx
from storage.outbox import Debt, Kind, Wish

log = structlog.get_logger()


async def cancel_unseen(desk: Desk, debt: Debt, code: str) -> bool:
    """Cancel the order and owe its requester a private word; False when its card is there.

    ``code`` is Slack's reason for not taking the card, such as ``not_in_channel``.
    """
    cancelled = await desk.db.write(lambda tx: _cancel(desk, tx, debt, f"Slack says {code}"))
    if cancelled is not None:
        log.error("a card could not be posted", order=cancelled.id, code=code)
    return cancelled is not None


def _cancel(desk: Desk, tx: Tx, debt: Debt, note: str) -> Order | None:
    order = orders.load(tx, debt.order_id or "")
    if order is None or order.state is not State.PENDING_APPROVAL:
        return None
    if outbox.card_of(tx, order.id, order.revision) is not None:
        return None
    after = apply(order, Event.CANCELLED, closed_by="bot", due_at=None, note=note)
    told = Wish(
        key=f"direct:{order.id}:{after.version}",
        kind=Kind.DIRECT,
        order_id=order.id,
        facts={"to": order.requester, "subject": "no card", "note": note},
    )
    outbox.paid(tx, debt)
    return orders.move(
        tx,
        order,
        after,
        Event.CANCELLED,
        actor="bot",
        at=desk.now(),
        wishes=[told],
        facts={"reason": note},
    )
