"""What look-ups have shown of a purchase whose outcome is unknown, and what follows from it.

A match by our own reference counts at any time. Absence counts only after several look-ups past the
vendor's listing lag, and without a key of the vendor it is evidence for the people who settle the
order, never a proof that lets the bot send again. Everything here is pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from bot.domain.capabilities import Lookup, Sheet

T = TypeVar("T")

SKEW = timedelta(minutes=2)
"""How far the vendor's clock may be behind ours."""

REFERENCE = re.compile(r"[A-Za-z0-9._:/-]{1,64}", re.ASCII)
"""What people may type as a vendor's number of a purchase."""


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
    ONLY_UNPAID = "only this one fits, it was made while ours was under way, and nobody has paid it"
    SEVERAL_OF_OURS = "more than one purchase carries our reference"
    ONLY_UNPAID_YET = "only this one fits, unpaid, and a second one would be listed a little later"
    MAYBE_ANOTHERS = "it fits, but nothing proves that it is this order's"
    OWNED = "it carries our own reference, and another order of ours owns it"
    RIVAL = "it fits, but another unsettled order of ours fits as well"
    NOT_LISTED = "nothing that fits is listed"
    NO_LISTING = "the vendor has no list to look at"
    UNREAD = "the list could not be read"


class Unpaid(StrEnum):
    """Whether an unpaid purchase may be taken for the one that was sent."""

    NEVER = "never"
    NOT_YET = "not yet"
    NOW = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed(Generic[T]):
    """The meaning of one look-up; ``match`` is surely this order's purchase."""

    shown: Shown
    ground: Ground
    match: T | None = None


def weigh(
    *,
    exact: Sequence[T],
    free: Sequence[T],
    owned: bool = False,
    rivals: bool,
    proven: bool,
    unpaid: Unpaid = Unpaid.NEVER,
    lookup: Lookup,
) -> Weighed[T]:
    """What was found means for one order.

    ``free``: purchases that no order of ours owns. ``exact``: those of them that carry our
    reference. ``owned``: one that does belongs to another order already, which must be a mistake of
    somebody. ``rivals``: another unsettled order would fit them as well. ``proven``: the vendor
    has said that it knows our key. ``unpaid``: see ``fits_unpaid``.
    """
    if lookup is Lookup.NONE:
        return Weighed(shown=Shown.UNREAD, ground=Ground.NO_LISTING)
    if len(exact) == 1:
        return Weighed(shown=Shown.MATCH, ground=Ground.OUR_REFERENCE, match=exact[0])
    if exact:
        return Weighed(shown=Shown.CANDIDATES, ground=Ground.SEVERAL_OF_OURS)
    if owned:
        return Weighed(shown=Shown.CANDIDATES, ground=Ground.OWNED)
    if not free:
        return Weighed(shown=Shown.NOTHING, ground=Ground.NOT_LISTED)
    if rivals:
        return Weighed(shown=Shown.CANDIDATES, ground=Ground.RIVAL)
    if proven and len(free) == 1:
        return Weighed(shown=Shown.MATCH, ground=Ground.ONLY_FIT, match=free[0])
    if unpaid is Unpaid.NOW and len(free) == 1:
        return Weighed(shown=Shown.MATCH, ground=Ground.ONLY_UNPAID, match=free[0])
    if unpaid is Unpaid.NOT_YET and len(free) == 1:
        return Weighed(shown=Shown.CANDIDATES, ground=Ground.ONLY_UNPAID_YET)
    return Weighed(shown=Shown.CANDIDATES, ground=Ground.MAYBE_ANOTHERS)


def fits_unpaid(
    sheet: Sheet, *, made_at: datetime | None, began: datetime, ended: datetime, now: datetime
) -> Unpaid:
    """Whether an unpaid purchase at the vendor may be taken for the one that was sent then.

    Only where what nobody has paid costs nothing: taking a stranger's for ours would spend no money
    that was not to be spent, and ours would end unpaid. It must have been made while our request
    was under way, which took until ``ended`` at most, and a second one would be listed by ``now``.
    """
    if not sheet.free_until_paid or made_at is None:
        return Unpaid.NEVER
    if not began - SKEW <= made_at <= ended + sheet.listing_lag:
        return Unpaid.NEVER
    return Unpaid.NOW if now >= began + sheet.listing_lag else Unpaid.NOT_YET


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
    absent_at: datetime | None = None
    """When the last of them was, and the one before it."""
    absent_before: datetime | None = None
    refs: tuple[str, ...] = ()
    """The vendor's references of what fits, at most five."""


REFS_AT_MOST = 5


def looked(
    before: Looks | None, *, at: datetime, shown: Shown, ground: Ground, refs: Sequence[str]
) -> Looks:
    """The summary after one more look-up. What could not be read proves nothing, takes nothing."""
    kept = before or Looks(count=0, first_at=at, last_at=at, shown=shown, ground=ground)
    seen = replace(kept, count=kept.count + 1, last_at=at, shown=shown, ground=ground)
    if shown is Shown.UNREAD:
        return seen
    seen = replace(seen, refs=tuple(refs[:REFS_AT_MOST]))
    if shown is not Shown.NOTHING:
        return replace(seen, absent=0, absent_at=None, absent_before=None)
    return replace(seen, absent=kept.absent + 1, absent_at=at, absent_before=kept.absent_at)


def has_lapsed(looks: Looks | None, sheet: Sheet, *, sent_at: datetime) -> bool:
    """Nothing was found, and what was never paid can no longer be paid: no money can move.

    Only for a vendor where an unpaid order costs nothing. Two look-ups in a row must have come
    after the payment window of the last attempt and the listing lag, with that lag between them.
    """
    if looks is None or not sheet.free_until_paid or sheet.payment_window is None:
        return False
    closed_at = sent_at + sheet.payment_window + sheet.listing_lag
    return absent_twice(looks, since=closed_at, lag=sheet.listing_lag)


def absent_twice(looks: Looks, *, since: datetime, lag: timedelta) -> bool:
    """The last look-up and the one before showed nothing, both after this moment and apart."""
    if looks.shown is not Shown.NOTHING or looks.absent_before is None:
        return False
    return looks.absent_before >= since and looks.last_at - looks.absent_before >= lag
