"""From words to terms: provider, currency, the most that may leave; or the reason why not."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.capabilities import Sheet
from bot.domain.money import LIMIT, Money, Quantity
from bot.domain.orders import Terms
from bot.domain.requests import Buy, Refusal, Why, resolve, said_again

KRIPTOMAT = Sheet(
    provider="kriptomat",
    title="Kriptomat",
    currencies=frozenset({"EUR"}),
    assets=frozenset({"btc", "eth"}),
    fee_allowance=Decimal("0.02"),
    minimum=Decimal(10),
)
COINS = Sheet(
    provider="coins_ph",
    title="Coins.ph",
    currencies=frozenset({"PHP"}),
    assets=frozenset({"btc"}),
    spends_currency=False,
    spends_asset=True,
    outlets=True,
    targets={"cold": "bc1q"},
    credited="1a2c3b4n",
)
ONLY = {"kriptomat": KRIPTOMAT}
BOTH = {**ONLY, "coins_ph": COINS}


def buy(amount: str = "250", unit: str = "EUR", asset: str = "btc", **said: Any) -> Buy:
    return Buy(amount=Decimal(amount), unit=unit, asset=asset, **said)


def test_words_become_terms_with_the_fees_counted_in() -> None:
    """The everyday request; limits are held against the cost, not against the amount."""
    terms = resolve(buy(provider="kriptomat", reason="rent"), ONLY)

    assert terms == Terms(
        provider="kriptomat",
        asset="btc",
        spend=Money.of(250, "EUR"),
        currency="EUR",
        cost=Money.of(255, "EUR"),
        reason="rent",
    )


def test_via_may_be_left_out_when_one_provider_can_do_it() -> None:
    """The other provider takes no EUR, so there is nothing to ask."""
    terms = resolve(buy(), BOTH)
    assert isinstance(terms, Terms)
    assert terms.provider == "kriptomat"


def test_an_amount_of_coins_costs_at_most_its_maximum_price() -> None:
    """Nothing else says what may leave the treasury."""
    said = buy("0.005", "btc", currency="PHP", max_price=Decimal(3_000_001), provider="coins_ph")

    terms = resolve(said, BOTH)

    assert isinstance(terms, Terms)
    assert terms.spend == Quantity.of("0.005", "btc")
    assert terms.cost == Money.of("15000.01", "PHP")


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_the_most_that_coins_may_cost_is_never_rounded_down(satoshi: int, price: int) -> None:
    """Half a centavo less than the truth would be a limit that can be passed."""
    amount, top = Decimal(satoshi).scaleb(-8), Decimal(price).scaleb(-6)
    exact = Fraction(amount) * Fraction(top)

    terms = resolve(buy(str(amount), "btc", max_price=top, provider="coins_ph"), BOTH)

    assert isinstance(terms, Terms)
    assert 0 <= Fraction(terms.cost.amount) - exact < Fraction(1, 100)


EURO_COINS = replace(
    COINS, provider="oak", title="Oak", spends_currency=True, currencies=frozenset({"EUR", "PHP"})
)
BOOK_ONLY = {"coins_ph": replace(COINS, credited=None)}
REFUSED: list[tuple[Why, Buy, dict[str, Sheet]]] = [
    (Why.PROVIDER_UNKNOWN, buy(provider="kraken"), BOTH),
    (Why.PROVIDER_NOT_ENABLED, buy(provider="oak"), BOTH),
    (Why.PROVIDER_AMBIGUOUS, buy(), {**ONLY, "oak": EURO_COINS}),
    (Why.NOBODY_SELLS, buy(asset="doge"), BOTH),
    (Why.OUTLET_NOT_TAKEN, buy(outlet="gcash"), BOTH),
    (Why.TARGET_UNKNOWN, buy(target="cold"), BOTH),
    (Why.AMOUNT_MUST_BE_MONEY, buy("0.5", "btc", currency="EUR"), BOTH),
    (Why.NOBODY_SELLS, buy("0.5", "doge", asset="doge"), BOTH),
    (Why.NOBODY_SELLS, buy(unit="USD"), BOTH),
    (Why.ASSET_NOT_OFFERED, buy(asset="doge"), ONLY),
    (Why.CURRENCY_NOT_OFFERED, buy(unit="USD"), ONLY),
    (Why.CURRENCY_NOT_OFFERED, buy("1", "btc", currency="USD", provider="coins_ph"), BOTH),
    (Why.AMOUNT_MUST_BE_MONEY, buy("0.5", "btc"), ONLY),
    (Why.AMOUNT_MUST_BE_ASSET, buy(unit="PHP", provider="coins_ph"), BOTH),
    (Why.AMOUNT_BAD, buy("250.001", provider="kriptomat"), BOTH),
    (Why.AMOUNT_BAD, buy(str(LIMIT), provider="kriptomat"), BOTH),
    (Why.AMOUNT_BAD, buy("0.000000001", "btc", provider="coins_ph"), BOTH),
    (Why.AMOUNT_BAD, buy("9e14", "btc", max_price=LIMIT, provider="coins_ph"), BOTH),
    (Why.BELOW_MINIMUM, buy("9.99", provider="kriptomat"), BOTH),
    (Why.OUTLET_NOT_TAKEN, buy(outlet="gcash"), ONLY),
    (Why.TARGET_UNKNOWN, buy(target="cold"), ONLY),
    (Why.TARGET_UNKNOWN, buy("1", "btc", target="warm", provider="coins_ph"), BOTH),
    (Why.TARGET_MISSING, buy("1", "btc", max_price=Decimal(1)), BOOK_ONLY),
    (Why.CEILING_MISSING, buy("0.005", "btc", provider="coins_ph"), BOTH),
]


@pytest.mark.parametrize(("why", "said", "sheets"), REFUSED)
def test_what_cannot_become_an_order_is_refused_with_its_reason(
    why: Why, said: Buy, sheets: dict[str, Sheet]
) -> None:
    """Refused before anybody is asked, with the facts that the sentence needs."""
    refusal = resolve(said, sheets)

    assert isinstance(refusal, Refusal)
    assert refusal.why is why
    assert refusal.given
    assert refusal.denied is None


def test_what_one_provider_would_almost_take_is_refused_with_its_reason_and_not_with_nobodys() -> (
    None
):
    """ "No provider sells BTC for EUR" is not true where only the name of a wallet is wrong."""
    refusal = resolve(buy(target="cold"), BOTH)

    assert isinstance(refusal, Refusal)
    assert refusal.provider == KRIPTOMAT.title


def test_every_reason_that_words_alone_can_give_is_tried_above() -> None:
    """The policy's refusals are facts of their own; the first order's cap needs the records."""
    assert {why for why, _, _ in REFUSED} == set(Why) - {Why.POLICY, Why.FIRST_ORDER, Why.BUDGET}


def test_exactly_the_minimum_is_taken() -> None:
    """ "Below the minimum" means below."""
    assert isinstance(resolve(buy("10"), ONLY), Terms)


def test_an_amount_at_the_very_top_is_taken_or_refused_but_never_a_crash() -> None:
    """The largest amount that words can say once passed every check and then broke its fees."""
    largest = resolve(buy(str(LIMIT)), {"kriptomat": replace(KRIPTOMAT, fee_allowance=Decimal(0))})
    assert isinstance(largest, Terms)
    assert isinstance(resolve(buy(str(LIMIT)), ONLY), Refusal)


@pytest.mark.parametrize(
    "said",
    [
        buy(provider="kriptomat", reason="rent", max_price=Decimal(65000)),
        buy("0.005", "btc", provider="coins_ph", max_price=Decimal(4_000_000), outlet="gcash"),
        buy("0.005", "btc", currency="PHP", provider="coins_ph", target="cold",
            max_price=Decimal("4e6")),
    ],
)  # fmt: skip
def test_terms_asked_again_are_the_same_terms(said: Buy) -> None:
    """Only what has changed may look changed."""
    terms = resolve(said, BOTH)
    assert isinstance(terms, Terms)
    assert resolve(said_again(terms), BOTH) == terms


def test_terms_asked_again_under_other_settings_tell_what_has_changed() -> None:
    """The fee, and the address behind a name: neither stands in the words."""
    cold = resolve(buy("0.005", "btc", target="cold", max_price=Decimal(4_000_000)), BOTH)
    assert isinstance(cold, Terms)
    assert cold.recipient == "bc1q"
    moved = replace(COINS, targets={"cold": "bc1qelse"}, fee_allowance=Decimal("0.1"))

    again = resolve(said_again(cold), {**ONLY, "coins_ph": moved})

    assert again == replace(cold, recipient="bc1qelse", cost=Money.of(22000, "PHP"))
    gone = resolve(said_again(cold), {**ONLY, "coins_ph": replace(COINS, targets={})})
    assert isinstance(gone, Refusal)
    assert gone.why is Why.TARGET_UNKNOWN


def test_what_is_bought_without_a_target_goes_to_the_account() -> None:
    """The card tells whose account that is, and a vote is for that account."""
    ours = {"kriptomat": replace(KRIPTOMAT, credited="Kriptomat's user 1")}
    terms = resolve(buy(), ours)
    assert isinstance(terms, Terms)
    assert terms.recipient == "Kriptomat's user 1"
