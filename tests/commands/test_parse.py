"""Every spelling that the README and the help promise means what they say it means."""

from decimal import Decimal

import pytest

from bot.domain.months import Said
from commands.intents import (
    Budgets,
    Buy,
    Cancel,
    Explain,
    Export,
    Freeze,
    Help,
    Intent,
    List,
    Providers,
    Report,
    ShowPolicy,
    Status,
    Unfreeze,
)
from commands.parse import parse, words


def euros(amount: str, **said: str | Decimal) -> Buy:
    return Buy(amount=Decimal(amount), unit="EUR", asset="btc", **said)  # type: ignore[arg-type]


def coins(amount: str, **said: str | Decimal) -> Buy:
    return Buy(amount=Decimal(amount), unit="btc", asset="btc", **said)  # type: ignore[arg-type]


DOLLARS = Buy(amount=Decimal(25), unit="USD", asset="usdc", provider="oak")
PESOS = Buy(amount=Decimal("1250.50"), unit="PHP", asset="btc", provider="coins_ph")
EVERYTHING = euros(
    "250",
    provider="kriptomat",
    max_price=Decimal(65000),
    outlet="bdo_deposit",
    target="cold",
    reason="rent of cold storage",
)
EXPLAINED = euros("250", max_price=Decimal(65000), reason="rent")
EXAMPLES: list[tuple[str, Intent]] = [
    ("250 EUR btc via kriptomat", euros("250", provider="kriptomat")),
    (
        "250 EUR btc via kriptomat max 65000 using bdo_deposit to cold for rent of cold storage",
        EVERYTHING,
    ),
    (
        "250 EUR btc to cold max 65k EUR using BDO_deposit on Kriptomat for rent of cold storage",
        EVERYTHING,
    ),
    ("250eur btc", euros("250")),
    ("250EUR BTC", euros("250")),
    ("€250 of BTC on kriptomat", euros("250", provider="kriptomat")),
    ("€250 btc max €65,000.50", euros("250", max_price=Decimal("65000.5"))),
    ("€ 250 btc", euros("250")),
    ("250€ btc", euros("250")),
    ("250 EUR of btc", euros("250")),
    ("€250 EUR btc", euros("250")),
    ("2k EUR btc", euros("2000")),
    ("2keur btc", euros("2000")),
    ("1.5m eur btc", euros("1500000")),
    ("250 kes btc", Buy(amount=Decimal(250), unit="KES", asset="btc")),
    ("250kes btc", Buy(amount=Decimal(250), unit="KES", asset="btc")),
    ("5mxn btc", Buy(amount=Decimal(5), unit="MXN", asset="btc")),
    ("10 JPY btc", Buy(amount=Decimal(10), unit="JPY", asset="btc")),
    ("1,250.50 PHP btc via coins", PESOS),
    ("₱1250.50 btc via coins", PESOS),
    ("0.005 btc in php via coins", coins("0.005", currency="PHP", provider="coins_ph")),
    ("0.005btc via coins in PHP", coins("0.005", currency="PHP", provider="coins_ph")),
    ("0.005 btc", coins("0.005")),
    ("2 btc in eur max 50000", coins("2", currency="EUR", max_price=Decimal(50000))),
    ("25 USD usdc via oak", DOLLARS),
    ("$25 usdc via oak", DOLLARS),
    ("£25 btc", Buy(amount=Decimal(25), unit="GBP", asset="btc")),
    ("250 EUR btc via Kraken", euros("250", provider="kraken")),
    ("250 EUR btc for for rent via oak", euros("250", reason="for rent via oak")),
    ("250 EUR btc FOR Rent", euros("250", reason="Rent")),
    ("", Help()),
    ("  \u00a0 ", Help()),
    ("help", Help()),
    ("help Freeze", Help("freeze")),
    ("status", Status()),
    ("STATUS buy-7k3fq", Status("BUY-7K3FQ")),
    ("status 7k3fq", Status("BUY-7K3FQ")),
    ("BUY-7K3FQ", Status("BUY-7K3FQ")),
    ("buy\u20137oil0", Status("BUY-70110")),
    ("list", List("open")),
    ("list open", List("open")),
    ("list Mine", List("mine")),
    ("list all", List("all")),
    ("cancel BUY-7K3FQ", Cancel("BUY-7K3FQ")),
    ("cancel 7K3FQ", Cancel("BUY-7K3FQ")),
    ("explain", Explain()),
    ("explain buy-7k3fo", Explain("BUY-7K3F0")),
    ("explain 250 EUR btc via kriptomat", Explain(euros("250", provider="kriptomat"))),
    ("explain €250 of btc max 65k for rent", Explain(EXPLAINED)),
    ("policy", ShowPolicy()),
    ("budget", Budgets()),
    ("providers", Providers()),
    ("freeze we are being phished", Freeze("we are being phished")),
    ("freeze only kriptomat: it lies", Freeze("it lies", "kriptomat")),
    ("freeze only oak network : x", Freeze("x", "oak")),
    ("FREEZE only BTC: a: b", Freeze("a: b", "btc")),
    ("freeze onlookers watch", Freeze("onlookers watch")),
    ("unfreeze", Unfreeze()),
    ("unfreeze only coins.ph", Unfreeze("coins_ph")),
    ("report 2026-11", Report(Said(11, 2026))),
    ("report", Report()),
    ("export last month", Export(Said(back=1))),
    ("Export Nov", Export(Said(11))),
]


@pytest.mark.parametrize(("text", "intent"), EXAMPLES)
def test_every_promised_spelling_means_what_was_promised(text: str, intent: Intent) -> None:
    """People learn the language from these lines; they are also the outside's contract."""
    assert parse(text) == intent


@pytest.mark.parametrize(("text", "intent"), EXAMPLES)
def test_what_is_printed_back_means_the_same(text: str, intent: Intent) -> None:
    """A suggestion or an echo that reads differently would be another order."""
    understood = parse(text)
    assert parse(words(understood)) == understood


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("kriptomat", "kriptomat"),
        ("KRIPTOMAT", "kriptomat"),
        ("coins", "coins_ph"),
        ("coins.ph", "coins_ph"),
        ("coinsph", "coins_ph"),
        ("coins_ph", "coins_ph"),
        ("<http://coins.ph|coins.ph>", "coins_ph"),
        ("oak", "oak"),
        ("oaknetwork", "oak"),
        ("oak network", "oak"),
        ("Oak\u00a0 Network", "oak"),
        ("oaks", "oaks"),
    ],
)
def test_a_provider_has_one_name_however_it_is_spelled(typed: str, name: str) -> None:
    """Slack turns coins.ph into a link; an unknown name stays for whoever knows the providers."""
    assert parse(f"25 USD usdc via {typed} max 2") == Buy(
        amount=Decimal(25), unit="USD", asset="usdc", provider=name, max_price=Decimal(2)
    )


def test_canonical_words_are_the_ones_in_the_help() -> None:
    """One spelling in every echo, so that people learn it."""
    assert words(parse("€1,250.50 of BTC on Coins.ph max 65k for  R&amp;D")) == (
        "1250.50 EUR btc via coins_ph max 65000 for R&amp;D"
    )
    assert words(parse("0.0050 BTC via coins in php")) == "0.005 btc in PHP via coins_ph"
    assert words(parse("$25.00 usdc")) == "25 USD usdc"
