"""An order of a recurring purchase is approved by the votes for the whole of it.

Only while all of it still is as people agreed: the terms, the rule that fits the total, the
budgets, and enough of those who voted still being approvers. Otherwise people are asked about this
one. What they agreed to is a purchase on that date, so their votes are good for ``valid_for`` from
the moment at which its order was made.
"""

from dataclasses import replace
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

NOT_IN_TIME = "the approval was not used in time"


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
    in_time = order.created_at + desk.policy.valid_for
    if now >= in_time:
        # The machine stood still in between: people agreed to buy on the date, not hours later.
        return ask_anew(desk, order, NOT_IN_TIME).save(tx, actor="bot", at=now)
    if found := differences(desk, order):
        return ask_anew(desk, order, said(found)).save(tx, actor="bot", at=now)
    if still_missing(order, policy=desk.policy, roster=desk.directory.roster):
        reason = f"too few of those who approved {envelope.schedule} still are approvers"
        return ask_anew(desk, order, reason).save(tx, actor="bot", at=now)
    if short := too_little(desk, tx, order, now=now):
        return ask_anew(desk, order, lacking(short)).save(tx, actor="bot", at=now)
    after = replace(approved(desk, order, at=now), valid_until=in_time)
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
