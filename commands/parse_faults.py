"""Words that were not understood: which, where, what would have fitted, what was perhaps meant.

Facts only; ``commands.words`` has the sentences. A suggestion is shown for the person to type; it
is never acted upon, because these words move money.
"""

import re
from collections.abc import Collection
from typing import cast

from lark import Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken
from rapidfuzz import fuzz, process

from bot.domain.ids import order_id
from bot.domain.money import DECIMALS, AmountFault, BadAmount, parse_amount
from bot.domain.recurrence import DAYS
from bot.domain.zones import zone_named
from commands.word_faults import NotUnderstood, WordFault

CLOSE_ENOUGH = 60
"""Of 100: ``vai`` is 67 from ``via``; below this a guess confuses more than it helps."""

USUAL_CURRENCIES = ("EUR", "USD", "PHP", "GBP")

PROVIDERS = {
    "kriptomat": "kriptomat",
    "coins": "coins_ph", "coins.ph": "coins_ph", "coinsph": "coins_ph", "coins_ph": "coins_ph",
    "oak": "oak", "oaknetwork": "oak", "oak network": "oak",
}  # fmt: skip
"""How people spell the providers, and the configuration's name for each."""

MEANING = {
    "NUMBER": ("AMOUNT",), "FIRST": ("CURRENCY", "ASSET"), "CURRENCY": ("CURRENCY",),
    "ASSET": ("ASSET",), "PROVIDER": ("PROVIDER",), "OUTLET": ("OUTLET",), "TARGET": ("TARGET",),
    "REASON": ("REASON",), "ORDER": ("ORDER",), "ORDER_ID": ("ORDER",), "TOPIC": ("TOPIC",),
    "IN": ("in",), "VIA": ("via",), "MAX": ("max",), "USING": ("using",), "TO": ("to",),
    "FOR": ("for",), "STATUS": ("status",), "LIST": ("list",), "CANCEL": ("cancel",),
    "HELP": ("help",), "FREEZE": ("freeze",), "UNFREEZE": ("unfreeze",),
    "PROVIDERS": ("providers",), "ONLY": ("only",), "SCOPE": ("SCOPE",), "COLON": (":",),
    "OPEN": ("open",), "MINE": ("mine",), "ALL": ("all",), "ONE": ("one",),
    "EVERY": ("every",), "AT": ("at",),
    "TIME": ("TIME",), "DAY": ("day",), "WORKDAY": ("weekday",), "DAYNAME": ("WEEKDAY",),
    "WEEK": ("week",), "MONTH": ("month",), "ORDINAL": ("MONTH_DAY",), "RUNS": ("runs",),
    "UNTIL": ("until",), "MISSED": ("missed",), "TIMES": ("RUNS",), "DATE": ("DATE",),
    "SCHEDULE": ("SCHEDULE",), "REMIND": ("remind",), "SCHEDULES": ("schedules",),
    "BUDGET": ("budget",), "REPORT": ("report",), "EXPORT": ("export",),
    "WHICH_MONTH": ("MONTH",), "EXPLAIN": ("explain",), "POLICY": ("policy",),
}  # fmt: skip
"""What a terminal of the grammar is called to people, in the order in which they are told."""

OPTIONS = ("in", "via", "max", "using", "to", "for")

_SYMBOLS = "€$₱£¥"
_NOT_WORDS = {"NUMBER", "SYMBOL", "FIRST", "ASSET", "CURRENCY", "PROVIDER", "OUTLET", "TARGET",
              "REASON", "ORDER", "ORDER_ID", "TOPIC", "REST", "OAK_NETWORK", "SCOPE", "COLON",
              "COUNT", "ORDINAL", "DAYNAME", "TIME", "HOUR", "ZONE", "DATE", "TIMES", "COMMA",
              "SCHEDULE", "SCHEDULE_ID", "WHICH_MONTH", "$END"}  # fmt: skip

VERBS = ("status", "list", "cancel", "help", "every", "remind", "explain", "freeze", "unfreeze",
         "providers", "budget", "policy", "report", "export")  # fmt: skip

ADVERBS = {"daily": "every day", "weekly": "every week", "monthly": "every month"}
"""Words for a rhythm that we say in two."""

_CLOCK = re.compile(r"([0-9]{1,2})[.,h]([0-9]{2})", re.ASCII | re.IGNORECASE)
"""A time as it is written elsewhere."""

_COMMAND = re.compile(
    r"(?P<amount>[0-9][0-9.,]*[km]?) ?(?P<code>[a-z]{3})"
    r"(?P<asset> (?!(?:via|on|max|using|to|for|every)(?!\S))\S+)?(?P<options>(?: .*)?)",
    re.IGNORECASE | re.ASCII,
)


def nearest(word: str, choices: Collection[str]) -> str | None:
    """The choice that looks most like the word, if any looks like it at all."""
    match = process.extractOne(word, list(choices), scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
    return match[0] if match else None


def nearest_currency(word: str) -> str | None:
    """A currency that the word may have been meant for; those in daily use are tried first."""
    code = word.upper()
    return nearest(code, USUAL_CURRENCIES) or nearest(code, DECIMALS)


def explain(text: str, error: UnexpectedInput) -> NotUnderstood:
    """Turn the parser's complaint into facts for the person."""
    position = cast("int", error.pos_in_stream)
    allowed: set[str] = error.interactive_parser.accepts()  # type: ignore[no-untyped-call]
    expected = _expected(text[:position], error, allowed)
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return NotUnderstood(WordFault.INCOMPLETE, text, len(text), 0, expected=expected)
    stray = _stray(error)
    if stray is not None:
        stack = error.interactive_parser.parser_state.value_stack[:-1]
        return unexpected_option(text, stray, money=any(_of_money(value) for value in stack))
    word = text[position:].split(" ", 1)[0]
    rest = text[position + len(word) :].strip()
    amount = _amount_fault(word) if "NUMBER" in allowed else None
    meant = _meant(word, rest, amount) if position == 0 else None
    if meant is None and amount is not None:
        return NotUnderstood(
            WordFault.BAD_AMOUNT, text, position, len(word), expected=("AMOUNT",), amount=amount
        )
    kind, suggestion = meant or (WordFault.UNEXPECTED, _fitting(word, allowed))
    expected = expected if kind is WordFault.UNEXPECTED else ()
    return NotUnderstood(kind, text, position, len(word), expected=expected, suggestion=suggestion)


def unexpected_option(text: str, word: Token, *, money: bool) -> NotUnderstood:
    """``0.005 btc vai coins``: a word that fits as a code, but must be a mistyped option.

    money: the amount is of a currency, so that ``in`` cannot follow.
    """
    position = cast("int", word.start_pos)
    used = text[:position].lower().replace(" on ", " via ").split() + ["in"] * money
    return NotUnderstood(
        WordFault.UNEXPECTED,
        text,
        position,
        len(word),
        expected=tuple(option for option in OPTIONS if option not in used),
        suggestion=_fitting(word, {"ON", *(option.upper() for option in OPTIONS)}),
    )


def _stray(error: UnexpectedInput) -> Token | None:
    """The word before the unexpected one, if it stands for a code and is none."""
    match error.interactive_parser.parser_state.value_stack[-2:]:
        case [_, Token(type="ZONE") as zone] if zone_named(zone) is None:
            return zone
        case [Token(type="FIRST") as first, Token(type="ASSET") as second]:
            if not {first.upper(), second.upper()} & DECIMALS.keys():
                return second
        case [Tree(data="price"), Token(type="CURRENCY") as code]:
            if code.upper() not in DECIMALS:
                return code
    return None


def _expected(before: str, error: UnexpectedInput, allowed: set[str]) -> tuple[str, ...]:
    """What may stand here, less the options that are used up."""
    used = set(before.lower().split())
    if "on" in used:
        used.add("via")
    if before and "every" not in used:
        # Who asks for one purchase is not told how to ask for many.
        used |= {"runs", "until", "missed", *(["every"] if "remind" not in used else [])}
    stack = error.interactive_parser.parser_state.value_stack
    if any(_of_money(value) for value in stack):
        used.add("in")
    words = (word for name, names in MEANING.items() if name in allowed for word in names)
    return tuple(dict.fromkeys(word for word in words if word not in used))


def _of_money(value: object) -> bool:
    """A part of ``250 EUR btc`` or ``€250 btc``, which no ``in`` can follow."""
    if isinstance(value, Tree):
        return any(_of_money(child) for child in value.children)
    return isinstance(value, Token) and value.type in {"ASSET", "SYMBOL"}


def _amount_fault(word: str) -> BadAmount | None:
    """Why a word that stands for an amount is none; None if it does not look like one."""
    bare = word.strip(_SYMBOLS)
    looks = any(letter.isnumeric() for letter in bare) or bare.lower() in {"nan", "inf"}
    if not looks:
        return None
    number = re.sub(r"(?<=[0-9])[A-Za-z]{2,}$", "", bare) or bare
    try:
        parse_amount(number)
    except BadAmount as fault:
        return fault
    return None


def _meant(word: str, rest: str, amount: BadAmount | None) -> tuple[WordFault, str | None] | None:
    """A first word for which we know better than to say what else could stand there."""
    if word.lower().lstrip("/") == "buy":
        return WordFault.NEEDLESS_BUY, rest or None
    if word.lower() in ADVERBS:
        return WordFault.UNEXPECTED, f"{ADVERBS[word.lower()]} {rest}".rstrip()
    if amount is None:
        return _reordered(word, rest)
    if not rest and amount.kind is AmountFault.NOT_A_NUMBER:
        try:
            return WordFault.UNEXPECTED, f"status {order_id(word)}"
        except ValueError:
            return None
    return None


def _reordered(word: str, rest: str) -> tuple[WordFault, str | None] | None:
    """``btc 250 EUR`` in our order, or the command behind a needless first word."""
    command = _COMMAND.fullmatch(rest)
    if command is None or command["code"].upper() not in DECIMALS:
        return None
    if command["asset"]:
        return None if nearest(word.lower(), VERBS) else (WordFault.UNEXPECTED, rest)
    meant = f"{command['amount']} {command['code'].upper()} {word.lower()}{command['options']}"
    return WordFault.WORD_ORDER, meant


def _fitting(word: str, allowed: set[str]) -> str | None:
    """The word that was perhaps meant here."""
    if "VIA" in allowed and word.lower() in PROVIDERS:
        return f"via {word.lower()}"
    if "HOUR" in allowed and (clock := _CLOCK.fullmatch(word)) is not None:
        return ":".join(clock.groups())
    days = DAYS if "DAYNAME" in allowed else ()
    return nearest(word.lower(), [*sorted(name.lower() for name in allowed - _NOT_WORDS), *days])
