"""Coins.ph in the configuration: two ways to log in, one of them, and an address book."""

import pytest

from bot.secrets import secret_values
from providers.coins_ph_paths import CoinsPhSettings
from tests.config.sample import MARK, example, faults, load

COINS = """
[[rules]]
name = "pesos"
providers = ["coins_ph"]
up_to = "60000 PHP"
approvals = [{ from = "approvers", count = 1 }]
[[budgets]]
name = "pesos"
limit = "300000 PHP"
per = "30d"
[providers.coins_ph]
payment_method = "bdo_deposit"
target_account_id = "1a2c3b4n"
first_order_at_most = "500 PHP"
reading = { header_style = "hyphen" }
"""

KEYS = {"coins_ph_api_key": f"{MARK}-key", "coins_ph_api_secret": f"{MARK}-coins-secret"}
TOKEN = {"coins_ph_token": f"{MARK}-coins-token"}


@pytest.mark.parametrize("secrets", [KEYS, TOKEN], ids=["key and secret", "token"])
def test_either_way_to_log_in_enables_it(secrets: dict[str, str]) -> None:
    """And the log hides whichever it is."""
    config = load(example() + COINS, **secrets)
    coins = config.vendors["coins_ph"]
    assert isinstance(coins, CoinsPhSettings)
    assert coins.reading.header_style == "hyphen"
    assert set(secrets.values()) <= set(secret_values(config))


def test_without_either_both_ways_are_told() -> None:
    """An operator reads which names to set."""
    told = faults(example() + COINS)
    assert len(told) >= 2
    assert all("COINS_PH_TOKEN" in one for one in told if one.startswith("COINS_PH_API"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('target_account_id = "1a2c3b4n"\n', "", "somebody must be credited"),
        ('"500 PHP"', '"500 EUR"', "it is paid in PHP, not EUR"),
        ('payment_method = "bdo_deposit"\n', "", "payment_method: is missing"),
        (
            "[providers.coins_ph]",
            '[providers.coins_ph]\nquote = "none"\nsend_rate = true',
            "send_rate",
        ),
        ("[providers.coins_ph]", '[providers.coins_ph]\ntargets = { cold = "me" }', "targets"),
        ('"hyphen"', '"dash"', "header_style"),
    ],
    ids=range(6),
)
def test_a_fault_in_its_table_is_told_by_name(old: str, new: str, told: str) -> None:
    """The money goes where this table says."""
    assert old in COINS
    found = faults(example() + COINS.replace(old, new), **KEYS)
    assert [one for one in found if told in one], found
