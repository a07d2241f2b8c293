"""Order ids that people read aloud and type: ``BUY-7K3FQ``.

Five characters of Crockford's base32: no I, L, O or U, so that a hurried eye and a phone call
cannot confuse them. Any case is read, ``O`` as zero, ``I`` and ``L`` as one. An id names an order;
it is never a vendor's key and never a secret.
"""

import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "BUY-"
LENGTH = 5
BITS = 5 * LENGTH

_TYPED = re.compile(r"(?:BUY-)?([0-9A-TV-Z]{5})", re.ASCII | re.IGNORECASE)
_MISREAD = str.maketrans("OIL", "011")


def order_id(text: str) -> str:
    """Normalise what was typed (the prefix may be missing) to ``BUY-7K3FQ``, or ValueError."""
    typed = _TYPED.fullmatch(text.strip())
    if typed is None:
        raise ValueError(f"not an order id: {text[:40]!r}")
    return PREFIX + typed[1].upper().translate(_MISREAD)


def order_id_from(number: int) -> str:
    """The id for a random number below 2**25; whoever calls brings the chance."""
    if not 0 <= number < 1 << BITS:
        raise ValueError(f"an order id holds {BITS} bits: {number}")
    digits = (number >> shift & 31 for shift in range(BITS - 5, -1, -5))
    return PREFIX + "".join(ALPHABET[digit] for digit in digits)
