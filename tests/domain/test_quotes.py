"""The price band: the highest price that people approved, and never a cent above it."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quotes import PriceBand
from tests.domain.sample import PRICES
from tests.domain.sample_orders import BANDS


@given(PRICES)
def test_without_ceiling_and_reference_every_price_is_allowed(price: Decimal) -> None:
    """No price protection; the card says so, and the order is not stuck for it."""
    assert PriceBand(drift=Decimal("0.03"), wanted=True).allows(price)
    assert not PriceBand().protects


@given(BANDS, PRICES, PRICES)
def test_a_higher_price_is_never_allowed_where_a_lower_one_is_not(
    band: PriceBand, one: Decimal, other: Decimal
) -> None:
    """A band has one edge and it is the upper one."""
    low, high = sorted((one, other))
    assert band.allows(low) or not band.allows(high)


@given(BANDS, PRICES)
def test_nothing_above_the_typed_maximum_is_allowed(band: PriceBand, price: Decimal) -> None:
    """``max 65000`` holds whatever the quote was."""
    if band.ceiling is not None and price > band.ceiling:
        assert not band.allows(price)


@given(PRICES, st.decimals(0, 1, places=4))
def test_the_edge_itself_is_allowed_and_the_next_price_is_not(
    reference: Decimal, drift: Decimal
) -> None:
    """Three percent means three percent, exactly."""
    edge = reference + reference * drift
    band = PriceBand(reference=reference, drift=drift)

    assert band.limit == edge
    assert band.allows(edge)
    assert not band.allows(edge.next_plus())


@given(BANDS)
def test_a_band_protects_exactly_when_it_has_an_edge(band: PriceBand) -> None:
    """The card's words about protection are made of this."""
    assert band.protects is (band.ceiling is not None or band.reference is not None)


def test_the_lower_of_ceiling_and_drifted_quote_is_the_limit() -> None:
    """Both promises are kept: what was typed, and what was seen."""
    tight = PriceBand(ceiling=Decimal(101), reference=Decimal(100), drift=Decimal("0.03"))
    loose = PriceBand(ceiling=Decimal(110), reference=Decimal(100), drift=Decimal("0.03"))

    assert (tight.limit, loose.limit) == (Decimal(101), Decimal(103))


def test_a_price_of_many_digits_gives_a_limit_and_no_crash() -> None:
    """A vendor that prints sixty digits must not leave its order without an answer."""
    reference = Decimal("0." + "3" * 60)
    band = PriceBand(reference=reference, drift=Decimal("0.03"))

    assert band.allows(reference)
    assert band.limit is not None
    assert band.limit < Decimal("0.3434")
