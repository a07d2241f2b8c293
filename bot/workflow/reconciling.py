"""Once a day our records are held against each provider's list; what nothing explains is told once.

No order is moved by it. A provider that cannot be asked is *not compared*, which is never told as
zero, and is tried again every hour until the next day; so is one that a fault of ours ended.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.domain.comparisons import Explanation
from bot.domain.orders import Order
from bot.domain.routines import following, latest, routine
from bot.workflow.comparing import Comparison, Finding, compare
from bot.workflow.desk import OUR_FAULT, Desk
from bot.workflow.portions import portions
from providers.base import Provider, ProviderError
from storage import audit, comparisons, orders, outbox
from storage.database import Database, Tx
from storage.outbox import Kind, Wish

log = structlog.get_logger()

DAILY = routine("daily 05:00")
"""In the team's time: before the digest of the morning."""

WINDOW = timedelta(days=35)
"""How far back: a month and some days, so that each month is compared as a whole."""

FIRST = timedelta(hours=3)
"""After the start, where a provider was never compared: there is something to compare by then."""

AGAIN = timedelta(hours=1)
"""After a provider could not be asked."""

TOLD_AT_MOST = 10
"""Findings that one message tells; the command line has all of them."""


class NotCompared(Exception):
    """It says nothing of either side; ``str()`` says why, as a phrase."""


async def reconcile(
    db: Database, name: str, provider: Provider, *, since: datetime, now: datetime
) -> Comparison:
    """Hold what was bought since then against the provider's list. Raises NotCompared.

    The list comes first: what is in it then is in our records by the time they are read.
    """
    if not provider.sheet.has_list:
        raise NotCompared(f"{provider.sheet.title} has no list of purchases")
    try:
        listed = await provider.list_since(since)
    except ProviderError as error:
        raise NotCompared(error.reason) from None
    refs = [row.ref for row in listed]
    owners: dict[str, Order] = {}
    for some in portions(refs):
        owners |= await db.read(partial(comparisons.owners, provider=name, refs=some))
    ids = await db.read(lambda tx: comparisons.sent(tx, name, since=since))
    sent: list[Order] = []
    for some in portions(ids):
        sent += await db.read(partial(orders.some, ids=some))
    unsettled = await db.read(lambda tx: comparisons.unsettled(tx, name))
    done = compare(listed, owners, sent, unsettled, now=now)
    return await db.read(lambda tx: _with_explanations(tx, name, done))


def _with_explanations(tx: Tx, provider: str, done: Comparison) -> Comparison:
    """With what people have said of each finding as it stands now."""
    said = (
        replace(
            one,
            explanation=comparisons.explanation(
                tx, provider, kind=one.kind.value, name=one.name, what=one.what
            ),
        )
        for one in done.findings
    )
    return replace(done, findings=tuple(said))


def explain(tx: Tx, provider: str, one: Finding, said: Explanation) -> None:
    """Somebody knows what it is: it is unexplained no longer, until it becomes another."""
    comparisons.explain(tx, provider, kind=one.kind.value, name=one.name, what=one.what, said=said)


class ReconcileChore:
    """What the clock asks: is a comparison due?"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wanted: dict[str, datetime] = {}
        """When each provider is compared next, for the time that was last seen."""
        self._running: set[str] = set()
        self._seen = ""

    async def __call__(self, now: datetime) -> datetime:
        desk = self._desk
        due = latest(DAILY, now, desk.zone)
        if due.key != self._seen:
            self._wanted = await desk.db.read(lambda tx: _wanted(desk, tx, due.at))
            self._seen = due.key
        for name, at in self._wanted.items():
            if at <= now and name not in self._running:
                self._running.add(name)
                desk.spawn(self._compare(name), name=f"compare with {name}")
        waiting = [at for name, at in self._wanted.items() if name not in self._running]
        return min([following(DAILY, now, desk.zone).at, *waiting])

    async def _compare(self, name: str) -> None:
        desk, now = self._desk, self._desk.now()
        again = self._wanted[name] = now + AGAIN
        trouble: str | None = OUR_FAULT
        try:
            since = max(now - WINDOW, await desk.db.read(lambda tx: born(tx, now)))
            done = await reconcile(desk.db, name, desk.providers[name], since=since, now=now)
            await desk.db.write(lambda tx: _note(desk, tx, name, done, now))
            if self._wanted.get(name) == again:
                # Another is that of the morning which has come meanwhile: it is still to be made.
                del self._wanted[name]
            trouble = None
        except NotCompared as error:
            trouble = str(error)
        finally:
            self._running.discard(name)
            # Cut off because the bot stops, it is nobody's fault and begins anew at the start.
            if trouble is not None and not (trouble is OUR_FAULT and desk.stopping):
                await self._failed(name, now, trouble)
        desk.wake_announcer()
        desk.wake_clock(None)

    async def _failed(self, name: str, now: datetime, why: str) -> None:
        log.warning("a provider could not be compared", provider=name, reason=why)
        await self._desk.db.write(lambda tx: comparisons.failed(tx, name, at=now, trouble=why))


def born(tx: Tx, now: datetime) -> datetime:
    """When this file began to keep records: nothing older can be in them."""
    return audit.began_at(tx) or now


def _wanted(desk: Desk, tx: Tx, due: datetime) -> dict[str, datetime]:
    """Those that were not compared since ``due``, and when they are to be.

    One that never was is compared some hours after the start, or at the first morning that comes.
    """
    last = {one.provider: one for one in comparisons.last(tx)}
    never = desk.opened_at + FIRST if due <= desk.opened_at else due
    wanted = {}
    for name, provider in desk.providers.items():
        before = last.get(name)
        if not provider.sheet.has_list:
            continue
        if before is None:
            wanted[name] = never
        elif before.compared_at is None or not due <= before.compared_at <= desk.now():
            # One of the future was made while the clock was wrong.
            wanted[name] = due
    return wanted


def _note(desk: Desk, tx: Tx, name: str, done: Comparison, now: datetime) -> None:
    """Keep what it came to, and owe each operator what is new."""
    comparisons.compared(tx, name, at=now, found=len(done.findings))
    fresh = [one for one in done.findings if _is_news(tx, name, one, now)]
    news = [one for one in fresh if one.explanation is None]
    facts = {
        "provider": name,
        "listed": done.listed,
        "matched": done.matched,
        "doubted": done.doubted,
        "unexplained": len(done.unexplained),
        "explained": len(done.explained),
        "news": len(news),
    }
    audit.append(tx, at=now, actor="bot", what="compared", order_id=None, facts=facts)
    if news:
        log.error("books differ", provider=name, unexplained=len(done.unexplained), news=len(news))
        for operator in desk.policy.operators:
            outbox.wish(tx, _word(name, news, now, operator), at=now)


def _is_news(tx: Tx, provider: str, one: Finding, now: datetime) -> bool:
    return comparisons.is_news(
        tx, provider, kind=one.kind.value, name=one.name, what=one.what, at=now
    )


def _word(provider: str, news: Sequence[Finding], now: datetime, operator: str) -> Wish:
    told = [(one.kind.value, one.name, one.what) for one in news[:TOLD_AT_MOST]]
    facts = {"to": operator, "provider": provider, "found": told, "count": len(news)}
    key = f"direct:findings:{provider}:{now.isoformat()}:{operator}"
    return Wish(key=key, kind=Kind.DIRECT, order_id=None, facts=facts)
