"""What look-ups mean: a match counts at once, absence hardly ever, and people see the rule."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.capabilities import Lookup, Sheet
from bot.domain.evidence import (
    SKEW,
    Ground,
    Looks,
    Shown,
    Unpaid,
    fits_unpaid,
    has_lapsed,
    looked,
    weigh,
)
from tests.domain.sample import NOW

FREE = Sheet(
    provider="coins",
    title="Coins",
    currencies=frozenset({"PHP"}),
    assets=frozenset({"btc"}),
    lookup=Lookup.ATTRIBUTES,
    free_until_paid=True,
    payment_window=timedelta(minutes=15),
    listing_lag=timedelta(seconds=30),
)
CLOSED = NOW + timedelta(minutes=15, seconds=30)

AGAIN = CLOSED + timedelta(seconds=30)

ABSENT = Looks(
    count=2,
    first_at=NOW,
    last_at=AGAIN,
    shown=Shown.NOTHING,
    ground=Ground.NOT_LISTED,
    absent=2,
    absent_at=AGAIN,
    absent_before=CLOSED,
)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("exact", "free", "rivals", "proven", "lookup", "shown", "ground", "match"),
    [
        ("a", "ab", False, False, "reference", Shown.MATCH, Ground.OUR_REFERENCE, "a"),
        ("a", "a", True, False, "reference", Shown.MATCH, Ground.OUR_REFERENCE, "a"),
        ("ab", "ab", False, True, "reference", Shown.CANDIDATES, Ground.SEVERAL_OF_OURS, None),
        ("", "", False, True, "reference", Shown.NOTHING, Ground.NOT_LISTED, None),
        ("", "", True, False, "attributes", Shown.NOTHING, Ground.NOT_LISTED, None),
        ("", "a", False, False, "attributes", Shown.CANDIDATES, Ground.MAYBE_ANOTHERS, None),
        ("", "a", False, True, "attributes", Shown.MATCH, Ground.ONLY_FIT, "a"),
        ("", "a", True, True, "attributes", Shown.CANDIDATES, Ground.RIVAL, None),
        ("", "ab", False, True, "attributes", Shown.CANDIDATES, Ground.MAYBE_ANOTHERS, None),
        ("", "", False, False, "none", Shown.UNREAD, Ground.NO_LISTING, None),
    ],
    ids=range(10),
)
def test_what_was_found_means_what_the_rule_says(
    exact: str,
    free: str,
    rivals: bool,
    proven: bool,
    lookup: str,
    shown: Shown,
    ground: Ground,
    match: str | None,
) -> None:
    """Each line is a way to book somebody else's purchase, or to overlook one's own."""
    told = weigh(exact=exact, free=free, rivals=rivals, proven=proven, lookup=Lookup(lookup))

    assert (told.shown, told.ground, told.match) == (shown, ground, match)


def test_the_only_unpaid_purchase_of_its_time_is_taken_for_ours() -> None:
    """It costs nothing before somebody pays; two of them, or a rival, are for a person."""
    told = weigh(
        exact="",
        free="a",
        rivals=False,
        proven=False,
        unpaid=Unpaid.NOW,
        lookup=Lookup.ATTRIBUTES,
    )
    assert (told.shown, told.ground, told.match) == (Shown.MATCH, Ground.ONLY_UNPAID, "a")
    for free, rivals in (("ab", False), ("a", True), ("", False)):
        told = weigh(
            exact="",
            free=free,
            rivals=rivals,
            proven=False,
            unpaid=Unpaid.NOW,
            lookup=Lookup.ATTRIBUTES,
        )
        assert told.match is None


def test_what_may_soon_be_taken_for_ours_is_not_left_to_people_yet() -> None:
    """They are told that the next look decides; settling it would be needless."""
    told = weigh(
        exact="",
        free="a",
        rivals=False,
        proven=False,
        unpaid=Unpaid.NOT_YET,
        lookup=Lookup.ATTRIBUTES,
    )
    assert (told.shown, told.ground) == (Shown.CANDIDATES, Ground.ONLY_UNPAID_YET)
    assert told.match is None


ENDED = NOW + timedelta(minutes=2)
LISTED = NOW + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("sheet", "made_at", "now", "fits"),
    [
        (FREE, NOW, LISTED, Unpaid.NOW),
        (FREE, NOW - SKEW, LISTED, Unpaid.NOW),
        (FREE, ENDED + timedelta(seconds=30), ENDED + timedelta(minutes=1), Unpaid.NOW),
        (FREE, NOW - SKEW - TICK, LISTED, Unpaid.NEVER),
        (FREE, ENDED + timedelta(seconds=30) + TICK, ENDED + timedelta(minutes=1), Unpaid.NEVER),
        (FREE, NOW, LISTED - TICK, Unpaid.NOT_YET),
        (FREE, None, LISTED, Unpaid.NEVER),
        (replace(FREE, free_until_paid=False), NOW, LISTED, Unpaid.NEVER),
    ],
    ids=range(8),
)
def test_only_what_was_made_while_ours_was_under_way_may_be_taken_for_it(
    sheet: Sheet, made_at: datetime | None, now: datetime, fits: Unpaid
) -> None:
    """And not before a second one would be listed: which is ours could not be told then."""
    assert fits_unpaid(sheet, made_at=made_at, began=NOW, ended=ENDED, now=now) is fits


@given(st.lists(st.integers(), max_size=4), st.booleans(), st.booleans(), st.sampled_from(Lookup))
def test_without_our_reference_and_without_the_vendors_word_nothing_is_adopted(
    free: list[int], rivals: bool, several: bool, lookup: Lookup
) -> None:
    """Amount and time are shared with whoever else bought at this vendor."""
    told = weigh(exact=[], free=free, rivals=rivals, proven=False, lookup=lookup)
    assert told.match is None
    assert several or told.shown is not Shown.MATCH


@given(st.lists(st.sampled_from(Shown), min_size=1, max_size=12))
def test_absence_is_counted_in_a_row_and_a_failed_look_neither_adds_nor_takes(
    seen: list[Shown],
) -> None:
    """Two times nothing with a candidate between them is not twice nothing."""
    looks: Looks | None = None
    for number, shown in enumerate(seen):
        at = NOW + timedelta(minutes=number)
        looks = looked(looks, at=at, shown=shown, ground=Ground.NOT_LISTED, refs="abcdefg")

    assert looks is not None
    answered = [one for one in seen if one is not Shown.UNREAD]
    run = 0
    for one in answered:
        run = run + 1 if one is Shown.NOTHING else 0
    assert looks.absent == run
    assert looks.count == len(seen)
    assert (looks.first_at, looks.last_at) == (NOW, NOW + timedelta(minutes=len(seen) - 1))
    assert len(looks.refs) == (5 if answered else 0)
    moments = [NOW + timedelta(minutes=n) for n, one in enumerate(seen) if one is Shown.NOTHING]
    assert looks.absent_at == (moments[-1] if run else None)
    assert looks.absent_before == (moments[-2] if run > 1 else None)


@pytest.mark.parametrize(
    ("looks", "sheet", "lapsed"),
    [
        (ABSENT, FREE, True),
        (None, FREE, False),
        (replace(ABSENT, absent_before=CLOSED - TICK), FREE, False),
        (replace(ABSENT, last_at=AGAIN - TICK), FREE, False),
        (replace(ABSENT, absent=1, absent_before=None), FREE, False),
        (replace(ABSENT, shown=Shown.UNREAD), FREE, False),
        (replace(ABSENT, shown=Shown.CANDIDATES), FREE, False),
        (ABSENT, replace(FREE, free_until_paid=False), False),
        (ABSENT, replace(FREE, payment_window=None), False),
    ],
    ids=range(9),
)
def test_only_what_costs_nothing_until_paid_ends_by_absence(
    looks: Looks | None, sheet: Sheet, lapsed: bool
) -> None:
    """Twice nothing after the window and the lag, and apart; anything less proves nothing."""
    assert has_lapsed(looks, sheet, sent_at=NOW) is lapsed


def test_a_purchase_of_ours_that_another_order_owns_is_never_absence() -> None:
    """Somebody has settled an order under the wrong number; sending would buy once more."""
    nothing: list[str] = []
    told = weigh(
        exact=nothing,
        free=nothing,
        owned=True,
        rivals=False,
        proven=False,
        lookup=Lookup.REFERENCE,
    )
    assert (told.shown, told.ground, told.match) == (Shown.CANDIDATES, Ground.OWNED, None)


def test_what_could_not_be_read_leaves_on_the_card_what_people_were_shown() -> None:
    """A list that fails for a moment must not make a candidate look new later."""
    first = looked(None, at=NOW, shown=Shown.CANDIDATES, ground=Ground.MAYBE_ANOTHERS, refs=["812"])
    then = looked(first, at=NOW, shown=Shown.UNREAD, ground=Ground.UNREAD, refs=[])
    assert then.refs == ("812",)
