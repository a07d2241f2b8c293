"""How to ask: what ``/buy help`` answers. Every example here is parsed by a test."""

from commands.words import escape

TOPICS = {
    "buy": (
        "*Ask for a purchase*\n"
        "`/buy 250 EUR btc via kriptomat` asks the people whom the policy names. Once enough of"
        " them approve, it is bought, exactly once.\n"
        "Also: `/buy €250 of btc on kriptomat`, `/buy 2k EUR btc`,"
        " `/buy 250 EUR btc max 65000 for rent of cold storage`.\n"
        "`max` is the highest price of one coin, `for` gives the reason and comes last; `via` may"
        " be left out when only one provider can do it.\n"
        "`/buy` alone opens a form with the same fields, which shows who would have to approve."
    ),
    "status": (
        "*See what became of it*\n"
        "`/buy status BUY-7K3FQ` (or just `/buy BUY-7K3FQ`) tells one order's whole story,"
        " `/buy status` what is open and what ended in the last 24 hours, `/buy list open`,"
        " `/buy list mine` and `/buy list all` the orders. Only you see the answers.\n"
        "In a thread commands do not work: write `@countersign status` there, or `@countersign"
        " BUY-7K3FQ`."
    ),
    "cancel": (
        "*Take it back*\n"
        "`/buy cancel BUY-7K3FQ`, for the requester or an approver, until it is sent to the"
        " provider."
    ),
    "approve": (
        "*Decide*\n"
        "Press Approve or Deny on the card in the channel. A vote is for exactly what the card"
        " shows; nobody votes on an order of their own; one Deny ends it. Whoever has not voted is"
        " reminded in its thread; _Snooze_ silences that for you alone."
    ),
    "doubt": (
        "*When nobody knows whether it was bought*\n"
        "An order is _in doubt_ when the provider's answer was lost or the machine died. Its card"
        " shows what was looked at and what was found. _Check again_ asks the provider now. If it"
        " cannot be found out, one approver looks at the provider and presses _Settle_, and another"
        " one confirms it."
    ),
    "pay": (
        "*Pay for it*\n"
        "Some providers want to be paid after the order was placed. Press _I will pay_ on the card:"
        " you alone are told how and by when. Press _I have paid_ once the money has left; what is"
        " not marked as paid in time is not bought, and must not be paid later."
    ),
    "freeze": (
        "*Stop everything*\n"
        "`/buy freeze we are being phished` stops all sending at once, `/buy freeze only kriptomat:"
        " the account is being moved` one provider (or an asset). Any approver can. Two different"
        " approvers lift it with `/buy unfreeze`."
    ),
    "providers": (
        "*Providers*\n"
        "`/buy providers` tells what each provider can do, what happens there when a reply is lost,"
        " and how it is."
    ),
    "every": (
        "*Buy again and again*\n"
        "`/buy every friday at 9:00 50 EUR btc via kriptomat runs 12` (or `until 2027-01-01`) shows"
        " the dates and the total; _Create_ asks once for the whole of it. Also:"
        " `/buy every weekday at 8am 20 EUR btc runs 10`,"
        " `/buy every 2 weeks on monday at 17:30 Europe/Ljubljana 50 EUR btc runs 6`,"
        " `/buy every month on the last day at 9:00 50 EUR btc runs 12 missed one`.\n"
        "Each date is held against policy, budget, price and freeze again: outside of what was"
        " agreed it asks you instead. `missed one` or `missed all` say what is made up for when I"
        " was off."
    ),
    "remind": (
        "*Be reminded*\n"
        "`/buy remind every month on the 1st at 10:00 100 EUR btc via kriptomat` asks in the"
        " channel each time, with _Buy_, _Skip_ and _Snooze_. It buys nothing by itself."
    ),
    "schedules": (
        "*What recurs*\n"
        "`/buy schedules` lists it, `/buy REC-7K3FQ` tells one whole. `/buy pause REC-7K3FQ`,"
        " `/buy resume REC-7K3FQ`, `/buy skip REC-7K3FQ` (the next date) and `/buy stop REC-7K3FQ`"
        " (for good) are for the requester and approvers."
    ),
    "budget": (
        "*Budgets*\n"
        "`/buy budget` tells of every budget what is spent, reserved, in doubt and left. What is"
        " approved counts with all that it may cost until the provider tells what it did cost, and"
        " what is in doubt keeps its money. An order that a budget has not enough for is not asked"
        " about, and cannot be approved."
    ),
    "report": (
        "*What a month was*\n"
        "`/buy report` tells what was spent this month, on what, by whom, and what it was the month"
        " before; `/buy report october`, `/buy report 2026-10` and `/buy report last month` tell"
        " others. `/buy export last month` sends every order of a month to your direct messages,"
        " as a CSV file with sums."
    ),
    "explain": (
        "*Understand why*\n"
        "`/buy explain 250 EUR btc via kriptomat` tells what would happen if you asked for it, and"
        " asks for nothing: every rule in its order and why it fits or not, who may approve and who"
        " not, what it would leave of the budgets, what protects the price. `/buy explain"
        " BUY-7K3FQ` tells the same of an order."
    ),
    "policy": (
        "*The policy*\n"
        "`/buy policy` shows all of it: the rules in the order in which they are tried, the"
        " budgets, who is in which group, how long people have to decide."
    ),
    "states": (
        "*What the states mean*\n"
        "_pending approval_: people decide. _approved_: it will be sent. _submitting_: it is being"
        " sent. _in doubt_: sent, but nobody knows yet whether it was bought; it is looked up and"
        " never bought twice. _accepted_: the provider has it. _awaiting payment_: one of you has"
        " to pay it. _completed_: bought. _reversed_: the provider took it back afterwards.\n"
        "_denied_, _cancelled_, _expired_ (too few votes in time), _rejected_ (the provider"
        " refused, or people settled it so) and _failed_ (at the provider): nothing was bought."
    ),
}
"""The topics of ``/buy help TOPIC``, in the order in which they are shown."""


BRIEF = {
    "buy": "`/buy 250 EUR btc via kriptomat` asks for a purchase; `/buy` alone opens a form.",
    "status": "`/buy BUY-7K3FQ` tells one order's story, `/buy status` what is open.",
    "cancel": "`/buy cancel BUY-7K3FQ` takes it back, until it is sent.",
    "approve": "Approve and Deny stand on its card in the channel, and in my Home tab.",
    "doubt": "_In doubt_ means that nobody knows yet whether it was bought: it is looked up first.",
    "pay": "Some purchases have to be paid by one of you; the payer is told privately how.",
    "freeze": "`/buy freeze we are being phished` stops all sending at once.",
    "providers": "`/buy providers` tells from whom you can buy, and how they are.",
    "every": "`/buy every friday at 9:00 50 EUR btc via kriptomat runs 12` buys again and again.",
    "remind": "`/buy remind every friday at 9:00 50 EUR btc` asks each time, and buys nothing"
    " itself.",
    "schedules": "`/buy schedules` lists what recurs; pause, skip or stop it.",
    "budget": "`/buy budget` tells what is spent and what is left.",
    "report": "`/buy report` tells what a month was; `/buy export` sends it as a file.",
    "explain": "`/buy explain 5000 EUR btc` tells what would happen, and asks nobody.",
    "policy": "`/buy policy` shows who may ask for what, and who must agree.",
    "states": "From _pending approval_ to _completed_: what each state means.",
}
"""Each topic in one line."""


def overview() -> str:
    """All topics on one page that is read at a glance, each with the way to more of it."""
    lines = [f"• {said} (`/buy help {name}`)" for name, said in BRIEF.items()]
    return "\n".join(["*What you can do here*", *lines])


def topic(name: str | None) -> str:
    """The answer to ``/buy help [TOPIC]``: one topic, or all of them in a line each."""
    if name is None:
        return overview()
    if name.lower() in TOPICS:
        return TOPICS[name.lower()]
    known = ", ".join(f"`{one}`" for one in TOPICS)
    return (
        f"There is no help on *{escape(name)}*. Topics: {known}; `/buy help` tells each in a line."
    )
