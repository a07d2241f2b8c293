"""One text for one value: digests, hashes and stored rules stand on it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.canonical import canonical, plain, sha256
from bot.domain.orders import State
from tests.domain.sample import NOW, SMALL
from tests.domain.sample_orders import orders


@pytest.mark.parametrize("value", [1.5, {"a": [0.1]}, {"a": {"b": float("nan")}}, (1, 2.0)])
def test_a_float_has_no_canonical_text(value: Any) -> None:
    """Two machines may print one float in two ways, and then a vote is for neither."""
    with pytest.raises(TypeError, match="float"):
        canonical(value)


@pytest.mark.parametrize("value", [b"bytes", object(), SMALL.__class__, 1j])
def test_what_has_no_one_text_is_refused(value: Any) -> None:
    """A guess here would be a digest that nobody can compute again."""
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (7, "7"),
        (Decimal("1E+3"), '"1000"'),
        (Decimal("250.00"), '"250.00"'),
        (NOW, '"2026-11-06T09:00:00+00:00"'),
        (timedelta(hours=1), '"3600s"'),
        (frozenset({"b", "a"}), '["a","b"]'),
        ({"b": 1, "a": (1, 2)}, '{"a":[1,2],"b":1}'),
        (State.IN_DOUBT, '"in_doubt"'),
        ("é€", '"é€"'),
    ],
)
def test_each_kind_of_value_has_one_text(value: Any, text: str) -> None:
    """The texts are in databases already; changing one would void every vote and break the log."""
    assert canonical(value) == text


def test_the_order_of_names_changes_nothing() -> None:
    """The same facts, written down in another order, are the same facts."""
    assert canonical({"a": 1, "b": 2}) == canonical({"b": 2, "a": 1})


@given(orders())
def test_every_order_has_a_digest_of_64_hex_digits(order: Any) -> None:
    """Whatever people typed, the card must have a digest to vote for."""
    assert len(order.digest) == 64
    assert int(order.digest, 16) >= 0


@given(st.text(st.characters(categories=["Cs", "Ll"]), max_size=9))
def test_half_a_character_cannot_stop_a_move(garbled: str) -> None:
    """A vendor that sends one lone surrogate must not make its purchase unrecordable."""
    text = canonical({"word": garbled, garbled: "name"})

    assert text.encode()
    assert len(sha256(text)) == 64
    assert plain(plain(garbled)) == plain(garbled)


def test_a_hash_of_text_and_of_its_bytes_is_the_same() -> None:
    """Bodies are hashed as bytes, rules as text; both are looked up by the same digits."""
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256("abc") == sha256(b"abc") == known
