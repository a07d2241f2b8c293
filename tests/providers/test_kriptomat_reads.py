"""Reading the truth back from Kriptomat: the list, the price, and honesty about both.

The path of the list and the fields of a row are documented; the rest is our reading, so much here
is about not believing too much.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.money import Money
from providers.base import Progress, Refused, Unavailable, Uncertain
from providers.kriptomat import Kriptomat
from providers.kriptomat_paths import KriptomatReading
from providers.kriptomat_words import read_public_price, read_rows, report
from providers.replies import Reply
from providers.sandbox.kriptomat import KriptomatSandbox
from tests.providers.conftest import KriptomatMaker
from tests.providers.stage import KEY, Clock, purchase

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SAMPLE = (
    '{"id":58463,"type":"BUY","amount":0.0623414132,"pair":"btceur","price":2341.67,'
    '"date":"2018-11-27T13:46:22.658","state":"SUCCESS","fee":2.00,"subtotal":98.00,"total":100.00}'
)


def test_the_documented_row_is_read_exactly() -> None:
    """The vendor's own sample, digit for digit."""
    found = report(json.loads(SAMPLE, parse_float=Decimal))
    assert found is not None
    assert (found.ref, found.asset, found.currency) == ("58463", "btc", "EUR")
    assert (found.progress, found.word) == (Progress.COMPLETED, "SUCCESS")
    assert (found.quantity, found.price) == (Decimal("0.0623414132"), Decimal("2341.67"))
    assert (found.total, found.fee) == (Decimal("100.00"), Decimal("2.00"))
    assert found.at == datetime(2018, 11, 27, 13, 46, 22, 658000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"id": 1}, Progress.UNDERWAY),
        ({"id": "1", "state": "pending"}, Progress.UNDERWAY),
        ({"id": 1, "state": "ERROR"}, Progress.FAILED),
        ({"id": 1, "state": "ON HOLD"}, Progress.UNDERWAY),
        ({"id": 1, "type": "SELL", "state": "SUCCESS"}, None),
        ({"state": "SUCCESS"}, None),
        ({"id": None}, None),
        ({"id": 1, "total": "many", "date": 5, "pair": None, "state": 7}, Progress.UNDERWAY),
    ],
    ids=str,
)
def test_a_strange_row_is_read_as_far_as_it_goes(
    row: dict[str, Any], expected: Progress | None
) -> None:
    """Missing fields are unknown, unknown words are not final, and a sale is no purchase."""
    found = report(row)
    assert (found.progress if found else None) == expected


@pytest.mark.parametrize(
    "document",
    [
        f'{{"status":true,"data":[{SAMPLE}]}}',
        f'{{"data":[{SAMPLE}]}}',
        f'{{"status":true,"data":{{"data":[{SAMPLE}],"current_page":1,"last_page":1}}}}',
        f'{{"data":[{SAMPLE}],"links":{{"next":null}},"meta":{{"current_page":1,"last_page":1}}}}',
    ],
)
def test_the_list_is_found_in_every_likely_envelope(document: str) -> None:
    """Its envelope is not documented."""
    page = read_rows(Reply(200, {}, document.encode()), NOW)
    assert [row["id"] for row in page.rows] == [58463]
    assert not page.more


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, "<html>"), (200, "{}"), (200, '{"status":false,"data":[]}'), (404, '{"message":"?"}')],
)
def test_a_list_that_cannot_be_read_is_not_an_empty_list(status: int, body: str) -> None:
    """Absence is evidence; it must not come from a reply that says nothing."""
    with pytest.raises(Unavailable):
        read_rows(Reply(status, {}, body.encode()), NOW)


async def test_a_purchase_is_followed_from_pending_to_success(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox
) -> None:
    """The amounts come from the list, exact, and the fee is part of the total."""
    kriptomat_sandbox.book.settle, kriptomat_sandbox.book.settle_after = "after reads", 1
    ref = (await kriptomat.buy(kriptomat.draft(purchase()))).ref
    first, second = await kriptomat.status(ref), await kriptomat.status(ref)
    assert first is not None
    assert second is not None
    assert (first.progress, second.progress) == (Progress.UNDERWAY, Progress.COMPLETED)
    assert (second.total, second.fee) == (Decimal(250), Decimal(5))
    assert second.quantity == Decimal("0.00378086")
    assert await kriptomat.status("999") is None


async def test_an_error_and_an_unknown_word_are_told_as_they_are(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox
) -> None:
    """ERROR is final; a word that nobody documents never is."""
    ref = (await kriptomat.buy(kriptomat.draft(purchase()))).ref
    kriptomat_sandbox.faults.next("list", "unknown word")
    strange = await kriptomat.status(ref)
    assert strange is not None
    assert (strange.progress, strange.word) == (Progress.UNDERWAY, "REVIEWING")
    kriptomat_sandbox.settle_now(1, "ERROR")
    failed = await kriptomat.status(ref)
    assert failed is not None
    assert failed.progress is Progress.FAILED


async def test_a_purchase_whose_reply_was_lost_is_found_by_what_it_was(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox, clock: Clock
) -> None:
    """Same pair, amount and time is evidence; without a key in the row it is never proof."""
    kriptomat_sandbox.faults.next("buy", "reply lost")
    began = clock.now()
    with pytest.raises(Uncertain):
        await kriptomat.buy(kriptomat.draft(purchase()))
    [found] = await kriptomat.find(purchase(), since=began)
    assert (found.report.ref, found.exact) == ("1", False)


@pytest.mark.parametrize("as_text", [False, True])
async def test_another_amount_pair_or_time_is_not_ours(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox, clock: Clock, as_text: Any
) -> None:
    """A stranger's purchase must not settle our order. Numbers may come as text."""
    kriptomat_sandbox.behaviour.numbers_as_text = as_text
    await kriptomat.buy(kriptomat.draft(purchase()))
    now = clock.now()
    assert len(await kriptomat.find(purchase(), since=now + timedelta(seconds=119))) == 1
    assert await kriptomat.find(purchase(), since=now + timedelta(seconds=121)) == []
    assert await kriptomat.find(purchase(Money.of("250.01", "EUR")), since=now) == []
    assert await kriptomat.find(purchase(asset="eth"), since=now) == []
    kriptomat_sandbox.faults.next("list", "wrong total")
    assert await kriptomat.find(purchase(), since=now) == []


async def test_a_late_list_shows_the_purchase_in_the_end(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox, clock: Clock
) -> None:
    """The workflow must not conclude from one look; the sandbox can make it wait."""
    kriptomat_sandbox.faults.next("buy", "listed late", seconds=40)
    kriptomat_sandbox.faults.next("buy", "listed late", reads=2)
    began = clock.now()
    for key in (KEY, KEY[::-1]):
        await kriptomat.buy(kriptomat.draft(purchase(key=key)))
    counts = [len(await kriptomat.list_since(began)) for _ in range(3)]
    clock.advance(41)
    counts.append(len(await kriptomat.list_since(began)))
    assert counts == [0, 0, 1, 2]


async def test_every_page_is_read_before_absence_is_claimed(
    make_kriptomat: KriptomatMaker, kriptomat_sandbox: KriptomatSandbox, clock: Clock
) -> None:
    """A purchase on page two is not absent; a list without end is not a list read."""
    kriptomat_sandbox.behaviour.page_size = 2
    kriptomat = make_kriptomat()
    for number in range(5):
        await kriptomat.buy(kriptomat.draft(purchase(key=f"{number:032x}")))
    assert len(await kriptomat.list_since(clock.now())) == 5
    assert await kriptomat.status("1") is not None
    assert await kriptomat.status("9") is None
    clock.advance(30)
    short = make_kriptomat(reading=KriptomatReading(pages_at_most=2))
    with pytest.raises(Unavailable, match="longer than we read"):
        await short.status("9")


async def test_a_list_that_ends_before_its_end_proves_no_absence(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox, clock: Clock
) -> None:
    """A total that was not reached, or a promised page that is empty: something is missing."""
    kriptomat_sandbox.behaviour.page_size = 1
    for one in ("1", "2"):
        await kriptomat.buy(kriptomat.draft(purchase(key=one)))
    assert len(await kriptomat.list_since(clock.now())) == 2
    kriptomat_sandbox.faults.next("list", "ends early")
    with pytest.raises(Unavailable, match="before its end"):
        await kriptomat.list_since(clock.now())


async def test_a_purchase_that_slips_to_the_next_page_meanwhile_is_told_once(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox
) -> None:
    """Two rows of one purchase would look like a purchase too many."""
    kriptomat_sandbox.behaviour.page_size = 1
    await kriptomat.buy(kriptomat.draft(purchase(key="1")))
    await kriptomat.buy(kriptomat.draft(purchase(key="2")))
    pages = kriptomat._pages()
    refs = [row.ref for row in await anext(pages)]
    await kriptomat.buy(kriptomat.draft(purchase(key="3")))
    refs += [row.ref async for page in pages for row in page]
    assert refs == ["2", "1"]


@pytest.mark.parametrize("fault", ["500 before", "reset", "truncated", "hang before", "redirect"])
async def test_a_failing_list_is_unavailable_and_never_uncertain(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox, fault: str
) -> None:
    """Looking cannot buy."""
    kriptomat_sandbox.faults.standing("list", fault)
    with pytest.raises(Unavailable):
        await kriptomat.status("1")


async def test_a_list_logs_in_anew_when_its_token_is_gone(
    kriptomat: Kriptomat, kriptomat_sandbox: KriptomatSandbox, clock: Clock
) -> None:
    """The vendor may forget a session early."""
    await kriptomat.check()
    kriptomat_sandbox.expire_tokens()
    clock.advance(30)
    assert await kriptomat.check() == "Kriptomat: logged in, user 1, 0 purchases listed"


@pytest.mark.parametrize("source", ["exchange-rate", "public-prices"])
async def test_a_quote_is_the_configured_sources_price(
    make_kriptomat: KriptomatMaker, clock: Clock, source: str
) -> None:
    """Both sources are unconfirmed, so the operator chooses, and the card names it."""
    quote = await make_kriptomat(quote=source).quote(purchase())
    assert (quote.price, quote.source) == (Decimal("64800.00"), source)
    assert (quote.asset, quote.currency, quote.at) == ("btc", "EUR", clock.now())


async def test_no_quote_where_none_is_configured(
    kriptomat: Kriptomat, make_kriptomat: KriptomatMaker
) -> None:
    """A made-up price protection would be worse than the sentence that there is none."""
    with pytest.raises(Refused, match="no price source"):
        await kriptomat.quote(purchase())
    with pytest.raises(Refused, match="EUR only"):
        await make_kriptomat(quote="exchange-rate").quote(replace(purchase(), currency="USD"))
    with pytest.raises(Refused, match="not configured"):
        await make_kriptomat(quote="exchange-rate").quote(purchase(asset="doge"))


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("64,800.00", "64800.00"),
        ("1,064,800.5B", "1064800.5"),
        ("0.0912", "0.0912"),
        (64800, "64800"),
        (Decimal("64800.1"), "64800.1"),
        ("64,800", None),
        ("64.800,00", None),
        ("6,48.00", None),
        ("$64800", None),
        ("0", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
    ids=str,
)
def test_a_display_price_is_read_only_where_it_has_one_reading(
    price: object, expected: str | None
) -> None:
    """A factor of a thousand in a price band is a hole in the price band."""
    document = {"data": {"btc": {"price": price}}}
    if expected is None:
        with pytest.raises(Unavailable):
            read_public_price(document, "btc")
    else:
        assert read_public_price(document, "btc") == Decimal(expected)


def test_a_price_in_another_currency_is_no_price() -> None:
    """The public page's currency is not known; where it says one, it must be EUR."""
    with pytest.raises(Unavailable):
        read_public_price({"data": {"btc": {"price": "64800.00", "currency": "usd"}}}, "btc")
