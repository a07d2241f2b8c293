"""Somebody asks for a purchase: words become an order, or a refusal with its facts.

One transaction, no network. A repeated delivery of the same Slack command (same ``origin``) finds
the order that the first one made and answers with that.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.budgets import Prospect
from bot.domain.ids import order_id_from
from bot.domain.orders import Order, Terms
from bot.domain.policy import Denied, NeedsApproval
from bot.domain.requests import Buy, Refusal, Why, resolve
from bot.workflow.advance import moved
from bot.workflow.budgeting import prospects, too_little
from bot.workflow.desk import Desk, card_wish
from bot.workflow.gates import over_cap
from bot.workflow.rules import band_for, decide_terms, sheets
from storage import earlier, orders
from storage.database import Tx

WARNED = timedelta(hours=24)
"""An equal order that young is told on the card."""

CONFIRMED = timedelta(minutes=10)
"""The same person asking for the same again within that time has to confirm that it is meant."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The order, and whether this delivery was the one that made it."""

    order: Order
    is_new: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """An order that nobody has asked for yet, and what it would do to the budgets."""

    order: Order
    prospects: tuple[Prospect, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """Nothing was written: the same person has asked for the same a moment ago."""

    before: Order


async def ask(
    desk: Desk,
    buy: Buy,
    *,
    requester: str,
    origin: str,
    meant: bool = False,
    also: Callable[[Tx, Order], None] = lambda _tx, _order: None,
) -> Asked | Repeated | Refusal:
    """Hold the words against providers and policy and write the order down.

    ``origin`` is unique for one delivery (Slack's trigger id, or schedule and occurrence);
    ``meant``: the requester has confirmed that a repetition is no mistake; ``also`` writes what
    else belongs into the transaction of a new order.
    """
    desk.checkpoint("request received")
    order = _drafted(desk, buy, requester, origin)
    if isinstance(order, Refusal):
        return order

    def write(tx: Tx) -> Asked | Repeated | Refusal:
        written = _write(desk, tx, order, meant=meant)
        if isinstance(written, Asked) and written.is_new:
            also(tx, written.order)
        return written

    asked = await desk.db.write(write)
    desk.checkpoint("request committed")
    if isinstance(asked, Refusal):
        return replace(asked, said=buy)
    if isinstance(asked, Asked) and asked.is_new:
        moved(desk, asked.order)
    return asked


async def preview(desk: Desk, buy: Buy, *, requester: str) -> Preview | Refusal:
    """What asking for it now would come to. Nothing is written, nobody is asked."""
    order = _drafted(desk, buy, requester, "")
    if isinstance(order, Refusal):
        return order

    def look(tx: Tx) -> Preview | Refusal:
        told = prospects(desk, tx, order, now=order.created_at)
        barred = _barred(desk, tx, order)
        return Preview(order, told) if barred is None else replace(barred, said=buy)

    return await desk.db.read(look)


def _drafted(desk: Desk, buy: Buy, requester: str, origin: str) -> Order | Refusal:
    """The order that these words would become, or why neither provider nor policy takes them."""
    known = sheets(desk)
    terms = resolve(buy, known)
    if isinstance(terms, Refusal):
        return replace(terms, said=buy)
    decision = decide_terms(desk, terms, requester)
    if isinstance(decision, Denied):
        title, cost = known[terms.provider].title, terms.cost.human
        return Refusal(why=Why.POLICY, given=cost, provider=title, denied=decision, said=buy)
    return _order(desk, terms, decision, requester, origin)


def _order(
    desk: Desk,
    terms: Terms,
    decision: NeedsApproval,
    requester: str,
    origin: str,
) -> Order:
    now, band = desk.now(), band_for(desk, terms)
    return Order(
        id="",
        origin=origin,
        requester=requester,
        terms=terms,
        rule=decision.rule,
        budgets=decision.budgets,
        band=band,
        key=desk.entropy(16).hex(),
        eligible=decision.eligible,
        created_at=now,
        expires_at=now + desk.policy.expires_after,
        remind_at=now + desk.policy.remind_after,
        due_at=now if band.wanted else None,
    )


def _write(desk: Desk, tx: Tx, order: Order, *, meant: bool) -> Asked | Repeated | Refusal:
    """Save it under a free short id, unless this delivery has been saved before."""
    if before := orders.by_origin(tx, order.origin):
        return Asked(before, is_new=False)
    if barred := _barred(desk, tx, order):
        return barred
    now = order.created_at
    equal = earlier.alike(tx, order.terms, since=now - WARNED)
    mine = [one for one in equal if one.requester == order.requester]
    if mine and not meant and mine[0].at >= now - CONFIRMED:
        before = orders.load(tx, mine[0].id)
        assert before is not None, "read in this transaction"
        return Repeated(before)
    order = replace(order, id=free_id(desk, tx), alike=equal)
    # The card waits for what the vendor tells first; where it tells nothing it is owed at once.
    wishes = () if order.band.wanted else (card_wish(order),)
    facts = {"terms": order.terms, "rule": order.rule.name, "alike": [one.id for one in equal]}
    orders.create(tx, order, wishes=wishes, facts=facts)
    return Asked(order, is_new=True)


def _barred(desk: Desk, tx: Tx, order: Order) -> Refusal | None:
    """What of that which was bought before keeps it from being asked for."""
    sheet = desk.providers[order.terms.provider].sheet
    if over_cap(desk, tx, order.terms) is not None and sheet.first_order_at_most is not None:
        return Refusal(
            why=Why.FIRST_ORDER,
            given=order.terms.cost.human,
            allowed=(sheet.first_order_at_most.human,),
            provider=sheet.title,
        )
    if short := too_little(desk, tx, order, now=order.created_at):
        return Refusal(
            why=Why.BUDGET, given=order.terms.cost.human, provider=sheet.title, short=short
        )
    return None


def free_id(desk: Desk, tx: Tx) -> str:
    """An id that no order has."""
    while True:
        order_id = order_id_from(desk.short_number())
        if not orders.exists(tx, order_id):
            return order_id
