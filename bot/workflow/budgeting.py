"""What is left of the budgets, read in the very transaction that needs to know it.

An order is held against its budgets when it is asked for, by the vote that would decide it, and
once more when it is sent. Only the deciding vote reserves, so of two requests for the last of a
budget the one that is approved first gets it; nobody's vote is lost by that.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from bot.domain.budgets import Figures, Prospect, Reach, earliest, prospect, tally
from bot.domain.money import grouped
from bot.domain.orders import Event, Order, State, apply
from bot.domain.voting import Answer, Verdict
from bot.domain.windows import rolling
from bot.workflow.desk import Desk, card_wish
from storage import orders, outbox
from storage.database import Tx
from storage.reservations import entries

_NOTHING = Decimal(0)


def prospects(desk: Desk, tx: Tx, order: Order, *, now: datetime) -> tuple[Prospect, ...]:
    """What the order would do to each budget on which it draws, whatever it holds already."""
    reaches, cost = _reaches(desk, order), order.terms.cost
    since = earliest(reaches, now)
    counted = entries(tx, cost.currency, since=since, but=order.id) if reaches else []
    return tuple(prospect(reach, counted, cost, now) for reach in reaches)


def too_little(desk: Desk, tx: Tx, order: Order, *, now: datetime) -> tuple[Prospect, ...]:
    """The budgets that have not enough for it; empty: it may be approved."""
    return tuple(one for one in prospects(desk, tx, order, now=now) if not one.enough)


def shown(desk: Desk, tx: Tx, order: Order) -> tuple[Prospect, ...]:
    """What its card tells people before they vote; nothing once it is decided."""
    if order.state is not State.PENDING_APPROVAL:
        return ()
    return prospects(desk, tx, order, now=desk.now())


def overdrawn(desk: Desk, tx: Tx, order: Order) -> str | None:
    """Why it must not be sent although it was approved, as a phrase; None: it may.

    What it holds was free when it was approved. Since then a vendor may have taken more than was
    foreseen for another order, or a purchase may have turned up that nobody counted on. It counts
    where it was approved: in the calendar window of that instant, however late it is sent.
    """
    cost, now = order.terms.cost, desk.now()
    for reach in _reaches(desk, order):
        moment = now if rolling(reach.budget.per) else order.decided_at or now
        since = earliest([reach], moment)
        told = prospect(reach, entries(tx, cost.currency, since=since, but=order.id), cost, moment)
        if not told.enough:
            over = f"{grouped(-told.left)} {cost.currency}"
            return f'the budget "{reach.budget.name}" would be exceeded by {over} by now'
    return None


def everything(desk: Desk, tx: Tx) -> tuple[Figures, ...]:
    """All budgets as they are now, in the order of the configuration."""
    now, reaches = desk.now(), desk.policy.reaches(desk.directory.roster)
    told: dict[str, Figures] = {}
    for currency in {reach.budget.limit.currency for reach in reaches}:
        mine = [reach for reach in reaches if reach.budget.limit.currency == currency]
        counted = entries(tx, currency, since=earliest(mine, now))
        told |= {reach.budget.name: tally(reach, counted, now) for reach in mine}
    return tuple(told[reach.budget.name] for reach in reaches)


def refuse_vote(
    tx: Tx, order: Order, voter: str, short: tuple[Prospect, ...], now: datetime
) -> Verdict:
    """The vote that would decide, and a budget that has not enough: it is not counted.

    Those before it stand, so that it can be given again as soon as there is enough. The first time
    it is told in the thread, because an edited card notifies nobody.
    """
    said = outbox.Wish(
        key=f"over budget:{order.id}:{order.revision}",
        kind=outbox.Kind.NOTICE,
        order_id=order.id,
        facts={
            "subject": "over budget",
            "revision": order.revision,
            "note": lacking(short),
        },
    )
    if outbox.was_wished(tx, said.key):
        outbox.wish(tx, card_wish(order), at=now)
        return Verdict(answer=Answer.OVER_BUDGET, order=order, short=short)
    after = apply(order, Event.OVER_BUDGET)
    saved = orders.move(
        tx,
        order,
        after,
        Event.OVER_BUDGET,
        actor=voter,
        at=now,
        wishes=[card_wish(after), said],
        facts={"digest": order.digest, "reason": lacking(short)},
    )
    return Verdict(answer=Answer.OVER_BUDGET, order=saved, short=short)


def lacking(short: Iterable[Prospect]) -> str:
    """Which budgets have not enough, as a phrase."""
    return " and ".join(
        f'the budget "{one.figures.budget.name}" has {grouped(max(one.figures.left, _NOTHING))}'
        f" {one.cost.currency} left for up to {one.cost.human}"
        for one in short
    )


def _reaches(desk: Desk, order: Order) -> list[Reach]:
    roster = desk.directory.roster
    return [desk.policy.reach(budget, roster) for budget in order.budgets]
