"""What the words of a purchase mean: their tree becomes a ``Buy``, or a refusal that points.

The grammar knows the places of words, this file what may stand in them: a currency of ISO 4217
comes before the asset, an amount fits its unit, an option stands once, an order id is one.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lark import Token, Tree

from bot.domain.ids import order_id
from bot.domain.money import (
    ASSET,
    ASSET_DECIMALS,
    DECIMALS,
    SYMBOLS,
    AmountFault,
    BadAmount,
    Money,
    Quantity,
    decimal_text,
    parse_amount,
)
from bot.domain.months import Said, said
from commands.intents import Buy
from commands.parse_faults import PROVIDERS, nearest_currency, unexpected_option
from commands.word_faults import NotUnderstood, WordFault

LONGEST_REASON = 300
PRICE_DECIMALS = 18

_ADDRESS = re.compile(r"0x[0-9a-f]{20,}|(bc|tb|ltc|bitcoincash|addr)1[0-9a-z]{10,}|[0-9a-z]{26,}")

Sentence = Tree[Token]


class Reading:
    """One sentence being given its meaning; it holds the words so that a refusal can point."""

    def __init__(self, words: str) -> None:
        self.words = words

    def refuse(self, kind: WordFault, at: Token, **facts: Any) -> NotUnderstood:
        return NotUnderstood(kind, self.words, _start(at), len(at), **facts)

    def order(self, token: Token) -> str:
        try:
            return order_id(token)
        except ValueError:
            raise self.refuse(WordFault.BAD_ORDER_ID, token, expected=("ORDER",)) from None

    def month(self, words: list[Token]) -> Said:
        try:
            return said(" ".join(words))
        except ValueError:
            raise self.refuse(WordFault.BAD_MONTH, words[0], expected=("MONTH",)) from None

    def buy(self, sentence: Sentence) -> Buy:
        what, *rest = sentence.children
        assert isinstance(what, Tree)
        options: dict[str, list[Token]] = {}
        for option in rest:
            if isinstance(option, Token):
                continue
            keyword, *values = _tokens(option)
            if option.data in options:
                raise self.refuse(WordFault.REPEATED, keyword)
            options[option.data] = values
        amount, unit, asset = self.what(what)
        currency = self.paid_in(unit, asset, amount, what, options)
        return Buy(
            amount=amount,
            unit=unit,
            asset=asset,
            currency=None if unit != asset else currency,
            provider=_provider(options),
            max_price=self.max_price(options, currency),
            outlet=_name(options, "using"),
            target=self.target(options),
            reason=self.reason(rest[-1] if rest else None),
        )

    def what(self, what: Sentence) -> tuple[Decimal, str, str]:
        """How much of what: the amount, its unit, the asset."""
        amount, *words = what.children
        assert isinstance(amount, Tree)
        symbol, number = _amount_tokens(amount)
        tokens = [word for word in words if isinstance(word, Token)]
        first, *more = [word for word in tokens if word.type != "OF"]
        if more:
            number, first = _scale_apart(number, first)
            code = self.currency(first, more[0], number)
            self.same(symbol, first)
            asset = self.asset(more[0])
        elif symbol is None:
            return self.quantity(number, first, of=len(words) > 1)
        else:
            code, asset = self.symbol(symbol), self.asset(first)
        return self.checked(number, lambda text: Money.typed(text, code).amount), code, asset

    def quantity(self, number: Token, word: Token, *, of: bool) -> tuple[Decimal, str, str]:
        """``0.005 btc``: the amount is the asset's."""
        number, word = _scale_apart(number, word)
        if word.upper() in DECIMALS:
            end = Token("END", "", start_pos=_start(word) + len(word))
            raise self.refuse(WordFault.MISSING_ASSET, end, expected=("ASSET",))
        asset = self.asset(word)
        if of:
            raise self.refuse(WordFault.MISSING_CURRENCY, number, expected=("CURRENCY",))
        return self.checked(number, lambda text: Quantity.typed(text, asset).amount), asset, asset

    def paid_in(
        self,
        unit: str,
        asset: str,
        amount: Decimal,
        what: Sentence,
        options: dict[str, list[Token]],
    ) -> str | None:
        """The currency that will be spent, if the words say so."""
        stated = options.get("in", [None])[0]
        if unit != asset:
            if stated is not None:
                raise self.refuse(WordFault.NEEDLESS_CURRENCY, stated)
            return unit
        if stated is not None:
            return self.code(stated)
        if amount == amount.to_integral_value():
            word = next(token for token in what.children if isinstance(token, Token))
            raise self.refuse(WordFault.MISSING_CURRENCY, word, expected=("CURRENCY", "in"))
        return None

    def checked(self, number: Token, read: Callable[[str], Decimal]) -> Decimal:
        try:
            return read(number)
        except BadAmount as fault:
            raise self.refuse(
                WordFault.BAD_AMOUNT, number, expected=("AMOUNT",), amount=fault
            ) from None

    def currency(self, word: Token, asset: Token, number: Token) -> str:
        """The first of two words must be the currency; if the second is, they are swapped."""
        if word.upper() not in DECIMALS and asset.upper() in DECIMALS:
            meant = f"{number} {asset.upper()} {word.lower()}"
            raise self.refuse(WordFault.WORD_ORDER, word, expected=("CURRENCY",), suggestion=meant)
        if word.lower() in ASSET_DECIMALS:
            raise unexpected_option(self.words, asset, money=False)
        return self.code(word)

    def code(self, word: Token) -> str:
        code = word.upper()
        if code not in DECIMALS:
            raise self.refuse(
                WordFault.UNKNOWN_CURRENCY,
                word,
                expected=("CURRENCY",),
                suggestion=nearest_currency(word),
            )
        return code

    def symbol(self, symbol: Token) -> str:
        if symbol not in SYMBOLS:
            raise self.refuse(WordFault.AMBIGUOUS_SYMBOL, symbol, expected=("CURRENCY",))
        return SYMBOLS[symbol]

    def same(self, symbol: Token | None, word: Token) -> None:
        """``$25 USD`` is said twice, ``$25 EUR`` is two things."""
        if symbol is not None and self.symbol(symbol) != word.upper():
            raise self.refuse(WordFault.OTHER_CURRENCY, word, expected=(self.symbol(symbol),))

    def asset(self, word: Token) -> str:
        asset = word.lower()
        if not ASSET.fullmatch(asset) or asset.upper() in DECIMALS:
            raise self.refuse(WordFault.NOT_AN_ASSET, word, expected=("ASSET",))
        return asset

    def max_price(self, options: dict[str, list[Token]], currency: str | None) -> Decimal | None:
        tokens = options.get("max")
        if tokens is None:
            return None
        number = next(token for token in tokens if token.type == "NUMBER")
        for token in tokens:
            if token.type == "CURRENCY":
                number, token = _scale_apart(number, token)  # noqa: PLW2901 - the same two words
                if token.upper() not in DECIMALS:
                    raise unexpected_option(self.words, token, money=currency is not None)
                stated = token.upper()
            elif token.type == "SYMBOL":
                stated = self.symbol(token)
            else:
                continue
            if stated != currency:
                expected = (currency or "in",)
                raise self.refuse(WordFault.OTHER_CURRENCY, token, expected=expected)
        return self.checked(number, _price)

    def target(self, options: dict[str, list[Token]]) -> str | None:
        name = _name(options, "to")
        if name is not None and _ADDRESS.fullmatch(name):
            raise self.refuse(WordFault.TYPED_ADDRESS, options["to"][0], expected=("TARGET",))
        return name

    def reason(self, token: object) -> str | None:
        if not isinstance(token, Token):
            return None
        if len(token) > LONGEST_REASON:
            raise self.refuse(WordFault.REASON_TOO_LONG, token)
        return str(token)


def _start(token: Token) -> int:
    assert token.start_pos is not None
    return token.start_pos


def _tokens(tree: Sentence) -> list[Token]:
    """The words of a small tree in their order."""
    tokens: list[Token] = []
    for child in tree.children:
        tokens += [child] if isinstance(child, Token) else _tokens(child)
    return tokens


def _amount_tokens(amount: Sentence) -> tuple[Token | None, Token]:
    tokens = {token.type: token for token in amount.children if isinstance(token, Token)}
    return tokens.get("SYMBOL"), tokens["NUMBER"]


def _scale_apart(number: Token, word: Token) -> tuple[Token, Token]:
    """``2keur``: only the list of currencies knows that k belongs to the number."""
    glued = _start(word) == _start(number) + len(number)
    if not (glued and word[0].lower() in "km" and word[1:].upper() in DECIMALS):
        return number, word
    scaled = Token(number.type, number + word[0], start_pos=number.start_pos)
    return scaled, Token(word.type, word[1:], start_pos=_start(word) + 1)


def _price(text: str) -> Decimal:
    """A price limit: any decimals up to those of the finest asset, canonical."""
    price = Decimal(decimal_text(parse_amount(text)))
    exponent = price.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -PRICE_DECIMALS:
        raise BadAmount(AmountFault.TOO_MANY_DECIMALS, text)
    return price


def _provider(options: dict[str, list[Token]]) -> str | None:
    name = _name(options, "via")
    return name if name is None else PROVIDERS.get(name, name)


def _name(options: dict[str, list[Token]], option: str) -> str | None:
    """Names are lower case, however typed."""
    return options[option][0].lower() if option in options else None
