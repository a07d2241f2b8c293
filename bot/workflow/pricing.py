"""Read what people have to know before their card is posted: the price, what it would cost with
fees, and whether its outlet takes it.

What cannot be read is not guessed: the card waits, and after a few tries the request is cancelled
with a sentence. An order without the price protection that was configured, one that its outlet
does not take, or one that would cost more than was held against limits is not offered.
"""

from dataclasses import replace

from bot.domain.money import grouped
from bot.domain.orders import Event, Order, apply
from bot.domain.quotes import Quote, Told
from bot.workflow.desk import Desk, backoff, card_wish, notice_wish
from bot.workflow.gates import ask_again
from bot.workflow.lookup import purchase_of
from bot.workflow.rules import above_cost
from providers.base import Outlets, Provider, ProviderError, Refused
from storage import orders, outbox

PRICE_SECONDS = (2, 5, 10, 20, 30)
"""Back-off between readings; then the request is cancelled."""


async def read_first(desk: Desk, order: Order) -> None:
    """Ask the vendor; PRICED posts the card, a no or failing too often cancels."""
    provider = desk.provider(order)
    if provider is None:
        await _unread(desk, order, "the provider is no longer configured")
        return
    try:
        quote, outlet = await _ask(order, provider)
    except Refused as error:
        await _give_up(desk, order, error.reason)
        return
    except ProviderError as error:
        await _unread(desk, order, error.reason)
        return
    if quote is not None and (fault := _too_dear(order, quote, provider.sheet.title)) is not None:
        if order.envelope is not None and not order.band.allows(quote.price):
            # Its envelope does not reach so far; people may want this one all the same.
            await ask_again(desk, order, fault, price=quote.price)
        else:
            await _give_up(desk, order, fault)
        return
    told = Told(at=desk.now(), outlet=outlet)
    band = replace(order.band, told=told)
    if quote is not None:
        told = replace(told, at=quote.at, fee=quote.fee, total=quote.total)
        band = replace(order.band, told=told, reference=quote.price)
    source = None if quote is None else quote.source
    facts = {"price": band.reference, "source": source, "told": told}
    due_at = None if order.envelope is None else desk.now()
    after = apply(order, Event.PRICED, band=band, due_at=due_at, tries=0)
    wishes = [card_wish(after)]
    if order.revision:
        wishes.append(notice_wish(after, "asked again"))
    await desk.move(order, after, Event.PRICED, wishes=wishes, facts=facts)


async def _ask(order: Order, provider: Provider) -> tuple[Quote | None, str | None]:
    """The price and the outlet, where the vendor has them. Raises Refused or Unavailable."""
    sheet, purchase = provider.sheet, purchase_of(order)
    quote = await provider.quote(purchase) if sheet.quotes else None
    if not sheet.outlets:
        return quote, None
    assert isinstance(provider, Outlets), "the sheet says so"
    price = order.band.ceiling if quote is None else quote.price
    return quote, await provider.takes(purchase, price=price)


def _too_dear(order: Order, quote: Quote, title: str) -> str | None:
    """Why it could only be approved in vain."""
    currency, band = order.terms.currency, replace(order.band, reference=quote.price)
    if not band.allows(quote.price):
        most = grouped(band.ceiling or quote.price)
        return f"the price is {grouped(quote.price)} {currency}, above the maximum of {most}"
    return above_cost(order.terms, quote, title)


async def _unread(desk: Desk, order: Order, reason: str) -> None:
    if order.tries + 1 >= len(PRICE_SECONDS):
        provider = desk.provider(order)
        quotes = provider is None or provider.sheet.quotes
        what = "the price" if quotes else "what the outlet takes"
        await _give_up(desk, order, f"{what} could not be read: {reason}")
        return
    due_at = desk.now() + backoff(PRICE_SECONDS, order.tries)
    await desk.db.write(lambda tx: orders.touch(tx, order, tries=order.tries + 1, due_at=due_at))


async def _give_up(desk: Desk, order: Order, note: str) -> None:
    """Cancel: told to the asker alone, unless the channel has seen the order already."""
    after = apply(order, Event.CANCELLED, closed_by="bot", due_at=None, note=note)
    if order.revision or order.schedule is not None:
        # The card before promises a newer one, or people expect this date: its card tells how it
        # ended, and calls the asker.
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
