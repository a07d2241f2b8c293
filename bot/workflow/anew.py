"""What people agreed to is no longer so: their votes are void, and a fresh card asks anew.

What stands today is asked about. Of the groups that could decide before only those may vote who
could then, so nobody gains a vote by joining one meanwhile. The time to decide begins anew once and
no more, so that no order waits for ever. Asked twice in vain, out of time, or no longer allowed, it
is cancelled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.orders import ASKED_AGAIN_AT_MOST, Event, Order, apply
from bot.workflow.desk import Desk, card_wish, notice_wish
from bot.workflow.rules import Forbidden, lifted, today
from storage import orders
from storage.database import Tx
from storage.outbox import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Anew:
    """The move, ready to be saved in whatever transaction it belongs to."""

    before: Order
    after: Order
    event: Event
    wishes: Sequence[Wish]
    reason: str

    def save(self, tx: Tx, *, actor: str, at: datetime) -> Order:
        """Raises Lost when somebody else moved the order first."""
        return orders.move(
            tx,
            self.before,
            self.after,
            self.event,
            actor=actor,
            at=at,
            wishes=self.wishes,
            facts={"reason": self.reason},
        )


def ask_anew(
    desk: Desk, order: Order, reason: str, *, told: bool = False, price: Decimal | None = None
) -> Anew:
    """Ask again, or cancel when that has been done often enough or cannot be granted any more.

    What was approved as a part of an envelope leaves it: people are asked about this one alone.
    ``told``: the reason asks people to make sure that it has not been bought yet; ``price``: what
    it costs now, above the maximum of its envelope, which the people who are asked may lift.
    """
    alone = order.envelope is not None
    asked = lifted(desk, order, price) if alone and price is not None else order
    fresh = today(desk, asked)
    if isinstance(fresh, Forbidden):
        return _cancelled(desk, order, fresh.why)
    now = desk.now()
    expires_at = order.expires_at if order.asked_again else now + desk.policy.expires_after
    if order.asked_again >= ASKED_AGAIN_AT_MOST or now >= expires_at:
        return _cancelled(desk, order, reason)
    shown = fresh.shown
    after = apply(
        order,
        Event.ASKED_AGAIN,
        revision=order.revision + 1,
        votes=(),
        asked_again=order.asked_again if alone else order.asked_again + 1,
        envelope=None,
        terms=shown.terms,
        rule=shown.rule,
        budgets=shown.budgets,
        eligible=fresh.eligible,
        band=shown.band,
        expires_at=expires_at,
        remind_at=now + desk.policy.remind_after,
        reminders=0,
        snoozes=(),
        decided_at=None,
        decided_boot=None,
        valid_until=None,
        due_at=now if shown.band.wanted else None,
        tries=0,
        note=reason,
        # A vote that this process sees proves nothing of what the one before has sent.
        look_first=not told and _may_be_forgotten(desk, order),
    )
    wishes = [card_wish(after, order.revision)]
    if not shown.band.wanted:
        wishes += [card_wish(after), notice_wish(after, "asked again")]
    return Anew(before=order, after=after, event=Event.ASKED_AGAIN, wishes=wishes, reason=reason)


def _may_be_forgotten(desk: Desk, order: Order) -> bool:
    """A process whose records are gone may have sent it: an older file may have been put back."""
    return order.look_first or order.decided_boot not in {None, desk.boot_id}


def _cancelled(desk: Desk, order: Order, reason: str) -> Anew:
    after = apply(
        order,
        Event.CANCELLED,
        closed_by="bot",
        due_at=None,
        note=reason,
        # Then "nothing was bought" is not the last word: it is looked for once it has ended.
        look_first=_may_be_forgotten(desk, order),
    )
    return Anew(
        before=order,
        after=after,
        event=Event.CANCELLED,
        wishes=[card_wish(after), notice_wish(after, "cancelled")],
        reason=reason,
    )
