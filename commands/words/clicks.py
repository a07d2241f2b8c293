"""What became of a click: told privately to the person who clicked."""

from bot.domain.orders import Order, State
from bot.domain.voting import Answer, Verdict
from commands.words import (
    budgets,
    escape,
    payments,
    people,
    person,
    phrase,
    reminding,
    when,
)
from commands.words.failures import READERS_ONLY
from commands.words.refused import STANDINGS, needs

UNCHANGED = "Your click changed nothing."


UNKNOWN = (
    "My records have no order of that number; `/buy list all` shows those that they have."
    f" {UNCHANGED}"
)
"""Of a button: a restored file may be older than the card on which it stands."""


def no_order(order_id: str) -> str:
    """Somebody has typed a number that nothing has."""
    return f"There is no order {order_id} here. Check the number: `/buy list all` shows them all."


def sentence(verdict: Verdict) -> str:
    """One truthful answer for every way in which a click can end."""
    order = verdict.order
    if order is None:
        return UNKNOWN
    if verdict.standing is not None:
        return f"{STANDINGS[verdict.standing]} {UNCHANGED}"
    return _about(order, verdict)


def _about(order: Order, verdict: Verdict) -> str:  # noqa: PLR0912 - one line for each answer
    match verdict.answer:
        case Answer.COUNTED:
            return f"Your approval of {order.id} counts. Still needed: {needs(verdict.missing)}."
        case Answer.DECIDED:
            return f"Your approval decides {order.id}. Its card tells what becomes of it."
        case Answer.DENIED:
            return f"You denied {order.id}. Nothing will be bought."
        case Answer.CANCELLED:
            return f"You cancelled {order.id}. Nothing will be bought."
        case Answer.SNOOZED:
            return reminding.snoozed(order, verdict.until or order.expires_at)
        case Answer.TOO_LATE:
            return f"{order.id} expired {when(order.expires_at)}. {UNCHANGED}"
        case Answer.OLD_CARD:
            return (
                f"This is not the present card of {order.id}: its terms were asked about anew."
                f" Look for the newer card in the channel. {UNCHANGED}"
            )
        case Answer.OWN_ORDER:
            return (
                f"You asked for {order.id} yourself, so your vote cannot count."
                f" It waits for {people(order.eligible)}. {UNCHANGED}"
            )
        case Answer.NOT_AN_APPROVER if order.state is not State.PENDING_APPROVAL:
            return f"Only approvers can settle {order.id}. {UNCHANGED}"
        case Answer.NOT_AN_APPROVER:
            return (
                f"{order.id} is decided by {people(order.eligible)} (rule"
                f" “{escape(order.rule.name)}”). {UNCHANGED}"
            )
        case Answer.JOINED_LATER:
            return (
                f"You became an approver after {order.id} was asked for, so your vote cannot"
                f" count on it. {UNCHANGED}"
            )
        case Answer.ALREADY_VOTED:
            at = f" {when(verdict.voted_at)}" if verdict.voted_at else ""
            return f"You approved {order.id}{at} already. One person counts once."
        case Answer.POLICY_CHANGED:
            why = phrase(order.note or "what was shown has changed")
            return f"Your vote on {order.id} cannot count: {why}. {_after_change(order)}"
        case Answer.OVER_BUDGET:
            return budgets.vote_refused(order, verdict.short)
        case Answer.NOT_YOURS:
            asker = person(order.requester)
            return f"Only {asker} or an approver can cancel {order.id}. {UNCHANGED}"
        case Answer.ON_ITS_WAY:
            return (
                f"{order.id} is {order.state.words}: it has been sent to the provider and cannot"
                f" be taken back. {UNCHANGED}"
            )
        case answer if (told := payments.clicked(answer, order)) is not None:
            return f"{told} {UNCHANGED}" if not verdict.counts else told
        case _:
            return _about_settling(order, verdict)


def _about_settling(order: Order, verdict: Verdict) -> str:
    match verdict.answer:
        case Answer.LOOKING:
            return f"I am asking the provider about {order.id} now; its card tells what it says."
        case Answer.PROPOSED:
            return f"Noted. Another approver has to confirm it on the card of {order.id}."
        case Answer.SETTLED:
            return f"{order.id} is settled."
        case Answer.OBJECTED:
            return (
                f"Noted: what was said of {order.id} no longer counts; it still has to be settled."
            )
        case Answer.OWN_PROPOSAL:
            return f"You said it yourself; another approver has to confirm it. {UNCHANGED}"
        case Answer.OTHER_PROPOSAL:
            return (
                f"What was said of {order.id} has changed since this card was shown. Look at it"
                f" again. {UNCHANGED}"
            )
        case Answer.PROPOSER_LEFT:
            return (
                f"Whoever said that is no longer an approver. Press Settle on {order.id} to say it"
                f" yourself; another approver confirms it then. {UNCHANGED}"
            )
        case Answer.REF_TAKEN:
            return "Another order has that number already. Look at the provider for the right one."
        case Answer.NOTHING_TO_SETTLE:
            return f"{order.id} is {order.state.words}: there is nothing to settle. {UNCHANGED}"
        case Answer.NOTHING_TO_LOOK_FOR:
            return f"{order.id} is {order.state.words}: there is nothing to look up. {UNCHANGED}"
        case Answer.READERS_ONLY:
            return READERS_ONLY
        case _:
            return f"{closed(order)} {UNCHANGED}"


def _after_change(order: Order) -> str:
    if order.state is State.PENDING_APPROVAL:
        return "A newer card in the channel asks about what stands now."
    return "The order was cancelled; ask for a new one if it is still wanted."


def closed(order: Order) -> str:
    """Who decided the order already, and when."""
    at = f" {when(order.moved_at)}" if order.moved_at else ""
    match order.state:
        case State.DENIED:
            return f"{order.id} was denied by {person(order.closed_by or 'bot')}{at} already."
        case State.CANCELLED:
            return f"{order.id} was cancelled by {person(order.closed_by or 'bot')}{at} already."
        case State.EXPIRED:
            return f"{order.id} expired {when(order.expires_at)}; nothing was bought."
        case _ if order.votes and order.decided_at:
            return (
                f"{order.id} was decided already: {person(order.votes[-1].voter)} gave the last"
                f" approval {when(order.decided_at)}. It is {order.state.words} now."
            )
        case _:
            return f"{order.id} is {order.state.words} already."
