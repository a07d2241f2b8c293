"""An order of a recurring purchase is approved by the votes for the whole of it.

Only while all of it still is as people agreed: the terms, the rule that fits the total, the
budgets, and enough of those who voted still being approvers. Otherwise people are asked about this
one.
"""

from datetime import datetime
from typing import Any

from bot.domain.orders import Event, Order, apply
from bot.domain.voting import still_missing
from bot.workflow.anew import ask_anew
from bot.workflow.budgeting import lacking, too_little
from bot.workflow.desk import Desk, card_wish
from bot.workflow.rules import differences, said
from storage import orders
from storage.database import Tx


def approved(desk: Desk, order: Order, *, at: datetime, **changes: Any) -> Order:
    """The order after the decision, however it was decided: it may be sent from now on."""
    return apply(
        order,
        Event.APPROVED,
        decided_at=at,
        decided_boot=desk.boot_id,
        valid_until=at + desk.policy.valid_for,
        due_at=at,
        tries=0,
        note=None,
        **changes,
    )


async def use(desk: Desk, order: Order) -> None:
    """Approve it by its envelope, or ask people. Raises ``orders.Lost``."""
    desk.checkpoint("before envelope")
    await desk.db.write(lambda tx: _use(desk, tx, order))
    desk.checkpoint("envelope used")


def _use(desk: Desk, tx: Tx, order: Order) -> Order:
    now, envelope = desk.now(), order.envelope
    assert envelope is not None, "the step says so"
    if found := differences(desk, order):
        return ask_anew(desk, order, said(found)).save(tx, actor="bot", at=now)
    if still_missing(order, policy=desk.policy, roster=desk.directory.roster):
        reason = f"too few of those who approved {envelope.schedule} still are approvers"
        return ask_anew(desk, order, reason).save(tx, actor="bot", at=now)
    if short := too_little(desk, tx, order, now=now):
        return ask_anew(desk, order, lacking(short)).save(tx, actor="bot", at=now)
    after = approved(desk, order, at=now)
    facts = {
        "envelope": envelope.schedule,
        "digest": envelope.digest,
        "voters": sorted(envelope.voters),
    }
    return orders.move(
        tx,
        order,
        after,
        Event.APPROVED,
        actor="bot",
        at=now,
        wishes=[card_wish(after)],
        facts=facts,
    )
