"""Send an approved order: every gate again, then intent, then act, then outcome.

The intent (state ``submitting``, the exact body and its hash, the attempt's number, this process's
boot id and the deadline) is on the disk before the first byte leaves. What the reply means is
decided by ``outcome_event``: after any doubt, no status code settles the order.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog

from bot.domain.orders import Attempt, Event, Order, State, apply, look_alike
from bot.domain.orders import outcome_event as settle_event
from bot.workflow.desk import (
    HOLD_SECONDS,
    RESOLVE_SECONDS,
    Desk,
    backoff,
    card_wish,
    doubt_wishes,
    notice_wish,
)
from bot.workflow.gates import AskAgain, Hold, ask_again, gates, hold
from bot.workflow.reading import EVENTS, reported, wishes_for
from providers.base import (
    Draft,
    Found,
    Provider,
    ProviderError,
    Purchase,
    Refused,
    Report,
    Unavailable,
    Uncertain,
)
from storage import orders
from storage.database import Tx

log = structlog.get_logger()

SKEW = timedelta(minutes=2)
"""How far the vendor's clock may be behind ours when its listing is searched."""


class TooLate(Exception):
    """The approval ended before the first byte could leave; nothing was written or sent."""


def purchase_of(order: Order) -> Purchase:
    """What a vendor may know of the order."""
    return Purchase(
        order_id=order.id,
        key=order.key,
        asset=order.terms.asset,
        spend=order.terms.spend,
        currency=order.terms.currency,
        outlet=order.terms.outlet,
        target=order.terms.target,
    )


async def send(desk: Desk, order: Order) -> None:
    """First send, or the same key again after the vendor was away."""
    provider = desk.provider(order)
    if provider is None:
        await hold(desk, order, Hold(f"{order.terms.provider} is no longer configured"))
        return
    obstacle = await gates(desk, order, provider)
    if isinstance(obstacle, Hold):
        await hold(desk, order, obstacle)
        return
    if isinstance(obstacle, AskAgain):
        await ask_again(desk, order, obstacle.reason)
        return
    if order.decided_boot != desk.boot_id and not await _surely_not_sent(desk, order, provider):
        return
    await attempt(desk, order, provider, await _draft(desk, order, provider))


async def _surely_not_sent(desk: Desk, order: Order, provider: Provider) -> bool:
    """An order approved before this process began may be of a restored file: look first.

    True when nothing at the vendor looks like it; otherwise the order has been moved.
    """
    assert order.decided_at is not None, "an approved order was decided"
    try:
        found = await provider.find(purchase_of(order), since=order.decided_at - SKEW)
    except ProviderError as error:
        await hold(desk, order, Hold(f"the vendor cannot be asked first: {error.reason}"))
        return False
    strange, rivals = await desk.db.read(lambda tx: unclaimed(tx, order, found))
    if not strange:
        return True
    if rivals:
        await hold(desk, order, Hold(f"{rivals[0]} looks the same and is not settled yet"))
        return False
    refs = ", ".join(one.report.ref for one in strange)
    note = f"before it was sent, a purchase that looks like it was found: {refs}"
    after = apply(order, Event.DOUBTED, doubted=True, tries=0, due_at=desk.now(), note=note)
    await desk.move(
        order,
        after,
        Event.DOUBTED,
        wishes=doubt_wishes(desk, after),
        facts={"found": [one.report.raw for one in strange]},
    )
    return False


async def _draft(desk: Desk, order: Order, provider: Provider) -> Draft | Refused:
    """The bytes of the first attempt, repeated exactly by every later one."""
    first = await desk.db.read(lambda tx: orders.first_attempt(tx, order.id))
    try:
        draft = provider.draft(purchase_of(order))
    except Refused as error:
        return error
    if first is None:
        return draft
    return replace(draft, body=first.body, path=first.path, key=first.key)


async def attempt(desk: Desk, order: Order, provider: Provider, draft: Draft | Refused) -> None:
    """Write the intent, send once, write the outcome."""
    if isinstance(draft, Refused):
        await _cannot_be_said(desk, order, draft)
        return
    desk.checkpoint("before intent")
    try:
        sent = await desk.db.write(lambda tx: _write_intent(desk, tx, order, draft))
    except TooLate:
        log.info("the approval ran out while the order was made ready", order=order.id)
        return
    desk.wake_announcer()
    desk.checkpoint("intent committed")
    log.info("sending", order=order.id, attempt=sent.attempts, provider=order.terms.provider)
    try:
        async with asyncio.timeout(desk.buy_seconds):
            reply: Report | ProviderError = await provider.buy(draft)
    except ProviderError as error:
        reply = error
    except TimeoutError:
        reply = Uncertain("no answer within the time that a purchase may take")
    except Exception as error:
        # A fault of ours in the middle of a purchase is a doubt like any other.
        log.exception("the client failed while a purchase was being sent", order=order.id)
        reply = Uncertain(f"the client failed: {type(error).__name__}")
    desk.checkpoint("reply received")
    await desk.db.write(lambda tx: _write_outcome(desk, tx, sent, reply))
    desk.checkpoint("outcome committed")


def _write_intent(desk: Desk, tx: Tx, order: Order, draft: Draft) -> Order:
    now = desk.now()
    if order.valid_until is None or now >= order.valid_until:
        # The gates took so long (a login waits for the next one-time code) that it is too late.
        raise TooLate
    deadline = now + timedelta(seconds=desk.buy_seconds)
    sent = apply(
        order,
        Event.SENT,
        attempts=order.attempts + 1,
        first_sent_at=order.first_sent_at or now,
        deadline=deadline,
        due_at=None,
        note=None,
    )
    orders.move(
        tx,
        order,
        sent,
        Event.SENT,
        actor="bot",
        at=now,
        wishes=[card_wish(sent)],
        facts={"attempt": sent.attempts},
    )
    started = Attempt(
        number=sent.attempts,
        key=draft.key,
        body=draft.body,
        path=draft.path,
        boot_id=desk.boot_id,
        started_at=now,
        deadline=deadline,
    )
    orders.start_attempt(tx, sent, started, draft.method)
    return sent


def _write_outcome(desk: Desk, tx: Tx, sent: Order, reply: Report | ProviderError) -> Order:
    """What the reply means goes down with the end of the attempt, in one transaction."""
    now = desk.now()
    if isinstance(reply, Report) and orders.claimed(tx, sent.terms.provider, [reply.ref]):
        reply = Uncertain(f"the vendor answered with a purchase of another order: {reply.ref}")
    if isinstance(reply, Report):
        event = EVENTS[reply.progress]
        after = reported(desk, sent, reply, event)
        wishes, detail = wishes_for(after, event), None
        facts: dict[str, Any] = {"vendor": reply.raw}
    else:
        event = settle_event(sent, _meaning(reply))
        after = _after_error(desk, sent, event, reply)
        wishes = [card_wish(after)]
        if event is Event.REFUSED:
            wishes.append(notice_wish(after, "failed"))
        elif event is Event.DOUBTED and not sent.doubted:
            wishes = doubt_wishes(desk, after)
        detail = reply.reason
        facts = {"error": type(reply).__name__, "reason": reply.reason}
    orders.end_attempt(tx, sent, at=now, result=event.value, detail=detail)
    log.info("outcome", order=sent.id, became=event.value, detail=detail)
    return orders.move(tx, sent, after, event, actor="bot", at=now, wishes=wishes, facts=facts)


def unclaimed(tx: Tx, order: Order, found: list[Found]) -> tuple[list[Found], list[str]]:
    """What no order of ours owns, and the ids of unsettled orders that it may belong to as well."""
    taken = orders.claimed(tx, order.terms.provider, [one.report.ref for one in found])
    rivals = [
        other.id
        for other in orders.in_state(tx, State.IN_DOUBT, State.SUBMITTING)
        if other.id != order.id and look_alike(other.terms, order.terms)
    ]
    return [one for one in found if one.report.ref not in taken], rivals


def _meaning(error: ProviderError) -> Event:
    if isinstance(error, Refused):
        return Event.REFUSED
    return Event.UNAVAILABLE if isinstance(error, Unavailable) else Event.DOUBTED


def _after_error(desk: Desk, sent: Order, event: Event, error: ProviderError) -> Order:
    now = desk.now()
    match event:
        case Event.REFUSED:
            return apply(sent, event, note=error.reason, due_at=None, deadline=None)
        case Event.UNAVAILABLE:
            pause = backoff(HOLD_SECONDS, sent.tries)
            if isinstance(error, Unavailable) and error.after is not None:
                pause = max(pause, timedelta(seconds=error.after))
            return apply(
                sent,
                event,
                note=error.reason,
                tries=sent.tries + 1,
                due_at=now + pause,
                deadline=None,
            )
        case _:
            exists = isinstance(error, Uncertain) and error.exists
            # The first look-up is at once; a resend that stayed unclear waits its turn.
            pause = backoff(RESOLVE_SECONDS, sent.tries) if sent.doubted else timedelta(0)
            if isinstance(error, Unavailable) and error.after is not None:
                pause = max(pause, timedelta(seconds=error.after))
            return apply(
                sent,
                Event.DOUBTED,
                doubted=True,
                proven=sent.proven or exists,
                tries=sent.tries + 1 if sent.doubted else 0,
                due_at=now + pause,
                deadline=None,
                note=error.reason,
            )


async def _cannot_be_said(desk: Desk, order: Order, error: Refused) -> None:
    """The vendor's call cannot express this order: nothing was sent."""
    assert order.state is State.APPROVED, "a resend repeats stored bytes"
    after = apply(order, Event.REFUSED, note=error.reason, due_at=None)
    wishes = [card_wish(after), notice_wish(after, "failed")]
    await desk.move(order, after, Event.REFUSED, wishes=wishes)
