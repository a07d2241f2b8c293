"""Send an approved order: every gate again, then intent, then act, then outcome.

The intent (state ``submitting``, the exact body and its hash, the attempt's number, this process's
boot id and the deadline) is on the disk before the first byte leaves. What the reply means is
decided by ``outcome_event``: after any doubt, no status code settles the order.
"""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.domain.capabilities import Lookup
from bot.domain.orders import Attempt, Event, Order, State, apply, outcome_event
from bot.domain.quotes import Quote
from bot.domain.steps import may_resend
from bot.workflow.budgeting import overdrawn
from bot.workflow.desk import (
    HOLD_SECONDS,
    RESOLVE_SECONDS,
    Desk,
    backoff,
    card_wish,
    loud_wishes,
    notice_wish,
)
from bot.workflow.gates import AskAgain, Hold, ask_again, gates, hold, stops
from bot.workflow.lookup import purchase_of
from bot.workflow.reading import EVENTS, reported, watch_again, wishes_for
from bot.workflow.witness import saw_approval, witnessed
from providers.base import (
    Draft,
    Provider,
    ProviderError,
    Refused,
    Report,
    Unavailable,
    Uncertain,
)
from storage import orders
from storage.database import Tx

log = structlog.get_logger()


class TooLate(Exception):
    """The approval ended before the first byte could leave; nothing was written or sent."""


class Stopped(Exception):
    """A freeze, a cap or a budget came between the gates and the first byte; nothing was sent."""


async def send(desk: Desk, order: Order) -> None:
    """First send, or the same key again after the vendor was away."""
    provider = desk.provider(order)
    if provider is None:
        await hold(desk, order, Hold(f"{order.terms.provider} is no longer configured"))
        return
    gate = await gates(desk, order, provider)
    if isinstance(gate, Hold):
        await hold(desk, order, gate)
        return
    if isinstance(gate, AskAgain):
        await ask_again(desk, order, gate.reason, price=gate.price)
        return
    if not await witnessed(desk, order, provider):
        return
    # Where nothing could be looked at, the vendor's key alone keeps this from being the second one.
    blind = not provider.sheet.has_list and not saw_approval(desk, order)
    draft = await _draft(desk, order, provider, gate.quote)
    await attempt(desk, order, provider, draft, blind=blind)


async def _draft(
    desk: Desk, order: Order, provider: Provider, quote: Quote | None
) -> Draft | Refused:
    """With a key the bytes of the first attempt, which every later one repeats exactly.

    Without one nothing is ever sent again but what surely was not executed, so it is said anew: a
    rate would be stale by then, and people may have been asked again under another configuration.
    """
    sheet = provider.sheet
    rate = quote.price if quote is not None and sheet.sends_rate else None
    first = await desk.db.read(lambda tx: orders.first_attempt(tx, order.id))
    try:
        draft = provider.draft(purchase_of(order, rate=rate))
    except Refused as error:
        return error
    if first is None or not sheet.has_native_key:
        return draft
    return replace(draft, body=first.body, path=first.path, key=first.key)


async def attempt(
    desk: Desk, order: Order, provider: Provider, draft: Draft | Refused, *, blind: bool = False
) -> None:
    """Write the intent, send once, write the outcome.

    ``blind``: it may have been sent before, by a process whose records are gone. Then a refusal may
    be that of a duplicate, and settles nothing.
    """
    if isinstance(draft, Refused):
        await _cannot_be_said(desk, order, draft)
        return
    desk.checkpoint("before intent")
    try:
        sent = await desk.db.write(lambda tx: _write_intent(desk, tx, order, draft))
    except TooLate:
        log.info("the approval ran out while the order was made ready", order=order.id)
        return
    except Stopped as error:
        if order.state is State.APPROVED:
            await hold(desk, order, Hold(str(error)))
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
        reply = Uncertain("something went wrong on our side", detail=type(error).__name__)
    desk.checkpoint("reply received")
    await desk.db.write(lambda tx: _write_outcome(desk, tx, sent, reply, blind=blind))
    desk.checkpoint("outcome committed")


def _write_intent(desk: Desk, tx: Tx, order: Order, draft: Draft) -> Order:
    now = desk.now()
    if order.valid_until is None or now >= order.valid_until:
        # The gates took so long (a login waits for the next one-time code) that it is too late.
        raise TooLate
    if order.state is State.IN_DOUBT and not _key_lives(desk, order, now):
        raise TooLate
    if (obstacle := stops(desk, tx, order) or overdrawn(desk, tx, order)) is not None:
        raise Stopped(obstacle)
    deadline = now + timedelta(seconds=desk.buy_seconds)
    sent = apply(
        order,
        Event.SENT,
        attempts=order.attempts + 1,
        first_sent_at=order.first_sent_at or now,
        deadline=deadline,
        due_at=None,
        note=None,
        looks=None,
        look_first=False,
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


def _key_lives(desk: Desk, order: Order, now: datetime) -> bool:
    """A resend buys nothing twice at this moment; the gates before it may have taken minutes."""
    provider = desk.provider(order)
    lifetime = None if provider is None else provider.sheet.key_lifetime
    return may_resend(order, now=now, key_lifetime=lifetime)


def _write_outcome(
    desk: Desk, tx: Tx, sent: Order, reply: Report | ProviderError, *, blind: bool
) -> Order:
    """What the reply means goes down with the end of the attempt, in one transaction."""
    now = desk.now()
    if isinstance(reply, Report) and orders.claimed(tx, sent.terms.provider, [reply.ref]):
        reply = Uncertain(f"the provider answered with a purchase of another order: {reply.ref}")
    if isinstance(reply, Report):
        event = EVENTS[reply.progress]
        after = reported(desk, sent, reply, event)
        wishes, detail = wishes_for(after, event), None
        facts: dict[str, Any] = {"vendor": reply.raw}
    else:
        event = outcome_event(replace(sent, doubted=sent.doubted or blind), _meaning(reply))
        after = _after_error(desk, sent, event, reply)
        wishes = [card_wish(after)]
        if event is Event.REFUSED:
            wishes.append(notice_wish(after, "failed"))
        elif event is Event.DOUBTED and not sent.doubted:
            wishes = loud_wishes(desk, after, "in doubt")
        detail = reply.in_full
        facts = {"error": type(reply).__name__, "reason": reply.in_full}
    orders.end_attempt(tx, sent, at=now, result=event.value, detail=detail)
    log.info("outcome", order=sent.id, became=event.value, detail=detail)
    return orders.move(tx, sent, after, event, actor="bot", at=now, wishes=wishes, facts=facts)


def _meaning(error: ProviderError) -> Event:
    if isinstance(error, Refused):
        return Event.REFUSED
    return Event.UNAVAILABLE if isinstance(error, Unavailable) else Event.DOUBTED


def _after_error(desk: Desk, sent: Order, event: Event, error: ProviderError) -> Order:
    now = desk.now()
    match event:
        case Event.REFUSED:
            return apply(sent, event, note=error.reason, due_at=_watched(desk, sent), deadline=None)
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


def _watched(desk: Desk, order: Order) -> datetime | None:
    """A refusal is final. Where our reference would prove it wrong, it is watched all the same."""
    provider = desk.provider(order)
    if provider is None or provider.sheet.lookup is not Lookup.REFERENCE:
        return None
    return watch_again(desk, order, 0)


async def _cannot_be_said(desk: Desk, order: Order, error: Refused) -> None:
    """The vendor's call cannot express this order: nothing was sent."""
    assert order.state is State.APPROVED, "a resend repeats stored bytes"
    after = apply(order, Event.REFUSED, note=error.reason, due_at=None)
    wishes = [card_wish(after), notice_wish(after, "failed")]
    await desk.move(order, after, Event.REFUSED, wishes=wishes)
