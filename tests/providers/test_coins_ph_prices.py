"""What Coins.ph tells before an order: the price, what it costs with fees, which outlet is open.

Documented is the quote of an amount of bitcoin; what an amount in pesos means in one is not, and
the sandbox plays every reading of it.
"""

import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from providers.base import Purchase, Refused, Unavailable
from providers.coins_ph import CoinsPh
from providers.coins_ph_prices import read_buyquote
from providers.sandbox.coins_ph import CoinsPhSandbox
from tests.providers.coins_ph_stage import bitcoin, client, pesos, reading, vendor
from tests.providers.stage import Clock, RawServer, http_reply

D = Decimal


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[CoinsPhSandbox]:
    async with vendor(clock) as opened:
        yield opened


@pytest.fixture
async def coins(sandbox: CoinsPhSandbox, clock: Clock) -> AsyncIterator[CoinsPh]:
    async with client(sandbox, clock, quote="buyquote") as opened:
        yield opened


async def test_a_quote_tells_what_an_amount_of_bitcoin_costs_with_fees(
    coins: CoinsPh, sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """Documented: a subtotal, two fees and a total for each outlet, without a signature."""
    quote = await coins.quote(bitcoin("0.005"))
    assert (quote.price, quote.fee, quote.total) == (D(3_600_000), D(180), D(18_180))
    assert (quote.source, quote.at, quote.provider) == ("buyquote", clock.now(), "coins_ph")
    assert (quote.asset, quote.currency) == ("btc", "PHP")
    assert sandbox.gate.spent == []


@pytest.mark.parametrize(
    ("means", "fee", "total"),
    [("fees on top", 50, 5050), ("fees within", 50, 5000), ("ignored", 50, 5050)],
)
async def test_an_amount_in_pesos_is_understood_whatever_the_vendor_makes_of_it(
    coins: CoinsPh, sandbox: CoinsPhSandbox, means: Any, fee: int, total: int
) -> None:
    """Where it is not known, as much bitcoin as it buys is asked about: that is documented."""
    sandbox.behaviour.quote_of_pesos = means
    quote = await coins.quote(pesos("5000"))
    assert (quote.price, quote.fee, quote.total) == (D(3_600_000), D(fee), D(total))


async def test_the_market_knows_no_fees(sandbox: CoinsPhSandbox, clock: Clock) -> None:
    """Nothing is made up of what was not told."""
    async with client(sandbox, clock) as coins:
        quote = await coins.quote(pesos("5000"))
    assert (quote.price, quote.fee, quote.total) == (D(3_600_000), None, None)


ROW = {"available": True, "coins_fee": "203", "fee": "0", "subtotal": "20337", "total": "20540"}
"""Documented sample of one bitcoin."""


def document(row: object = ROW, **changes: object) -> str:
    quote = {"btc_amount": 1, "currency": "PHP", "rate": 20337, "outlets": {"bdo_deposit": row}}
    return json.dumps({"quote": {**quote, **changes}, "success": True})


async def quoted(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock, wish: Purchase, *texts: str
) -> Any:
    """What the client makes of these replies; the last one is repeated."""
    raw.replies = [http_reply(200, text) for text in texts]
    async with client(sandbox, clock, quote="buyquote", base_url=raw.url) as coins:
        return await coins.quote(wish)


async def test_the_documented_sample_is_read_as_it_stands(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """One bitcoin at 20,337 pesos, 203 of fees."""
    quote = await quoted(raw, sandbox, clock, bitcoin("1"), document())
    assert (quote.price, quote.fee, quote.total) == (D(20337), D(203), D(20540))
    (request,) = raw.requests
    assert request.startswith(b"GET /api/v2/buyquote?btc_amount=1&currency=PHP ")


@pytest.mark.parametrize(
    ("row", "fee", "total"),
    [
        ({**ROW, "fee": "10"}, 213, 20550),
        ({**ROW, "total": "20000"}, 203, 20540),
        ({**ROW, "total": "21000"}, 203, 21000),
        ({**ROW, "total": None}, 203, 20540),
        ({"subtotal": "20337", "total": "20540"}, 0, 20540),
        ({**ROW, "coins_fee": 203, "fee": 0.5, "subtotal": 20337}, "203.5", "20540.5"),
    ],
    ids=["two fees", "total too small", "total larger", "no total", "no fees", "numbers"],
)
async def test_the_larger_cost_counts_where_figures_contradict_each_other(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock, row: object, fee: Any, total: Any
) -> None:
    """Limits are held against it: too little would let more money leave than was approved."""
    quote = await quoted(raw, sandbox, clock, bitcoin("1"), document(row))
    assert (quote.fee, quote.total) == (D(fee), D(total))


@pytest.mark.parametrize(
    "text",
    [
        document({**ROW, "coins_fee": "much"}),
        document({**ROW, "fee": "-1"}),
        document({**ROW, "subtotal": None}),
        document({**ROW, "subtotal": "0"}),
        document(rate=None),
        document(rate=-1),
        document(currency="THB"),
        document(outlets=None),
        document(btc_amount=2),
        '{"quote":[],"success":true}',
        '{"success":true}',
        '{"errors":["closed"],"success":false}',
    ],
    ids=range(12),
)
async def test_a_quote_that_cannot_be_read_or_is_for_another_amount_is_no_quote(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock, text: str
) -> None:
    """The card waits for one that can; a guessed cost would be held against limits."""
    with pytest.raises(Unavailable):
        await quoted(raw, sandbox, clock, bitcoin("1"), text)


async def test_a_quote_for_another_amount_of_pesos_is_asked_for_once_more_only(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """A vendor that always quotes one bitcoin tells no cost of ours."""
    with pytest.raises(Unavailable, match="another amount"):
        await quoted(raw, sandbox, clock, pesos("5000"), document())
    first, second = (request.split(b" ")[1] for request in raw.requests)
    assert first == b"/api/v2/buyquote?currency_amount=5000.00&currency=PHP"
    assert second == b"/api/v2/buyquote?btc_amount=0.24585731&currency=PHP"


@pytest.mark.parametrize("rate", ["0.000000000000000000000000000001", "9" * 29])
async def test_a_rate_of_any_size_breaks_nothing(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock, rate: str
) -> None:
    """Whatever a vendor sends is a sentence in the end, never a crash."""
    with pytest.raises(Unavailable):
        await quoted(raw, sandbox, clock, pesos("5000"), document(rate=rate))


@pytest.mark.parametrize("word", [False, 0, "0", "false", "False"], ids=repr)
def test_an_outlet_that_is_not_available_is_told_apart(word: object) -> None:
    """Documented: true or false; text is taken as well."""
    fields = json.loads(document({**ROW, "available": word}), parse_float=Decimal)
    assert not read_buyquote(fields, "bdo_deposit").available
    assert not read_buyquote(fields, "gcash_deposit").available


async def test_a_closed_outlet_is_told_with_its_reason(
    coins: CoinsPh, sandbox: CoinsPhSandbox
) -> None:
    """By the quote and by the list of outlets; another one would do."""
    sandbox.disabled = {"bdo_deposit"}
    for ask in (coins.quote(pesos()), coins.takes(pesos(), price=None)):
        with pytest.raises(Refused, match=r"BDO deposit is closed .*Closed for maintenance.*using"):
            await ask


async def test_an_outlet_that_the_quote_alone_calls_closed_is_refused_too(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """The list says nothing of it, and still nobody may be asked to approve it."""
    page = {"payin-outlets": [{"id": "bdo_deposit", "name": "BDO"}], "meta": {}}
    closed = document({**ROW, "available": False})
    with pytest.raises(Refused, match="BDO is not available at Coins"):
        await quoted(raw, sandbox, clock, bitcoin("1"), closed, json.dumps(page))


async def test_an_outlet_that_does_not_exist_is_told_with_those_that_do(
    coins: CoinsPh, sandbox: CoinsPhSandbox
) -> None:
    """Open ones only: somebody has to choose."""
    sandbox.disabled = {"bpi_deposit"}
    for ask in (
        coins.quote(pesos(outlet="tambunting")),
        coins.takes(pesos(outlet="tambunting"), price=None),
    ):
        with pytest.raises(Refused) as told:
            await ask
        assert "no payin outlet tambunting" in str(told.value)
        assert "bdo_deposit, gcash_deposit, 7-eleven" in str(told.value)
        assert "bpi_deposit" not in str(told.value)


async def test_without_a_source_no_price_is_told(sandbox: CoinsPhSandbox, clock: Clock) -> None:
    """The outlet is asked all the same: its limits need no price."""
    async with client(sandbox, clock, quote="none") as coins:
        with pytest.raises(Refused, match="no price source"):
            await coins.quote(pesos())
        assert await coins.takes(pesos(), price=None) == "BDO deposit"
        assert not coins.sheet.quotes


async def test_the_paths_and_the_parameter_can_be_corrected(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """A difference found on the first live day is a line of configuration."""
    raw.replies = [http_reply(200, document({**ROW, "subtotal": "5000", "total": "5050"}))]
    other = reading(buyquote_path="/v1/buyquote", buyquote_money_field="php_amount")
    async with client(sandbox, clock, quote="buyquote", base_url=raw.url, reading=other) as coins:
        await coins.quote(pesos("5000"))
    assert raw.requests[0].startswith(b"GET /v1/buyquote?php_amount=5000.00&currency=PHP ")
