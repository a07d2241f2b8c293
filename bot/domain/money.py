"""Amounts and currencies: parse, add, compare, show.

``Decimal`` only. Every amount is canonical: it carries exactly the decimals that its currency has,
so that equal amounts are equal texts, in the database, on the wire and in a digest. Nothing is
rounded here, ever: what has too many decimals is refused and the person is asked.

Two doors: ``Money.of`` takes numbers from machines (storage, vendors, configuration) and
``Money.typed`` takes what a person wrote, which is stricter: above zero, no surplus decimals.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, Inexact
from functools import total_ordering
from typing import Self

import iso4217

from bot.domain.amounts import (
    EXACT,
    LIMIT,
    LONGEST,
    PLAIN,
    AmountFault,
    BadAmount,
    decimal_text,
    diagnosis,
    grouped,
    parse_amount,
)

__all__ = [
    "ASSET",
    "ASSET_DECIMALS",
    "DECIMALS",
    "EXACT",
    "LIMIT",
    "SYMBOLS",
    "AmountFault",
    "BadAmount",
    "CurrencyMismatch",
    "Money",
    "Quantity",
    "decimal_text",
    "decimals_of",
    "decimals_of_asset",
    "grouped",
    "parse_amount",
]

DECIMALS: dict[str, int] = {
    unit.code: unit.exponent for unit in iso4217.Currency if unit.exponent is not None
}
"""Minor-unit decimals of ISO 4217; metals and funds without minor units (XAU, XDR) are not in."""

SYMBOLS = {"€": "EUR", "$": "USD", "₱": "PHP", "£": "GBP"}
"""The signs that mean one currency to this team; the yen sign means two and is not taken."""

ASSET_DECIMALS = {
    "btc": 8, "bch": 8, "ltc": 8, "doge": 8, "eth": 18, "matic": 18, "pol": 18, "bnb": 18,
    "dai": 18, "usdc": 6, "usdt": 6, "usdb": 6, "eurc": 6, "pyusd": 6, "xrp": 6, "ada": 6,
    "trx": 6, "atom": 6, "xlm": 7, "sol": 9, "dot": 10, "avax": 18, "link": 18,
}  # fmt: skip
MOST_DECIMALS = 18
"""Of an asset that the table does not know."""

ASSET = re.compile(r"[a-z][a-z0-9]{1,9}", re.ASCII)


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum or comparison: a fault of ours, never of a person."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"{left} and {right} do not mix")
        self.left = left
        self.right = right


def decimals_of(currency: str) -> int:
    """How many minor-unit decimals the currency has. Raises BadAmount (unknown currency)."""
    try:
        return DECIMALS[currency]
    except KeyError:
        code = currency.upper()
        hint = code if code in DECIMALS else None
        raise BadAmount(AmountFault.UNKNOWN_CURRENCY, currency, hint) from None


def decimals_of_asset(asset: str) -> int:
    """How many decimals the asset has at most. Raises BadAmount (not an asset code)."""
    if not ASSET.fullmatch(asset):
        raise BadAmount(AmountFault.UNKNOWN_ASSET, asset)
    return ASSET_DECIMALS.get(asset, MOST_DECIMALS)


def _exact(amount: str | int | Decimal, decimals: int) -> Decimal:
    """The same value with exactly so many decimals, or BadAmount. Nothing is ever rounded."""
    if isinstance(amount, bool):
        raise TypeError("a truth value is not an amount")
    if isinstance(amount, str):
        if len(amount) > LONGEST:
            raise BadAmount(AmountFault.TOO_LONG, amount)
        if not PLAIN.fullmatch(amount):
            raise diagnosis(amount) if amount else BadAmount(AmountFault.EMPTY, amount)
    try:
        value = EXACT.create_decimal(amount)
    except Inexact:
        raise BadAmount(AmountFault.TOO_LONG, f"{Decimal(amount):.6E}") from None
    if not value.is_finite():
        raise BadAmount(AmountFault.NOT_A_NUMBER, str(value))
    if value < 0:
        raise BadAmount(AmountFault.NEGATIVE, str(value))
    if value > LIMIT:
        raise BadAmount(AmountFault.TOO_LARGE, str(value))
    try:
        return value.copy_abs().quantize(Decimal((0, (1,), -decimals)), context=EXACT)
    except Inexact:
        raise BadAmount(AmountFault.TOO_MANY_DECIMALS, str(value)) from None


def _typed(text: str, decimals: int) -> Decimal:
    """What a person wrote, with no more decimals typed than the unit has, be they zeros."""
    value = parse_amount(text)
    if _carried(value) > decimals:
        thousands = re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", text.strip())
        hint = text.strip().replace(".", ",") if thousands else None
        raise BadAmount(AmountFault.TOO_MANY_DECIMALS, text, hint)
    return value


def _carried(value: Decimal) -> int:
    """Decimals that the number carries. Canonical numbers never have a positive exponent."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount of an ISO 4217 currency, in major units, with exactly its minor-unit decimals.

    Never negative. Sums and comparisons stay within one currency and raise ``CurrencyMismatch``
    otherwise; two currencies are merely unequal.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        assert _carried(self.amount) == decimals_of(self.currency), "make it with Money.of"

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Self:
        """Make the canonical amount. Zero is taken, for sums. Raises BadAmount."""
        return cls(_exact(amount, decimals_of(currency)), currency)

    @classmethod
    def typed(cls, text: str, currency: str) -> Self:
        """Read what a person wrote: ``1,250.50`` or ``2k``. Raises BadAmount."""
        return cls.of(_typed(text, decimals_of(currency)), currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Where a sum begins."""
        return cls.of(0, currency)

    @property
    def text(self) -> str:
        """Canonical decimal text: ``250.00``. What is stored, digested and sent."""
        return f"{self.amount:f}"

    @property
    def human(self) -> str:
        """For people: ``1,050.00 PHP``."""
        return f"{grouped(self.amount)} {self.currency}"

    def __add__(self, other: "Money") -> "Money":
        return Money.of(EXACT.add(self.amount, self._same(other)), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        """The difference. Raises BadAmount (negative) when the other is larger: compare first."""
        return Money.of(EXACT.subtract(self.amount, self._same(other)), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def _same(self, other: "Money") -> Decimal:
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.amount


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of a crypto asset (lower-case code), canonical: no trailing zeros, no exponent."""

    amount: Decimal
    asset: str

    def __post_init__(self) -> None:
        decimals_of_asset(self.asset)
        assert decimal_text(self.amount) == str(self.text), "make it with Quantity.of"

    @classmethod
    def of(cls, amount: str | int | Decimal, asset: str) -> Self:
        """Make the canonical quantity. Raises BadAmount (too many decimals for the asset)."""
        exact = _exact(amount, decimals_of_asset(asset))
        return cls(Decimal(decimal_text(exact)), asset)

    @classmethod
    def typed(cls, text: str, asset: str) -> Self:
        """Read what a person wrote: ``0.005``. Raises BadAmount."""
        return cls.of(_typed(text, decimals_of_asset(asset)), asset)

    @property
    def text(self) -> str:
        return f"{self.amount:f}"

    @property
    def human(self) -> str:
        """For people: ``0.005 BTC``."""
        return f"{grouped(self.amount)} {self.asset.upper()}"
