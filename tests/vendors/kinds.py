"""The kinds of vendor that Corner can be, each with the promises that it makes."""

from datetime import timedelta
from enum import StrEnum

from bot.domain.capabilities import Lookup

PAYMENT_WINDOW = timedelta(minutes=15)


class Kind(StrEnum):
    """One of these on a command line is all that a child process must be told."""

    NATIVE_KEY = "native-key"
    """A key makes a second POST harmless, and it is listed back."""
    REFERENCE = "reference"
    """Every POST buys again, but our reference is stored and listed: a match is proof."""
    ATTRIBUTES = "attributes"
    """Every POST buys again, and only amount, asset and time are listed."""
    NONE = "none"
    """Every POST buys again, and nothing is listed: one can only ask by the vendor's own id."""
    FREE_UNTIL_PAID = "free-until-paid"
    """As ATTRIBUTES, but a purchase waits to be paid, costs nothing before, and expires."""

    @property
    def lookup(self) -> Lookup:
        """By what a purchase is found again."""
        match self:
            case Kind.NATIVE_KEY | Kind.REFERENCE:
                return Lookup.REFERENCE
            case Kind.ATTRIBUTES | Kind.FREE_UNTIL_PAID:
                return Lookup.ATTRIBUTES
            case Kind.NONE:
                return Lookup.NONE

    @property
    def key_lifetime(self) -> timedelta | None:
        """How long a key protects; None where there is none."""
        return timedelta(hours=1) if self is Kind.NATIVE_KEY else None

    @property
    def payment_window(self) -> timedelta | None:
        """How long a purchase waits to be paid; None where nothing is paid."""
        return PAYMENT_WINDOW if self is Kind.FREE_UNTIL_PAID else None
