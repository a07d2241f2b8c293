"""What look-ups have shown of a purchase whose outcome is unknown, and what follows from it.

A match by our own reference counts at any time. Absence counts only after several look-ups past the
vendor's listing lag, and without a key of the vendor it is evidence for the people who settle the
order, never a proof that lets the bot send again. Everything here is pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from bot.domain.capabilities import Lookup, Sheet

T = TypeVar("T")

REFERENCE = re.compile(r"[A-Za-z0-9._:/-]{1,64}", re.ASCII)
"""What people may type as a vendor's number of a purchase."""

ABSENT_AT_LEAST = 2
"""Look-ups in a row that must have shown nothing before absence means anything."""


class Shown(StrEnum):
    """What one look-up has shown."""

    MATCH = "match"
    CANDIDATES = "candidates"
    NOTHING = "nothing"
    UNREAD = "unread"


class Ground(StrEnum):
    """Which rule decided what a look-up means, in words that people read."""

    OUR_REFERENCE = "it carries our own reference"
    ONLY_FIT = "the vendor knows our key, and only this purchase fits"
    SEVERAL_OF_OURS = "more than one purchase carries our reference"
    MAYBE_ANOTHERS = "it fits, but nothing proves that it is this order's"
    RIVAL = "it fits, but another unsettled order of ours fits as well"
    NOT_LISTED = "nothing that fits is listed"
    NO_LISTING = "the vendor has no list to look at"
    UNREAD = "the list could not be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed(Generic[T]):
    """The meaning of one look-up; ``match`` is surely this order's purchase."""

    shown: Shown
    ground: Ground
    match: T | None = None


def weigh(
    *, exact: Sequence[T], free: Sequence[T], rivals: bool, proven: bool, lookup: Lookup
) -> Weighed[T]:
    """What was found means for one order.

    ``free``: purchases that no order of ours owns. ``exact``: those of them that carry our
    reference. ``rivals``: another unsettled order would fit them as well. ``proven``: the vendor
    has said that it knows our key.
    """
    if lookup is Lookup.NONE:
        return Weighed(shown=Shown.UNREAD, ground=Ground.NO_LISTING)
    if len(exact) == 1:
        return Weighed(shown=Shown.MATCH, ground=Ground.OUR_REFERENCE, match=exact[0])
    if exact:
        return Weighed(shown=Shown.CANDIDATES, ground=Ground.SEVERAL_OF_OURS)
    if not free:
        return Weighed(shown=Shown.NOTHING, ground=Ground.NOT_LISTED)
    if rivals:
        return Weighed(shown=Shown.CANDIDATES, ground=Ground.RIVAL)
    if proven and len(free) == 1:
        return Weighed(shown=Shown.MATCH, ground=Ground.ONLY_FIT, match=free[0])
    return Weighed(shown=Shown.CANDIDATES, ground=Ground.MAYBE_ANOTHERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """All look-ups of one order so far, in short; the whole of them is in the records."""

    count: int
    first_at: datetime
    last_at: datetime
    shown: Shown
    ground: Ground
    absent: int = 0
    """Answered look-ups in a row, up to the last, that showed nothing."""
    refs: tuple[str, ...] = ()
    """The vendor's references of what fits, at most five."""


REFS_AT_MOST = 5


def looked(
    before: Looks | None, *, at: datetime, shown: Shown, ground: Ground, refs: Sequence[str]
) -> Looks:
    """The summary after one more look-up; one that could not be read neither adds nor takes."""
    absent = 0 if before is None else before.absent
    if shown is Shown.NOTHING:
        absent += 1
    elif shown is not Shown.UNREAD:
        absent = 0
    return Looks(
        count=1 if before is None else before.count + 1,
        first_at=at if before is None else before.first_at,
        last_at=at,
        shown=shown,
        ground=ground,
        absent=absent,
        refs=tuple(refs[:REFS_AT_MOST]),
    )


def has_lapsed(looks: Looks | None, sheet: Sheet, *, sent_at: datetime) -> bool:
    """Nothing was found, and what was never paid can no longer be paid: no money can move.

    Only for a vendor where an unpaid order costs nothing. The last look-up must have come after the
    payment window of the last attempt and the listing lag.
    """
    if looks is None or not sheet.free_until_paid or sheet.payment_window is None:
        return False
    closed_at = sent_at + sheet.payment_window + sheet.listing_lag
    absent = looks.shown is Shown.NOTHING and looks.absent >= ABSENT_AT_LEAST
    return absent and looks.last_at >= closed_at
