"""What is to be done with an order now, and when to look at it again: pure decisions.

Two rules of money stand here. ``is_dead``: an attempt of this very process that is still inside its
deadline is alive, however slow, and is never mistaken for a crash. ``may_resend``: only while the
vendor's own key lives, people's approval stands and nobody has begun to settle the order by hand.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain import reminders
from bot.domain.capabilities import Sheet
from bot.domain.evidence import SKEW, Ground, Shown
from bot.domain.orders import Attempt, Order, Outcome, State

GRACE = timedelta(seconds=30)
"""How long after its deadline a silent attempt of our own process is still taken for alive."""

SILENT_POLLS = 50
"""Polls without a word about an accepted order, after which people may settle it: some hours."""

SLOWEST = timedelta(seconds=120)
"""How long a purchase may be under way before its outcome is taken for unknown."""

WATCHED = frozenset(
    {
        State.COMPLETED,
        State.DENIED,
        State.CANCELLED,
        State.EXPIRED,
        State.REJECTED,
        State.FAILED,
    }
)
"""Ended states that evidence can still change: a reversal, or a purchase that nobody knew of."""


def is_dead(attempt: Attempt, *, boot_id: str, now: datetime, running: bool) -> bool:
    """True when nobody waits for this attempt's reply any more, so that it is in doubt."""
    if attempt.boot_id != boot_id:
        return True
    return not running and now >= attempt.deadline + GRACE


class Step(StrEnum):
    """What to do with an order now."""

    NOTHING = "nothing"
    PRICE = "price"
    USE_ENVELOPE = "use envelope"
    EXPIRE = "expire"
    ASK_AGAIN = "ask again"
    SEND = "send"
    DECLARE_DOUBT = "declare doubt"
    RESOLVE = "resolve"
    POLL = "poll"
    WATCH = "watch"
    TAKE_BACK = "take back"
    INSTRUCT = "instruct"
    TELL_PAID = "tell paid"
    REMIND = "remind"
    NUDGE = "nudge"


def next_step(
    order: Order, *, now: datetime, boot_id: str, attempt: Attempt | None, running: bool
) -> Step:
    """Decide what is to be done with the order at ``now``; pure.

    ``attempt`` is the latest one, ``running`` whether this process is waiting for its reply.
    """
    due = order.due_at is not None and order.due_at <= now
    match order.state:
        case State.PENDING_APPROVAL if now >= order.expires_at:
            return Step.EXPIRE
        case State.PENDING_APPROVAL if due and needs_price(order):
            return Step.PRICE
        case State.PENDING_APPROVAL if due and order.envelope is not None:
            return Step.USE_ENVELOPE
        case State.PENDING_APPROVAL if _nudge_due(order, now):
            return Step.NUDGE
        case State.APPROVED if order.valid_until is not None and now >= order.valid_until:
            return Step.ASK_AGAIN
        case State.APPROVED if due:
            return Step.SEND
        case State.SUBMITTING if attempt is None or is_dead(
            attempt, boot_id=boot_id, now=now, running=running
        ):
            return Step.DECLARE_DOUBT
        case State.IN_DOUBT if due:
            return Step.RESOLVE
        case State.AWAITING_PAYMENT:
            return _payment_step(order, now=now, due=due)
        case State.ACCEPTED if due:
            return Step.POLL
        case _ if due and order.state in WATCHED:
            return Step.WATCH
        case _:
            return Step.NOTHING


def _nudge_due(order: Order, now: datetime) -> bool:
    """Those who have not voted are to be reminded; not before they have been asked."""
    at = reminders.due_at(order)
    return at is not None and at <= now and not needs_price(order)


def _payment_step(order: Order, *, now: datetime, due: bool) -> Step:
    """What is to be done about an order that has to be paid."""
    if due and order.closed_by is not None:
        return Step.TAKE_BACK
    if due and order.paid_by is not None:
        return Step.TELL_PAID
    if due and order.payer is not None and not order.instructed:
        return Step.INSTRUCT
    remind_at = reminder_at(order)
    if remind_at is not None and now >= remind_at:
        return Step.REMIND
    return Step.POLL if due else Step.NOTHING


def reminder_at(order: Order) -> datetime | None:
    """A quarter of the time before the deadline; None: nobody is to be reminded any more."""
    if order.state is not State.AWAITING_PAYMENT or order.pay_by is None or order.moved_at is None:
        return None
    if order.reminded or order.paid_by is not None or order.closed_by is not None:
        return None
    return order.pay_by - (order.pay_by - order.moved_at) / 4


def wake_at(order: Order) -> datetime | None:
    """When ``next_step`` has something to decide by itself; None: only a click moves the order."""
    match order.state:
        case State.PENDING_APPROVAL:
            envelope = order.envelope is not None
            asked = needs_price(order) or envelope
            moments = [order.expires_at, order.due_at if asked else reminders.due_at(order)]
        case State.APPROVED:
            moments = [order.valid_until, order.due_at]
        case State.SUBMITTING:
            moments = [order.deadline + GRACE if order.deadline else order.due_at]
        case State.AWAITING_PAYMENT:
            moments = [order.due_at, reminder_at(order)]
        case _:
            moments = [order.due_at]
    return min((moment for moment in moments if moment is not None), default=None)


def is_settleable(order: Order) -> bool:
    """People may say what became of it: it is in doubt, or the vendor tells nothing of it.

    Of what people have settled as bought, because they may have mistyped the reference; of what the
    vendor itself has accepted only after many polls in vain.
    """
    if order.state is not State.ACCEPTED:
        return order.state is State.IN_DOUBT
    return order.outcome == Outcome() and (bool(order.settled_by) or order.tries >= SILENT_POLLS)


def needs_price(order: Order) -> bool:
    """The card waits for what the vendor tells: that was asked for and has not been read yet."""
    band = order.band
    return band.wanted and band.reference is None and band.told is None


def may_resend(order: Order, *, now: datetime, key_lifetime: timedelta | None) -> bool:
    """True while the same key and body cannot buy twice and people's approval still stands.

    The margin, a tenth or as long as a request may take, keeps a slow one from arriving after the
    key has been forgotten. Once people have begun to settle it, nothing is sent any more: they
    speak of what was sent until now. Nor where the clock has been set back since: nobody knows then
    how old the key is.
    """
    if order.proposal is not None or order.settled_by:
        return False
    if key_lifetime is None or order.first_sent_at is None or order.valid_until is None:
        return False
    if is_of_the_future(order.first_sent_at, now):
        return False
    end = order.first_sent_at + key_lifetime - max(key_lifetime / 10, SLOWEST)
    return now < end and now < order.valid_until


def is_of_the_future(at: datetime | None, now: datetime) -> bool:
    """It was written while the clock was wrong. A clock that is set right by seconds is not."""
    return at is not None and at > now + SKEW


def _has_candidates(order: Order) -> bool:
    return order.looks is not None and order.looks.shown is Shown.CANDIDATES


def needs_people(order: Order, sheet: Sheet, *, now: datetime) -> bool:
    """Nothing that the bot may still do by itself is likely to tell what became of it."""
    if order.state is not State.IN_DOUBT or order.proposal is not None:
        return False
    if sheet.free_until_paid and not _has_candidates(order):
        # Absence ends it once the time to pay is over; what was found is there to stay.
        return False
    if order.looks is not None and order.looks.ground is Ground.ONLY_UNPAID_YET:
        return False
    if may_resend(order, now=now, key_lifetime=sheet.key_lifetime):
        return False
    began = order.first_sent_at or order.decided_at or order.created_at
    return not sheet.has_list or now >= began + sheet.listing_lag
