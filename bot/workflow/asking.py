"""Somebody asks for a purchase: words become an order, or a refusal with its facts.

One transaction, no network. A repeated delivery of the same Slack command (same ``origin``) finds
the order that the first one made and answers with that.
"""

from dataclasses import dataclass, replace

from bot.domain.capabilities import Sheet
from bot.domain.ids import order_id_from
from bot.domain.orders import Order, Terms
from bot.domain.policy import Denied, NeedsApproval
from bot.domain.requests import Buy, Refusal, Why, resolve
from bot.workflow.advance import moved
from bot.workflow.desk import Desk, card_wish
from bot.workflow.rules import band_for, decide_terms
from storage import orders
from storage.database import Tx

ID_BITS = 25


@dataclass(frozen=True, slots=True)
class Asked:
    """The order, and whether this delivery was the one that made it."""

    order: Order
    is_new: bool


def sheets(desk: Desk) -> dict[str, Sheet]:
    """What every enabled provider can do."""
    return {name: provider.sheet for name, provider in desk.providers.items()}


async def ask(desk: Desk, buy: Buy, *, requester: str, origin: str) -> Asked | Refusal:
    """Hold the words against providers and policy and write the order down.

    ``origin`` is unique for one delivery (Slack's trigger id, or schedule and occurrence).
    """
    desk.checkpoint("request received")
    known = sheets(desk)
    terms = resolve(buy, known)
    if isinstance(terms, Refusal):
        return terms
    sheet = known[terms.provider]
    decision = decide_terms(desk, terms, requester)
    if isinstance(decision, Denied):
        return Refusal(
            why=Why.POLICY, given=terms.cost.human, provider=sheet.title, denied=decision
        )
    order = _order(desk, terms, decision, sheet, requester, origin)
    asked = await desk.db.write(lambda tx: _write(desk, tx, order))
    desk.checkpoint("request committed")
    if asked.is_new:
        moved(desk, asked.order)
    return asked


def _order(
    desk: Desk,
    terms: Terms,
    decision: NeedsApproval,
    sheet: Sheet,
    requester: str,
    origin: str,
) -> Order:
    now = desk.now()
    return Order(
        id="",
        origin=origin,
        requester=requester,
        terms=terms,
        rule=decision.rule,
        band=band_for(desk, terms),
        key=desk.entropy(16).hex(),
        eligible=decision.eligible,
        created_at=now,
        expires_at=now + desk.policy.expires_after,
        due_at=now if sheet.quotes else None,
    )


def _write(desk: Desk, tx: Tx, order: Order) -> Asked:
    """Save it under a free short id, unless this delivery has been saved before."""
    if before := orders.by_origin(tx, order.origin):
        return Asked(before, is_new=False)
    while True:
        number = int.from_bytes(desk.entropy(4), "big") >> (32 - ID_BITS)
        order = replace(order, id=order_id_from(number))
        if orders.load(tx, order.id) is None:
            break
    # The card waits for the price that people are to approve; without quotes it is owed at once.
    wishes = () if order.band.wanted else (card_wish(order),)
    orders.create(tx, order, wishes=wishes, facts={"terms": order.terms, "rule": order.rule.name})
    return Asked(order, is_new=True)
