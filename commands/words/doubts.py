"""What is known of an order whose outcome is not, in plain words, and how people settle it."""

from bot.domain.capabilities import Lookup, Sheet
from bot.domain.evidence import Ground, Looks, Shown
from bot.domain.orders import Order, State
from commands.words import count, escape, listed, person, phrase, when
from commands.words.telling import LONGEST_NAME

GROUNDS = {
    Ground.OUR_REFERENCE: "it carries our own reference, so it is this one",
    Ground.ONLY_FIT: "it is known to be bought, and only this purchase fits",
    Ground.ONLY_UNPAID: "only it fits, it was made while this one was under way, and it is unpaid",
    Ground.ONLY_UNPAID_YET: "only it fits and it is unpaid, but another one might still be listed",
    Ground.SEVERAL_OF_OURS: "more than one carries our reference: *look at once*, it may have been"
    " bought twice",
    Ground.MAYBE_ANOTHERS: "it fits by amount and time, but nothing proves that it is this one",
    Ground.OWNED: "it carries our own reference, but another order here owns it: *look at once*,"
    " one of them was settled under the wrong number",
    Ground.RIVAL: "it fits, but another order that is not settled fits as well",
    Ground.NOT_LISTED: "nothing that fits is listed",
    Ground.NO_LISTING: "there is no list to look at",
    Ground.UNREAD: "the list could not be read",
}
"""Each rule by which a look-up is judged, as a clause."""

SETTLE_TITLE = "Settle an order"
SETTLE_SUBMIT = "Propose"
BOUGHT_LABEL = "What became of it?"
BOUGHT, NOT_BOUGHT = "It was bought", "It was not bought"
REF_LABEL = "Number of the purchase at the provider"
REF_HINT = "Only if it was bought. Copy it from the provider's own pages."
BECAUSE_LABEL = "How do you know? (everybody in the channel can read it)"
REF_MISSING = "Give the provider's number of the purchase."
REF_NEEDLESS = "Leave this empty, or choose that it was bought."
REF_BAD = "A number of at most 64 letters, digits and - . _ : / without spaces."


def unknown_provider(order: Order) -> str:
    """The provider of this order has been taken out of the configuration."""
    return (
        f"*What is known*\n• {escape(order.terms.provider)} is not set up here any more, so I"
        " cannot ask it.\n• Two approvers can settle it: look there, then press Settle."
    )


def known(order: Order, sheet: Sheet) -> str:
    """What was sent, what was seen since, what happens next: the evidence on the card."""
    lines = [*_sent(order), *_seen(order, sheet), *_absence(order, sheet), *_next(order, sheet)]
    return "*What is known*\n" + "\n".join(f"• {line}" for line in lines)


def _sent(order: Order) -> list[str]:
    if order.attempts == 0 or order.first_sent_at is None:
        return ["This file knows of no request for it; it was restored or copied."]
    times = "" if order.attempts == 1 else f", the same request {count(order.attempts, 'time')}"
    # Why nobody knows stands above, unless somebody's proposal has taken that place.
    hidden = order.proposal is not None and order.state is State.IN_DOUBT
    why = f"; then: {phrase(order.note)}" if order.note and hidden else ""
    return [f"Sent {when(order.first_sent_at)}{times}{why}."]


def _seen(order: Order, sheet: Sheet) -> list[str]:
    looks = order.looks
    if looks is None:
        return ["Not looked up yet."]
    if looks.ground is Ground.NO_LISTING:
        return [f"{sheet.title} has no list in which I could look it up."]
    times = "Looked" if looks.count == 1 else f"Looked {count(looks.count, 'time')}, last"
    place = f"at {sheet.title}, in {sheet.looks_at}"
    return [f"{times} {when(looks.last_at)} {place}: {_result(looks)}."]


def _result(looks: Looks) -> str:
    if not looks.refs:
        return GROUNDS[looks.ground]
    numbers = listed(f"number {escape(ref, longest=LONGEST_NAME)}" for ref in looks.refs)
    return f"{numbers}; {GROUNDS[looks.ground]}"


def _absence(order: Order, sheet: Sheet) -> list[str]:
    if order.looks is None or order.looks.shown is not Shown.NOTHING:
        return []
    if sheet.free_until_paid:
        return ["What is not paid costs nothing: if nothing turns up, it ends by itself."]
    if sheet.has_native_key:
        return ["Not being listed proves nothing: a purchase may be listed late."]
    return ["Not being listed proves nothing, and sending it again could buy it twice."]


def _next(order: Order, sheet: Sheet) -> list[str]:
    told = []
    if order.due_at is not None:
        told.append(f"I look again {when(order.due_at)}{_then(order)}.")
    until = _resend_until(order, sheet)
    if until is not None and order.proposal is None and not order.settled_by:
        told.append(f"Until {until} I may send the same request again; it buys only once.")
    if order.proposal is None and order.settled_by:
        told.append("If that was wrong, two approvers can settle it anew.")
    elif order.proposal is None:
        told.append(f"Two approvers can settle it: look at {sheet.title}, then press Settle.")
    else:
        told.append(
            f"{person(order.proposal.by)} knows it from this: {phrase(order.proposal.because)}."
        )
    return told


def _then(order: Order) -> str:
    """What the next look may decide without anybody's help."""
    if order.looks is None or order.looks.ground is not Ground.ONLY_UNPAID_YET:
        return ""
    return "; if it is still the only one, I take it for this order"


def _resend_until(order: Order, sheet: Sheet) -> str | None:
    """The end of the key's life or of the approval, whichever comes first."""
    lifetime = sheet.key_lifetime
    if lifetime is None or order.first_sent_at is None or order.valid_until is None:
        return None
    if order.attempts == 0 or order.proven:
        return None
    return when(min(order.first_sent_at + lifetime * 9 / 10, order.valid_until))


def settle_text(order: Order, sheet: Sheet) -> str:
    """What stands above the form."""
    where = "its list" if sheet.lookup is not Lookup.NONE else "its own pages"
    return (
        f"Look at {sheet.title} first ({where}): was *{order.id}* bought? What you say here has to"
        " be confirmed by another approver; it is then final, and nothing is sent again."
    )


def confirm_text(order: Order) -> str:
    """What is asked before the second person's word counts."""
    said = order.proposal
    if said is None:
        return "It has been withdrawn meanwhile."
    what = f"it was bought under number {said.ref}" if said.bought else "nothing was bought"
    return f"You say as well that {what}. This is final, and nothing is sent again."
