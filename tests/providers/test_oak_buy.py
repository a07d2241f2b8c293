"""Buying at Oak: the bytes, the unit of the amount, and what a reply may be taken for.

That troubles on the wire are never taken for a refusal is shown in ``tests/conformance``.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.capabilities import Lookup
from bot.domain.money import BadAmount, Money, Quantity
from providers.base import Progress, Purchase, Refused, Unavailable, Uncertain
from providers.sandbox.faults import Fault, UnknownFault
from tests.providers.oak_stage import OakStage, oak_purchase
from tests.providers.stage import KEY


@pytest.fixture
async def oak() -> AsyncIterator[OakStage]:
    async with OakStage() as opened:
        yield opened


async def test_the_drafted_bytes_are_as_documented(oak: OakStage) -> None:
    """Every documented field, in the documented types, and our key where it is stored."""
    draft = oak.draft(oak.client())
    assert (draft.method, draft.path, draft.key) == ("POST", "/api/v1/wallets/trades/buy", KEY)
    assert draft.body == (
        b'{"amount":2500,"provider":"bridge","payment_method":"customer_wallet",'
        b'"currency":"usd","customer_id":"3c90c3cc-0d44-4b50-8888-8dd25736052a",'
        b'"metadata":{"client_order_id":"0123456789abcdef0123456789abcdef"}}'
    )


@pytest.mark.parametrize(
    ("unit", "currency", "amount", "sent"),
    [
        ("minor", "USD", "25", 2500),
        ("minor", "USD", "0.01", 1),
        ("minor", "USD", "1000000.99", 100000099),
        ("minor", "JPY", "25", 25),
        ("minor", "KWD", "25.005", 25005),
        ("major", "USD", "25", 25),
        ("major", "USD", "25.00", 25),
        ("major", "JPY", "25", 25),
    ],
)
async def test_an_amount_is_sent_in_the_configured_unit(
    oak: OakStage, unit: str, currency: str, amount: str, sent: int
) -> None:
    """A hundred times too much or too little: the operator must have said which unit it is."""
    client = oak.client(amount_unit=unit, currency=currency)
    wish = replace(oak_purchase(), spend=Money.of(amount, currency), currency=currency)
    assert json.loads(client.draft(wish).body)["amount"] == sent


@pytest.mark.parametrize("amount", ["25.50", "0.99", "0.01", "0"])
async def test_what_is_no_whole_number_of_units_is_refused(oak: OakStage, amount: str) -> None:
    """The vendor takes integers from one on; rounding would buy something else."""
    client = oak.client(amount_unit="major")
    with pytest.raises(Refused, match="whole major units of USD"):
        client.draft(oak_purchase(amount))


def test_more_decimals_than_the_currency_has_are_no_amount() -> None:
    """25.005 USD never gets as far as a vendor."""
    with pytest.raises(BadAmount):
        oak_purchase("25.005")


@pytest.mark.parametrize(
    "changes",
    [
        {"asset": "usdt"},
        {"asset": "USDC"},
        {"spend": Money.of("25", "EUR")},
        {"spend": Money.of("25", "EUR"), "currency": "EUR"},
        {"currency": "EUR"},
        {"spend": Quantity.of("25", "usdc")},
        {"outlet": "bank"},
        {"target": "cold"},
    ],
    ids=str,
)
async def test_what_the_call_cannot_say_is_refused(oak: OakStage, changes: dict[str, Any]) -> None:
    """The customer's wallet receives what it receives; a wish that is left out buys another."""
    wish: Purchase = replace(oak_purchase(), **changes)
    with pytest.raises(Refused):
        oak.client().draft(wish)


async def test_the_sheet_says_what_the_settings_say(oak: OakStage) -> None:
    """The workflow knows no vendor, only this; above all that a resend buys again."""
    sheet = oak.client(
        minimum="5", fee_allowance="0.02", first_order_at_most=Money.of("20", "USD")
    ).sheet
    assert (sheet.provider, sheet.title) == ("oak", "Oak Network")
    assert (*sheet.currencies, *sheet.assets) == ("USD", "usdc")
    assert not sheet.has_native_key
    assert sheet.lookup is Lookup.REFERENCE
    assert (sheet.minimum, sheet.fee_allowance) == (Decimal(5), Decimal("0.02"))
    assert sheet.first_order_at_most == Money.of("20", "USD")
    assert sheet.listing_lag == timedelta(minutes=2)
    offers = (
        sheet.quotes,
        sheet.payment_step,
        sheet.cancellable,
        sheet.outlets,
        sheet.spends_asset,
    )
    assert not any(offers)


@pytest.mark.parametrize("created", [200, 201])
async def test_a_purchase_is_reported_as_the_vendor_tells_it(oak: OakStage, created: Any) -> None:
    """A fresh purchase is captured: money was taken, nothing has arrived."""
    oak.sandbox.behaviour.created = created
    oak.sandbox.book.settle = "never"
    client = oak.client()
    report = await client.buy(oak.draft(client))
    assert (report.progress, report.word) == (Progress.UNDERWAY, "captured")
    assert (report.total, report.currency, report.asset) == (Decimal("25.00"), "USD", "usdc")
    assert (report.quantity, report.chain) == (Decimal("24.750000"), "polygon")
    assert report.ref == oak.sandbox.purchases[0].id


@pytest.mark.parametrize("unit", ["minor", "major"])
async def test_what_was_spent_is_told_in_major_units_again(oak: OakStage, unit: Any) -> None:
    """The card says 25 USD, whatever the vendor counts in."""
    oak.sandbox.behaviour.amount_unit = unit
    client = oak.client()
    report = await client.buy(oak.draft(client))
    assert (report.total, oak.sandbox.purchases[0].total) == (Decimal(25), Decimal(25))
    shown = await client.status(report.ref)
    assert shown is not None
    assert shown.total == Decimal(25)


@pytest.mark.parametrize("reading", ["amounts_as_text", "upper_case"])
async def test_a_reply_is_understood_however_it_is_written(oak: OakStage, reading: str) -> None:
    """Text for numbers and capitals are seen; neither makes it another purchase."""
    setattr(oak.sandbox.behaviour, reading, True)
    client = oak.client()
    report = await client.buy(oak.draft(client))
    shown = await client.status(report.ref)
    assert shown is not None
    for one in (report, shown):
        assert (one.ref, one.total) == (oak.sandbox.purchases[0].id, Decimal("25.00"))
        assert (one.progress, one.asset) == (Progress.COMPLETED, "usdc")


@pytest.mark.parametrize(("fault", "exists"), [("echo altered", True), ("echo of another", False)])
async def test_a_reply_that_tells_of_another_purchase_is_doubt(
    oak: OakStage, fault: str, exists: bool
) -> None:
    """It happened, and it is found by our key; only a reply that carries the key proves that."""
    client = oak.client()
    oak.sandbox.faults.next("buy", fault)
    with pytest.raises(Uncertain, match="another purchase than was sent") as caught:
        await client.buy(oak.draft(client))
    assert caught.value.exists is exists
    found = await client.find(oak_purchase(), since=oak.clock.now())
    assert [one.exact for one in found] == [True]


async def test_a_reply_with_nothing_but_an_id_is_enough(oak: OakStage) -> None:
    """All the rest is read a moment later."""
    client = oak.client()
    oak.sandbox.faults.next("buy", "only an id")
    report = await client.buy(oak.draft(client))
    assert (report.word, report.total, report.progress) == ("", None, Progress.UNDERWAY)
    assert await client.status(report.ref) is not None


@pytest.mark.parametrize(
    ("fault", "words"), [("refused", "Trading is closed."), ("forbidden", "Not approved.")]
)
async def test_a_refusal_is_told_in_the_vendors_words(
    oak: OakStage, fault: str, words: str
) -> None:
    """The customer may have to be approved first, and only the vendor knows."""
    client = oak.client()
    oak.sandbox.faults.next("buy", fault)
    with pytest.raises(Refused) as caught:
        await client.buy(oak.draft(client))
    assert caught.value.reason == words
    assert oak.sandbox.purchases == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"customer_id": "00000000-0d44-4b50-8888-8dd25736052a"}, "Customer not found"),
        ({"provider": "stripe"}, "provider is not supported"),
        ({"currency": "chf"}, "currency is not supported"),
    ],
)
async def test_a_faulty_configuration_buys_nothing(
    oak: OakStage, changes: dict[str, Any], words: str
) -> None:
    """The first order says which line is wrong."""
    client = oak.client(**changes)
    code = next(iter(client.sheet.currencies))
    wish = replace(oak_purchase(), spend=Money.of("25", code), currency=code)
    with pytest.raises(Refused, match=words):
        await client.buy(client.draft(wish))
    assert oak.sandbox.purchases == []


async def test_the_casing_of_the_settings_does_not_matter(oak: OakStage) -> None:
    """Requests are taken in any casing, which is documented; the reply has its own."""
    client = oak.client(
        provider="BRIDGE", currency="USD", customer_id=oak.sandbox.account.customer_id.upper()
    )
    assert (await client.buy(oak.draft(client))).ref


async def test_a_token_that_expires_in_flight_sends_the_same_bytes(oak: OakStage) -> None:
    """Without a key of the vendor's the only safe second send is the one after a 401."""
    client = oak.client()
    oak.sandbox.faults.next("buy", "expired token", times=2)
    with pytest.raises(Unavailable, match="just granted"):
        await client.buy(oak.draft(client))
    first, second = oak.bodies
    assert first == second
    assert (len(oak.sandbox.purchases), oak.sandbox.logins) == (0, 2)


async def test_another_name_for_our_key_is_sent_and_found(oak: OakStage) -> None:
    """Metadata is free; a merchant may already use a name."""
    client = oak.client(reading={"metadata_key": "countersign"})
    await client.buy(oak.draft(client))
    assert oak.bodies[0]["metadata"] == {"countersign": KEY}
    found = await client.find(oak_purchase(), since=oak.clock.now())
    assert [one.exact for one in found] == [True]


async def test_a_draft_of_before_a_changed_configuration_is_still_understood(
    oak: OakStage,
) -> None:
    """Drafts are stored and may be sent after a restart; its own words are what a reply meets."""
    draft = oak.draft(oak.client(reading={"metadata_key": "before"}))
    report = await oak.client().buy(draft)
    assert oak.bodies[0]["metadata"] == {"before": KEY}
    assert await oak.found() == [(report.ref, True)]


def test_a_fault_that_does_not_fit_is_named(oak: OakStage) -> None:
    """A misspelt switch that does nothing would prove nothing."""
    with pytest.raises(UnknownFault, match="echo altered"):
        oak.sandbox.faults.next("list", "echo altered")
    known: list[Fault] = list(oak.sandbox.faults.catalogue.values())
    assert all(fault.says and fault.source in ("documented", "our reading") for fault in known)
