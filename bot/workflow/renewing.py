"""Orders that wait for votes on what is no longer so: found by the clock, not at the next click.

The configuration is read at start, and who is who every few minutes. Whenever either may have
changed, every order that waits is held against it once; where it differs, people are asked anew at
once and told what has changed.
"""

from functools import partial

import structlog

from bot.domain.orders import Order, State
from bot.workflow.advance import moved
from bot.workflow.anew import ask_anew
from bot.workflow.desk import Desk, card_wish
from bot.workflow.rules import differences, said
from storage import orders, outbox
from storage.database import Tx

log = structlog.get_logger()


async def renew(desk: Desk) -> None:
    """Ask anew about every order whose card no longer tells what stands."""
    waiting = await desk.db.read(lambda tx: orders.in_state(tx, State.PENDING_APPROVAL))
    for order in waiting:
        if differences(desk, order):
            saved = await desk.db.write(partial(_renewed, desk, order.id))
            if saved is not None:
                log.info("asked anew", order=saved.id, state=saved.state.value, why=saved.note)
                moved(desk, saved)


async def show_again(desk: Desk) -> None:
    """At start: the buttons of every waiting card carry what this version binds votes to."""

    def wish(tx: Tx) -> None:
        for order in orders.in_state(tx, State.PENDING_APPROVAL):
            if outbox.card_of(tx, order.id, order.revision) is not None:
                outbox.wish(tx, card_wish(order), at=desk.now())

    await desk.db.write(wish)


def _renewed(desk: Desk, order_id: str, tx: Tx) -> Order | None:
    """Judged on the order as it is now; None when somebody has moved it meanwhile."""
    order = orders.load(tx, order_id)
    if order is None or order.state is not State.PENDING_APPROVAL:
        return None
    if desk.now() >= order.expires_at or not (found := differences(desk, order)):
        return None
    return ask_anew(desk, order, said(found)).save(tx, actor="bot", at=desk.now())
