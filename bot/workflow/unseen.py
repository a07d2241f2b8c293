"""What the channel does not take must not be lost: an unseen order ends, people are told privately.

An order whose card nobody can see must not wait for votes that cannot come. What was to be said in
a thread is said to those whom it would have mentioned.
"""

from collections.abc import Iterable

import structlog

from bot.domain.orders import Event, Order, State, apply
from bot.workflow.desk import Desk
from storage import orders, outbox
from storage.database import Tx
from storage.outbox import Debt, Kind, Wish

log = structlog.get_logger()


async def cancel_unseen(desk: Desk, debt: Debt, why: str) -> bool:
    """Cancel the order and owe its requester a private word; False when its card is there.

    ``why`` the card was not taken, as a phrase: ``Slack says not_in_channel``.
    """
    cancelled = await desk.db.write(lambda tx: _cancel(desk, tx, debt, why))
    if cancelled is not None:
        log.error("a card could not be posted", order=cancelled.id, reason=why)
    return cancelled is not None


async def divert(desk: Desk, debt: Debt, users: Iterable[str], why: str) -> None:
    """Owe each of these people privately what the channel did not take."""
    owed = [
        Wish(
            key=f"{debt.key}:{user}",
            kind=Kind.DIRECT,
            order_id=debt.order_id,
            facts={**debt.facts, "to": user, "diverted": why},
        )
        for user in sorted(users)
    ]

    def write(tx: Tx) -> None:
        for one in owed:
            outbox.wish(tx, one, at=desk.now())
        outbox.paid(tx, debt)

    await desk.db.write(write)


async def tell_operators(desk: Desk, why: str) -> None:
    """Owe each operator a word that the channel of the cards takes nothing."""
    now = desk.now()

    def write(tx: Tx) -> None:
        for operator in desk.policy.operators:
            key = f"direct:channel:{now.isoformat()}:{operator}"
            facts = {"to": operator, "channel": why}
            outbox.wish(tx, Wish(key=key, kind=Kind.DIRECT, order_id=None, facts=facts), at=now)

    await desk.db.write(write)


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
