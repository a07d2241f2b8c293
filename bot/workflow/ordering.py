"""The order of one date of a recurring purchase.

Inside its envelope it will be approved by the votes for that; where the terms are not those that
people agreed to any more, it asks people from the start. What no rule, provider or budget would
take becomes no order at all: the reason is written down instead, and told.
"""

from dataclasses import replace
from datetime import datetime

from bot.domain.changes import terms_changes
from bot.domain.occurring import origin_of
from bot.domain.orders import Envelope, Order
from bot.domain.policy import Denied
from bot.domain.recurrence import Occurrence
from bot.domain.requests import Refusal, resolve
from bot.domain.schedules import Schedule
from bot.workflow.asking import free_id
from bot.workflow.budgeting import lacking, too_little
from bot.workflow.desk import Desk, card_wish
from bot.workflow.gates import over_cap
from bot.workflow.rules import band_for, decide_terms, not_allowed, not_taken, sheets
from storage import orders
from storage.database import Tx


def order_for(
    desk: Desk, tx: Tx, schedule: Schedule, date: Occurrence, *, now: datetime
) -> Order | str:
    """Write the order of this date down, or say as a phrase why there is none."""
    drafted = draft_order(desk, tx, schedule, date, now=now)
    if isinstance(drafted, str):
        return drafted
    order = replace(drafted, id=free_id(desk, tx))
    # What is asked of the vendor first, or approved at once, has its card when that is done.
    wishes = [card_wish(order)] if order.due_at is None else []
    facts = {
        "terms": order.terms,
        "rule": order.rule.name,
        "schedule": schedule.id,
        "date": date.key,
        "reason": order.note,
    }
    orders.create(tx, order, wishes=wishes, facts=facts)
    return order


def draft_order(
    desk: Desk, tx: Tx, schedule: Schedule, date: Occurrence, *, now: datetime
) -> Order | str:
    """The order that would be made of this date by what stands now; nothing is written."""
    terms = resolve(schedule.plan.buy, sheets(desk))
    if isinstance(terms, Refusal):
        return not_taken(terms)
    decision = decide_terms(desk, terms, schedule.requester)
    if isinstance(decision, Denied):
        return not_allowed(decision, terms.cost)
    if (cap := over_cap(desk, tx, terms)) is not None:
        return cap
    envelope = _envelope(schedule) if terms == schedule.terms else None
    band = band_for(desk, terms)
    order = Order(
        id="",
        origin=origin_of(schedule.id, date.local),
        requester=schedule.requester,
        terms=terms,
        rule=decision.rule if envelope is None or schedule.rule is None else schedule.rule,
        budgets=decision.budgets,
        band=band,
        key=desk.entropy(16).hex(),
        eligible=decision.eligible if envelope is None else schedule.eligible,
        created_at=now,
        expires_at=now + desk.policy.expires_after,
        due_at=now if band.wanted or envelope is not None else None,
        # Nobody is awaited while the votes of the envelope may decide.
        remind_at=now + desk.policy.remind_after if envelope is None else None,
        note=None if envelope is not None else "; ".join(terms_changes(schedule.terms, terms)),
        envelope=envelope,
    )
    if short := too_little(desk, tx, order, now=now):
        return lacking(short)
    return order


def _envelope(schedule: Schedule) -> Envelope:
    assert schedule.total is not None, "a recurring purchase has a total"
    return Envelope(
        schedule=schedule.id,
        digest=schedule.digest,
        total=schedule.total,
        votes=schedule.votes,
    )
