"""Looking at Coins.ph: the history to its last row, what may be ours, prices, and the check."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from providers.base import Purchase, Refused, Unavailable, Uncertain
from providers.coins_ph import CoinsPh
from providers.sandbox.coins_ph import CoinsPhSandbox
from tests.providers.coins_ph_stage import COLD, Memory, bitcoin, client, pesos, reading, vendor
from tests.providers.stage import Clock, RawServer, http_reply


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[CoinsPhSandbox]:
    async with vendor(clock) as opened:
        yield opened


@pytest.fixture
async def coins(sandbox: CoinsPhSandbox, clock: Clock) -> AsyncIterator[CoinsPh]:
    async with client(sandbox, clock) as opened:
        yield opened


@pytest.mark.parametrize(
    "wish", [pesos(), pesos(target="cold"), bitcoin(), bitcoin(outlet="7-eleven", target="cold")]
)
@pytest.mark.parametrize("numbers", ["text", "number"])
async def test_an_order_whose_reply_was_lost_is_found_by_what_was_sent(
    coins: CoinsPh, sandbox: CoinsPhSandbox, clock: Clock, wish: Purchase, numbers: str
) -> None:
    """There is no key of ours: amount, outlet, wallet and time are all the evidence there is."""
    sandbox.behaviour.numbers = numbers  # type: ignore[assignment]
    began = clock.now()
    sandbox.faults.next("buy", "reply lost")
    with pytest.raises(Uncertain):
        await coins.buy(coins.draft(wish))
    [found] = await coins.find(wish, since=began)
    assert (found.report.ref, found.exact) == (sandbox.purchases[0].id, False)


@pytest.mark.parametrize(
    "other",
    [
        pesos("251"),
        pesos("249"),
        bitcoin("0.00006945"),
        pesos(outlet="7-eleven", target="cold"),
        pesos(target="hot"),
    ],
    ids=["more", "less", "bitcoin", "outlet", "wallet"],
)
async def test_an_order_that_differs_is_not_taken_for_ours(
    sandbox: CoinsPhSandbox, clock: Clock, other: Purchase
) -> None:
    """Somebody else's order under the same account would be paid twice, or ours never."""
    book = {"cold": COLD, "hot": "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"}
    wish = pesos(target="cold")
    async with client(sandbox, clock, targets=book) as coins:
        await coins.buy(coins.draft(other))
        assert await coins.find(wish, since=clock.now()) == []
        await coins.buy(coins.draft(wish))
        [found] = await coins.find(wish, since=clock.now())
    assert found.report.ref == sandbox.purchases[1].id


@pytest.mark.parametrize(("booked", "slack", "count"), [("250", "1", 1), ("250", "0", 0)])
async def test_pesos_that_were_rounded_may_still_be_ours(
    sandbox: CoinsPhSandbox, clock: Clock, booked: str, slack: str, count: int
) -> None:
    """Whole pesos stand in all samples; missing our own order would create it once more."""
    sandbox.book.create(pesos=Decimal(booked))
    async with client(sandbox, clock, reading=reading(amount_slack=Decimal(slack))) as coins:
        found = await coins.find(pesos("250.50"), since=clock.now())
    assert len(found) == count


async def test_an_older_order_is_not_ours_but_two_clocks_may_differ(
    coins: CoinsPh, sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """created_at has whole seconds, and two minutes between two clocks are ordinary."""
    sandbox.book.create(pesos=Decimal(250))
    sandbox.book.behind = timedelta(seconds=119)
    assert len(await coins.find(pesos(), since=clock.now())) == 1
    sandbox.book.behind = timedelta(seconds=121)
    assert await coins.find(pesos(), since=clock.now()) == []
    assert await coins.list_since(clock.now()) == []


ROW = {
    "id": "a1",
    "currency_amount": "250",
    "btc_amount": "0.00006944",
    "payment_method": "bdo_deposit",
    "created_at": "1795251610",
    "status": "pending_payment",
}


@pytest.mark.parametrize("field", ["currency_amount", "payment_method", "created_at", "id"])
async def test_a_row_that_may_be_ours_and_cannot_be_read_is_no_absence(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock, field: str
) -> None:
    """Nothing found would mean: order again."""
    row = {name: value for name, value in ROW.items() if name != field}
    pages = [json.dumps({"orders": rows, "success": True}) for rows in ([row], [])]
    raw.replies = [http_reply(200, page) for page in pages]
    async with client(sandbox, clock, base_url=raw.url) as coins:
        with pytest.raises(Unavailable):
            await coins.find(pesos(), since=clock.now())


async def test_bitcoin_is_compared_to_the_last_satoshi(
    coins: CoinsPh, sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """Only pesos are ever rounded; a difference of less than one bitcoin is a different order."""
    sandbox.book.create(btc=Decimal("0.00500001"))
    assert await coins.find(bitcoin(), since=clock.now()) == []
    sandbox.book.create(btc=Decimal("0.00500000"))
    assert len(await coins.find(bitcoin(), since=clock.now())) == 1


@pytest.mark.parametrize(("currency", "count"), [("PHP", 1), ("php", 1), (None, 1), ("THB", 0)])
async def test_a_currency_that_is_told_must_be_ours(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock, currency: str | None, count: int
) -> None:
    """The documented reply names none; the vendor has sold for other currencies as well."""
    pages = [json.dumps({"orders": rows}) for rows in ([{**ROW, "currency": currency}], [])]
    raw.replies = [http_reply(200, page) for page in pages]
    async with client(sandbox, clock, base_url=raw.url) as coins:
        assert len(await coins.find(pesos(), since=clock.now())) == count


async def test_a_row_that_is_surely_not_ours_may_be_as_strange_as_it_likes(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """One odd row of long ago must not keep every order in doubt for ever."""
    rows = [{"id": "a1", "currency_amount": "999"}, {"id": "a2", "created_at": 1408420128}]
    pages = [json.dumps({"orders": shown}) for shown in (rows, [])]
    raw.replies = [http_reply(200, page) for page in pages]
    async with client(sandbox, clock, base_url=raw.url) as coins:
        assert await coins.find(pesos(), since=clock.now()) == []


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6, 7])
@pytest.mark.parametrize("counts", [False, True])
async def test_a_history_is_read_to_its_last_row(
    coins: CoinsPh, sandbox: CoinsPhSandbox, clock: Clock, count: int, counts: bool
) -> None:
    """Pages of three, whatever limit was asked for: none, part of one, exactly one, and more."""
    sandbox.behaviour.page_size, sandbox.behaviour.counts = 3, counts
    for one in range(count):
        sandbox.book.create(pesos=Decimal(100 + one))
    rows = await coins.list_since(clock.now())
    assert [row.ref for row in rows] == [order.id for order in reversed(sandbox.purchases)]


async def test_a_history_without_pages_is_one_reply(sandbox: CoinsPhSandbox, clock: Clock) -> None:
    """Paging was only seen; a vendor that ignores it must be a line of configuration away."""
    sandbox.behaviour.paging = "none"
    for one in range(5):
        sandbox.book.create(pesos=Decimal(100 + one))
    nonces = Memory()
    async with client(sandbox, clock, nonces, reading=reading(paging="none")) as coins:
        assert len(await coins.list_since(clock.now())) == 5
    async with client(sandbox, clock, nonces) as coins:
        with pytest.raises(Unavailable, match="same page"):
            await coins.list_since(clock.now())


async def test_an_order_that_comes_while_pages_are_read_is_no_second_row(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """It pushes a row from one page to the next; that row is still one order."""
    ids: list[list[str]] = [["c", "b"], ["b", "a"], []]
    pages = [json.dumps({"orders": [{**ROW, "id": one} for one in page]}) for page in ids]
    raw.replies = [http_reply(200, page) for page in pages]
    async with client(sandbox, clock, base_url=raw.url) as coins:
        rows = await coins.list_since(clock.now())
    assert [row.ref for row in rows] == ["c", "b", "a"]


@pytest.mark.parametrize(
    "document",
    [
        {"orders": {}},
        {"orders": ["a1"]},
        {"buyorders": []},
        {"orders": [], "success": False},
        {"orders": [], "errors": ["Half of it."]},
        {"orders": [], "meta": {"total_count": 1}},
        {"orders": [], "meta": {"next_page": 2}},
        [],
    ],
    ids=repr,
)
async def test_a_history_that_is_not_whole_is_unavailable(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock, document: Any
) -> None:
    """Half a history without our order would order again."""
    raw.replies = [http_reply(200, json.dumps(document))]
    async with client(sandbox, clock, base_url=raw.url) as coins:
        with pytest.raises(Unavailable):
            await coins.find(pesos(), since=clock.now())


async def test_a_history_longer_than_we_read_says_so(sandbox: CoinsPhSandbox, clock: Clock) -> None:
    """An end that we set ourselves is no end of the list."""
    for one in range(3):
        sandbox.book.create(pesos=Decimal(100 + one))
    nonces, three, four = Memory(), *(reading(list_limit=1, pages_at_most=n) for n in (3, 4))
    async with client(sandbox, clock, nonces, reading=three) as coins:
        with pytest.raises(Unavailable, match="longer than we read"):
            await coins.list_since(clock.now())
    async with client(sandbox, clock, nonces, reading=four) as coins:
        assert len(await coins.list_since(clock.now())) == 3


@pytest.mark.parametrize("ref", ["", "..", "a/b", "?limit=1", "x" * 65])
async def test_a_reference_that_is_none_asks_nothing(
    coins: CoinsPh, sandbox: CoinsPhSandbox, ref: str
) -> None:
    """An empty id would turn the question for one order into one for all."""
    assert await coins.status(ref) is None
    assert sandbox.gate.spent == []


async def test_another_order_than_the_one_asked_for_is_no_answer(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """A mix-up behind the vendor's door must not complete the wrong order."""
    raw.replies = [http_reply(200, json.dumps({"order": {**ROW, "id": "b2"}, "success": True}))]
    async with client(sandbox, clock, base_url=raw.url) as coins:
        with pytest.raises(Unavailable, match="another order"):
            await coins.status("a1")


@pytest.mark.parametrize("path", ["/v1/markets/BTC-PHP", "/v2/markets"])
async def test_a_quote_is_what_a_buyer_pays(
    sandbox: CoinsPhSandbox, clock: Clock, path: str
) -> None:
    """The ask, from either version of the page, without a signature."""
    async with client(sandbox, clock, reading=reading(market_path=path)) as coins:
        quote = await coins.quote(pesos())
    assert (quote.price, quote.source, quote.at) == (Decimal(3_600_000), "market", clock.now())
    assert sandbox.gate.spent == []


@pytest.mark.parametrize(
    ("asset", "currency", "source"),
    [("eth", "PHP", "market"), ("btc", "EUR", "market"), ("btc", "PHP", "none")],
)
async def test_no_price_of_anything_else_is_told(
    sandbox: CoinsPhSandbox, clock: Clock, asset: str, currency: str, source: str
) -> None:
    """A price band around the wrong price protects nobody."""
    async with client(sandbox, clock, quote=source) as coins:
        with pytest.raises(Refused):
            await coins.quote(pesos(asset=asset, currency=currency))
