"""What a person writes as an amount, read exactly or refused with the reason.

One narrow shape is taken (``250``, ``1,250.50``, ``2k``); everything that other libraries guess at
is a fault: a decimal comma, a sign, an exponent, digits of another script. A fault is facts only,
what it is and what was perhaps meant; nothing is ever corrected on a person's behalf.
"""

import re
import unicodedata
from collections.abc import Callable
from decimal import ROUND_CEILING, Context, Decimal, FloatOperation, Inexact, InvalidOperation
from enum import StrEnum

EXACT = Context(prec=50, traps=[Inexact, FloatOperation, InvalidOperation])
"""Arithmetic that raises instead of rounding. 50 digits hold any sum of 18-decimal tokens."""

COMPARED = Context(prec=50, rounding=ROUND_CEILING)
"""For figures that are only compared, never sent or booked: what has more digits is rounded up, so
that no limit is held against less than the truth."""

LIMIT = Decimal(10) ** 15
"""No amount may be larger; a slip of the finger or an attack, never a purchase."""

LONGEST = 50
"""Characters of an amount that are looked at; a longer text is refused unread."""


class AmountFault(StrEnum):
    """Why an amount is not taken. The sentences live in ``commands.words``."""

    EMPTY = "empty"
    """Nothing was given."""
    TOO_LONG = "too_long"
    """More characters or digits than any amount has."""
    TOO_LARGE = "too_large"
    """Above ``LIMIT``."""
    NOT_POSITIVE = "not_positive"
    """Zero, where a person must name more than nothing."""
    NEGATIVE = "negative"
    """Below zero: a minus sign, or a difference that would be."""
    SIGN = "sign"
    """A plus sign in front; hint: without it."""
    DECIMAL_COMMA = "decimal_comma"
    """``1,50`` or ``1.250,50``: the comma seems to be the decimal point; hint: ``1,250.50``."""
    GROUPING = "grouping"
    """``12,34,567`` or ``1.250.000``: not grouped in threes by commas, or commas in data."""
    SEPARATOR = "separator"
    """``1_000`` or ``1'000``: digits separated by something else; hint: ``1,000``."""
    BARE_POINT = "bare_point"
    """``.5`` or ``5.``: a point without a digit on both sides; hint: ``0.5``, ``5``."""
    LEADING_ZERO = "leading_zero"
    """``007``; hint: ``7``."""
    EXPONENT = "exponent"
    """``1e3``; hint: ``1000``."""
    FOREIGN_DIGITS = "foreign_digits"
    """Digits that are not 0 to 9 (Arabic, full width, superscript); hint: the same in 0 to 9."""
    NOT_A_NUMBER = "not_a_number"
    """Anything else: ``NaN``, ``inf``, ``0x10``, words."""
    TOO_MANY_DECIMALS = "too_many_decimals"
    """More decimals than the currency or asset has; hint: ``12,345`` where ``12.345`` was given."""
    UNKNOWN_CURRENCY = "unknown_currency"
    """Not an upper-case ISO 4217 code with minor units; hint: the upper-case code if it is one."""
    UNKNOWN_ASSET = "unknown_asset"
    """Not an asset code: a lower-case letter, then one to nine letters or digits."""


class BadAmount(ValueError):
    """The text or number is not an amount we take. Facts only; ``commands.words`` has the sentence.

    kind: an ``AmountFault``; text: what was given, cut short; hint: what was perhaps meant.
    """

    def __init__(self, kind: AmountFault, text: str, hint: str | None = None) -> None:
        text = text[:LONGEST]
        super().__init__(f"{kind}: {text!r}")
        self.kind = kind
        self.text = text
        self.hint = hint


def decimal_text(value: Decimal) -> str:
    """The canonical text of a quantity or price: no exponent, no trailing zeros, no minus zero."""
    if not value.is_finite() or abs(value.adjusted()) > 2 * LONGEST:
        raise ValueError(f"no plain text for {value:.6E}")
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def grouped(value: Decimal) -> str:
    """For people: ``1,050.00``. Keeps the decimals that the value carries."""
    return f"{value:,f}"


PLAIN = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_SCALES = {"k": 3, "m": 6}


def parse_amount(text: str) -> Decimal:
    """Read what a person wrote: ``250``, ``1,250.50``, ``2k``, ``3m``. Raises BadAmount.

    The typed decimals are kept (``1.50`` stays two decimals), so that a caller can see surplus.
    """
    body = text.strip()
    if not body:
        raise BadAmount(AmountFault.EMPTY, text)
    if len(body) > LONGEST:
        raise BadAmount(AmountFault.TOO_LONG, body)
    value = _value(body)
    if value is None:
        raise diagnosis(body)
    if value > LIMIT:
        raise BadAmount(AmountFault.TOO_LARGE, body)
    if not value:
        raise BadAmount(AmountFault.NOT_POSITIVE, body)
    return value


def _value(body: str) -> Decimal | None:
    """The number, if it has the one shape that is taken."""
    number, scale = _scaled(body)
    if not (PLAIN.fullmatch(number) or _GROUPED.fullmatch(number)):
        return None
    value = Decimal(number.replace(",", "")).scaleb(scale, context=EXACT)
    return Decimal(f"{value:f}")


def _scaled(body: str) -> tuple[str, int]:
    scale = _SCALES.get(body[-1].lower(), 0)
    return (body[:-1] if scale else body), scale


def _comma_as_point(number: str) -> str:
    whole, fraction = number.replace(".", "").split(",")
    return f"{int(whole):,}.{fraction}"


def _joined(number: str) -> str:
    return f"{int(re.sub('[^0-9]', '', number)):,}"


def _joined_plain(number: str) -> str:
    """Commas are for people; a machine's amount with commas is refused where none are taken."""
    return number.replace(",", "")


def _without_exponent(number: str) -> str:
    value = Decimal(number)
    return decimal_text(value) if abs(value.adjusted()) < LONGEST else ""


_DIAGNOSES: tuple[tuple[str, AmountFault, Callable[[str], str]], ...] = (
    (r"-.*|\(.*\)", AmountFault.NEGATIVE, lambda _: ""),
    (r"\+.*", AmountFault.SIGN, lambda number: number[1:]),
    (r"0+[0-9].*", AmountFault.LEADING_ZERO, lambda number: number.lstrip("0")),
    (r"[1-9][0-9]{0,2}(,[0-9]{3})+", AmountFault.GROUPING, _joined_plain),
    (r"[0-9]+,[0-9]+|[0-9]{1,3}(\.[0-9]{3})+,[0-9]+", AmountFault.DECIMAL_COMMA, _comma_as_point),
    (r"[0-9]{1,3}(\.[0-9]{3}){2,}", AmountFault.GROUPING, _joined),
    (r"[0-9.]*[0-9,]*,[0-9,.]*", AmountFault.GROUPING, lambda _: ""),
    (r"[0-9]{1,3}([_'][0-9]{3})+", AmountFault.SEPARATOR, _joined),
    (r"[0-9][0-9.,]*[_' ][0-9_' .,]*", AmountFault.SEPARATOR, lambda _: ""),
    (r"\.[0-9]+", AmountFault.BARE_POINT, lambda number: f"0{number}"),
    (r"[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]{1,3}", AmountFault.EXPONENT, _without_exponent),
)


def diagnosis(body: str) -> BadAmount:
    """Say why this is no amount, and what was perhaps meant if that would be one."""
    if any(letter.isnumeric() and not letter.isascii() for letter in body):
        hint = "".join(_ascii_digit(letter) for letter in body)
        return BadAmount(AmountFault.FOREIGN_DIGITS, body, _if_amount(hint))
    number, scale = _scaled(body)
    suffix = body[-1] if scale else ""
    if re.fullmatch(r"[0-9]+\.", number):
        return BadAmount(AmountFault.BARE_POINT, body, _if_amount(number[:-1] + suffix))
    for shape, kind, meant in _DIAGNOSES:
        if re.fullmatch(shape, number):
            return BadAmount(kind, body, _if_amount(meant(number) + suffix))
    return BadAmount(AmountFault.NOT_A_NUMBER, body)


def _ascii_digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def _if_amount(hint: str) -> str | None:
    value = _value(hint) if 0 < len(hint) <= LONGEST else None
    return hint if value and value <= LIMIT else None
