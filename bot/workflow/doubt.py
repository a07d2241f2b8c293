"""The outcome of a purchase is unknown: look, and never send blindly.

The first look-up is at once and a match by our own reference counts at any time. A match by amount
and time alone is evidence, and enough only when the vendor has said that it knows our key and just
one unclaimed purchase fits. The vendor's own key makes sending the same bytes again safe while it
lives and while every gate of a first send is open. Whatever stays unclear stays in doubt: it keeps
its reservation, and people settle it.
"""

from datetime import datetime
from typing import Any

import structlog

from bot.domain.orders import Event, Order, apply, may_resend
from bot.workflow.desk import RESOLVE_SECONDS, Desk, backoff, card_wish, doubt_wishes
from bot.workflow.gates import gates
from bot.workflow.reading import EVENTS, reported, wishes_for
from bot.workflow.sending import SKEW, attempt, purchase_of, unclaimed
from providers.base import Draft, Found, Provider, ProviderError
from storage import orders
from storage.database import Tx

log = structlog.get_logger()


async def declare(desk: Desk, order: Order, why: str) -> None:
    """The process that sent this is gone, or its reply is overdue: nobody knows."""
    after = apply(
        order, Event.DOUBTED, doubted=True, tries=0, due_at=desk.now(), deadline=None, note=why
    )
    wishes = [card_wish(after)] if order.doubted else doubt_wishes(desk, after)

    def write(tx: Tx) -> None:
        orders.end_attempt(tx, order, at=desk.now(), result="no reply", detail=why)
        orders.move(tx, order, after, Event.DOUBTED, actor="bot", at=desk.now(), wishes=wishes)

    await desk.db.write(write)


async def resolve(desk: Desk, order: Order) -> None:
    """Look the purchase up; adopt it, send the same key again, or wait and look again."""
    provider = desk.provider(order)
    if provider is None:
        await _wait(desk, order, {"looked": False}, f"{order.terms.provider} is not configured")
        return
    since = (order.first_sent_at or order.decided_at or order.created_at) - SKEW
    try:
        found = await provider.find(purchase_of(order), since=since)
    except ProviderError as error:
        await _wait(desk, order, {"looked": False, "reason": error.reason}, order.note)
        return
    evidence, match = await desk.db.read(lambda tx: _weigh(tx, order, found))
    desk.checkpoint("looked up")
    if match is not None:
        await _adopt(desk, order, match, evidence)
        return
    # A vendor that knows the key has the purchase; asking it once more would tell nothing new.
    may_help = order.tries > 0 and not order.proven
    if may_help and await _send_again(desk, order, provider):
        return
    await _wait(desk, order, evidence, order.note)


def _weigh(tx: Tx, order: Order, found: list[Found]) -> tuple[dict[str, Any], Found | None]:
    """The evidence as facts, and the purchase that is surely this order's, if one is."""
    free, rivals = unclaimed(tx, order, found)
    exact = [one for one in free if one.exact]
    match, rule = None, "nothing was found"
    if len(exact) == 1:
        match, rule = exact[0], "it carries our reference"
    elif order.proven and len(free) == 1 and not rivals:
        match, rule = free[0], "the vendor knows our key and only this purchase fits"
    elif free:
        rule = "what was found may be somebody else's"
    facts = {
        "looked": True,
        "found": [one.report.raw for one in free],
        "rivals": rivals,
        "rule": rule,
    }
    return facts, match


async def _adopt(desk: Desk, order: Order, match: Found, evidence: dict[str, Any]) -> None:
    event = EVENTS[match.report.progress]
    after = reported(desk, order, match.report, event)
    log.info("found", order=order.id, ref=match.report.ref, rule=evidence["rule"])
    await desk.move(order, after, event, wishes=wishes_for(after, event), facts=evidence)


async def _send_again(desk: Desk, order: Order, provider: Provider) -> bool:
    """The same key and bytes, while that cannot buy twice and all gates are open."""
    first = await desk.db.read(lambda tx: orders.first_attempt(tx, order.id))
    lifetime = provider.sheet.key_lifetime
    if first is None or not may_resend(order, now=desk.now(), key_lifetime=lifetime):
        return False
    if (closed := await gates(desk, order, provider)) is not None:
        log.info("not sent again", order=order.id, reason=closed.reason)
        return False
    draft = Draft(method="POST", path=first.path, body=first.body, key=first.key)
    await attempt(desk, order, provider, draft)
    return True


async def _wait(desk: Desk, order: Order, evidence: dict[str, Any], note: str | None) -> None:
    due_at: datetime = desk.now() + backoff(RESOLVE_SECONDS, order.tries)
    after = apply(order, Event.LOOKED_UP, tries=order.tries + 1, due_at=due_at, note=note)
    await desk.move(order, after, Event.LOOKED_UP, wishes=[card_wish(after)], facts=evidence)
