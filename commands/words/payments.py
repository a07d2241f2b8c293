"""An order that has to be paid: what the card says, what the payer is told, what the form asks."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.domain.money import grouped
from bot.domain.orders import Order
from bot.domain.voting import Answer
from commands.words import escape, person, phrase, when

INSTRUCTIONS = 1500
"""Characters of a vendor's instructions, as Slack counts them."""

PAID_TITLE = "I have paid"
PAID_SUBMIT = "It is paid"
CODE_LABEL = "Confirmation code, if the outlet gave you one"


def at_most(order: Order, title: str) -> str:
    """What may leave the treasury, and what the provider said that it would be."""
    most = f"{order.terms.cost.human}, fees included"
    told, currency = order.band.told, order.terms.currency
    if told is None or told.total is None:
        return most
    fee = "" if told.fee is None else f", {grouped(told.fee)} {currency} of it fees"
    return f"{most}; {title} said {grouped(told.total)} {currency} in all{fee}, {when(told.at)}"


def paid_by(order: Order) -> str | None:
    """The outlet at which it is paid, as people call it; None where there are none."""
    told = order.band.told
    name = order.terms.outlet if told is None or told.outlet is None else told.outlet
    return None if name is None else escape(name)


def paid_to(order: Order) -> str | None:
    """Who receives what is bought: ``cold: bc1q...``; None where there is no choice."""
    target, behind = order.terms.target, order.terms.recipient
    if target is None:
        return None if behind is None else escape(behind)
    name = escape(target, longest=80)
    return name if behind is None else f"{name}: {escape(behind)}"


def paid_text(order_id: str) -> str:
    """What the button does."""
    return f"The provider is told that *{order_id}* is paid. Only say so once the money has left."


def awaiting(order: Order, title: str, number: str) -> str:
    """What it waits for, on the card."""
    note = f" ({phrase(order.note)})" if order.note else ""
    until = f" until {when(order.pay_by)}" if order.pay_by else ""
    if order.closed_by is not None:
        why = f" {phrase(order.note)}." if order.note else ""
        return f"*Do not pay it.* It is being taken back at {title} (number {number}).{why}"
    if order.paid_by is not None:
        return f"{person(order.paid_by)} says that it is paid; {title} is being told{note}."
    if order.payer is not None:
        return f"{person(order.payer)} pays it at {title}{until}, under number {number}{note}."
    return (
        f"It has to be paid at {title}{until}, under number {number}{note}. Whoever presses “I"
        " will pay” is told privately how; one person pays."
    )


def elsewhere(order: Order, title: str) -> str:
    """A provider that waits for something that cannot be done from here."""
    note = f" ({phrase(order.note)})" if order.note else ""
    number = escape(order.ref or "?", longest=80)
    return (
        f"{title} waits for a payment or an action there, under number {number}{note}. Look at its"
        " own pages; this card follows what it says."
    )


def notice(order: Order, subject: str, title: str, asker: str) -> str:
    """A reply in the thread, for whoever pays or asked for it."""
    match subject:
        case "pay now":
            return pay_now(order, title, asker)
        case "pay soon":
            return pay_soon(order, title)
        case _:
            return differs(order, title)


def pay_now(order: Order, title: str, asker: str) -> str:
    """Somebody has to pay."""
    until = f" until {when(order.pay_by)}" if order.pay_by else ""
    return (
        f"{asker}: {order.id} waits for a payment or an action at {title}{until}. Its card tells"
        " what to do."
    )


def pay_soon(order: Order, title: str) -> str:
    """A reminder before the deadline."""
    who = person(order.payer or order.requester)
    until = f" until {when(order.pay_by)}" if order.pay_by else " soon"
    return (
        f"{who}: {order.id} has to be paid at {title}{until}. Once it is, press “I have paid”;"
        " what is not marked as paid in time is not bought."
    )


def differs(order: Order, title: str) -> str:
    """It is not what was approved any more, and somebody has been told how to pay it."""
    what = f": {phrase(order.outcome.discrepancy)}" if order.outcome.discrepancy else ""
    return (
        f"{person(order.payer or order.requester)}: attention, {order.id} has changed at"
        f" {title}{what}. If you have not paid it yet, do not: press Cancel. If you have, press “I"
        " have paid” and do not pay again."
    )


def how_to_pay(order: Order, facts: dict[str, Any], title: str) -> tuple[str, str, str]:
    """For the payer alone: what is paid, what the vendor says about it, what to mind.

    The middle one is foreign text as it came, to be shown where nothing is markup: whoever copies
    an account number out of it must not get another one.
    """
    amount = facts.get("amount")
    much = f"{grouped(Decimal(amount))} {facts['currency']}" if amount else "the amount it names"
    until = facts.get("pay_by")
    deadline = f" until {when(datetime.fromisoformat(until))}" if until else ""
    says = facts.get("note") or "Nothing more; look at the provider's own pages."
    return (
        (
            f"You pay {order.id}: *{escape(much)}* by {escape(facts['outlet'])}{deadline}."
            f" {title} says:"
        ),
        says if len(says) <= INSTRUCTIONS else f"{says[: INSTRUCTIONS - 1]}…",
        (
            f"At most {order.terms.cost.human} is approved, fees included: if more is asked for, do"
            " not pay. When the money has left, press “I have paid” on the card."
        ),
    )


def not_again(order: Order, title: str) -> str:
    """The time to pay is over: nobody may pay twice because of that."""
    if order.pay_by is None:
        return ""
    return f" If you did pay, do not pay again: write to {title}'s support with that number."


def clicked(answer: Answer, order: Order) -> str | None:
    """What became of a click about a payment; None: it was about something else."""
    match answer:
        case Answer.PAYER:
            return f"You pay {order.id}. I am sending you privately how."
        case Answer.SOMEBODY_PAYS:
            return f"{person(order.payer or 'bot')} pays {order.id} already."
        case Answer.SAID_PAID:
            return f"Noted: {order.id} is paid. The provider is being told."
        case Answer.PAID_ALREADY:
            return (
                f"{person(order.paid_by or 'bot')} said already that {order.id} is paid."
                f" Do not pay it again."
            )
        case Answer.NOT_THE_PAYER:
            return (
                f"Only the payer, {person(order.requester)} or an approver can say that {order.id}"
                f" is paid."
            )
        case Answer.NOTHING_TO_PAY:
            return f"There is nothing to pay for {order.id} now: do not pay it."
        case Answer.FROZEN:
            return f"Purchases are frozen: do not pay {order.id} until the freeze is lifted."
        case Answer.TAKING_BACK:
            return f"{order.id} is being taken back at the provider: do not pay it."
        case _:
            return None
