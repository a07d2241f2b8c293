"""Orders that wait for votes on what is no longer so: found by the clock, not at the next click.

The configuration is read at start, and who is who every few minutes. Whenever either may have
changed, every order that waits is held against it once; where it differs, people are asked anew at
once and told what has changed.
"""

from collections.abc import Iterator, Sequence
from functools import partial

import structlog

from bot.domain.orders import Order, State
from bot.workflow.advance import moved
from bot.workflow.anew import ask_anew
from bot.workflow.desk import Desk, card_wish
from bot.workflow.portions import portions
from bot.workflow.rules import differences, said
from storage import orders, outbox
from storage.database import Tx

AT_ONCE = 50
"""Orders that are compared in one go, in a few milliseconds: clicks get their turn in between."""

log = structlog.get_logger()


async def renew(desk: Desk) -> None:
    """Ask anew about every order whose card no longer tells what stands."""
    for portion in await _waiting(desk):
        for order in await desk.db.read(partial(orders.some, ids=portion)):
            if differences(desk, order):
                saved = await desk.db.write(partial(_renewed, desk, order.id))
                if saved is not None:
                    log.info("asked anew", order=saved.id, state=saved.state.value, why=saved.note)
                    moved(desk, saved)


async def show_again(desk: Desk) -> None:
    """At start: the buttons of every waiting card carry what this version binds votes to."""

    def wish(portion: Sequence[str], tx: Tx) -> None:
        for order in orders.some(tx, portion):
            if outbox.card_of(tx, order.id, order.revision) is not None:
                outbox.wish(tx, card_wish(order), at=desk.now())

    for portion in await _waiting(desk):
        await desk.db.write(partial(wish, portion))


async def _waiting(desk: Desk) -> Iterator[Sequence[str]]:
    """The orders that wait for votes, some at a time: there may be thousands."""
    ids = await desk.db.read(lambda tx: orders.ids_in_state(tx, State.PENDING_APPROVAL))
    return portions(ids, AT_ONCE)


def _renewed(desk: Desk, order_id: str, tx: Tx) -> Order | None:
    """Judged on the order as it is now; None when somebody has moved it meanwhile."""
    order = orders.load(tx, order_id)
    if order is None or order.state is not State.PENDING_APPROVAL:
        return None
    if desk.now() >= order.expires_at or not (found := differences(desk, order)):
        return None
    return ask_anew(desk, order, said(found)).save(tx, actor="bot", at=desk.now())
