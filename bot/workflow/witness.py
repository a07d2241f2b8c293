"""Did this very process see the approval? If not, the file may be an older one that was restored.

Such an order may have been bought by a process whose records are gone, so the vendor is asked
before its first send. Whatever looks like it puts it in doubt, and people settle it. A vendor that
cannot be asked and has no key of its own leaves only people: they are asked again, with the reason.
"""

from bot.domain.capabilities import Sheet
from bot.domain.evidence import Shown, absent_twice
from bot.domain.orders import Event, Order, apply
from bot.workflow.desk import Desk, card_wish, loud_wishes
from bot.workflow.gates import Hold, ask_again, hold
from bot.workflow.lookup import Sight, look, move_seen
from providers.base import Provider


def saw_approval(desk: Desk, order: Order) -> bool:
    """This process knows all that became of the approval."""
    return order.decided_boot == desk.boot_id and not order.look_first


async def witnessed(desk: Desk, order: Order, provider: Provider) -> bool:
    """True when the order may be sent as far as its past goes; otherwise it has been moved."""
    if saw_approval(desk, order):
        return True
    sheet = provider.sheet
    if not sheet.has_list:
        if _key_lives(desk, order, sheet):
            return True
        await ask_again(
            desk,
            order,
            f"it was approved before a restart, and {sheet.title} has no list to look at:"
            " please make sure there that it has not been bought yet",
            told=True,
        )
        return False
    sight = await look(desk, order, provider)
    if sight.shows_nothing:
        return await _surely_absent(desk, order, sheet, sight)
    if sight.looks.shown is Shown.UNREAD:
        trouble = sight.facts.get("trouble", "")
        await hold(desk, order, Hold(f"the provider cannot be asked first: {trouble}", sight.after))
    elif sight.rivals and sight.match is None:
        await hold(desk, order, Hold(f"{sight.rivals[0]} looks the same and is not settled yet"))
    else:
        await _doubt(desk, order, sight)
    return False


def _key_lives(desk: Desk, order: Order, sheet: Sheet) -> bool:
    """A send that we have forgotten carried this very key: it was minted with the order."""
    lifetime = sheet.key_lifetime
    return lifetime is not None and desk.now() < order.created_at + lifetime * 9 / 10


async def _surely_absent(desk: Desk, order: Order, sheet: Sheet, sight: Sight) -> bool:
    """Absence counts once a purchase of the process before would be listed: two looks, apart."""
    if absent_twice(sight.looks, since=desk.opened_at, lag=sheet.listing_lag):
        await desk.db.write(sight.note)
        return True
    after = apply(
        order,
        Event.HELD,
        looks=sight.looks,
        due_at=desk.now() + sheet.listing_lag,
        note="making sure that it was not bought before the restart",
    )
    await move_seen(desk, order, after, Event.HELD, sight, [card_wish(after)])
    return False


async def _doubt(desk: Desk, order: Order, sight: Sight) -> None:
    refs = ", ".join(sight.looks.refs)
    note = f"before it was sent, a purchase that looks like it was found: {refs}"
    after = apply(
        order,
        Event.DOUBTED,
        doubted=True,
        looks=sight.looks,
        look_first=True,
        tries=0,
        due_at=desk.now(),
        note=note,
    )
    await move_seen(desk, order, after, Event.DOUBTED, sight, loud_wishes(desk, after, "in doubt"))
