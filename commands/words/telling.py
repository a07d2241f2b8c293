"""An order told to people: its headline, its state in words, what comes next, what it cost."""

from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

from bot.domain.money import EXACT, Money, decimal_text, grouped
from bot.domain.orders import Envelope, Order, Outcome, Proposal, State, Terms
from bot.domain.people import Roster
from bot.domain.policy import Policy, Requirement
from bot.domain.voting import Ballot, ballot_of, missing_of
from commands.words import count, day, escape, listed, payments, people, person, phrase, when
from commands.words.refused import needs

SIGNS = {
    State.PENDING_APPROVAL: "🟡",
    State.APPROVED: "🔵",
    State.SUBMITTING: "🔵",
    State.IN_DOUBT: "🟠",
    State.ACCEPTED: "🔵",
    State.AWAITING_PAYMENT: "🟡",
    State.COMPLETED: "✅",
    State.REVERSED: "⛔",
    State.DENIED: "⛔",
    State.CANCELLED: "⚪️",
    State.EXPIRED: "⚪️",
    State.REJECTED: "⛔",
    State.FAILED: "⛔",
}
"""A sign before the words, never instead of them. The white circle asks to be drawn as a picture:
many fonts have a tiny letter for it."""

LONGEST_NAME = 80
"""Characters of a vendor's number or word, or of a person's name, inside a sentence."""


def headline(order: Order, title: str) -> str:
    """``Buy BTC for 250.00 EUR via Kriptomat``; ``title`` is the provider's name."""
    return purchase(order.terms, title)


def purchase(terms: Terms, title: str) -> str:
    """What is bought by these terms, as a headline."""
    if isinstance(terms.spend, Money):
        return f"Buy {terms.asset.upper()} for {terms.spend.human} via {title}"
    return f"Buy {terms.spend.human} for {terms.currency} via {title}"


def state_words(order: Order) -> str:
    """The state with a capital letter: ``Pending approval``."""
    return order.state.words.capitalize()


def fallback(order: Order, title: str, says: str, roster: Roster) -> str:
    """The whole meaning in one line, for notifications and screen readers.

    ``says``: what it waits for, or how it ended.
    """
    what = headline(order, title)
    who = escape(roster.name(order.requester), longest=LONGEST_NAME)
    return f"{order.id} is {order.state.words}: {what}, asked for by {who}. {says}"


def next_words(order: Order, title: str, policy: Policy, roster: Roster) -> str:
    """What it waits for, or how it ended: one or two sentences."""
    if order.proposal is not None:
        return (
            f"{person(order.proposal.by)} says that {proposed(order.proposal)}; another approver"
            " has to confirm it. Nothing is sent meanwhile."
        )
    match order.state:
        case State.PENDING_APPROVAL:
            return _waiting(order, policy, roster)
        case State.APPROVED if order.note:
            return f"Waiting to be sent: {phrase(order.note)}. I keep trying{_lapses(order)}."
        case State.APPROVED:
            return f"About to be sent to {title}."
        case State.SUBMITTING:
            return f"Being sent to {title}, attempt {order.attempts}."
        case State.IN_DOUBT:
            return f"{_unknown(order, title)} Nothing is bought a second time meanwhile."
        case State.ACCEPTED:
            return _accepted(order, title)
        case State.AWAITING_PAYMENT:
            return payments.awaiting(order, title, ref_words(order))
        case State.COMPLETED:
            return bought(order, title)
        case State.REVERSED:
            return (
                f"{title} has reversed the purchase {ref_words(order)} after it was completed."
                " Make sure that the money has come back."
            )
        case State.FAILED:
            failed = f"{title} says that the purchase {ref_words(order)} failed ({_word(order)})."
            return failed + payments.not_again(order, title)
        case _:
            return _ended(order, title)


def _lapses(order: Order) -> str:
    """An approval is not good for ever."""
    until = order.valid_until
    return "" if until is None else f" until {when(until)}; after that, people are asked anew"


def _ended(order: Order, title: str) -> str:
    note = f": {phrase(order.note)}" if order.note else ""
    who = person(order.closed_by or "bot")
    match order.state:
        case State.DENIED:
            told = f"{who} denied it{note}."
        case State.CANCELLED:
            told = f"{who} cancelled it{note}."
        case State.EXPIRED:
            told = f"Too few people approved it by {when(order.expires_at)}."
        case _ if order.settled_by:
            return f"{people_of(order)} settled that nothing was bought{note}."
        case _ if order.doubted:
            return f"Nothing was bought{note}."
        case _:
            told = f"{title} refused it{note}."
    return f"{told} {nothing_bought(order, title)}"


def nothing_bought(order: Order, title: str) -> str:
    """A restored file may have forgotten a purchase, so it is not the last word."""
    if not order.look_first or order.due_at is None:
        return "Nothing was bought."
    return (
        "Nothing was bought as far as this restored file knows; I am asking"
        f" {title} whether that is so."
    )


def _accepted(order: Order, title: str) -> str:
    note = f" ({phrase(order.note)})" if order.note else ""
    if order.settled_by and not order.outcome.word:
        return (
            f"{people_of(order)} settled that it was bought under number {ref_words(order)}{note}."
            f" I am asking {title} about it."
        )
    return f"{title} has accepted it under number {ref_words(order)}; it is not finished yet{note}."


def people_of(order: Order) -> str:
    """Who settled it."""
    return listed(person(one) for one in order.settled_by)


def _unknown(order: Order, title: str) -> str:
    note = f" ({phrase(order.note)})" if order.note else ""
    goes_on = "I am looking it up." if order.due_at else "Two approvers have to settle it."
    return f"It is not known yet whether {title} bought it{note}. {goes_on}"


def proposed(said: Proposal) -> str:
    """What somebody proposes: ``it was bought under number 812``."""
    if not said.bought:
        return "nothing was bought"
    return f"it was bought under number {escape(said.ref or '?', longest=LONGEST_NAME)}"


def alike(order: Order) -> str:
    """Who has asked for the same in the last day: nobody should approve it twice by mistake."""
    told = [f"{one.id} by {person(one.requester)} {when(one.at)}" for one in order.alike]
    return f"⚠️ *The same was asked for* in the day before: {listed(told)}. Is this one more?"


def _waiting(order: Order, policy: Policy, roster: Roster) -> str:
    again = ""
    if order.note and order.schedule is not None:
        again = f"{order.schedule} asks you about this date: {phrase(order.note)}. "
    elif order.note and order.revision:
        again = f"Asked again: {phrase(order.note)}. "
    return again + awaited(ballot_of(order), policy, roster)


def awaited(ballot: Ballot, policy: Policy, roster: Roster) -> str:
    """Whose votes are wanted, how many there are, and until when."""
    missing = missing_of(ballot, policy=policy, roster=roster)
    waits = people(ballot.eligible - {vote.voter for vote in ballot.votes})
    needed = sum(need.count for need in ballot.rule.approvals)
    have = needed - sum(need.count for need in missing)
    return (
        f"{have} of {count(needed, 'approval')}; needs {needs(missing)}: {waits}."
        f" Expires {when(ballot.expires_at)}."
    )


def reminded(
    whom: Collection[str], name: str, what: str, ballot: Ballot, missing: tuple[Requirement, ...]
) -> str:
    """A reply under the card, with mentions: what it is about and until when it can be decided."""
    votes = len(ballot.votes)
    given = f"{count(votes, 'approval')} so far" if votes else "nobody has approved it yet"
    return (
        f"{people(whom)}: *{name}* waits for your decision. {what}, asked for by"
        f" {person(ballot.requester)}. It needs {needs(missing)}; {given}. It expires"
        f" {when(ballot.expires_at)}. Approve or deny it on the card above."
    )


def agreed(envelope: Envelope) -> str:
    """Who approved an order with the whole of the recurring purchase that it is a date of."""
    voters = ", ".join(f"{person(vote.voter)} {when(vote.at)}" for vote in envelope.votes)
    return f"👍 approved with all of {envelope.schedule} by {voters}"


def date_of(order: Order) -> str:
    """Which date of which schedule."""
    return "" if order.date is None else f"{order.schedule}, {day(order.date)}"


def settles_on(text: str) -> str:
    """A date in a vendor's words: an instant as other times are shown, a day as a day.

    A day, and a time without a zone, stay where they are: in another zone it would be another
    day. What is no date stays the vendor's own text.
    """
    with suppress(ValueError):
        one = date.fromisoformat(text)
        return f"{one:%a} {one.day} {one:%b %Y}"
    with suppress(ValueError, OverflowError):
        at = datetime.fromisoformat(text)
        return day(at) if at.tzinfo is None else when(at.astimezone(UTC))
    return escape(text)


def bought(order: Order, title: str) -> str:
    told = figures(order.outcome, order.terms.asset, order.terms.currency)
    said = f": {told}" if told else ""
    return f"Bought at {title} under number {ref_words(order)}{said}."


def figures(outcome: Outcome, asset: str, currency: str) -> str:
    """``0.00385802 BTC at 64,800 EUR, total 250.00 EUR, fee 2.00 EUR``: what the vendor told."""
    if outcome.currency is not None:
        currency = escape(outcome.currency, longest=LONGEST_NAME)
    parts = []
    if outcome.quantity is not None:
        parts.append(f"{grouped(outcome.quantity)} {asset.upper()}{_otherwise(outcome)}")
    if outcome.price is not None:
        parts.append(f"at {money(outcome.price, currency)} each")
    if outcome.total is not None:
        parts.append(f"total {money(outcome.total, currency)}")
    if outcome.spent is not None and outcome.spent != outcome.total:
        parts.append(f"counted as {money(outcome.spent, currency)} with fees")
    if outcome.fee is not None:
        parts.append(f"fee {money(outcome.fee, currency)}")
    return ", ".join(parts)


def _otherwise(outcome: Outcome) -> str:
    """What was released may be less or more than what was ordered."""
    if outcome.ordered is None or outcome.ordered == outcome.quantity:
        return ""
    return f" ({grouped(outcome.ordered)} ordered)"


def money(amount: Decimal, currency: str) -> str:
    """A vendor's figure as it came, grouped; it may have more decimals than the currency."""
    return f"{grouped(amount)} {currency}"


def protection(order: Order, title: str) -> str:
    """What keeps the price from running away, in words."""
    limit, currency = order.band.limit, order.terms.currency
    if limit is None:
        return f"no price protection: {title} tells no price before buying"
    parts = []
    if order.band.reference is not None:
        told = order.band.told
        read = f" (read {when(told.at)})" if told is not None else ""
        parts.append(f"now {money(order.band.reference, currency)}{read}")
    parts.append(f"not sent above {money(_exact(limit), currency)}")
    return ", ".join(parts)


def _exact(price: Decimal) -> Decimal:
    """The same price with two decimals, or with as many more as it needs; never rounded."""
    exact = Decimal(decimal_text(price))
    return EXACT.add(exact, Decimal("0.00"))


def line(order: Order, title: str) -> str:
    """One order in a list."""
    sign = SIGNS[order.state]
    what = headline(order, title)
    return f"{sign} *{order.id}* {order.state.words} · {what} · {person(order.requester)}"


def ref_words(order: Order) -> str:
    return escape(order.ref or "?", longest=LONGEST_NAME)


def _word(order: Order) -> str:
    return escape(order.outcome.word or "no reason given", longest=LONGEST_NAME)
