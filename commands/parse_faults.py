"""Words that were not understood: which, where, what would have fitted, what was perhaps meant.

Facts only; ``commands.words`` has the sentences. A suggestion is shown for the person to type; it
is never acted upon, because these words move money.
"""

import re
from collections.abc import Collection
from enum import StrEnum
from typing import cast

from lark import Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken
from rapidfuzz import fuzz, process

from bot.domain.ids import order_id
from bot.domain.money import DECIMALS, AmountFault, BadAmount, parse_amount

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
    "OPEN": ("open",), "MINE": ("mine",), "ALL": ("all",),
}  # fmt: skip
"""What a terminal of the grammar is called to people, in the order in which they are told."""

OPTIONS = ("in", "via", "max", "using", "to", "for")

_SYMBOLS = "€$₱£¥"
_NOT_WORDS = {"NUMBER", "SYMBOL", "FIRST", "ASSET", "CURRENCY", "PROVIDER", "OUTLET", "TARGET",
              "REASON", "ORDER", "ORDER_ID", "TOPIC", "REST", "OAK_NETWORK", "SCOPE", "COLON",
              "$END"}  # fmt: skip


VERBS = ("status", "list", "cancel", "help", "every", "remind", "explain", "freeze", "unfreeze",
         "providers", "export")  # fmt: skip

_COMMAND = re.compile(
    r"(?P<amount>[0-9][0-9.,]*[km]?) ?(?P<code>[a-z]{3})"
    r"(?P<asset> (?!(?:via|on|max|using|to|for)(?!\S))\S+)?(?P<options>(?: .*)?)",
    re.IGNORECASE | re.ASCII,
)


class WordFault(StrEnum):
    """Why the words were not understood."""

    TOO_LONG = "too_long"
    """More than 1000 characters."""
    UNEXPECTED = "unexpected"
    """This word does not fit here."""
    INCOMPLETE = "incomplete"
    """The words end (``position`` is behind them) where ``expected`` must follow."""
    BAD_AMOUNT = "bad_amount"
    """The amount or price is not one we take: ``amount`` is the BadAmount with kind and hint."""
    MISSING_CURRENCY = "missing_currency"
    """``250 btc``: whole coins with no currency named, so that a forgotten EUR is likely."""
    UNKNOWN_CURRENCY = "unknown_currency"
    """``250 EUX btc``: not a currency of ISO 4217 that has amounts."""
    AMBIGUOUS_SYMBOL = "ambiguous_symbol"
    """The yen sign is also the yuan's: the code must be written."""
    OTHER_CURRENCY = "other_currency"
    """Two currencies where one must stand: ``€250 USD btc``, or a ``max`` in another currency."""
    NEEDLESS_CURRENCY = "needless_currency"
    """``250 EUR btc in php``: ``in`` goes only with an amount of the asset."""
    MISSING_ASSET = "missing_asset"
    """``250 EUR``: of what?"""
    NOT_AN_ASSET = "not_an_asset"
    """``250 EUR usd``: a currency or a malformed code where the asset must stand."""
    WORD_ORDER = "word_order"
    """``btc 250 EUR``: all there, in another order; ``suggestion`` has them in ours."""
    NEEDLESS_BUY = "needless_buy"
    """``/buy buy 250 EUR btc``: the command is the verb; ``suggestion`` is the rest."""
    REPEATED = "repeated"
    """An option stands twice."""
    REASON_TOO_LONG = "reason_too_long"
    """More than 300 characters after ``for``."""
    TYPED_ADDRESS = "typed_address"
    """``to bc1q...``: only names of the address book are taken."""
    BAD_ORDER_ID = "bad_order_id"
    """Not ``BUY-`` and five letters or digits."""


class NotUnderstood(ValueError):
    """The words mean nothing that we are sure of.

    text: the words as read (entities and links undone), which ``position`` and ``length`` count in;
    expected: literal words in lower case, or AMOUNT CURRENCY ASSET PROVIDER OUTLET TARGET REASON
    ORDER SCOPE TOPIC; suggestion: a word or a whole command to type instead;
    amount: for BAD_AMOUNT.
    """

    def __init__(
        self,
        kind: WordFault,
        text: str,
        position: int,
        length: int,
        *,
        expected: tuple[str, ...] = (),
        suggestion: str | None = None,
        amount: BadAmount | None = None,
    ) -> None:
        super().__init__(f"{kind} at {position}")
        self.kind = kind
        self.text = text
        self.position = position
        self.length = length
        self.expected = expected
        self.suggestion = suggestion
        self.amount = amount

    @property
    def found(self) -> str:
        """The offending words; empty when something is missing."""
        return self.text[self.position : self.position + self.length]


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
    return nearest(word.lower(), sorted(name.lower() for name in allowed - _NOT_WORDS))
