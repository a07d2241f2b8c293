"""Look a purchase up at its vendor, and say what that means: the evidence of an order in doubt.

Each look-up is kept (where, when, what it showed, which rule decided) in the transaction that moves
the order because of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.domain.capabilities import Sheet
from bot.domain.evidence import (
    SKEW,
    Ground,
    Looks,
    Shown,
    Unpaid,
    Weighed,
    fits_unpaid,
    looked,
    weigh,
)
from bot.domain.orders import Event, Order, State, look_alike
from bot.workflow.desk import Desk
from providers.base import Found, Progress, Provider, ProviderError, Purchase, Unavailable
from storage import evidence, orders
from storage.database import Tx
from storage.outbox import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one look-up has shown."""

    looks: Looks
    """The summary with this look-up in it."""
    match: Found | None = None
    rivals: tuple[str, ...] = ()
    """Other unsettled orders of ours that what was found fits as well."""
    facts: dict[str, Any] = field(default_factory=dict)
    note: Callable[[Tx], None]
    """Keeps it, in the transaction of the move that follows from it."""
    after: float | None = None
    """Seconds that the vendor wants us to wait before the next one."""

    @property
    def shows_nothing(self) -> bool:
        return self.looks.shown is Shown.NOTHING


def purchase_of(order: Order, *, rate: Decimal | None = None) -> Purchase:
    """What a vendor may know of the order."""
    return Purchase(
        order_id=order.id,
        key=order.key,
        asset=order.terms.asset,
        spend=order.terms.spend,
        currency=order.terms.currency,
        outlet=order.terms.outlet,
        target=order.terms.target,
        rate=rate,
    )


async def look(desk: Desk, order: Order, provider: Provider) -> Sight:
    """Search the vendor's listing for the order's purchase."""
    found: list[Found] = []
    trouble: ProviderError | None = None
    if provider.sheet.has_list:
        try:
            found = await provider.find(purchase_of(order), since=_since(order))
        except ProviderError as error:
            trouble = error
    return await desk.db.read(lambda tx: _seen(desk, tx, order, provider, found, trouble))


def _since(order: Order) -> datetime:
    """Nothing of this order can be older. A restored file may have forgotten its first send."""
    if order.look_first:
        return order.created_at - SKEW
    return (order.first_sent_at or order.decided_at or order.created_at) - SKEW


def _seen(
    desk: Desk,
    tx: Tx,
    order: Order,
    provider: Provider,
    found: list[Found],
    trouble: ProviderError | None,
) -> Sight:
    sheet, now = provider.sheet, desk.now()
    free, others = unclaimed(tx, order, found)
    owned = [one for one in found if one.exact and one not in free]
    facts: dict[str, Any] = {"found": [one.report.raw for one in free], "rivals": others}
    if trouble is not None:
        weighed: Weighed[Found] = Weighed(shown=Shown.UNREAD, ground=Ground.UNREAD)
        facts = {"trouble": trouble.in_full}
    else:
        weighed = weigh(
            exact=[one for one in free if one.exact],
            free=free,
            owned=bool(owned),
            rivals=bool(others),
            proven=order.proven,
            unpaid=_unpaid(desk, tx, order, free, sheet),
            lookup=sheet.lookup,
        )
    refs = [one.report.ref for one in [*free, *owned]]
    place = f"{sheet.title}, {sheet.looks_at}"
    shown, ground = weighed.shown, weighed.ground
    told = {**facts, "looked": trouble is None, "shown": shown.value, "rule": ground.value}

    def note(tx: Tx) -> None:
        kept = {**facts, "refs": refs}
        evidence.note(tx, order.id, at=now, place=place, shown=shown, ground=ground, facts=kept)

    return Sight(
        looks=looked(order.looks, at=now, shown=shown, ground=ground, refs=refs),
        match=weighed.match,
        rivals=tuple(others),
        facts=told,
        note=note,
        after=trouble.after if isinstance(trouble, Unavailable) else None,
    )


def _unpaid(desk: Desk, tx: Tx, order: Order, free: list[Found], sheet: Sheet) -> Unpaid:
    """Whether the only one that fits is the unpaid purchase of the request that this process sent.

    An older file may have forgotten whose it is, so a process before this one had to send nothing;
    and while another order of ours is unsettled here, it may be that one's.
    """
    last = orders.last_attempt(tx, order.id)
    if len(free) != 1 or last is None or last.boot_id != desk.boot_id or order.look_first:
        return Unpaid.NEVER
    report = free[0].report
    if report.progress is not Progress.AWAITING_PAYMENT or _unsettled(tx, order):
        return Unpaid.NEVER
    began, ended, now = last.started_at, last.deadline, desk.now()
    return fits_unpaid(sheet, made_at=report.at, began=began, ended=ended, now=now)


async def move_seen(
    desk: Desk, before: Order, after: Order, event: Event, sight: Sight, wishes: Sequence[Wish]
) -> None:
    """Move an order because of what was seen, and keep that in the same transaction."""
    await desk.move(before, after, event, wishes=wishes, facts=sight.facts, note=sight.note)


def unclaimed(tx: Tx, order: Order, found: list[Found]) -> tuple[list[Found], list[str]]:
    """What no order of ours owns, and the ids of unsettled orders that it may belong to as well."""
    taken = orders.claimed(tx, order.terms.provider, [one.report.ref for one in found])
    return [one for one in found if one.report.ref not in taken], rivals(tx, order)


def rivals(tx: Tx, order: Order) -> list[str]:
    """Other orders of ours that are being sent or in doubt, and look the same to the vendor."""
    return [one.id for one in _unsettled(tx, order) if look_alike(one.terms, order.terms)]


def _unsettled(tx: Tx, order: Order) -> list[Order]:
    """All others that are being sent to the same vendor or in doubt there."""
    return [
        one
        for one in orders.in_state(tx, State.IN_DOUBT, State.SUBMITTING)
        if one.id != order.id and one.terms.provider == order.terms.provider
    ]
