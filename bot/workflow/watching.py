"""Look again at orders that have ended: a purchase may be reversed, or turn up after all.

A few times and ever more rarely, for each order that was sent. News is told loudly: the card, its
thread, the operators.
"""

from datetime import timedelta

import structlog

from bot.domain.evidence import Ground, Looks, Shown
from bot.domain.orders import Event, Order, State, apply
from bot.workflow.desk import Desk, loud_wishes
from bot.workflow.lookup import Sight, look, move_seen
from bot.workflow.reading import booked, watch_again
from providers.base import Progress, Provider, ProviderError, Report
from storage import evidence, orders

log = structlog.get_logger()

GONE = frozenset({Progress.FAILED, Progress.REVERSED})


async def watch(desk: Desk, order: Order) -> None:
    """Ask the vendor what has become of it since it ended."""
    provider = desk.provider(order)
    if provider is None:
        # It may be set up again: then the watch goes on where it was.
        due_at = desk.now() + timedelta(days=1)
        await desk.db.write(lambda tx: orders.touch(tx, order, tries=order.tries, due_at=due_at))
    elif order.ref is not None:
        await _known(desk, order, provider, order.ref)
    else:
        await _unknown(desk, order, provider)


async def _known(desk: Desk, order: Order, provider: Provider, ref: str) -> None:
    """The vendor has a purchase of this order: is it still what it was?"""
    try:
        report = await provider.status(ref)
    except ProviderError as error:
        log.info("not watched", order=order.id, reason=error.in_full)
        await _later(desk, order)
        return
    if report is None or not await hear(desk, order, provider, report):
        await _later(desk, order)


async def hear(desk: Desk, order: Order, provider: Provider, report: Report) -> bool:
    """Move an ended order by what the vendor reports of it now; False when that is no news."""
    if order.state is State.COMPLETED and report.progress in GONE:
        await _tell(desk, order, provider, report, Event.REVERSED, "reversed")
    elif order.state is not State.COMPLETED and report.progress is Progress.COMPLETED:
        await _tell(desk, order, provider, report, Event.LATE_EVIDENCE, "late evidence")
    else:
        return False
    return True


async def _unknown(desk: Desk, order: Order, provider: Provider) -> None:
    """Nothing was ever found: has it turned up?"""
    sight = await look(desk, order, provider)
    known = await desk.db.read(lambda tx: evidence.refs(tx, order.id))
    match = sight.match
    if match is not None and match.report.progress is Progress.COMPLETED:
        await _tell(
            desk, order, provider, match.report, Event.LATE_EVIDENCE, "late evidence", sight
        )
    elif match is not None or _is_news(sight.looks, known):
        await _reopen(desk, order, sight)
    else:
        await _later(desk, order)


def _is_news(looks: Looks, known: frozenset[str]) -> bool:
    """Something fits that people had not been shown when they settled the order.

    What an order of the moment fits as well is that order's to find out.
    """
    shown = looks.shown is Shown.CANDIDATES and looks.ground is not Ground.RIVAL
    return shown and not set(looks.refs) <= known


async def _reopen(desk: Desk, order: Order, sight: Sight) -> None:
    """Whatever it is, it has to be settled: by the look-up that follows at once, or by people."""
    note = "a purchase that fits was found after the order had ended"
    after = apply(
        order,
        Event.REOPENED,
        doubted=True,
        looks=sight.looks,
        tries=0,
        due_at=desk.now(),
        note=note,
    )
    await move_seen(desk, order, after, Event.REOPENED, sight, loud_wishes(desk, after, "reopened"))


async def _tell(
    desk: Desk,
    order: Order,
    provider: Provider,
    report: Report,
    event: Event,
    subject: str,
    sight: Sight | None = None,
) -> None:
    after = apply(
        order,
        event,
        ref=report.ref,
        outcome=booked(order, report, provider.sheet),
        tries=0,
        due_at=watch_again(desk, order, 0) if event is Event.LATE_EVIDENCE else None,
        note=None,
    )
    log.error("an ended order has changed", order=order.id, became=after.state.value)
    await desk.move(
        order,
        after,
        event,
        wishes=loud_wishes(desk, after, subject),
        facts={"vendor": report.raw},
        note=None if sight is None else sight.note,
    )


async def _later(desk: Desk, order: Order) -> None:
    """No news: once more later, or never again."""
    tries = order.tries + 1
    due_at = watch_again(desk, order, tries)
    await desk.db.write(lambda tx: orders.touch(tx, order, tries=tries, due_at=due_at))
