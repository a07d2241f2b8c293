"""What a vendor does not document can be corrected in the configuration: every entry, by name."""

import re
from dataclasses import dataclass, fields, replace
from typing import Any

import pytest
from pydantic import BaseModel

from bot.reading_tables import CoinsPhReadingTable, KriptomatReadingTable, OakReadingTable
from bot.tables import CoinsPhTable
from providers.coins_ph_paths import CoinsPhReading, CoinsPhSettings
from providers.kriptomat_paths import KriptomatReading
from providers.oak_paths import OakReading, OakSettings
from tests.config.sample import example, load
from tests.config.test_coins_ph import COINS, KEYS
from tests.config.test_oak import OAK, OAK_SECRETS


@dataclass(frozen=True)
class Vendor:
    """A vendor's table of readings, and the table of the file that corrects it."""

    name: str
    reading: Any
    table: type[BaseModel]


VENDORS = [
    Vendor("kriptomat", KriptomatReading(), KriptomatReadingTable),
    Vendor("coins_ph", CoinsPhReading(), CoinsPhReadingTable),
    Vendor("oak", OakReading(), OakReadingTable),
]


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda one: one.name)
def test_every_entry_can_be_corrected_and_nothing_else(vendor: Vendor) -> None:
    """What is found out on the first live day is a line of configuration, not a release."""
    assert set(vendor.table.model_fields) == {one.name for one in fields(vendor.reading)}


def test_what_is_left_out_stays_as_it_is() -> None:
    """An empty table corrects nothing, at no vendor."""
    for vendor in VENDORS:
        assert set(vendor.table().model_dump().values()) == {None}


OTHER: dict[str, str] = {
    "outlet_fees_path": '"/fees/"',
    "buyquote_path": '"/api/v3/buyquote"',
    "buyquote_money_field": '"php_amount"',
    "accounts_path": '"/accounts?currency=BTC"',
    "list_key": '"buyorders"',
    "list_limit": "20",
    "paging": '"none"',
    "pages_at_most": "7",
    "amount_slack": "0",
    "listing_lag": '"45s"',
}


def test_the_corrections_reach_the_client_of_coins_ph() -> None:
    """A line that loads and changes nothing would be worse than one that is refused."""
    lines = ", ".join(f"{name} = {value}" for name, value in OTHER.items())
    text = COINS.replace('reading = { header_style = "hyphen" }', f"reading = {{ {lines} }}")
    known = load(example() + text, **KEYS).vendors["coins_ph"]
    assert isinstance(known, CoinsPhSettings)
    changed = known.reading
    plain = CoinsPhReading()
    assert all(getattr(changed, name) != getattr(plain, name) for name in OTHER)
    assert replace(changed, **{name: getattr(plain, name) for name in OTHER}) == plain


def test_the_corrections_reach_the_client_of_oak() -> None:
    """A path of one transaction has to name the place of its id."""
    lines = 'transaction_path = "/v2/tx/{id}", buy_type = "trade", list_limit = 20'
    text = OAK.replace('captured_means = "completed"', lines)
    known = load(example() + text, **OAK_SECRETS).vendors["oak"]
    assert isinstance(known, OakSettings)
    assert known.reading == OakReading(
        transaction_path="/v2/tx/{id}", buy_type="trade", list_limit=20
    )


@pytest.mark.parametrize(
    ("table", "name", "value"),
    [
        (OakReadingTable, "transaction_path", "/v2/tx/"),
        (OakReadingTable, "grant_path", "token"),
        (OakReadingTable, "list_limit", 0),
        (OakReadingTable, "milliseconds_from", 0),
        (CoinsPhReadingTable, "order_path", "//elsewhere.example/orders"),
        (CoinsPhReadingTable, "buyquote_money_field", "a&b"),
        (CoinsPhReadingTable, "amount_slack", -1),
        (CoinsPhReadingTable, "pages_at_most", 0),
        (KriptomatReadingTable, "session_seconds", 5),
    ],
)
def test_a_correction_that_cannot_be_meant_is_refused(
    table: type[BaseModel], name: str, value: object
) -> None:
    """A list of no rows would make every order absent; a path may not lead to another host."""
    with pytest.raises(ValueError, match=name):
        table.model_validate({name: value})


def coins(line: str) -> CoinsPhSettings:
    """The settings of Coins.ph with one more line in its table."""
    text = COINS.replace("payment_method =", f"{line}\npayment_method =")
    found = load(example() + text, **KEYS).vendors["coins_ph"]
    assert isinstance(found, CoinsPhSettings)
    return found


@pytest.mark.parametrize("source", ["market", "buyquote", "none"])
def test_every_source_of_the_price_can_be_chosen(source: str) -> None:
    """And the rules know whether a price is told at all."""
    assert coins(f'quote = "{source}"').quote == source
    table = CoinsPhTable.model_validate({"payment_method": "bdo_deposit", "quote": source})
    assert table.offer.tells_price is (source != "none")


def test_a_rate_can_be_sent_where_one_is_read() -> None:
    """Off unless somebody wants it: what it does at the vendor is not documented."""
    assert coins("send_rate = true").send_rate
    assert not coins("").send_rate


def test_the_tables_that_the_example_comments_out_load_as_they_stand() -> None:
    """Somebody takes the marks away and expects it to work; all but the address is real."""
    text = re.sub(r"^# (?=[a-z_]+ = |\[)", "", example(), flags=re.MULTILINE)
    text = text.replace('cold = "bc1q..."', 'cold = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"')
    vendors = load(text, **KEYS, **OAK_SECRETS).vendors
    assert set(vendors) == {"kriptomat", "coins_ph", "oak"}
