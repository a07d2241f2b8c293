"""A second provider in the configuration: table, secrets, and what can be wrong with them."""

from decimal import Decimal

import pytest

from bot.secrets import secret_values
from providers.oak_paths import OakSettings
from tests.config.sample import MARK, example, faults, load

OAK = """
[[rules]]
name = "dollars"
providers = ["oak"]
up_to = "1000 USD"
approvals = [{ from = "approvers", count = 2 }]
[[budgets]]
name = "dollars"
limit = "5000 USD"
per = "week"
[providers.oak]
provider = "bridge"
payment_method = "customer_wallet"
customer_id = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
amount_unit = "minor"
minimum = "5 USD"
reading = { captured_means = "completed" }
"""

OAK_SECRETS = {"oak_client_id": f"{MARK}-id", "oak_client_secret": f"{MARK}-oak-secret"}


def test_a_second_provider_is_enabled_by_its_table_and_its_secrets() -> None:
    """Rules in its currency are possible from then on."""
    config = load(example() + OAK, **OAK_SECRETS)
    oak = config.vendors["oak"]
    assert isinstance(oak, OakSettings)
    assert (oak.currency, oak.asset, oak.minimum) == ("usd", "usdc", Decimal(5))
    assert oak.reading.captured_means == "completed"
    assert {OAK_SECRETS[name] for name in OAK_SECRETS} <= set(secret_values(config))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('amount_unit = "minor"\n', "", "providers.oak.amount_unit: is missing"),
        ('"5 USD"', '"5 EUR"', "providers.oak.minimum: it is paid in USD, not EUR"),
        ('up_to = "1000 USD"', 'up_to = "1000 EUR"', "no provider of it can be paid in EUR"),
        ("3c90c3cc-0d44-4b50-8888-8dd25736052a", "me", "providers.oak.customer_id"),
        ('"completed" }', '"perhaps" }', "providers.oak.reading.captured_means"),
    ],
    ids=range(5),
)
def test_a_fault_in_the_second_table_is_one_sentence(old: str, new: str, told: str) -> None:
    """The unit in which Oak counts is not documented, so nobody may forget to say it."""
    text = example() + OAK
    assert old in text
    found = faults(text[: -len(OAK)] + OAK.replace(old, new), **OAK_SECRETS)
    assert [one for one in found if told in one], found


def test_its_secrets_are_asked_for_by_name() -> None:
    """The names stand in the README."""
    found = faults(example() + OAK)
    assert [one.split(" ")[0] for one in found] == ["OAK_CLIENT_ID", "OAK_CLIENT_SECRET"]
