"""Our records held against a list: every row is explained or found, and none is both."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.orders import Order, State
from bot.workflow.comparing import YOUNG, Comparison, Kind, compare
from providers.base import Progress, Report
from tests.domain.sample import NOW, in_state

LATER = NOW + timedelta(hours=3)


def row(ref: str = "9001", **changes: Any) -> Report:
    """The purchase of the sample order, as its provider lists it."""
    facts: dict[str, Any] = {
        "ref": ref,
        "progress": Progress.COMPLETED,
        "word": "SUCCESS",
        "asset": "btc",
        "currency": "EUR",
        "total": Decimal(250),
        "quantity": Decimal("0.0038"),
        "at": NOW,
    }
    return Report(**{**facts, **changes})


def held(listed: list[Report], *ours: Order) -> Comparison:
    """Against these orders, three hours later."""
    refs = {one.ref for one in listed}
    return compare(
        listed,
        {one.ref: one for one in ours if one.ref in refs and one.ref is not None},
        [one for one in ours if one.ref is not None],
        [one for one in ours if one.state in {State.IN_DOUBT, State.SUBMITTING}],
        now=LATER,
    )


def found(done: Comparison) -> list[tuple[Kind, str, str]]:
    return [(one.kind, one.name, one.what) for one in done.findings]


def test_equal_books_have_nothing_to_find() -> None:
    """The everyday answer; 250 and 250.00 are one amount."""
    done = held([row()], in_state(State.COMPLETED))
    assert (done.listed, done.matched, done.ours, done.findings) == (1, 1, 1, ())


def test_a_purchase_of_nobody_is_found_unless_it_is_young_or_came_to_nothing() -> None:
    """What has just been bought may be on its way into our records; what failed moved no money."""
    young = row("3", at=LATER - YOUNG / 2)
    done = held([row("1"), row("2", progress=Progress.FAILED, word="ERROR"), young])
    assert found(done) == [(Kind.THEIRS, "1", "250 EUR of BTC (SUCCESS)")]
    assert (done.void, done.young) == (1, 1)


def test_a_doubt_explains_one_purchase_that_fits_and_no_second_one() -> None:
    """Of two, one is somebody else's; which one is for the doubt to find out."""
    doubt = in_state(State.IN_DOUBT)
    assert found(held([row("1")], doubt)) == []
    assert len(found(held([row("1"), row("2")], doubt))) == 1
    assert len(found(held([row("1", asset="eth")], doubt))) == 1
    assert len(found(held([row("1", at=NOW - timedelta(hours=1))], doubt))) == 1


def test_an_order_of_ours_that_is_not_listed_is_found_once_it_had_to_be() -> None:
    """Bought by our records: the provider must know it. What is in doubt need not be there."""
    gone = in_state(State.ACCEPTED)
    (one,) = found(held([], gone))
    assert one == (Kind.OURS, gone.id, "accepted here under number 9001, not listed there")
    assert found(held([], replace(gone, first_sent_at=LATER))) == []
    assert found(held([], in_state(State.IN_DOUBT), in_state(State.FAILED))) == []


def test_states_and_amounts_that_differ_are_found_on_both_sides_of_the_end() -> None:
    """A reversal that nobody noticed, a purchase that turned up, and a figure that changed."""
    done = in_state(State.COMPLETED)
    reversed_ = row(progress=Progress.REVERSED, word="REVERSED")
    assert found(held([reversed_], done))[0][2] == "completed here, REVERSED there"
    failed = replace(in_state(State.FAILED), ref="9001")
    assert found(held([row()], failed))[0][2] == "failed here, SUCCESS there"
    assert found(held([row(total=Decimal("250.01"))], done))[0][2] == (
        "total 250.00 here, 250.01 there"
    )
    assert found(held([row(total=None, quantity=None)], done)) == []


rows = st.lists(
    st.builds(
        row,
        ref=st.integers(1, 9).map(str),
        progress=st.sampled_from(Progress),
        asset=st.sampled_from([None, "btc", "eth"]),
        total=st.sampled_from([None, Decimal(250), Decimal(3)]),
        at=st.sampled_from([None, NOW, LATER]),
    ),
    unique_by=lambda one: one.ref,
    max_size=9,
)


@given(rows, st.lists(st.sampled_from(State), max_size=4))
def test_every_row_is_counted_once(listed: list[Report], states: list[State]) -> None:
    """Ours, explained, void, young or found: the figures that people are told add up."""
    ours = [
        replace(in_state(state), id=f"BUY-0000{number}", ref=str(number) if number % 2 else None)
        for number, state in enumerate(states)
    ]
    done = held(listed, *ours)
    theirs = sum(one.kind is Kind.THEIRS for one in done.findings)
    assert done.listed == done.matched + done.doubted + done.void + done.young + theirs
