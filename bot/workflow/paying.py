"""An order that people have to pay: who pays, how, by when, that it is paid, or taken back.

Nothing is told to be paid before what came back was compared with what was approved. What differs
is taken back at the vendor, unpaid, and people are asked again. Paying moves the money, so one
named person does it, and only that person is shown how.
"""

from dataclasses import replace

import structlog

from bot.domain.orders import Event, Order, Outcome, apply
from bot.workflow.anew import ask_anew
from bot.workflow.desk import HOLD_SECONDS, Desk, backoff, card_wish, notice_wish
from bot.workflow.reading import discrepancy, news_of, reported, wishes_for
from providers.base import Instructions, Payable, Progress, ProviderError, Refused, Report
from storage.outbox import Kind, Wish

log = structlog.get_logger()

SETTLED = frozenset({Progress.UNDERWAY, Progress.COMPLETED, Progress.REVERSED})
"""Somebody has paid it."""


async def take_back(desk: Desk, order: Order) -> None:
    """Cancel it at the vendor, and believe only what is read back."""
    provider, ref = _payable(desk, order), order.ref
    if provider is None or ref is None:
        await _later(desk, order, "the provider cannot be asked to take it back")
        return
    trouble = "the provider has not taken it back yet"
    try:
        await provider.cancel(ref)
    except ProviderError as error:
        trouble = error.reason
    report = await _read(desk, order, ref)
    if report is not None and report.progress is Progress.FAILED:
        await _taken_back(desk, order)
    elif report is not None and report.progress in SETTLED and not report.strange:
        await _booked(desk, replace(order, closed_by=None), order, report)
    else:
        await _later(desk, order, trouble)


async def instruct(desk: Desk, order: Order) -> None:
    """Tell the payer, and nobody else, how it is paid."""
    provider, ref = _payable(desk, order), order.ref
    assert order.payer is not None, "somebody said that they pay"
    if ref is not None and not await _still_right(desk, order, ref):
        return
    try:
        how = None if provider is None or ref is None else await provider.instructions(ref)
    except ProviderError as error:
        await _later(desk, order, f"how it is paid cannot be read: {error.reason}")
        return
    if how is None:
        await _later(desk, order, "how it is paid cannot be read")
        return
    after = apply(
        order,
        Event.INSTRUCTED,
        instructed=True,
        pay_by=how.pay_by or order.pay_by,
        tries=0,
        due_at=desk.now(),
        note=None,
    )
    wishes = [card_wish(after), _private(after, order.payer, how)]
    await desk.move(order, after, Event.INSTRUCTED, wishes=wishes)


async def _still_right(desk: Desk, order: Order, ref: str) -> bool:
    """Right before the payer is told: it is what was approved, and waits for money."""
    report = await _read(desk, order, ref)
    if report is None:
        await _later(desk, order, "what has to be paid cannot be read")
    elif report.strange:
        await _later(desk, order, f"the provider says {report.word or 'nothing'} of it")
    elif report.progress is not Progress.AWAITING_PAYMENT or discrepancy(order, report):
        await _booked(desk, order, order, report)
    else:
        return True
    return False


async def tell_paid(desk: Desk, order: Order) -> None:
    """Tell the vendor that it is paid; it may be told twice, and is read back."""
    provider, ref = _payable(desk, order), order.ref
    if provider is None or ref is None:
        await _later(desk, order, "the provider cannot be told that it is paid")
        return
    trouble: str | None = None
    try:
        await provider.mark_paid(ref, order.paid_code)
    except Refused as error:
        trouble = f"the provider does not take it for paid: {error.reason}"
    except ProviderError as error:
        trouble = error.reason
    report = await _read(desk, order, ref)
    if report is not None and _is_news(report):
        await _booked(desk, order, order, report)
    elif trouble is None:
        after = apply(order, Event.PAID, tries=0, due_at=desk.now(), note=None)
        wishes = [card_wish(after)]
        await desk.move(order, after, Event.PAID, wishes=wishes)
    else:
        await _later(desk, order, trouble)


async def remind(desk: Desk, order: Order) -> None:
    """The deadline comes near, and nobody has said that it is paid."""
    after = apply(order, Event.REMINDED, reminded=True)
    wishes = [card_wish(after), notice_wish(after, "pay soon")]
    await desk.move(order, after, Event.REMINDED, wishes=wishes)


async def _taken_back(desk: Desk, order: Order) -> None:
    """Nothing was paid. A person wanted that, or what came back was not what was approved."""
    if order.closed_by != "bot":
        after = apply(order, Event.CANCELLED, due_at=None, note=None)
        wishes = [card_wish(after), notice_wish(after, "cancelled")]
        await desk.move(order, after, Event.CANCELLED, wishes=wishes)
        return
    fresh = replace(order, closed_by=None)
    anew = ask_anew(desk, fresh, order.note or "what came back differs from what was approved")
    if anew.event is Event.ASKED_AGAIN:
        # The purchase at the vendor is no more; whatever is sent next is a new one.
        after = replace(
            anew.after,
            ref=None,
            outcome=Outcome(),
            payer=None,
            pay_by=None,
            instructed=False,
            reminded=False,
            first_sent_at=None,
        )
        anew = replace(anew, after=after)
    anew = replace(anew, before=order)
    await desk.db.write(lambda tx: anew.save(tx, actor="bot", at=desk.now()))


async def _booked(desk: Desk, order: Order, before: Order, report: Report) -> None:
    """The vendor has news of it."""
    event = news_of(order, report)
    after = reported(desk, order, report, event)
    wishes = wishes_for(after, event)
    await desk.move(before, after, event, wishes=wishes, facts={"vendor": report.raw})


async def _read(desk: Desk, order: Order, ref: str) -> Report | None:
    provider = desk.provider(order)
    try:
        return None if provider is None else await provider.status(ref)
    except ProviderError as error:
        log.info("not read back", order=order.id, reason=error.in_full)
        return None


async def _later(desk: Desk, order: Order, note: str) -> None:
    """Try again soon, and say why on the card."""
    due_at, tries = desk.now() + backoff(HOLD_SECONDS, order.tries), order.tries + 1
    after = apply(order, Event.POLLED, tries=tries, due_at=due_at, note=note)
    wishes = [card_wish(after)] if note != order.note else []
    await desk.move(order, after, Event.POLLED, wishes=wishes, facts={"note": note})


def _is_news(report: Report) -> bool:
    """It does not wait for money any more, in a word that we know."""
    return report.progress is not Progress.AWAITING_PAYMENT and not report.strange


def _payable(desk: Desk, order: Order) -> Payable | None:
    provider: object = desk.provider(order)
    return provider if isinstance(provider, Payable) else None


def _private(order: Order, payer: str, how: Instructions) -> Wish:
    facts = {
        "to": payer,
        "subject": "how to pay",
        "note": how.text,
        "amount": how.amount,
        "currency": how.currency,
        "outlet": how.outlet,
        "pay_by": how.pay_by,
    }
    key = f"direct:{order.id}:{order.version}:{payer}"
    return Wish(key=key, kind=Kind.DIRECT, order_id=order.id, facts=facts)
