"""Ids survive being read aloud, typed in a hurry and pasted with the wrong case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import ALPHABET, BITS, order_id, order_id_from, schedule_id, schedule_id_from


@given(st.integers(min_value=0, max_value=(1 << BITS) - 1))
def test_every_number_of_25_bits_gives_an_id_that_reads_as_itself(number: int) -> None:
    """What the bot prints must be what it reads."""
    printed = order_id_from(number)
    assert order_id(printed) == printed
    assert order_id(printed.lower().removeprefix("buy-")) == printed


def test_different_numbers_give_different_ids() -> None:
    """The last and the first digit both count."""
    assert len({order_id_from(number) for number in range(5000)}) == 5000
    assert order_id_from(0) == "BUY-00000"
    assert order_id_from((1 << BITS) - 1) == "BUY-ZZZZZ"
    assert len(set(ALPHABET)) == 32


@pytest.mark.parametrize(
    ("typed", "read"),
    [("buy-7k3fq", "BUY-7K3FQ"), ("7K3FQ", "BUY-7K3FQ"), ("Buy-Oil00", "BUY-01100")],
)
def test_letters_that_look_like_digits_are_read_as_digits(typed: str, read: str) -> None:
    """O, I and L are not in the alphabet, so nothing else can be meant."""
    assert order_id(typed) == read


@pytest.mark.parametrize(
    "typed",
    ["", "BUY-", "BUY-7K3F", "BUY-7K3FQ1", "BUY-7K3FU", "REC-7K3FQ", "BUY 7K3FQ", "\u0667K3FQ"],
)
def test_what_is_no_order_id_is_refused(typed: str) -> None:
    """A near miss must not reach somebody else's order."""
    with pytest.raises(ValueError, match="not an order id"):
        order_id(typed)


@pytest.mark.parametrize("number", [-1, 1 << BITS])
def test_a_number_that_does_not_fit_is_refused(number: int) -> None:
    """Cutting bits off would make two orders share an id."""
    with pytest.raises(ValueError, match="25 bits"):
        order_id_from(number)


@given(st.integers(min_value=0, max_value=(1 << BITS) - 1))
def test_a_schedule_is_never_taken_for_an_order(number: int) -> None:
    """``stop REC-7K3FQ`` must not find ``BUY-7K3FQ``; without the prefix the verb says which."""
    printed = schedule_id_from(number)
    assert schedule_id(printed.lower()) == schedule_id(printed[4:]) == printed
    with pytest.raises(ValueError, match="not an order id"):
        order_id(printed)
    with pytest.raises(ValueError, match="not a schedule id"):
        schedule_id(order_id_from(number))
