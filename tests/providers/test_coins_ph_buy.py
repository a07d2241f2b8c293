"""Buying at Coins.ph: what is sent, who is credited, and what came back otherwise than asked.

The troubles of the wire are the conformance suite's; what each answer means by itself is the table
in ``test_coins_ph_answers``.
"""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from bot.domain.capabilities import Lookup
from bot.domain.money import Money, Quantity
from providers.base import Payable, Progress, Provider, Purchase, Refused
from providers.coins_ph import CoinsPh
from providers.sandbox.coins_ph import CoinsPhSandbox
from tests.providers.coins_ph_stage import (
    COLD,
    bitcoin,
    client,
    coins_ph_settings,
    pesos,
    reading,
    vendor,
)
from tests.providers.stage import KEY, Clock

ACCOUNT = '"target_account_id":"1a2c3b4n"'
BDO, SEVEN = '"payment_method":"bdo_deposit"', '"payment_method":"7-eleven"'
WALLET = f'"target_wallet":"{COLD}"'


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[CoinsPhSandbox]:
    async with vendor(clock) as opened:
        yield opened


@pytest.fixture
async def coins(sandbox: CoinsPhSandbox, clock: Clock) -> AsyncIterator[CoinsPh]:
    async with client(sandbox, clock) as opened:
        yield opened


@pytest.mark.parametrize(
    ("wish", "body"),
    [
        (
            pesos(),
            f'{{"currency_amount":"250.00",{BDO},"currency":"PHP",{ACCOUNT}}}',
        ),
        (
            bitcoin(),
            f'{{"btc_amount":"0.005",{BDO},"currency":"PHP",{ACCOUNT}}}',
        ),
        (
            bitcoin("0.00000001", target="cold"),
            f'{{"btc_amount":"0.00000001",{BDO},"currency":"PHP",{WALLET}}}',
        ),
        (
            pesos("1250.50", outlet="7-eleven", target="cold"),
            f'{{"currency_amount":"1250.50",{SEVEN},"currency":"PHP",{WALLET}}}',
        ),
    ],
    ids=["pesos", "bitcoin", "one satoshi", "outlet and target"],
)
def test_the_draft_is_the_documented_request_byte_for_byte(
    coins: CoinsPh, wish: Purchase, body: str
) -> None:
    """One amount and one target each; stored with its hash, so it must never vary."""
    draft = coins.draft(wish)
    assert (draft.method, draft.path, draft.key) == ("POST", "/api/v2/buyorder", KEY)
    assert draft.body.decode() == body
    assert coins.draft(wish) == draft
    sent = json.loads(draft.body)
    assert len({"btc_amount", "currency_amount"} & set(sent)) == 1
    assert len({"target_account_id", "target_wallet"} & set(sent)) == 1
    assert KEY.encode() not in draft.body


@pytest.mark.parametrize(
    ("wish", "literal"),
    [(pesos("250.10"), b'"currency_amount":250.10,'), (bitcoin("0.1"), b'"btc_amount":0.1,')],
)
async def test_the_amount_can_be_a_number_digit_for_digit(
    sandbox: CoinsPhSandbox, clock: Clock, wish: Purchase, literal: bytes
) -> None:
    """The documents call one of them a double; no float may touch it on its way there."""
    async with client(sandbox, clock, reading=reading(amount_form="number")) as coins:
        draft = coins.draft(wish)
        assert literal in draft.body
        await coins.buy(draft)
    assert len(sandbox.purchases) == 1


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (pesos("0"), "above zero"),
        (bitcoin("0"), "above zero"),
        (pesos(asset="eth"), "btc, not eth"),
        (pesos(currency="EUR"), "PHP only"),
        (pesos(spend=Money.of("250", "EUR")), "PHP only"),
        (bitcoin(currency="EUR"), "PHP only"),
        (bitcoin(spend=Quantity.of("1", "eth")), "btc only"),
        (pesos(target="hot"), "address book"),
        (pesos(target=COLD), "address book"),
    ],
)
def test_what_coins_ph_cannot_express_is_refused_before_anything_is_sent(
    coins: CoinsPh, wish: Purchase, why: str
) -> None:
    """A typed address is no name of the address book, so it is refused too."""
    with pytest.raises(Refused, match=why):
        coins.draft(wish)


async def test_without_an_account_a_target_must_be_named(
    sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """Nobody is credited by guessing, not even the only name in the book."""
    async with client(sandbox, clock, target_account_id=None) as coins:
        with pytest.raises(Refused, match="to cold"):
            coins.draft(pesos())
        assert WALLET in coins.draft(pesos(target="cold")).body.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"target_account_id": None, "targets": {}},
        {"targets": {"cold": "ea231324a"}},
        {"targets": {"cold": "0x52908400098527886E0F7030069857D2E4169EE7"}},
        {"targets": {"Cold Store": COLD}},
        {"payment_method": ""},
        {"payment_method": 'bdo"deposit'},
        {"send_rate": True, "quote": "none"},
        {"base_url": "http://coins.ph"},
        {"quote_url": "https://coins.ph/?x=1"},
        {"quote": "sellquote"},
        {"fee_allowance": Decimal(1)},
        {"surprise": 1},
    ],
    ids=repr,
)
async def test_a_configuration_that_cannot_work_is_refused_at_the_start(
    sandbox: CoinsPhSandbox, changes: dict[str, Any]
) -> None:
    """Better at the start than at the first order; a rate can be sent only where one is read."""
    with pytest.raises(ValidationError):
        coins_ph_settings(sandbox, **changes)


async def test_the_sheet_says_what_the_workflow_may_do(
    sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """Every decision about resends, doubt and payment reads it."""
    cap = Money.of("500", "PHP")
    window = reading(payment_window=timedelta(minutes=60), listing_lag=timedelta(seconds=5))
    changes: dict[str, Any] = {
        "reading": window,
        "first_order_at_most": cap,
        "fee_allowance": Decimal("0.01"),
    }
    async with client(sandbox, clock, quote="none", **changes) as coins:
        provider: Provider = coins
        payable: Payable = coins
        sheet = provider.sheet
    assert id(payable) == id(provider)
    assert (sheet.provider, sheet.title) == ("coins_ph", "Coins.ph")
    assert sheet.currencies == {"PHP"}
    assert sheet.assets == {"btc"}
    assert sheet.spends_currency
    assert sheet.spends_asset
    assert (sheet.has_native_key, sheet.lookup) == (False, Lookup.ATTRIBUTES)
    assert sheet.free_until_paid
    assert sheet.payment_step
    assert sheet.cancellable
    assert sheet.outlets
    assert sheet.targets == {"cold": COLD}
    assert not sheet.quotes
    assert (sheet.payment_window, sheet.listing_lag) == (window.payment_window, window.listing_lag)
    assert (sheet.first_order_at_most, sheet.fee_allowance) == (cap, Decimal("0.01"))


@pytest.mark.parametrize("deadline", [False, True])
@pytest.mark.parametrize("numbers", ["text", "number"])
async def test_an_order_waits_to_be_paid_and_its_deadline_is_learnt_by_reading_it(
    coins: CoinsPh, sandbox: CoinsPhSandbox, clock: Clock, deadline: bool, numbers: str
) -> None:
    """The documented reply to a create has no deadline; one that has is read at once."""
    sandbox.behaviour.deadline_on_create = deadline
    sandbox.behaviour.numbers = numbers  # type: ignore[assignment]
    report = await coins.buy(coins.draft(pesos()))
    until = (clock.now() + timedelta(hours=1)).replace(microsecond=0)
    assert report.progress is Progress.AWAITING_PAYMENT
    assert report.pay_by == (until if deadline else None)
    told = await coins.status(report.ref)
    assert told is not None
    assert (told.pay_by, told.total, told.outlet) == (until, Decimal(250), "bdo_deposit")
    assert told.quantity == Decimal("0.00006944")
    assert told.price == Decimal(3_600_000)


@pytest.mark.parametrize(
    ("fault", "field", "value"),
    [
        ("another outlet", "outlet", "bpi_deposit"),
        ("another wallet", "wallet", "1AnotherWa11etSandboxPretendsThis1"),
        ("another rate", "price", Decimal(3_636_000)),
        ("another amount", "total", Decimal(251)),
    ],
)
async def test_what_was_booked_otherwise_is_reported_as_it_was_booked(
    coins: CoinsPh, sandbox: CoinsPhSandbox, fault: str, field: str, value: object
) -> None:
    """Documented samples show it; the workflow compares, so nothing of ours may be echoed."""
    sandbox.faults.next("buy", fault)
    report = await coins.buy(coins.draft(pesos(target="cold")))
    assert getattr(report, field) == value
    told = await coins.status(report.ref)
    assert told is not None
    assert getattr(told, field) == value
    others = {"outlet": "bdo_deposit", "wallet": COLD, "total": Decimal(250)}
    assert all(getattr(told, name) == own for name, own in others.items() if name != field)


async def test_pesos_made_of_bitcoin_are_what_the_vendor_says(
    coins: CoinsPh, sandbox: CoinsPhSandbox
) -> None:
    """Samples are rounded to whole pesos and may hold fees: computing it again would be wrong."""
    sandbox.book.ask = Decimal(3_600_333)
    report = await coins.buy(coins.draft(bitcoin("0.0051")))
    assert (report.total, report.quantity) == (Decimal(18361), Decimal("0.0051"))


async def test_a_vendor_that_wants_another_amount_refuses_in_its_own_words(
    coins: CoinsPh, sandbox: CoinsPhSandbox
) -> None:
    """Below the outlet's minimum: a clear no, nothing is booked."""
    with pytest.raises(Refused, match="minimum"):
        await coins.buy(coins.draft(pesos("14.99")))
    assert sandbox.purchases == []
