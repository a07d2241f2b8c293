"""The rate that can be sent along: a whole number, the one of the moment, and never without one.

What it does at the vendor is not documented: nothing, or a refusal once it is stale. The sandbox
plays both; that it locks the price is played by neither, so that nobody relies on it.
"""

import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.base import Purchase, Refused
from providers.coins_ph import CoinsPh
from providers.coins_ph_wish import body_of
from providers.sandbox.coins_ph import CoinsPhSandbox
from tests.providers.coins_ph_stage import bitcoin, client, coins_ph_settings, pesos, vendor
from tests.providers.stage import Clock


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[CoinsPhSandbox]:
    async with vendor(clock) as opened:
        yield opened


@pytest.fixture
async def coins(sandbox: CoinsPhSandbox, clock: Clock) -> AsyncIterator[CoinsPh]:
    async with client(sandbox, clock, send_rate=True) as opened:
        yield opened


@pytest.mark.parametrize("wish", [pesos(rate=Decimal(3_600_000)), bitcoin(rate=Decimal(3_600_000))])
def test_the_rate_stands_last_as_a_whole_number(coins: CoinsPh, wish: Purchase) -> None:
    """Documented: an integer. All seven parameters of the page are sent then, one of each pair."""
    body = coins.draft(wish).body
    assert body.endswith(b',"rate":3600000}')
    assert coins.draft(wish).body == body
    assert coins.sheet.sends_rate


@given(st.decimals(1, 10**12, allow_nan=False, places=8))
def test_a_rate_is_cut_down_and_never_offers_more_than_was_quoted(rate: Decimal) -> None:
    """A centavo more than the quote would be a price that nobody has seen."""
    settings = coins_ph_settings(CoinsPhSandbox(), send_rate=True)
    sent = json.loads(body_of(settings, pesos(rate=rate)), parse_float=Decimal)["rate"]
    assert isinstance(sent, int)
    assert 0 <= rate - sent < 1


@pytest.mark.parametrize("rate", [None, Decimal(0), Decimal("0.99"), Decimal(-1)])
def test_without_a_rate_nothing_is_drafted(coins: CoinsPh, rate: Decimal | None) -> None:
    """An order without it would be another one than the operator wants."""
    with pytest.raises(Refused, match="none was read"):
        coins.draft(pesos(rate=rate))


async def test_unless_it_is_configured_no_rate_is_sent(
    sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """Its effect is not documented, so somebody must have asked for it."""
    async with client(sandbox, clock) as coins:
        assert b"rate" not in coins.draft(pesos(rate=Decimal(3_600_000))).body
        assert not coins.sheet.sends_rate


@pytest.mark.parametrize(
    ("reading", "rate", "taken"),
    [
        ("held against", 3_600_000, True),
        ("held against", 3_636_000, True),
        ("held against", 3_563_999, False),
        ("held against", 3_636_001, False),
        ("ignored", 1, True),
    ],
)
async def test_a_stale_rate_is_a_clear_no_or_is_ignored(
    coins: CoinsPh, sandbox: CoinsPhSandbox, reading: Any, rate: int, taken: bool
) -> None:
    """Both readings: an order that was not taken costs nothing and is told as refused."""
    sandbox.behaviour.rate = reading
    draft = coins.draft(pesos(rate=Decimal(rate)))
    if taken:
        assert (await coins.buy(draft)).price == Decimal(3_600_000)
        return
    with pytest.raises(Refused, match="Rate has changed"):
        await coins.buy(draft)
    assert sandbox.purchases == []
