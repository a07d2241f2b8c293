"""The outcome of a purchase is unknown: look, and never send blindly.

The first look-up is at once, and a match by our own reference counts at any time. A match by amount
and time alone is evidence, and enough only when the vendor has said that it knows our key and just
one unclaimed purchase fits. The vendor's own key makes sending the same bytes again safe while it
lives, while every gate of a first send is open and nobody has begun to settle the order by hand.
Where an unpaid purchase costs nothing, absence after the payment window ends it. Whatever stays
unclear stays in doubt: it keeps its reservation, and two people settle it.
"""

from datetime import datetime, timedelta

import structlog

from bot.domain.capabilities import Sheet
from bot.domain.evidence import Ground, has_lapsed
from bot.domain.orders import Event, Order, apply
from bot.domain.steps import may_resend, needs_people
from bot.workflow.desk import (
    RESOLVE_SECONDS,
    Desk,
    backoff,
    card_wish,
    loud_wishes,
    notice_wish,
)
from bot.workflow.gates import Open, gates
from bot.workflow.lookup import Sight, look, move_seen
from bot.workflow.reading import EVENTS, reported, watch_again, wishes_for
from bot.workflow.sending import attempt
from providers.base import Draft, Found, Provider
from storage import orders
from storage.database import Tx
from storage.outbox import Wish

log = structlog.get_logger()

ALARMS = frozenset({Ground.SEVERAL_OF_OURS, Ground.OWNED})
"""What somebody has to look at today."""


async def declare(desk: Desk, order: Order, why: str) -> None:
    """The process that sent this is gone, or its reply is overdue: nobody knows."""
    after = apply(
        order, Event.DOUBTED, doubted=True, tries=0, due_at=desk.now(), deadline=None, note=why
    )
    wishes = [card_wish(after)] if order.doubted else loud_wishes(desk, after, "in doubt")

    def write(tx: Tx) -> None:
        orders.end_attempt(tx, order, at=desk.now(), result="no reply", detail=why)
        orders.move(tx, order, after, Event.DOUBTED, actor="bot", at=desk.now(), wishes=wishes)

    await desk.db.write(write)


async def resolve(desk: Desk, order: Order) -> None:
    """Look the purchase up; adopt it, let it go, send the same key again, or wait."""
    provider = desk.provider(order)
    if provider is None:
        await _nobody_to_ask(desk, order)
        return
    sight = await look(desk, order, provider)
    desk.checkpoint("looked up")
    if sight.match is not None:
        await _adopt(desk, order, sight.match, sight)
        return
    if await _lapsed(desk, order, provider.sheet, sight):
        return
    waiting = await _note(desk, order, provider.sheet, sight)
    # A vendor that knows the key has the purchase; asking it once more would tell nothing new.
    if order.tries > 0 and not waiting.proven:
        await _send_again(desk, waiting, provider)


async def _nobody_to_ask(desk: Desk, order: Order) -> None:
    """The vendor is not set up any more: people are called once; the next start may know it."""
    due_at, tries = desk.now() + backoff(RESOLVE_SECONDS, order.tries), order.tries + 1
    note = f"{order.terms.provider} is not set up any more"
    if order.note == note:
        await desk.db.write(lambda tx: orders.touch(tx, order, tries=tries, due_at=due_at))
        return
    after = apply(order, Event.LOOKED_UP, tries=tries, due_at=due_at, note=note)
    wishes = loud_wishes(desk, after, "settle it")
    await desk.move(order, after, Event.LOOKED_UP, wishes=wishes, facts={"trouble": note})


async def _adopt(desk: Desk, order: Order, match: Found, sight: Sight) -> None:
    event = EVENTS[match.report.progress]
    after = reported(desk, order, match.report, event, looks=sight.looks)
    log.info("found", order=order.id, ref=match.report.ref, rule=sight.looks.ground.value)
    await move_seen(desk, order, after, event, sight, wishes_for(after, event))


async def _lapsed(desk: Desk, order: Order, sheet: Sheet, sight: Sight) -> bool:
    """It was never paid, and can be no more: nothing was bought."""
    last = await desk.db.read(lambda tx: orders.last_attempt(tx, order.id))
    if last is None or not has_lapsed(sight.looks, sheet, sent_at=last.started_at):
        return False
    after = apply(
        order,
        Event.LAPSED,
        looks=sight.looks,
        tries=0,
        due_at=watch_again(desk, order, 0),
        note="nothing was found, and the time to pay is over",
    )
    await move_seen(
        desk, order, after, Event.LAPSED, sight, [card_wish(after), notice_wish(after, "lapsed")]
    )
    return True


async def _note(desk: Desk, order: Order, sheet: Sheet, sight: Sight) -> Order:
    """Keep the evidence, say when it is looked at again, and call people when they are needed."""
    after = apply(
        order,
        Event.LOOKED_UP,
        looks=sight.looks,
        # Twice under our reference: the key does not protect, and must not be sent once more.
        proven=order.proven or sight.looks.ground is Ground.SEVERAL_OF_OURS,
        tries=order.tries + 1,
        due_at=_next_look(desk, order, sheet, sight),
    )
    await move_seen(desk, order, after, Event.LOOKED_UP, sight, _called(desk, order, after, sheet))
    return after


def _called(desk: Desk, before: Order, after: Order, sheet: Sheet) -> list[Wish]:
    """The card; and a loud word once when only people are left, or when something is very wrong."""
    known = None if before.looks is None else before.looks.ground
    ground = None if after.looks is None else after.looks.ground
    if ground in ALARMS and ground is not known:
        return loud_wishes(desk, after, "alarm")
    was = before.looks is not None and needs_people(before, sheet, now=before.looks.last_at)
    if needs_people(after, sheet, now=desk.now()) and not was:
        return loud_wishes(desk, after, "settle it")
    return [card_wish(after)]


def _next_look(desk: Desk, order: Order, sheet: Sheet, sight: Sight) -> datetime | None:
    """Never, where there is no list to look at and nothing may be sent again: people settle it."""
    now, lifetime = desk.now(), sheet.key_lifetime
    if not sheet.has_list and not may_resend(order, now=now, key_lifetime=lifetime):
        return None
    return now + max(backoff(RESOLVE_SECONDS, order.tries), timedelta(seconds=sight.after or 0))


async def _send_again(desk: Desk, order: Order, provider: Provider) -> None:
    """The same key and bytes, while that cannot buy twice and all gates are open."""
    first = await desk.db.read(lambda tx: orders.first_attempt(tx, order.id))
    lifetime = provider.sheet.key_lifetime
    if first is None or not may_resend(order, now=desk.now(), key_lifetime=lifetime):
        return
    closed = await gates(desk, order, provider)
    if not isinstance(closed, Open):
        log.info("not sent again", order=order.id, reason=closed.reason)
        return
    draft = Draft(method="POST", path=first.path, body=first.body, key=first.key)
    await attempt(desk, order, provider, draft)
