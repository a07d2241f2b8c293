"""Read the price that people approve a band around, before their card is posted.

A price that cannot be read is no price: the card waits, and after a few tries the request is
cancelled with a sentence. An order without the price protection that was configured is not offered.
"""

from dataclasses import replace

from bot.domain.money import grouped
from bot.domain.orders import Event, Order, apply
from bot.workflow.desk import Desk, backoff, card_wish, notice_wish
from providers.base import ProviderError
from storage import orders, outbox

PRICE_SECONDS = (2, 5, 10, 20, 30)
"""Back-off between readings; then the request is cancelled."""


async def read_first(desk: Desk, order: Order) -> None:
    """Ask the vendor; PRICED posts the card, failing too often cancels."""
    provider = desk.provider(order)
    if provider is None:
        await _unread(desk, order, "the provider is no longer configured")
        return
    try:
        quote = await provider.quote(order.terms.asset, order.terms.currency)
    except ProviderError as error:
        await _unread(desk, order, error.reason)
        return
    band = replace(order.band, reference=quote.price)
    if not band.allows(quote.price):
        most = grouped(band.ceiling or quote.price)
        currency = order.terms.currency
        note = f"the price is {grouped(quote.price)} {currency}, above the maximum of {most}"
        await _give_up(desk, order, note)
        return
    after = apply(order, Event.PRICED, band=band, due_at=None, tries=0)
    wishes = [card_wish(after)]
    if order.revision:
        wishes.append(notice_wish(after, "asked again"))
    await desk.move(
        order,
        after,
        Event.PRICED,
        wishes=wishes,
        facts={"price": quote.price, "at": quote.at, "source": quote.source},
    )


async def _unread(desk: Desk, order: Order, reason: str) -> None:
    if order.tries + 1 >= len(PRICE_SECONDS):
        await _give_up(desk, order, f"the price could not be read: {reason}")
        return
    due_at = desk.now() + backoff(PRICE_SECONDS, order.tries)
    await desk.db.write(lambda tx: orders.touch(tx, order, tries=order.tries + 1, due_at=due_at))


async def _give_up(desk: Desk, order: Order, note: str) -> None:
    """Cancel: told to the asker alone, unless the channel has seen the order already."""
    after = apply(order, Event.CANCELLED, closed_by="bot", due_at=None, note=note)
    if order.revision:
        # The card before promises a newer one: that tells how it ended, and calls the asker.
        await desk.move(
            order,
            after,
            Event.CANCELLED,
            wishes=[card_wish(after), notice_wish(after, "cancelled")],
        )
        return
    told = outbox.Wish(
        key=f"direct:{order.id}:{after.version}",
        kind=outbox.Kind.DIRECT,
        order_id=order.id,
        facts={"to": order.requester, "subject": "not asked", "note": note},
    )
    await desk.move(order, after, Event.CANCELLED, wishes=[told])
