"""What people type as an amount: one shape is read, everything else is refused with the reason."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import AmountFault, BadAmount, Money, Quantity, grouped, parse_amount


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("250", "250"), ("1,250.50", "1250.50"), ("2k", "2000"), ("1.5k", "1500"),
        ("1.5K", "1500"), ("3m", "3000000"), ("0.005", "0.005"), (" 250 ", "250"),
        ("1,000,000", "1000000"), ("1.2345k", "1234.5"), ("0.0001m", "100"),
        ("1000000000000000", "1E+15"),
    ],
)  # fmt: skip
def test_a_plain_grouped_or_scaled_amount_is_read(text: str, value: str) -> None:
    """These are the spellings that mean one thing only."""
    assert parse_amount(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "kind", "hint"),
    [
        ("", AmountFault.EMPTY, None),
        ("  ", AmountFault.EMPTY, None),
        ("0", AmountFault.NOT_POSITIVE, None),
        ("0.00", AmountFault.NOT_POSITIVE, None),
        ("0k", AmountFault.NOT_POSITIVE, None),
        ("-5", AmountFault.NEGATIVE, None),
        ("(5)", AmountFault.NEGATIVE, None),
        ("+5", AmountFault.SIGN, "5"),
        ("1,50", AmountFault.DECIMAL_COMMA, "1.50"),
        ("1,00", AmountFault.DECIMAL_COMMA, "1.00"),
        ("1.250,50", AmountFault.DECIMAL_COMMA, "1,250.50"),
        ("12.345,67", AmountFault.DECIMAL_COMMA, "12,345.67"),
        ("1,2345", AmountFault.DECIMAL_COMMA, "1.2345"),
        ("1,5k", AmountFault.DECIMAL_COMMA, "1.5k"),
        ("0,005", AmountFault.DECIMAL_COMMA, "0.005"),
        ("0,00", AmountFault.DECIMAL_COMMA, None),
        ("12,34,567", AmountFault.GROUPING, None),
        ("1,250,50", AmountFault.GROUPING, None),
        ("1.250.000", AmountFault.GROUPING, "1,250,000"),
        ("1_000", AmountFault.SEPARATOR, "1,000"),
        ("1'000", AmountFault.SEPARATOR, "1,000"),
        ("1 000", AmountFault.SEPARATOR, None),
        (".5", AmountFault.BARE_POINT, "0.5"),
        ("5.", AmountFault.BARE_POINT, "5"),
        ("007", AmountFault.LEADING_ZERO, "7"),
        ("1e3", AmountFault.EXPONENT, "1000"),
        ("1E-3", AmountFault.EXPONENT, "0.001"),
        ("1e999", AmountFault.EXPONENT, None),
        ("٢٥٠", AmountFault.FOREIGN_DIGITS, "250"),
        ("\uff12\uff15\uff10", AmountFault.FOREIGN_DIGITS, "250"),
        ("²5", AmountFault.FOREIGN_DIGITS, None),
        ("½", AmountFault.FOREIGN_DIGITS, None),
        ("NaN", AmountFault.NOT_A_NUMBER, None),
        ("inf", AmountFault.NOT_A_NUMBER, None),
        ("0x10", AmountFault.NOT_A_NUMBER, None),
        ("k", AmountFault.NOT_A_NUMBER, None),
        ("1..5", AmountFault.NOT_A_NUMBER, None),
        ("9" * 51, AmountFault.TOO_LONG, None),
        ("9" * 50, AmountFault.TOO_LARGE, None),
        ("1000000000000001", AmountFault.TOO_LARGE, None),
    ],
)
def test_what_could_be_misread_is_refused_with_what_was_perhaps_meant(
    text: str, kind: AmountFault, hint: str | None
) -> None:
    """Every one of these is read wrongly by some parser, by up to a factor of a thousand."""
    with pytest.raises(BadAmount) as refused:
        parse_amount(text)
    assert (refused.value.kind, refused.value.hint) == (kind, hint)


@given(st.text(alphabet="0123456789.,-+kKmMeE_x '٢½", max_size=60) | st.text(max_size=60))
def test_any_text_is_an_amount_above_zero_or_a_fault_whose_hint_would_be_read(text: str) -> None:
    """A hint that is itself refused would send the person in circles."""
    try:
        value = parse_amount(text)
    except BadAmount as fault:
        if fault.hint is not None:
            parse_amount(fault.hint)
    else:
        assert 0 < value <= 10**15


@given(st.decimals(min_value="0.01", max_value=10**15, places=2))
def test_what_people_are_shown_can_be_typed_back(value: Decimal) -> None:
    """Amounts are copied from cards into commands."""
    assert parse_amount(grouped(value)) == value


@pytest.mark.parametrize(
    ("text", "currency", "hint"),
    [("1.250", "EUR", "1,250"), ("10.5", "JPY", None), ("250.000", "EUR", "250,000")],
)
def test_decimals_that_a_person_typed_beyond_the_unit_are_refused_even_if_zeros(
    text: str, currency: str, hint: str | None
) -> None:
    """1.250 EUR is a thousand and a quarter thousand to half of Europe, and one and a bit to us."""
    with pytest.raises(BadAmount) as refused:
        Money.typed(text, currency)
    assert (refused.value.kind, refused.value.hint) == (AmountFault.TOO_MANY_DECIMALS, hint)


def test_typed_amounts_become_canonical() -> None:
    """One door for commands, modals and configuration."""
    assert Money.typed("2k", "EUR") == Money.of(2000, "EUR")
    assert Money.typed("1.250", "KWD").text == "1.250"
    assert Quantity.typed("0.00500000", "btc").text == "0.005"
