"""Ids that people read aloud and type: orders are ``BUY-7K3FQ``, schedules ``REC-7K3FQ``.

Five characters of Crockford's base32: no I, L, O or U, so that a hurried eye and a phone call
cannot confuse them. Any case is read, ``O`` as zero, ``I`` and ``L`` as one. An id names one thing;
it is never a vendor's key and never a secret.
"""

import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ORDER, SCHEDULE = "BUY-", "REC-"
LENGTH = 5
BITS = 5 * LENGTH

_TYPED = re.compile(r"(?:(BUY-|REC-))?([0-9A-TV-Z]{5})", re.ASCII | re.IGNORECASE)
_MISREAD = str.maketrans("OIL", "011")


def order_id(text: str) -> str:
    """Normalise what was typed (the prefix may be missing) to ``BUY-7K3FQ``, or ValueError."""
    return _id(text, ORDER)


def schedule_id(text: str) -> str:
    """The same for a schedule: ``REC-7K3FQ``, or ValueError."""
    return _id(text, SCHEDULE)


def order_id_from(number: int) -> str:
    """The id for a random number below 2**25; whoever calls brings the chance."""
    return ORDER + _digits(number)


def schedule_id_from(number: int) -> str:
    """The same for a schedule."""
    return SCHEDULE + _digits(number)


def _id(text: str, prefix: str) -> str:
    typed = _TYPED.fullmatch(text.strip())
    if typed is None or (typed[1] or prefix).upper() != prefix:
        kind = "an order" if prefix == ORDER else "a schedule"
        raise ValueError(f"not {kind} id: {text[:40]!r}")
    return prefix + typed[2].upper().translate(_MISREAD)


def _digits(number: int) -> str:
    if not 0 <= number < 1 << BITS:
        raise ValueError(f"an id holds {BITS} bits: {number}")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(BITS - 5, -1, -5))
