"""Money and quantities are exact and canonical, and never mix or round."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import (
    DECIMALS,
    LIMIT,
    AmountFault,
    BadAmount,
    CurrencyMismatch,
    Money,
    Quantity,
    decimal_text,
    grouped,
)

CURRENCIES = st.sampled_from(sorted(DECIMALS))


@st.composite
def amounts(draw: st.DrawFn, currency: str | None = None) -> Money:
    code = currency or draw(CURRENCIES)
    minor = draw(st.integers(min_value=0, max_value=10**14))
    return Money.of(Decimal(minor).scaleb(-DECIMALS[code]), code)


@given(amounts())
def test_an_amount_read_back_from_its_text_is_the_same(money: Money) -> None:
    """Storage, digests and vendors see the text; it must lose nothing, in any currency."""
    assert Money.of(money.text, money.currency) == money
    assert Money.of(money.amount, money.currency).text == money.text


@given(CURRENCIES, st.integers(min_value=0, max_value=10**12), st.integers(1, 9))
def test_more_decimals_than_the_currency_has_are_refused(code: str, whole: int, last: int) -> None:
    """Rounding would spend an amount that nobody approved."""
    text = f"{whole}.{'0' * DECIMALS[code]}{last}"
    with pytest.raises(BadAmount) as refused:
        Money.of(text, code)
    assert refused.value.kind is AmountFault.TOO_MANY_DECIMALS


@given(st.data(), CURRENCIES)
def test_sums_differences_and_order_agree_with_arithmetic(data: st.DataObject, code: str) -> None:
    """Budgets are sums; one that drifts lets an order through."""
    left, right = data.draw(amounts(code)), data.draw(amounts(code))
    assert (left + right).amount == left.amount + right.amount
    assert left + right == right + left
    assert (left + right) - right == left
    assert (left < right) == (left.amount < right.amount)
    assert (left >= right) == (left.amount >= right.amount)
    assert sum([left, right], Money.zero(code)) == left + right


@pytest.mark.parametrize(
    ("amount", "currency", "text", "human"),
    [
        ("250", "EUR", "250.00", "250.00 EUR"),
        (1050, "PHP", "1050.00", "1,050.00 PHP"),
        (Decimal("1E+3"), "JPY", "1000", "1,000 JPY"),
        ("0.5", "KWD", "0.500", "0.500 KWD"),
        (Decimal("250.00000000"), "EUR", "250.00", "250.00 EUR"),
        (Decimal("-0"), "EUR", "0.00", "0.00 EUR"),
        (LIMIT, "KWD", "1000000000000000.000", "1,000,000,000,000,000.000 KWD"),
    ],
)
def test_an_amount_carries_exactly_the_decimals_of_its_currency(
    amount: str | int | Decimal, currency: str, text: str, human: str
) -> None:
    """Equal amounts must be equal texts; a vendor's surplus zeros say nothing."""
    money = Money.of(amount, currency)
    assert (money.text, money.human) == (text, human)


@pytest.mark.parametrize(
    ("amount", "currency", "kind"),
    [
        ("-1", "EUR", AmountFault.NEGATIVE),
        (-2, "EUR", AmountFault.NEGATIVE),
        (Decimal("NaN"), "EUR", AmountFault.NOT_A_NUMBER),
        (Decimal("sNaN"), "EUR", AmountFault.NOT_A_NUMBER),
        (Decimal("Infinity"), "EUR", AmountFault.NOT_A_NUMBER),
        ("1e3", "EUR", AmountFault.EXPONENT),
        ("1,000", "EUR", AmountFault.GROUPING),
        ("", "EUR", AmountFault.EMPTY),
        ("9" * 51, "EUR", AmountFault.TOO_LONG),
        (LIMIT + 1, "EUR", AmountFault.TOO_LARGE),
        (10**60 + 1, "EUR", AmountFault.TOO_LONG),
        (Decimal("1E+2000000"), "EUR", AmountFault.TOO_LONG),
        (Decimal("1E-2000000"), "EUR", AmountFault.TOO_LONG),
        (Decimal("1E-1000000"), "EUR", AmountFault.TOO_MANY_DECIMALS),
        ("1", "XAU", AmountFault.UNKNOWN_CURRENCY),
        ("1", "XXX", AmountFault.UNKNOWN_CURRENCY),
        ("1", "btc", AmountFault.UNKNOWN_CURRENCY),
    ],
)
def test_what_is_no_amount_of_money_is_refused_with_its_kind(
    amount: str | int | Decimal, currency: str, kind: AmountFault
) -> None:
    """A vendor's odd reply or a hostile number must end in one error, never in a wrong sum."""
    with pytest.raises(BadAmount) as refused:
        Money.of(amount, currency)
    assert refused.value.kind == kind
    assert len(refused.value.text) <= 50


def test_a_lower_case_code_is_refused_with_the_right_one_as_the_hint() -> None:
    """Configuration and vendors must say EUR; a person's words are turned before."""
    with pytest.raises(BadAmount) as refused:
        Money.of("1", "eur")
    assert refused.value.hint == "EUR"


def test_truth_is_not_an_amount() -> None:
    """JSON's true would otherwise be one euro."""
    with pytest.raises(TypeError):
        Money.of(True, "EUR")


def test_two_currencies_neither_add_nor_compare_but_are_unequal() -> None:
    """There is no silent conversion anywhere."""
    euro, dollar = Money.of(1, "EUR"), Money.of(1, "USD")
    assert euro != dollar
    for mix in (euro.__add__, euro.__sub__, euro.__lt__):
        with pytest.raises(CurrencyMismatch):
            mix(dollar)
    with pytest.raises(CurrencyMismatch):
        _ = euro >= dollar


def test_a_difference_below_zero_is_refused() -> None:
    """What is left of a budget is never a negative amount of money."""
    with pytest.raises(BadAmount) as refused:
        _ = Money.of(1, "EUR") - Money.of(2, "EUR")
    assert refused.value.kind is AmountFault.NEGATIVE


def test_an_amount_that_is_not_canonical_cannot_be_made_by_hand() -> None:
    """Two spellings of one amount would give two digests for the same terms."""
    with pytest.raises(AssertionError):
        Money(Decimal(250), "EUR")
    with pytest.raises(AssertionError):
        Quantity(Decimal("0.0050"), "btc")


@pytest.mark.parametrize(
    ("amount", "asset", "text", "human"),
    [
        ("0.00500000", "btc", "0.005", "0.005 BTC"),
        (Decimal("1E+3"), "usdc", "1000", "1,000 USDC"),
        ("1050.5", "usdc", "1050.5", "1,050.5 USDC"),
        ("0.000000000000000001", "eth", "0.000000000000000001", "0.000000000000000001 ETH"),
        (0, "btc", "0", "0 BTC"),
    ],
)
def test_a_quantity_has_no_trailing_zeros_and_no_exponent(
    amount: str | int | Decimal, asset: str, text: str, human: str
) -> None:
    """0.005 and 0.00500000 are one quantity and must be one text."""
    quantity = Quantity.of(amount, asset)
    assert (quantity.text, quantity.human) == (text, human)
    assert Quantity.of(quantity.text, asset) == quantity


@pytest.mark.parametrize(
    ("amount", "asset", "kind"),
    [
        ("0.000000001", "btc", AmountFault.TOO_MANY_DECIMALS),
        ("0.0000001", "usdc", AmountFault.TOO_MANY_DECIMALS),
        (Decimal("1E-19"), "newcoin", AmountFault.TOO_MANY_DECIMALS),
        ("1", "BTC", AmountFault.UNKNOWN_ASSET),
        ("1", "b", AmountFault.UNKNOWN_ASSET),
        ("1", "elevencoins", AmountFault.UNKNOWN_ASSET),
    ],
)
def test_what_is_no_quantity_of_the_asset_is_refused(
    amount: str | Decimal, asset: str, kind: AmountFault
) -> None:
    """A satoshi is the smallest bitcoin; less would be rounded by somebody else."""
    with pytest.raises(BadAmount) as refused:
        Quantity.of(amount, asset)
    assert refused.value.kind == kind


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_the_text_of_a_decimal_is_plain_and_the_same_number(value: Decimal) -> None:
    """An exponent in a request body is read wrongly by some vendors."""
    if abs(value.adjusted()) > 100:
        return
    text = decimal_text(value)
    assert Decimal(text) == value
    assert not set(text) & set("eE+")
    assert Decimal(grouped(value).replace(",", "")) == value


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1E+1000", "1E-1000"])
def test_a_number_without_a_plain_text_is_an_error(value: str) -> None:
    """A thousand zeros in a message are an attack, not a price."""
    with pytest.raises(ValueError, match="no plain text"):
        decimal_text(Decimal(value))
