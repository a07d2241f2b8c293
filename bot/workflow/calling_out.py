"""Purchases that take longer than their provider usually needs: said in the thread, with their age.

Once when they are late and once more each day. Of many only the oldest are called out: then the
trouble is the provider's, and a hundred replies would hide it; the digest counts them all.
"""

from datetime import datetime, timedelta

from bot.domain.orders import Order
from bot.workflow.desk import Desk
from storage import orders, outbox, waking
from storage.database import Tx
from storage.outbox import Kind, Wish

EVERY = timedelta(minutes=5)
"""Between two looks."""

AGAIN = timedelta(days=1)

AT_MOST = 10
"""Purchases of one provider that are called out."""


class SlowChore:
    """What the clock asks: is anything late?"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._at = desk.now() + EVERY

    async def __call__(self, now: datetime) -> datetime:
        # A clock that was set back does not wait until it is there again.
        if not now < self._at <= now + EVERY:
            self._at = now + EVERY
            if await self._desk.db.write(lambda tx: call_out(self._desk, tx, now)):
                self._desk.wake_announcer()
        return self._at


def call_out(desk: Desk, tx: Tx, now: datetime) -> int:
    """Owe a reply for each that is late and was not called out today; how many are."""
    said = 0
    for name, provider in desk.providers.items():
        usual = provider.sheet.settles_within
        for order_id in waking.accepted_before(tx, name, now - usual, limit=AT_MOST):
            order = orders.load(tx, order_id)
            assert order is not None, "it was just listed"
            said += _said(tx, order, usual, now)
    return said


def _said(tx: Tx, order: Order, usual: timedelta, now: datetime) -> bool:
    """One wish for each day of lateness, whatever dies in between."""
    assert order.first_sent_at is not None, "it was sent"
    age = now - order.first_sent_at
    key = f"slow:{order.id}:{(age - usual) // AGAIN}"
    if outbox.was_wished(tx, key):
        return False
    facts = {"subject": "slow", "revision": order.revision, "note": _told(age)}
    outbox.wish(tx, Wish(key=key, kind=Kind.NOTICE, order_id=order.id, facts=facts), at=now)
    return True


def _told(age: timedelta) -> str:
    """``26 hours``, ``3 days``: whole ones."""
    for unit, size in (("days", AGAIN), ("hours", timedelta(hours=1))):
        if age >= 2 * size:
            return f"{age // size} {unit}"
    return f"{age // timedelta(minutes=1)} minutes"
