"""Where Coins.ph is paid and who is credited: what outlets take, the check, the lists it reads."""

import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from providers.base import Outlets, ProviderError, Purchase, Refused, Unavailable
from providers.coins_ph import CoinsPh
from providers.sandbox.coins_ph import CoinsPhSandbox
from providers.sandbox.coins_ph_checks import Account
from tests.providers.coins_ph_stage import bitcoin, client, pesos, reading, vendor
from tests.providers.stage import Clock, RawServer, http_reply


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[CoinsPhSandbox]:
    async with vendor(clock) as opened:
        yield opened


@pytest.fixture
async def coins(sandbox: CoinsPhSandbox, clock: Clock) -> AsyncIterator[CoinsPh]:
    async with client(sandbox, clock) as opened:
        yield opened


async def test_a_check_proves_key_outlet_and_account(coins: CoinsPh) -> None:
    """What an operator wants to know before the first order, in one line."""
    assert await coins.check() == (
        "Coins.ph: key works, account 1a2c3b4n is BTC,"
        " bdo_deposit takes 15 to 500,000 PHP in steps of 1 and adds 1%"
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"target_account_id": "9z8y7x6w"}, "no BTC account 9z8y7x6w"),
        ({"target_account_id": "nobody"}, "no BTC account nobody"),
        ({"payment_method": "tambunting"}, "no payin outlet tambunting"),
        ({"payment_method": "bpi_deposit"}, "disabled .Closed for maintenance"),
    ],
)
async def test_a_check_refuses_what_would_go_wrong_with_money(
    sandbox: CoinsPhSandbox, clock: Clock, changes: dict[str, Any], why: str
) -> None:
    """A peso account would be credited with pesos: documented, and never what was approved."""
    sandbox.disabled = {"bpi_deposit"}
    async with client(sandbox, clock, **changes) as coins:
        with pytest.raises(Refused, match=why):
            await coins.check()


async def test_a_wrong_secret_is_told_by_the_check(clock: Clock) -> None:
    """The likeliest mistake of all; nothing is ordered to find it out."""
    other = Account()
    async with (
        vendor(clock) as sandbox,
        client(sandbox, clock, api_secret=other.api_secret) as coins,
    ):
        with pytest.raises(ProviderError, match="Invalid signature"):
            await coins.check()
        assert sandbox.posts == []


def outlets(*names: str, more: object = None, **fields: object) -> bytes:
    rows = [{"id": name, **fields} for name in names]
    return http_reply(200, json.dumps({"payin-outlets": rows, "meta": {"next_page": more}}))


HISTORY = http_reply(200, '{"orders":[],"success":true}')


async def test_an_outlet_on_the_second_page_is_found(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """Documented: the reply says whether there is a next page, and a name may be missing."""
    raw.replies = [HISTORY, outlets("bpi_deposit", more=2), outlets("bdo_deposit")]
    async with client(sandbox, clock, base_url=raw.url, target_account_id=None) as coins:
        told = "Coins.ph: key works, only named targets, bdo_deposit takes any amount"
        assert await coins.check() == told
    assert [request.split(b" ")[1] for request in raw.requests] == [
        b"/api/v2/buyorder?limit=1&offset=0",
        b"/d/api/payin-outlets/",
        b"/d/api/payin-outlets/?page=2",
        b"/d/api/payin-outlet-fees/",
    ]


async def test_a_list_of_outlets_without_end_is_unavailable(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """A next page that is always there must not keep us reading for ever."""
    raw.replies = [HISTORY, outlets("bpi_deposit", more=2)]
    few = reading(pages_at_most=3)
    async with client(sandbox, clock, base_url=raw.url, reading=few) as coins:
        with pytest.raises(Unavailable, match="longer than we read"):
            await coins.check()


@pytest.mark.parametrize("limits", [None, [], ["PHP"], [{"currency": "THB", "minimum": 1}]])
async def test_limits_in_pesos_or_none(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock, limits: object
) -> None:
    """What is not told in pesos is not told."""
    raw.replies = [HISTORY, outlets("bdo_deposit", amount_limits=limits, disabled_notice=None)]
    async with client(sandbox, clock, base_url=raw.url, target_account_id=None) as coins:
        assert "any amount" in await coins.check()


async def test_a_peso_account_is_refused_also_where_all_accounts_are_listed(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """A filter that the vendor ignores must not let pesos be bought for pesos."""
    accounts = json.dumps({"crypto-accounts": [{"id": "1a2c3b4n", "currency": "PBTC"}]})
    raw.replies = [HISTORY, outlets("bdo_deposit"), http_reply(200, accounts)]
    async with client(sandbox, clock, base_url=raw.url) as coins:
        with pytest.raises(Refused, match="is no BTC account"):
            await coins.check()


async def test_an_order_without_words_is_paid_by_those_of_its_outlet(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """Documented at both places; a payer must be told something."""
    order = {"id": "a1", "status": "pending_payment", "payment_method": "bdo_deposit"}
    known = outlets("bdo_deposit", name="BDO", instructions="Pay\nover the counter")
    raw.replies = [http_reply(200, json.dumps({"order": order})), known]
    async with client(sandbox, clock, base_url=raw.url) as coins:
        told = await coins.instructions("a1")
    assert (told.outlet, told.text) == ("BDO", "Pay\nover the counter")
    assert (told.amount, told.pay_by) == (None, None)


@pytest.mark.parametrize("changes", [{"list_limit": 0}, {"pages_at_most": 0}, {"amount_slack": -1}])
def test_a_reading_that_finds_nothing_is_refused(changes: dict[str, Any]) -> None:
    """A page of no rows would be the end of every history, and every order absent."""
    with pytest.raises(ValueError, match="begin at 1"):
        reading(**changes)


@pytest.mark.parametrize(
    ("wish", "price", "taken"),
    [
        (pesos("15"), None, True),
        (pesos("14.99"), None, False),
        (pesos("500000"), None, True),
        (pesos("500001"), None, False),
        (pesos("250.50"), None, False),
        (bitcoin("0.005"), Decimal(3_600_000), True),
        (bitcoin("0.00000417"), Decimal(3_600_000), True),
        (bitcoin("0.00000416"), Decimal(3_600_000), False),
        (bitcoin("0.2"), Decimal(3_600_000), False),
        (bitcoin("0.2"), None, True),
    ],
    ids=range(10),
)
async def test_an_outlet_takes_what_is_within_its_limits_and_steps(
    coins: CoinsPh, wish: Purchase, price: Decimal | None, taken: bool
) -> None:
    """Whole pesos from 15 to 500,000 here. Pesos that a price makes of bitcoin are not chosen."""
    assert isinstance(coins, Outlets)
    if taken:
        assert await coins.takes(wish, price=price) == "BDO deposit"
        return
    with pytest.raises(Refused, match="BDO deposit takes 15 to 500,000 PHP in steps of 1"):
        await coins.takes(wish, price=price)


@pytest.mark.parametrize(
    ("limits", "amount", "told"),
    [
        ({"minimum": 50}, "49", "at least 50 PHP"),
        ({"maximum": "100"}, "101", "at most 100 PHP"),
        ({"minimum": 50, "maximum": 100, "increment": 20}, "80", "50 to 100 PHP in steps of 20"),
        ({"minimum": 50, "maximum": 100, "increment": 20}, "61", "50 to 100 PHP in steps of 20"),
        ({"increment": "100"}, "250", "any amount in steps of 100"),
    ],
    ids=range(5),
)
async def test_limits_are_told_as_they_are(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock, limits: Any, amount: str, told: str
) -> None:
    """What would do stands in the sentence. Steps count from nothing or from the minimum."""
    row = {"id": "bdo_deposit", "name": "BDO", "amount_limits": [{"currency": "PHP", **limits}]}
    raw.replies = [http_reply(200, json.dumps({"payin-outlets": [row]}))]
    async with client(sandbox, clock, base_url=raw.url) as coins:
        if amount == "80":
            assert await coins.takes(pesos(amount), price=None) == "BDO"
            return
        with pytest.raises(Refused, match=told):
            await coins.takes(pesos(amount), price=None)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"fee_amount": "0", "fee_percent": "0.01"}, "and adds 1%"),
        ({"fee_amount": "15", "fee_percent": "0"}, "and adds 15 PHP"),
        ({"fee_amount": "15", "fee_percent": "0.005"}, "and adds 15 PHP + 0.5%"),
        ({"fee_amount": "0", "fee_percent": 0}, "and adds 0%"),
        ({"fee_amount": "?", "fee_percent": "0.01"}, "takes any amount"),
        ({"currency": "THB", "fee_amount": "0", "fee_percent": "0.01"}, "takes any amount"),
        ({"payment_outlet": "gcash_deposit", "fee_percent": "1"}, "takes any amount"),
    ],
    ids=range(7),
)
async def test_the_check_tells_what_an_outlet_adds(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock, row: Any, told: str
) -> None:
    """For the operator who chooses ``fee_allowance``; what cannot be read is left out."""
    fees = [{"payment_outlet": "bdo_deposit", "currency": "PHP", **row}]
    raw.replies = [
        http_reply(200, '{"orders":[],"success":true}'),
        http_reply(200, '{"payin-outlets":[{"id":"bdo_deposit"}]}'),
        http_reply(200, json.dumps({"payin-outlet-fees": fees})),
    ]
    async with client(sandbox, clock, base_url=raw.url, target_account_id=None) as coins:
        assert (await coins.check()).endswith(told)


async def test_fees_that_cannot_be_read_fail_no_check(
    coins: CoinsPh, sandbox: CoinsPhSandbox
) -> None:
    """The page is documented, and nothing depends on it."""
    sandbox.faults.standing("outlets", "500 before")
    with pytest.raises(Unavailable):
        await coins.check()
    sandbox.faults.clear()
    assert "adds 1%" in await coins.check()
