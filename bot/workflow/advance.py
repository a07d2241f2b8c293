"""Carry an order as far as it can go now. Two callers: a click, and the clock.

``advance`` is the only function that branches over effects. It loads, asks the pure ``next_step``
what to do, does that one thing, and looks again, until there is nothing left to do now. One task at
a time carries an order; being woken meanwhile makes that task look once more.
"""

from collections.abc import Awaitable, Callable, Mapping

import structlog

from bot.domain.orders import Attempt, Event, Order, apply
from bot.domain.steps import Step, next_step, wake_at
from bot.workflow import (
    doubt,
    enveloped,
    gates,
    paying,
    pricing,
    reading,
    reminding,
    sending,
    watching,
)
from bot.workflow.carrying import carry
from bot.workflow.desk import Desk, card_wish, is_due, notice_wish
from storage import orders
from storage.database import Tx

log = structlog.get_logger()

AT_MOST = 50
"""Steps in one go. A real order needs fewer than ten; a loop that decides nothing must end."""


def moved(desk: Desk, order: Order) -> None:
    """An order has been written: its card is owed, and something may be due at once."""
    desk.wake_announcer()
    if is_due(order, desk.now()):
        wake(desk, order.id)
    elif (at := wake_at(order)) is not None:
        desk.wake_clock(at)


def wake(desk: Desk, order_id: str) -> None:
    """See to the order in the background, unless the bot is stopping."""
    carry(desk, order_id, advance)


async def advance(desk: Desk, order_id: str) -> None:
    """Do what the order needs until it needs nothing now. Never raises ``orders.Lost``."""
    for _ in range(AT_MOST):
        order, attempt = await desk.db.read(lambda tx: _load(tx, order_id))
        if order is None or desk.stopping:
            return
        step = next_step(
            order, now=desk.now(), boot_id=desk.boot_id, attempt=attempt, running=False
        )
        if step is Step.NOTHING:
            return
        try:
            await _take(desk, order, step)
        except orders.Lost:
            log.info("somebody else moved the order first", order=order_id, step=step.value)
        desk.wake_announcer()
    log.error("an order keeps asking for another step", order=order_id)


def _load(tx: Tx, order_id: str) -> tuple[Order | None, Attempt | None]:
    return orders.load(tx, order_id), orders.last_attempt(tx, order_id)


async def _take(desk: Desk, order: Order, step: Step) -> None:
    log.info("step", order=order.id, state=order.state.value, step=step.value)
    await DEEDS[step](desk, order)


async def _expire(desk: Desk, order: Order) -> None:
    after = apply(order, Event.EXPIRED, due_at=None)
    wishes = [card_wish(after), notice_wish(after, "expired")]
    await desk.move(order, after, Event.EXPIRED, wishes=wishes)


async def _used_too_late(desk: Desk, order: Order) -> None:
    await gates.ask_again(desk, order, enveloped.NOT_IN_TIME)


async def _died(desk: Desk, order: Order) -> None:
    await doubt.declare(desk, order, "the bot stopped while the purchase was being sent")


DEEDS: Mapping[Step, Callable[[Desk, Order], Awaitable[None]]] = {
    Step.EXPIRE: _expire,
    Step.PRICE: pricing.read_first,
    Step.USE_ENVELOPE: enveloped.use,
    Step.NUDGE: reminding.remind,
    Step.ASK_AGAIN: _used_too_late,
    Step.SEND: sending.send,
    Step.DECLARE_DOUBT: _died,
    Step.RESOLVE: doubt.resolve,
    Step.POLL: reading.poll,
    Step.TAKE_BACK: paying.take_back,
    Step.INSTRUCT: paying.instruct,
    Step.TELL_PAID: paying.tell_paid,
    Step.REMIND: paying.remind,
    Step.WATCH: watching.watch,
}
"""What is done in each step; NOTHING is not done."""
