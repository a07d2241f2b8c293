"""People settle an order in doubt: one approver says what became of it, another one confirms.

The confirmation is bound to the very proposal that was shown. Before either of them counts, anybody
who may read can have the vendor asked once more.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.domain.orders import Event, Order, Proposal, apply
from bot.domain.states import State
from bot.domain.steps import is_settleable
from bot.domain.voting import Answer, Verdict, judge_proposal, judge_settle
from bot.workflow import advance
from bot.workflow.desk import Desk, card_wish, loud_wishes, notice_wish
from storage import orders
from storage.database import Tx
from storage.outbox import Wish

Judge = Callable[[Order], Verdict]
Act = Callable[[Tx, Order], Verdict]


async def check_again(desk: Desk, order_id: str, *, person: str) -> Verdict:
    """Have the vendor asked now instead of at the next turn; any reader may."""
    roster = desk.directory.roster

    def write(tx: Tx) -> Verdict:
        order = orders.load(tx, order_id)
        if order is None:
            return Verdict(answer=Answer.NO_SUCH_ORDER)
        if order.requester != person and not desk.policy.is_reader(person, roster):
            return Verdict(answer=Answer.READERS_ONLY, order=order)
        if order.state not in {State.IN_DOUBT, State.ACCEPTED, State.AWAITING_PAYMENT}:
            return Verdict(answer=Answer.NOTHING_TO_LOOK_FOR, order=order)
        orders.touch(tx, order, tries=order.tries, due_at=desk.now())
        return Verdict(answer=Answer.LOOKING, order=order)

    verdict = await desk.db.write(write)
    if verdict.counts:
        advance.wake(desk, order_id)
    return verdict


async def may_settle(desk: Desk, order_id: str, *, person: str) -> Verdict:
    """Would a proposal of theirs count now? COUNTED means yes; nothing is written."""
    return await desk.db.read(
        lambda tx: _judged(tx, order_id, partial(_judge, desk, person), _would_count)
    )


async def propose(
    desk: Desk, order_id: str, *, person: str, bought: bool, ref: str | None, because: str
) -> Verdict:
    """The first of two says what became of it; a later proposal takes the place of an earlier."""
    now = desk.now()
    proposal = Proposal(bought=bought, ref=ref, by=person, at=now, because=because)

    def act(tx: Tx, order: Order) -> Verdict:
        if ref is not None and is_taken(tx, order, ref):
            return Verdict(answer=Answer.REF_TAKEN, order=order)
        if _says_the_same(order.proposal, proposal):
            # Somebody who got no answer repeats themselves; a confirmation of it may be under way.
            return Verdict(answer=Answer.PROPOSED, order=order)
        after = apply(order, Event.PROPOSED, proposal=proposal)
        wishes = loud_wishes(desk, after, "proposed")
        saved = _move(tx, order, after, Event.PROPOSED, person, now, wishes, proposal)
        return Verdict(answer=Answer.PROPOSED, order=saved)

    return await _written(desk, order_id, partial(_judge, desk, person), act)


def _says_the_same(before: Proposal | None, now: Proposal) -> bool:
    return before is not None and replace(before, at=now.at) == now


async def confirm(desk: Desk, order_id: str, *, person: str, mark: str) -> Verdict:
    """The second of two confirms exactly what the first one said."""
    now = desk.now()

    def judge(order: Order) -> Verdict:
        return judge_proposal(
            order, mark, person=person, policy=desk.policy, roster=desk.directory.roster
        )

    def act(tx: Tx, order: Order) -> Verdict:
        said = order.proposal
        assert said is not None, "judged before"
        if said.ref is not None and is_taken(tx, order, said.ref):
            return Verdict(answer=Answer.REF_TAKEN, order=order)
        saved = settle(
            tx,
            order,
            said,
            by=(said.by, person),
            actor=person,
            now=now,
            watch=_watch(desk, order),
            wishes=lambda after: loud_wishes(desk, after, "settled"),
        )
        return Verdict(answer=Answer.SETTLED, order=saved)

    return await _written(desk, order_id, judge, act)


async def object_to(desk: Desk, order_id: str, *, person: str, mark: str) -> Verdict:
    """Any approver, its own author included, takes a proposal off the table."""
    now = desk.now()

    def act(tx: Tx, order: Order) -> Verdict:
        said = order.proposal
        if said is None or said.mark != mark:
            return Verdict(answer=Answer.OTHER_PROPOSAL, order=order)
        after = apply(order, Event.OBJECTED, proposal=None)
        wishes = [card_wish(after), notice_wish(after, "objected")]
        saved = _move(tx, order, after, Event.OBJECTED, person, now, wishes, said)
        return Verdict(answer=Answer.OBJECTED, order=saved)

    return await _written(desk, order_id, partial(_judge, desk, person), act)


def settle(
    tx: Tx,
    order: Order,
    said: Proposal,
    *,
    by: tuple[str, ...],
    actor: str,
    now: datetime,
    watch: timedelta | None,
    wishes: Callable[[Order], list[Wish]],
) -> Order:
    """Write down what people have settled. It is never sent again; the vendor is asked on.

    ``watch``: when it is looked at again although nothing was bought; None: never.
    Raises NotAllowed for an order that is not settleable.
    """
    assert is_settleable(order), "judged before"
    if said.bought:
        event = Event.SETTLED_BOUGHT
        changes: dict[str, Any] = {"ref": said.ref, "due_at": now}
    else:
        event = Event.SETTLED_NOT_BOUGHT
        forgotten = order.attempts == 0 and not order.look_first
        later = None if watch is None or forgotten else now + watch
        changes = {"ref": None, "due_at": later, "closed_by": actor}
    after = apply(
        order,
        event,
        proposal=None,
        settled_by=by,
        tries=0,
        note=said.because,
        deadline=None,
        **changes,
    )
    return _move(tx, order, after, event, actor, now, wishes(after), said)


def is_taken(tx: Tx, order: Order, ref: str) -> bool:
    """Another order of ours owns this purchase."""
    return order.ref != ref and bool(orders.claimed(tx, order.terms.provider, [ref]))


def _judge(desk: Desk, person: str, order: Order) -> Verdict:
    return judge_settle(order, person=person, policy=desk.policy, roster=desk.directory.roster)


def _would_count(_tx: Tx, order: Order) -> Verdict:
    return Verdict(answer=Answer.COUNTED, order=order)


def _judged(tx: Tx, order_id: str, judge: Judge, act: Act) -> Verdict:
    """Do it to the order as it is now, if it may be done; else why not."""
    order = orders.load(tx, order_id)
    if order is None:
        return Verdict(answer=Answer.NO_SUCH_ORDER)
    verdict = judge(order)
    return act(tx, order) if verdict.answer is Answer.COUNTED else verdict


async def _written(desk: Desk, order_id: str, judge: Judge, act: Act) -> Verdict:
    verdict = await desk.db.write(lambda tx: _judged(tx, order_id, judge, act))
    if verdict.order is not None and verdict.counts:
        advance.moved(desk, verdict.order)
    return verdict


def _watch(desk: Desk, order: Order) -> timedelta | None:
    provider = desk.provider(order)
    if provider is None:
        return timedelta(days=1)
    if not provider.sheet.watch_seconds:
        return None
    return timedelta(seconds=provider.sheet.watch_seconds[0])


def _move(
    tx: Tx,
    order: Order,
    after: Order,
    event: Event,
    person: str,
    now: datetime,
    wishes: list[Wish],
    said: Proposal,
) -> Order:
    facts = {"bought": said.bought, "ref": said.ref, "reason": said.because, "said by": said.by}
    return orders.move(tx, order, after, event, actor=person, at=now, wishes=wishes, facts=facts)
