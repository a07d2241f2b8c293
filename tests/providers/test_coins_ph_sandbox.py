"""The Coins.ph sandbox: it demands what the vendor would, and can be steered from outside.

It is part of the product: a client that passes here should fail at the vendor only where the
vendor's documents are silent. Here it is called without our client, signed by a computation that
is not ours.
"""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from providers.sandbox.coins_ph import CoinsPhSandbox
from providers.sandbox.coins_ph_faults import FAULTS, OPS
from providers.sandbox.faults import UnknownFault
from tests.providers.coins_ph_caller import BODY, BUY, call, created
from tests.providers.coins_ph_stage import COLD, vendor
from tests.providers.stage import Clock


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[CoinsPhSandbox]:
    async with vendor(clock) as opened:
        opened.book.settle = "never"
        yield opened


async def test_the_documented_sample_is_answered_as_documented(sandbox: CoinsPhSandbox) -> None:
    """The very fields of the page, all money and times as text."""
    status, reply = await call(sandbox, "POST", BUY, BODY)
    order = reply["order"]
    assert (status, reply["success"]) == (201, True)
    assert set(order) == {
        "btc_amount", "btc_released", "canceled_time", "created_at", "currency_amount", "id",
        "marked_paid_time", "payment_method", "rate", "status", "wallet_address",
    }  # fmt: skip
    assert (order["canceled_time"], order["marked_paid_time"]) == (None, None)
    told = {name for name, value in order.items() if value is not None}
    assert all(isinstance(order[name], str) for name in told)
    assert (order["btc_amount"], order["btc_released"]) == ("0.1", "0")
    assert (order["currency_amount"], order["rate"]) == ("360000", "3600000")
    assert (order["status"], order["payment_method"]) == ("pending_payment", "bdo_deposit")
    _, shown = await call(sandbox, "GET", f"{BUY}/{order['id']}")
    added = {"expiration_time", "instructions"}
    assert set(shown["order"]) - set(order) == added
    window = int(shown["order"]["expiration_time"]) - int(order["created_at"])
    assert window == 3600


@pytest.mark.parametrize(
    "change",
    [
        {"currency_amount": "1000"},
        {"btc_amount": None},
        {"btc_amount": "0"},
        {"btc_amount": "a lot"},
        {"btc_amount": "0.00000001"},
        {"payment_method": "tambunting"},
        {"payment_method": None},
        {"currency": "EUR"},
        {"target_account_id": "nobody"},
        {"target_account_id": None},
        {"target_wallet": "ea231324a"},
        {"rate": 3_500_000},
        {"rate": "soon"},
    ],
    ids=repr,
)
async def test_an_order_that_is_not_as_documented_is_refused(
    sandbox: CoinsPhSandbox, change: dict[str, Any]
) -> None:
    """Each parameter of the page has its rule; None leaves it out."""
    body = {name: value for name, value in {**BODY, **change}.items() if value is not None}
    status, reply = await call(sandbox, "POST", BUY, body)
    assert status == 422
    assert len(reply["errors"]) == 1
    assert sandbox.purchases == []
    assert len(sandbox.posts) == 1


@pytest.mark.parametrize(
    ("amount", "btc", "pesos"),
    [
        ({"btc_amount": "0.0051"}, Decimal("0.0051"), Decimal(18360)),
        ({"currency_amount": "250.00"}, Decimal("0.00006944"), Decimal(250)),
        ({"currency_amount": 250.5}, Decimal("0.00006958"), Decimal("250.5")),
    ],
)
async def test_either_amount_makes_the_other(
    sandbox: CoinsPhSandbox, amount: dict[str, Any], btc: Decimal, pesos: Decimal
) -> None:
    """Text and numbers are taken; what is made of bitcoin is whole pesos, as in the samples."""
    body = {**BODY, **amount}
    del body["rate"]
    if "currency_amount" in amount:
        del body["btc_amount"]
    await call(sandbox, "POST", BUY, body)
    [order] = sandbox.purchases
    assert (order.btc_amount, order.currency_amount) == (btc, pesos)


async def test_a_wallet_is_echoed_as_the_address(sandbox: CoinsPhSandbox) -> None:
    """With a target_wallet the account may be left out."""
    body = {**BODY, "target_wallet": COLD}
    del body["target_account_id"]
    _, reply = await call(sandbox, "POST", BUY, body)
    assert reply["order"]["wallet_address"] == COLD


async def test_a_stale_rate_can_be_refused_by_a_fault(sandbox: CoinsPhSandbox) -> None:
    """What a sent rate does is not documented; refusing is our reading."""
    sandbox.faults.next("buy", "stale rate")
    status, reply = await call(sandbox, "POST", BUY, BODY)
    assert (status, reply["errors"], sandbox.purchases) == (422, ["Rate has changed."], [])


async def test_what_people_do_with_an_order_is_noted(sandbox: CoinsPhSandbox) -> None:
    """Documented: PUT marks as paid with a code, DELETE cancels, each answers with the order."""
    first, second = await created(sandbox), await created(sandbox)
    code = {"payment_confirmation_code": "TX-1"}
    status, paid = await call(sandbox, "PUT", f"{BUY}/{first['id']}", code)
    assert (status, paid["order"]["status"]) == (200, "pending_payment")
    assert paid["order"]["marked_paid_time"]
    status, gone = await call(sandbox, "DELETE", f"{BUY}/{second['id']}")
    assert (status, gone["order"]["status"]) == (200, "pending_payment")
    assert gone["order"]["canceled_time"]
    assert sandbox.costs == Decimal(360_000)
    for method in ("GET", "PUT", "DELETE"):
        assert (await call(sandbox, method, f"{BUY}/nobody"))[0] == 404


@pytest.mark.parametrize("btc", [None, Decimal("0.09"), Decimal("0.2")])
async def test_an_order_is_released_whole_or_otherwise(
    sandbox: CoinsPhSandbox, btc: Decimal | None
) -> None:
    """What arrives may differ from what was ordered."""
    order = await created(sandbox)
    sandbox.release(order["id"], btc)
    _, shown = await call(sandbox, "GET", f"{BUY}/{order['id']}")
    assert shown["order"]["status"] == "released"
    assert Decimal(shown["order"]["btc_released"]) == (btc or Decimal("0.1"))


async def test_a_paid_order_is_released_after_a_while(
    sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """Our policy, so that a demonstration comes to its end."""
    sandbox.book.settle = "after seconds"
    order = await created(sandbox)
    await call(sandbox, "PUT", f"{BUY}/{order['id']}")
    words = []
    for _ in range(2):
        words.append(sandbox.purchases[0].status)
        clock.advance(2)
    assert words == ["pending_payment", "released"]


async def test_the_other_pages_answer_as_documented(sandbox: CoinsPhSandbox) -> None:
    """Outlets, accounts, market and quote; the total is the subtotal and both fees."""
    _, outlets = await call(sandbox, "GET", "/d/api/payin-outlets/?region=PH")
    _, accounts = await call(sandbox, "GET", "/api/v3/crypto-accounts/?currency=PBTC")
    _, market = await call(sandbox, "GET", "/v1/markets/BTC-PHP", headers={})
    _, quote = await call(
        sandbox, "GET", "/api/v2/buyquote?btc_amount=0.1&currency=PHP", headers={}
    )
    assert outlets["payin-outlets"][0]["id"] == "bdo_deposit"
    assert [one["id"] for one in accounts["crypto-accounts"]] == ["9z8y7x6w"]
    assert (market["market"]["ask"], market["market"]["expires_in_seconds"]) == ("3600000", 30)
    row = quote["quote"]["outlets"]["bdo_deposit"]
    parts = [Decimal(row[name]) for name in ("subtotal", "coins_fee", "fee")]
    assert Decimal(row["total"]) == sum(parts)


async def test_other_processes_steer_it_by_its_control_pages(sandbox: CoinsPhSandbox) -> None:
    """Crash tests live in another process; KeyError and bad words are answered, not raised."""
    order = await created(sandbox)
    wish = {"id": order["id"], "state": "released"}
    _, ledger = await call(sandbox, "POST", "/_sandbox/ledger", wish)
    assert ledger["purchases"][0]["btc_released"] == "0.1"
    status, _ = await call(sandbox, "POST", "/_sandbox/ledger", {"id": "x", "state": "released"})
    assert status == 400
    fault = {"op": "list", "fault": "unknown word"}
    assert (await call(sandbox, "POST", "/_sandbox/faults", fault))[0] == 200
    _, shown = await call(sandbox, "GET", f"{BUY}/{order['id']}")
    assert shown["order"]["status"] == "under_review"


def test_every_fault_says_what_it_does_and_who_says_so() -> None:
    """An undocumented behaviour is never presented as a fact."""
    assert all(fault.says.endswith(".") for fault in FAULTS.values())
    assert [name for name, fault in FAULTS.items() if fault.source == "documented"] == [
        "another outlet"
    ]
    assert all((fault.ops or OPS) <= OPS for fault in FAULTS.values())


async def test_a_fault_that_does_not_exist_is_not_armed(sandbox: CoinsPhSandbox) -> None:
    """A test that arms nothing would prove nothing."""
    with pytest.raises(UnknownFault):
        sandbox.faults.next("list", "another wallet")
    with pytest.raises(UnknownFault):
        sandbox.faults.next("login", "reset")


async def test_two_sandboxes_do_not_know_each_other(clock: Clock) -> None:
    """Keys are made afresh, so nothing that is written down opens another one."""
    async with vendor(clock) as one, vendor(clock) as other:
        assert one.credentials.keys() == other.credentials.keys()
        assert set(one.credentials.values()).isdisjoint(other.credentials.values())
        await asyncio.gather(created(one), created(other))
        assert len(one.purchases) == len(other.purchases) == 1
