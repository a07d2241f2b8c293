"""The kinds of vendor that a history may have, and the sheet that tells the workflow so."""

from datetime import timedelta
from enum import StrEnum

from bot.domain.capabilities import Lookup, Sheet

LIFETIME = timedelta(hours=1)
PAYMENT_WINDOW = timedelta(minutes=15)
LAG = timedelta(seconds=60)
"""What the sheet says of the listing. A request that hangs and a listing that lags keep to it."""

NAME = "pier"


class Kind(StrEnum):
    """What the vendor promises."""

    KEY = "native key, listed by reference"
    KEY_ATTRIBUTES = "native key, listed by attributes"
    KEY_NONE = "native key, no listing"
    REFERENCE = "reference"
    ATTRIBUTES = "attributes"
    NONE = "no listing"
    FREE = "free until paid"

    @property
    def has_key(self) -> bool:
        return self in {Kind.KEY, Kind.KEY_ATTRIBUTES, Kind.KEY_NONE}

    @property
    def lookup(self) -> Lookup:
        match self:
            case Kind.KEY | Kind.REFERENCE:
                return Lookup.REFERENCE
            case Kind.KEY_ATTRIBUTES | Kind.ATTRIBUTES | Kind.FREE:
                return Lookup.ATTRIBUTES
            case Kind.KEY_NONE | Kind.NONE:
                return Lookup.NONE

    @property
    def sheet(self) -> Sheet:
        """EUR for btc or eth, without fees or quotes: prices have histories of their own."""
        return Sheet(
            provider=NAME,
            title="Pier",
            currencies=frozenset({"EUR"}),
            assets=frozenset({"btc", "eth"}),
            key_lifetime=LIFETIME if self.has_key else None,
            lookup=self.lookup,
            listing_lag=LAG,
            free_until_paid=self is Kind.FREE,
            payment_step=self is Kind.FREE,
            payment_window=PAYMENT_WINDOW if self is Kind.FREE else None,
        )


class Twice(StrEnum):
    """What a vendor with a key says to a key that it has seen."""

    SAME = "the same purchase again"
    REFUSED = "a refusal"
    EXISTS = "that there is one, not which"


class Plan(StrEnum):
    """What becomes of the next purchase that is sent."""

    DONE = "done"
    UNDERWAY = "taken, and underway"
    FAILED = "taken, and failed"
    REFUSED = "refused"
    AWAY = "unavailable"
    AWAY_FOR = "unavailable for a time that it names"
    LOST_REQUEST = "the request is lost"
    LATE_REQUEST = "the request arrives after we gave up"
    LOST_REPLY = "the reply is lost"
    UNLISTED = "the reply is lost, and it is listed late"
    CLIENT_FAULT = "the client fails after it was sent"
    SLOW_REQUEST = "the request hangs"
    SLOW_REPLY = "the reply hangs"
    DEATH_BEFORE = "our process dies before it arrives"
    DEATH_AFTER = "our process dies before the reply"
