"""Hours before a date: would it fail? Then people are told while they can still do something.

Nothing is decided here. The date comes all the same, and everything is asked again then.
"""

from bot.domain.freezes import stopped_by
from bot.domain.money import grouped
from bot.domain.orders import Order
from bot.domain.schedules import Schedule
from bot.domain.voting import still_missing
from bot.workflow.desk import Desk
from bot.workflow.lookup import purchase_of
from bot.workflow.ordering import draft_order
from bot.workflow.rules import differences
from bot.workflow.schedule_wishes import schedule_notice
from providers.base import Provider, ProviderError
from storage import freezes, outbox, schedules
from storage.database import Tx


async def look(desk: Desk, schedule: Schedule) -> None:
    """Look once for each date; whatever would keep it from being bought is told."""
    order, reasons = await desk.db.read(lambda tx: _foreseen(desk, tx, schedule))
    provider = desk.providers.get(schedule.terms.provider)
    if order is not None and provider is not None:
        reasons += await _of_provider(desk, order, provider)
    desk.checkpoint("looked ahead")

    def write(tx: Tx) -> None:
        if schedules.looked_ahead(tx, schedule) and reasons and schedule.next is not None:
            date = schedule.next.key
            told = schedule_notice(schedule, "would fail", date=date, reasons=reasons)
            outbox.wish(tx, told, at=desk.now())

    await desk.db.write(write)


def _foreseen(desk: Desk, tx: Tx, schedule: Schedule) -> tuple[Order | None, list[str]]:
    """What is known here: the order that would be made, and why it would not be sent."""
    date = schedule.next
    assert date is not None, "the step says so"
    # Budgets are held against the window that the date falls into.
    order = draft_order(desk, tx, schedule, date, now=date.at)
    if isinstance(order, str):
        return None, [order]
    reasons = list(differences(desk, order)) if order.envelope is not None else [order.note or ""]
    if order.envelope is not None and still_missing(
        order, policy=desk.policy, roster=desk.directory.roster
    ):
        reasons.append("too few of those who approved it still are approvers")
    if (freeze := stopped_by(freezes.active(tx), order.terms)) is not None:
        reasons.append(f"frozen: {freeze.reason}")
    return order, reasons


async def _of_provider(desk: Desk, order: Order, provider: Provider) -> list[str]:
    """What the vendor says at this moment: whether it is there, and its price."""
    sheet, paused = provider.sheet, provider.health.paused_until
    if paused is not None and paused > desk.now():
        return [f"{sheet.title} failed {provider.health.failures} times in a row"]
    if not sheet.quotes:
        return []
    try:
        quote = await provider.quote(purchase_of(order))
    except ProviderError as error:
        return [f"the price cannot be read: {error.reason}"]
    ceiling = order.band.ceiling
    if ceiling is None or quote.price <= ceiling:
        return []
    now = f"{grouped(quote.price)} {order.terms.currency}"
    return [f"the price is {now}, above the maximum of {grouped(ceiling)}"]
