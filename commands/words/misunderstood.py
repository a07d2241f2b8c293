"""Words that could not be read: what is wrong, where, and what was perhaps meant."""

from bot.domain.money import AmountFault, BadAmount
from commands.word_faults import NotUnderstood, WordFault
from commands.words import escape, listed

EXAMPLE = "`/buy 250 EUR btc via kriptomat`"
PLAN_EXAMPLE = "`/buy every friday at 9:00 50 EUR btc via kriptomat runs 12`"
CANCEL_EXAMPLE = "`/buy cancel BUY-7K3FQ`, with a number that `/buy list open` shows"
CHANGES = ("pause", "resume", "skip", "stop")
FREEZE_EXAMPLE = "`/buy freeze only kriptomat: the account is being moved`"

AMOUNTS = {
    AmountFault.EMPTY: "The amount is missing.",
    AmountFault.TOO_LONG: "{text} is longer than any amount.",
    AmountFault.TOO_LARGE: "{text} is more than any team can mean.",
    AmountFault.NOT_POSITIVE: "The amount must be more than zero.",
    AmountFault.NEGATIVE: "The amount cannot be negative ({text}).",
    AmountFault.SIGN: "Write the amount without a sign ({text}).",
    AmountFault.DECIMAL_COMMA: "{text}: the decimal point is a point here, the comma groups"
    " thousands.",
    AmountFault.GROUPING: "{text}: commas must group the digits in threes.",
    AmountFault.SEPARATOR: "{text}: only commas may group the digits.",
    AmountFault.BARE_POINT: "{text}: put a digit on both sides of the point.",
    AmountFault.LEADING_ZERO: "{text} begins with a zero.",
    AmountFault.EXPONENT: "{text}: write the number in full.",
    AmountFault.FOREIGN_DIGITS: "{text}: use the digits 0 to 9.",
    AmountFault.NOT_A_NUMBER: "{text} is not an amount.",
    AmountFault.TOO_MANY_DECIMALS: "{text} has more decimals than can be paid. I never round.",
    AmountFault.UNKNOWN_CURRENCY: "{text} is not a currency I know.",
    AmountFault.UNKNOWN_ASSET: "{text} is not the code of an asset.",
}
"""One sentence for each fault of an amount."""

WORDS = {
    WordFault.TOO_LONG: "That is too long to be a command.",
    WordFault.UNEXPECTED: "I do not understand *{found}* here.",
    WordFault.INCOMPLETE: "Something is missing at the end.",
    WordFault.BAD_AMOUNT: "{amount}",
    WordFault.MISSING_CURRENCY: "Which currency? {found} alone could mean coins or money.",
    WordFault.UNKNOWN_CURRENCY: "*{found}* is not a currency I know.",
    WordFault.AMBIGUOUS_SYMBOL: "¥ could be yen or yuan: write JPY or CNY.",
    WordFault.OTHER_CURRENCY: "There are two currencies in it (*{found}*): name one.",
    WordFault.NEEDLESS_CURRENCY: "`in` goes only with an amount of coins, as in"
    " `0.005 btc in php`.",
    WordFault.MISSING_ASSET: "What should the money buy? The asset is missing, such as `btc`.",
    WordFault.NOT_AN_ASSET: "*{found}* is not something that can be bought here.",
    WordFault.WORD_ORDER: "The amount comes first, then the currency, then the asset.",
    WordFault.NEEDLESS_BUY: "The command is the verb already: leave out the second “buy”.",
    WordFault.REPEATED: "*{found}* stands there twice.",
    WordFault.REASON_TOO_LONG: "The reason after `for` may have 300 characters.",
    WordFault.TYPED_ADDRESS: "A typed address is never accepted: `to` takes a name of the address"
    " book.",
    WordFault.BAD_ORDER_ID: "*{found}* is not an order's number, such as `BUY-7K3FQ`.",
    WordFault.BAD_SCHEDULE_ID: "*{found}* is not the number of a schedule, such as `REC-7K3FQ`.",
    WordFault.BAD_MONTH: "*{found}* is not a month as I read them.",
    WordFault.NO_TIME: "At what time of day?",
    WordFault.WHICH_HALF: "*{found}* in the morning or in the evening?",
    WordFault.NOON_OR_MIDNIGHT: "Is *{found}* noon or midnight?",
    WordFault.BAD_TIME: "No clock shows *{found}*.",
    WordFault.NO_DAY: "On which day of the {found}?",
    WordFault.SHORT_MONTHS: "Not every month has a {found}. What about the shorter ones?",
    WordFault.NTH_OR_EVERY: "The {found} one of each month, or every so often?",
    WordFault.NO_SUCH_DAY: "There is no {found} one in every month.",
    WordFault.OUT_OF_REACH: "*{found}* is out of reach: at least 1, and about a year at most.",
    WordFault.UNKNOWN_ZONE: "*{found}* is not a time zone I know. Without one, the time zone of"
    " your Slack account is meant.",
    WordFault.BAD_DATE: "*{found}* is not a date as I read them.",
    WordFault.BAD_RUNS: "After `runs` comes a whole number from 1 to 366, not *{found}*.",
    WordFault.NO_END: "A recurring purchase needs an end: how many `runs`, or `until` which day?",
    WordFault.TWO_ENDS: "Say either `runs` or `until`, not both.",
    WordFault.ONLY_RECURRING: "*{found}* goes with a recurring purchase: say `every` and when.",
    WordFault.ONLY_PURCHASES: "A reminder buys nothing by itself, so there is nothing to make up"
    " for: leave out `missed`.",
    WordFault.NOT_RECURRING: "When should I remind you? Say `every` and when.",
}
"""One sentence for each way in which words are not understood."""

NAMES = {
    "AMOUNT": "an amount such as `250`",
    "CURRENCY": "a currency such as `EUR`",
    "ASSET": "an asset such as `btc`",
    "PROVIDER": "a provider such as `kriptomat`",
    "OUTLET": "a payment outlet such as `bdo_deposit`",
    "TARGET": "a name of the address book",
    "REASON": "a reason",
    "ORDER": "an order's number such as `BUY-7K3FQ`",
    "SCHEDULE": "the number of a schedule such as `REC-7K3FQ`",
    "TIME": "a time such as `9:00` or `8am`",
    "WEEKDAY": "a day such as `friday`",
    "MONTH_DAY": "a day of the month such as `1st`",
    "DATE": "a date such as `2027-01-31`",
    "MONTH": "a month such as `2026-11`, `november` or `last month`",
    "ZONE": "a time zone such as `Europe/Ljubljana`",
    "RUNS": "a number from 1 to 366",
    "SCOPE": "a provider or an asset and a colon, as in `only kriptomat: the reason`",
    "TOPIC": "a topic",
}


def sentence(fault: NotUnderstood) -> str:
    """What is wrong, where, what was perhaps meant, and that nothing has happened."""
    amount = "" if fault.amount is None else amount_sentence(fault.amount)
    parts = [WORDS[fault.kind].format(found=escape(fault.found), amount=amount)]
    if fault.text and fault.kind is not WordFault.TOO_LONG:
        parts.append(f"\n>{marked(fault)}")
    hint = fault.suggestion or (fault.amount.hint if fault.amount else None)
    if fault.choices:
        parts += [f"\n• `/buy {_code(one.command)}`" for one in fault.choices]
        return "".join([*parts, "\nNothing was requested yet: choose what you mean."])
    if hint:
        parts.append(f"\nDid you mean `{_code(hint)}`?")
    elif fault.expected:
        choices = [NAMES.get(word, f"`{word}`") for word in fault.expected[:6]]
        parts.append(f"\nHere I expect {listed(choices, 'or')}.")
    parts.append(f"\n{_harmless(fault.text)}; more with `/buy help`.")
    return "".join(parts)


def _harmless(text: str) -> str:
    """What did not happen. Whoever wanted to stop purchases must not believe that they did."""
    if text.lower().startswith(("freeze", "unfreeze")):
        return f"This froze and lifted nothing. For example: {FREEZE_EXAMPLE}"
    if text.lower().startswith("cancel"):
        return f"This cancelled nothing. For example: {CANCEL_EXAMPLE}"
    if text.lower().startswith(CHANGES):
        return "This changed nothing. What recurs is listed with `/buy schedules`"
    if text.lower().startswith(("report", "export")):
        return "Nothing was told or sent. For example: `/buy report last month`"
    if text.lower().startswith("remind"):
        return "No reminder was made. For example: `/buy remind every friday at 9:00 50 EUR btc`"
    if "every" in text.lower().split():
        return f"Nothing was requested. For example: {PLAN_EXAMPLE}"
    return f"Nothing was requested. For example: {EXAMPLE}"


def amount_sentence(bad: BadAmount) -> str:
    """Why this is not an amount."""
    return AMOUNTS[bad.kind].format(text=f"*{escape(bad.text)}*")


def marked(fault: NotUnderstood) -> str:
    """The words with the offending place in bold, or a mark where something is missing."""
    before = fault.text[: fault.position]
    after = fault.text[fault.position + fault.length :]
    if not fault.found:
        return f"{escape(before)} *…?*"
    # escape() cuts long text; the neighbourhood of the fault is what matters.
    return f"{_near(before[-60:])}*{escape(fault.found)}*{_near(after[:60])}"


def _near(text: str) -> str:
    lead = " " if text[:1].isspace() else ""
    tail = " " if text[-1:].isspace() else ""
    return f"{lead}{escape(text)}{tail}" if text.strip() else text


def _code(text: str) -> str:
    safe = text.replace("`", "'").replace("&", "&amp;")
    return safe.replace("<", "&lt;").replace(">", "&gt;")
