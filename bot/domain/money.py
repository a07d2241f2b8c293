"""Amounts and currencies: parse, add, compare, show.

``Decimal`` only. Every amount is canonical: it carries exactly the decimals that its currency has,
so that equal amounts are equal texts, in the database, on the wire and in a digest. Nothing is
rounded here, ever: what has too many decimals is refused and the person is asked.
"""

from dataclasses import dataclass
from decimal import Context, Decimal, FloatOperation, Inexact, InvalidOperation
from typing import Self

EXACT = Context(prec=50, traps=[Inexact, FloatOperation, InvalidOperation])
"""Arithmetic that raises instead of rounding. 50 digits hold any sum of 18-decimal tokens."""


class BadAmount(ValueError):
    """The text or number is not an amount we take. Facts only; ``commands.words`` has the sentence.

    kind: one of the ``BadAmount.KINDS``; text: what was given; hint: what was perhaps meant.
    """

    KINDS = ()

    def __init__(self, kind: str, text: str, hint: str | None = None) -> None:
        super().__init__(f"{kind}: {text!r}")
        self.kind = kind
        self.text = text
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of an ISO 4217 currency, in major units, with exactly its minor-unit decimals."""

    amount: Decimal
    currency: str

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Self:
        """Make the canonical amount. Raises BadAmount (unknown currency, too many decimals)."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """Canonical decimal text: ``250.00``. What is stored, digested and sent."""
        raise NotImplementedError

    @property
    def human(self) -> str:
        """For people: ``1,050.00 PHP``."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of a crypto asset (lower-case code), canonical: no trailing zeros, no exponent."""

    amount: Decimal
    asset: str

    @classmethod
    def of(cls, amount: str | int | Decimal, asset: str) -> Self:
        """Make the canonical quantity. Raises BadAmount (too many decimals for the asset)."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        raise NotImplementedError

    @property
    def human(self) -> str:
        """For people: ``0.005 BTC``."""
        raise NotImplementedError
