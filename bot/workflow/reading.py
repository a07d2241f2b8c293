"""What a vendor reports, held against what was approved, and booked.

An unknown word is kept, shown and never final. A figure that differs from the approved terms is
booked as the vendor tells it and said loudly: the money has moved, hiding it would not bring it
back.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Context, Decimal

from bot.domain.capabilities import Sheet
from bot.domain.evidence import Looks
from bot.domain.money import Money, grouped
from bot.domain.orders import Event, Order, Outcome, State, apply
from bot.domain.steps import SILENT_POLLS
from bot.workflow.desk import Desk, backoff, card_wish, loud_wishes, meeting, notice_wish
from providers.base import Progress, Provider, ProviderError, Report
from storage import orders
from storage.outbox import Wish

UNCONFIGURED = (600,)
"""Seconds between looks whether a provider has been set up again."""

EVENTS = {
    Progress.UNDERWAY: Event.ACCEPTED,
    Progress.AWAITING_PAYMENT: Event.MUST_PAY,
    Progress.COMPLETED: Event.COMPLETED,
    Progress.FAILED: Event.FAILED,
    Progress.REVERSED: Event.FAILED,
}
"""What a report means for an order that is being sent or looked for."""

_WIDE = Context(prec=100, rounding=ROUND_CEILING)
"""A vendor's figure may have any number of digits; what is counted is never below the truth."""

LOUD = {Event.MUST_PAY: "pay now", Event.COMPLETED: "completed", Event.FAILED: "failed"}
"""Events that reply in the card's thread, with the subject of the reply."""


def discrepancy(order: Order, report: Report) -> str | None:
    """How the report differs from the approved terms, as a phrase; None when it does not."""
    terms = order.terms
    # The vendor names an address only: which one belongs to an account is not told.
    wallet = None if terms.target is None else terms.recipient
    if None not in {wallet, report.wallet} and wallet != report.wallet:
        return f"the provider booked the wallet {report.wallet}, not {terms.target} ({wallet})"
    if report.asset is not None and report.asset != terms.asset:
        return f"the provider booked {report.asset.upper()}, not {terms.asset.upper()}"
    if report.currency is not None and report.currency != terms.currency:
        return f"the provider booked {report.currency}, not {terms.currency}"
    approved = terms.spend
    figure, unit = (
        (report.total, terms.currency)
        if isinstance(approved, Money)
        else (report.quantity, terms.asset.upper())
    )
    if figure is not None and figure != approved.amount:
        return f"the provider booked {grouped(figure)} {unit}, approved was {approved.human}"
    if report.progress is Progress.AWAITING_PAYMENT:
        return _before_payment(order, report)
    return None


def _before_payment(order: Order, report: Report) -> str | None:
    """What must not differ while nothing has been paid yet."""
    terms = order.terms
    if report.total is not None and report.total > terms.cost.amount:
        most = terms.cost.human
        return (
            f"it would cost {grouped(report.total)} {terms.currency}, approved was at most {most}"
        )
    if None not in {terms.outlet, report.outlet} and terms.outlet != report.outlet:
        return f"the provider booked the outlet {report.outlet}, not {terms.outlet}"
    if report.price is not None and not order.band.allows(report.price):
        return f"the price is {grouped(report.price)} {terms.currency}, above what was approved"
    return None


def _spent(order: Order, report: Report, sheet: Sheet) -> Decimal | None:
    """What leaves the treasury where fees may come on top of the total; None: the total itself.

    Those that were told before people were asked, else as many as are allowed for: rather too much
    is counted than too little.
    """
    total, told, spend = report.total, order.band.told, order.terms.spend
    if sheet.total_has_fees or total is None or total <= 0:
        return None
    if told is None or told.total is None or told.fee is None:
        return _WIDE.multiply(total, 1 + sheet.fee_allowance)
    on_top = told.total - spend.amount if isinstance(spend, Money) else told.fee
    return _WIDE.add(total, max(on_top, Decimal(0)))


def booked(order: Order, report: Report, sheet: Sheet) -> Outcome:
    """What the card shows of the vendor's figures."""
    return Outcome(
        word=report.word,
        total=report.total,
        spent=_spent(order, report, sheet),
        fee=report.fee,
        quantity=report.quantity,
        ordered=report.ordered,
        price=report.price,
        at=report.at,
        chain=report.chain,
        settles_on=report.settles_on,
        currency=None if report.currency == order.terms.currency else report.currency,
        discrepancy=discrepancy(order, report),
    )


def reported(
    desk: Desk, order: Order, report: Report, event: Event, *, looks: Looks | None = None
) -> Order:
    """The order after this report: polled on while it is not final, watched for a while then."""
    provider = desk.provider(order)
    assert provider is not None, "only a configured vendor reports"
    after = apply(
        order,
        event,
        ref=report.ref,
        outcome=booked(order, report, provider.sheet),
        deadline=None,
        tries=0,
        note=None,
        looks=looks or order.looks,
        # The vendor has spoken: what people were about to settle is settled.
        proposal=None,
        pay_by=report.pay_by or order.pay_by,
    )
    if _must_be_taken_back(provider, after):
        note = after.outcome.discrepancy
        return replace(after, closed_by="bot", due_at=desk.now(), note=note)
    if not after.state.is_open:
        return replace(after, due_at=watch_again(desk, order, 0))
    return replace(after, due_at=read_again(desk, provider.sheet, 0))


def _must_be_taken_back(provider: Provider, after: Order) -> bool:
    """It is not what was approved, and nobody can have paid it: the vendor is told no.

    Once somebody has been told how to pay, the money may be on its way. What differs only then is
    told to that person, and whoever asks for the order to be taken back decides.
    """
    sheet = provider.sheet
    free = sheet.free_until_paid and sheet.cancellable
    untold = after.state is State.AWAITING_PAYMENT and not after.instructed
    return free and untold and after.paid_by is None and after.outcome.discrepancy is not None


def _differs_too_late(before: Order, after: Order) -> bool:
    """It has become something else than approved, and somebody has been told how to pay it."""
    news = after.outcome.discrepancy not in {None, before.outcome.discrepancy}
    return news and after.state is State.AWAITING_PAYMENT and after.instructed


def read_again(desk: Desk, sheet: Sheet, tries: int) -> datetime:
    """When an order that is not final is read next, after so many times."""
    return _together(desk, sheet, backoff(sheet.poll_seconds, tries))


def watch_again(desk: Desk, order: Order, tries: int) -> datetime | None:
    """When an ended order is looked at once more after so many times; None: no more."""
    provider = desk.provider(order)
    if provider is None or tries >= len(provider.sheet.watch_seconds):
        return None
    return _together(desk, provider.sheet, backoff(provider.sheet.watch_seconds, tries))


def _together(desk: Desk, sheet: Sheet, pause: timedelta) -> datetime:
    """After the pause; where one list shows many, a little earlier, to meet the others."""
    now = desk.now()
    return now + pause if sheet.survey_from is None else meeting(now, pause)


def wishes_for(after: Order, event: Event) -> list[Wish]:
    """The card, and a loud reply for what somebody must know."""
    # What is about to be taken back must not be paid.
    silent = event is Event.MUST_PAY and after.closed_by is not None
    loud = [notice_wish(after, LOUD[event])] if event in LOUD and not silent else []
    return [card_wish(after), *loud]


ABSENT = "the provider does not list it yet"


async def poll(desk: Desk, order: Order) -> None:
    """Read the vendor's truth about an accepted purchase and move the order when it is news."""
    provider = desk.provider(order)
    assert order.ref is not None, "an accepted order has a reference"
    desk.checkpoint("before poll")
    try:
        report = None if provider is None else await provider.status(order.ref)
    except ProviderError as error:
        await wait(desk, order, f"the provider cannot be asked at the moment: {error.reason}")
        return
    desk.checkpoint("poll answered")
    if provider is None or report is None:
        await wait(desk, order, ABSENT if provider else "it is not configured")
        return
    if is_news(order, report, provider.sheet):
        await hear(desk, order, report)
    else:
        await wait(desk, order, None)


def is_news(order: Order, report: Report, sheet: Sheet) -> bool:
    """Whether an accepted order is not what it was, by the vendor's report."""
    return (
        news_of(order, report) is not Event.POLLED
        or booked(order, report, sheet) != order.outcome
        or _deadline_told(order, report)
    )


def _deadline_told(order: Order, report: Report) -> bool:
    """Until when it has to be paid: some vendors do not say it with the order itself."""
    waits = order.state is State.AWAITING_PAYMENT
    return waits and report.pay_by not in {None, order.pay_by}


async def hear(desk: Desk, order: Order, report: Report) -> None:
    """Move an accepted order by what the vendor reports of it."""
    event = news_of(order, report)
    after = reported(desk, order, report, event)
    wishes = wishes_for(after, event)
    if _differs_too_late(order, after):
        wishes.append(notice_wish(after, "differs"))
    await desk.move(order, after, event, wishes=wishes, facts={"vendor": report.raw})
    desk.checkpoint("poll committed")


def news_of(order: Order, report: Report) -> Event:
    """The event of a poll: no final word means that it is merely where it was."""
    event = EVENTS[report.progress]
    if report.strange:
        # It proves nothing: above all not that somebody has paid.
        return Event.POLLED
    if order.state is State.AWAITING_PAYMENT and event is Event.ACCEPTED:
        return Event.PAID
    waits_for_pay = order.state is State.AWAITING_PAYMENT and event is Event.MUST_PAY
    return Event.POLLED if event is Event.ACCEPTED or waits_for_pay else event


async def wait(desk: Desk, order: Order, note: str | None) -> None:
    """No news: look again later. Only a changed note is worth a new card."""
    provider = desk.provider(order)
    tries = order.tries + 1
    due_at = (
        read_again(desk, provider.sheet, tries)
        if provider
        else desk.now() + backoff(UNCONFIGURED, tries)
    )
    if tries == SILENT_POLLS and order.outcome == Outcome() and order.state is State.ACCEPTED:
        after = apply(order, Event.POLLED, due_at=due_at, tries=tries, note=note)
        wishes = loud_wishes(desk, after, "silent")
        await desk.move(order, after, Event.POLLED, wishes=wishes, facts={"note": note})
        return
    if note == order.note:
        await desk.db.write(lambda tx: orders.touch(tx, order, tries=tries, due_at=due_at))
        return
    after = apply(order, Event.POLLED, due_at=due_at, tries=tries, note=note)
    await desk.move(order, after, Event.POLLED, wishes=[card_wish(after)], facts={"note": note})
