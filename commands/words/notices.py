"""What is told to whom it concerns: replies in a card's thread, and private messages.

An edited card notifies nobody, so what somebody must know is also said, with a mention.
"""

from collections.abc import Collection

from bot.domain.orders import Order
from commands.words import payments, people, person, phrase
from commands.words.telling import bought, nothing_bought, people_of, proposed, ref_words


def notice(
    order: Order, subject: str, note: str | None, title: str, approvers: Collection[str] = ()
) -> str:
    """A reply in the card's thread that mentions whoever has to know.

    ``approvers``: everybody who may settle it today.
    """
    asker = person(order.requester)
    why = f": {phrase(note)}" if note else ""
    match subject:
        case "asked again":
            return f"{people(order.eligible)}: please decide {order.id} anew{why}."
        case "over budget":
            return (
                f"{asker}: enough people agree to {order.id}, and it cannot be approved now{why}."
                " Their votes stand; the last one has to be given again once there is enough."
            )
        case "in doubt":
            return (
                f"{asker}: it is not known whether {title} bought {order.id}{why}. I am looking it"
                " up and will not buy it twice."
            )
        case "proposed" if order.proposal is not None:
            others = people({*approvers} - {order.proposal.by}) or asker
            return (
                f"{others}: {person(order.proposal.by)} says of {order.id} that"
                f" {proposed(order.proposal)}. Please look at {title} yourself, then confirm it on"
                " the card or object."
            )
        case "objected" | "settle it" | "alarm" | "silent":
            return f"{people(approvers) or asker}: {_needed(order, subject, title)}"
        case "slow":
            return f"{asker}: {_slow(order, note, title)}"
        case "settled":
            what = f"bought under number {ref_words(order)}" if order.ref else "not bought"
            return f"{asker}: {people_of(order)} settled {order.id} as {what}{why}."
        case "pay now" | "pay soon" | "differs":
            return payments.notice(order, subject, title, asker)
        case "completed":
            return f"{asker}: {order.id} is completed. {bought(order, title)}"
        case "failed":
            no = f"{asker}: {order.id} did not go through at {title}{why}."
            return no + payments.not_again(order, title)
        case "lapsed":
            return f"{asker}: {order.id} was not bought{why}."
        case _:
            return f"{asker}: {_ended(order, subject, note, title)}"


def _slow(order: Order, note: str | None, title: str) -> str:
    """``note``: how long it has taken."""
    return (
        f"{title} accepted {order.id} {phrase(note or 'long')} ago under number"
        f" {ref_words(order)}, and has not completed it. That is longer than usual; I go on asking."
        f" Please look at {title}, and do not buy it again meanwhile."
    )


def _ended(order: Order, subject: str, note: str | None, title: str) -> str:
    """It is over, or what was thought to be over has changed."""
    why = f": {phrase(note)}" if note else ""
    match subject:
        case "denied":
            return f"{person(order.closed_by or 'bot')} denied {order.id}{why}."
        case "expired":
            return f"{order.id} expired before enough people approved it."
        case "cancelled":
            return f"{order.id} was cancelled{why}. {nothing_bought(order, title)}"
        case _:
            return _changed(order, subject, note, title)


def direct(order: Order, subject: str, note: str | None, title: str) -> str:
    """A private message about one order: to an operator, or to a requester without a card."""
    why = f": {phrase(note)}" if note else ""
    match subject:
        case "in doubt":
            return (
                f"{order.id} is in doubt{why}. It is being looked up and is not bought a second"
                f" time; `/buy status {order.id}` tells what is known."
            )
        case "proposed" if order.proposal is not None:
            return (
                f"{order.id}: {person(order.proposal.by)} says that {proposed(order.proposal)};"
                " another approver has to confirm it on its card."
            )
        case "settled":
            what = f"bought under number {ref_words(order)}" if order.ref else "not bought"
            return f"{order.id}: {people_of(order)} settled it as {what}{why}."
        case "objected" | "settle it" | "alarm" | "silent":
            told = _needed(order, subject, title)
            return told[0].upper() + told[1:]
        case "no card":
            return (
                f"{order.id} was cancelled: its card could not be posted{why}. Nothing was bought."
            )
        case "not asked":
            return f"{order.id} was cancelled before anybody was asked{why}. Nothing was bought."
        case _:
            told = _changed(order, subject, note, title)
            return told[0].upper() + told[1:]


def diverted(said: str, why: str) -> str:
    """What was to be said in a thread, told privately."""
    return f"{said} (You read it here because the channel takes no messages: {phrase(why)}.)"


def channel_closed(channel: str, why: str) -> str:
    """For operators: nothing can be posted where the cards stand."""
    return (
        f"The channel of the cards, <#{channel}>, takes no messages: {phrase(why)}. New orders are"
        " cancelled, and news of those under way is told privately, until that is mended;"
        " `countersign doctor` looks at it."
    )


def _needed(order: Order, subject: str, title: str) -> str:
    """Only people can go on from here."""
    match subject:
        case "objected":
            return f"what was said of {order.id} was taken back; it still has to be settled."
        case "alarm":
            return (
                f"attention, something is wrong with {order.id}: its card tells what {title} shows."
                " It may have been bought twice, or settled under a wrong number. Please look at"
                " once; nothing is sent."
            )
        case "silent":
            return (
                f"{title} accepted {order.id} under number {ref_words(order)} and has told nothing"
                " of it since. Please look there; two of you can settle it on its card."
            )
        case _:
            return (
                f"I cannot find out by myself whether {title} bought {order.id}. Please look"
                " there, then press Settle on its card; two of you have to say the same."
            )


def _changed(order: Order, subject: str, note: str | None, title: str) -> str:
    """News of an order that everybody thought had ended."""
    why = f": {phrase(note)}" if note else ""
    match subject:
        case "late evidence":
            return (
                f"attention, {order.id} was bought after all. {bought(order, title)} It had ended"
                " as if nothing had been bought, so its money was not counted until now."
            )
        case "reopened":
            return (
                f"attention, {order.id} is open again{why}. Look at {title} and settle it on its"
                " card; nothing is sent."
            )
        case "reversed":
            return (
                f"attention, {title} has reversed {order.id} (number {ref_words(order)}) after it"
                " was completed. Make sure that the money has come back."
            )
        case _:
            return f"{order.id} is {order.state.words}{why}."
