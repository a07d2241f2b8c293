"""Somebody will pay, or has paid: one transaction, a truthful answer in every case."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.freezes import stopped_by
from bot.domain.orders import Event, Order, State, apply
from bot.domain.people import Standing
from bot.domain.voting import Answer, Verdict
from bot.workflow import advance
from bot.workflow.desk import Desk, card_wish
from storage import freezes, orders
from storage.database import Tx

Change = Callable[[Order, datetime], Order]


async def will_pay(desk: Desk, order_id: str, *, person: str) -> Verdict:
    """The first reader who says so is the one payer; again, they are told once more how."""

    def judge(order: Order) -> Verdict:
        if order.payer not in {None, person}:
            return Verdict(answer=Answer.SOMEBODY_PAYS, order=order)
        return Verdict(answer=Answer.PAYER, order=order)

    def change(order: Order, now: datetime) -> Order:
        return apply(order, Event.PAYER, payer=person, instructed=False, tries=0, due_at=now)

    return await _written(desk, order_id, person, judge, Event.PAYER, change)


async def may_say_paid(desk: Desk, order_id: str, *, person: str) -> Verdict:
    """Would it count if they said that it is paid? SAID_PAID means yes; nothing is written."""

    def look(tx: Tx) -> Verdict:
        order = orders.load(tx, order_id)
        return _judge_paid(desk, person, order) if order else _nobodys()

    return await desk.db.read(look)


async def have_paid(desk: Desk, order_id: str, *, person: str, code: str | None) -> Verdict:
    """The payer, the requester or an approver says that it is paid; the vendor is told."""

    def judge(order: Order) -> Verdict:
        return _judge_paid(desk, person, order)

    def change(order: Order, now: datetime) -> Order:
        return apply(
            order, Event.SAID_PAID, paid_by=person, paid_code=code, tries=0, due_at=now, note=None
        )

    return await _written(desk, order_id, person, judge, Event.SAID_PAID, change)


def _judge_paid(desk: Desk, person: str, order: Order) -> Verdict:
    roster = desk.directory.roster
    may = person in {order.payer, order.requester} or desk.policy.is_approver(person, roster)
    refusal = _common(desk, person, order)
    if refusal is not None:
        return refusal
    if not may:
        return Verdict(answer=Answer.NOT_THE_PAYER, order=order)
    return Verdict(answer=Answer.SAID_PAID, order=order)


def _common(desk: Desk, person: str, order: Order) -> Verdict | None:
    """What keeps anybody from paying: who they are, or where the order stands."""
    roster = desk.directory.roster
    standing = roster.standing(person)
    if standing is not Standing.MEMBER:
        return Verdict(answer=Answer.NOT_A_MEMBER, order=order, standing=standing)
    if person != order.requester and not desk.policy.is_reader(person, roster):
        return Verdict(answer=Answer.READERS_ONLY, order=order)
    if order.state is not State.AWAITING_PAYMENT or order.closed_by is not None:
        return Verdict(answer=Answer.NOTHING_TO_PAY, order=order)
    if order.paid_by is not None:
        return Verdict(answer=Answer.PAID_ALREADY, order=order)
    return None


async def _written(
    desk: Desk,
    order_id: str,
    person: str,
    judge: Callable[[Order], Verdict],
    event: Event,
    change: Change,
) -> Verdict:
    now = desk.now()

    def write(tx: Tx) -> Verdict:
        order = orders.load(tx, order_id)
        if order is None:
            return _nobodys()
        verdict = _common(desk, person, order) or judge(order)
        if not verdict.counts:
            return verdict
        if event is Event.PAYER and stopped_by(freezes.active(tx), order.terms) is not None:
            return Verdict(answer=Answer.FROZEN, order=order)
        after = change(order, now)
        saved = orders.move(
            tx, order, after, event, actor=person, at=now, wishes=[card_wish(after)]
        )
        return Verdict(answer=verdict.answer, order=saved)

    verdict = await desk.db.write(write)
    if verdict.counts and verdict.order is not None:
        advance.moved(desk, verdict.order)
    return verdict


def _nobodys() -> Verdict:
    return Verdict(answer=Answer.NO_SUCH_ORDER)
