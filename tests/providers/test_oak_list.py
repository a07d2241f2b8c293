"""Oak's list, read to its end or not at all, in every way that the documents leave open.

There is no idempotency key at this vendor: a purchase that is wrongly taken for absent is sent a
second time.
"""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
import structlog

from providers.base import Unavailable
from tests.providers.oak_stage import OakStage, listed, oak_purchase
from tests.providers.stage import RawServer, http_reply


@pytest.fixture
async def oak() -> AsyncIterator[OakStage]:
    async with OakStage() as opened:
        yield opened


@pytest.mark.parametrize("empty", ["404", "no rows"])
async def test_an_empty_list_is_empty_in_either_form(oak: OakStage, empty: Any) -> None:
    """Both are seen in the vendor's own tests."""
    oak.sandbox.behaviour.empty_list = empty
    assert await oak.found() == []
    assert await oak.client().list_since(oak.clock.now()) == []
    assert "0 transactions" in await oak.client().check()


@pytest.mark.parametrize(
    "page",
    [
        http_reply(404, "<html>Not Found</html>"),
        http_reply(404, '{"message":"Cannot GET /api/v1/transactions","statusCode":404}'),
        http_reply(404, '{"msg":"","data":null}'),
        http_reply(404, '{"msg":"Not found"}'),
        http_reply(400, '{"msg":"No such filter","data":null}'),
        http_reply(200, '{"msg":"ok","data":null}'),
        http_reply(200, '{"msg":"ok","data":[]}'),
        http_reply(200, '{"count":0,"transaction_list":[]}'),
        listed(None, 0),
        listed({}, 0),
        listed(["7"]),
        listed([None]),
        listed([{}]),
        listed([{"id": "", "type": "sell"}]),
        listed([{"id": 7}]),
    ],
)
async def test_what_is_no_list_is_no_absence(oak: OakStage, raw: RawServer, page: bytes) -> None:
    """A proxy's 404 or a moved path must not send an order twice."""
    with pytest.raises(Unavailable):
        await oak.seen_in(raw, page)


@pytest.mark.parametrize("count", ["total", "page", "none"])
@pytest.mark.parametrize("others", [0, 8, 9, 10, 48, 49, 50, 51, 99, 100])
async def test_ours_is_found_however_the_vendor_counts(
    oak: OakStage, others: int, count: Any
) -> None:
    """Ten is the documented page, fifty is ours: one less, exactly that, one more; ours is last."""
    oak.sandbox.behaviour.count = count
    client = oak.client()
    report = await client.buy(oak.draft(client))
    oak.strangers(others)
    assert await oak.found() == [(report.ref, True)]
    assert len(await client.list_since(oak.clock.now())) == others + 1


@pytest.mark.parametrize("most", [1, 3, 10, 20])
async def test_a_smaller_page_than_was_asked_for_is_not_the_last(oak: OakStage, most: int) -> None:
    """The largest limit is not documented; a vendor may silently keep to its own."""
    oak.sandbox.behaviour.most_rows = most
    client = oak.client()
    report = await client.buy(oak.draft(client))
    oak.strangers(20)
    assert await oak.found() == [(report.ref, True)]


@pytest.mark.parametrize("most", [10, 20])
async def test_both_at_once_are_understood(oak: OakStage, most: int) -> None:
    """A smaller page whose count is only its own looks like a whole list."""
    oak.sandbox.behaviour.most_rows, oak.sandbox.behaviour.count = most, "page"
    client = oak.client()
    report = await client.buy(oak.draft(client))
    oak.strangers(39)
    assert await oak.found() == [(report.ref, True)]


@pytest.mark.parametrize(
    ("fault", "words"), [("ends early", "before its end"), ("repeats", "a transaction twice")]
)
async def test_half_a_list_is_no_list(oak: OakStage, fault: str, words: str) -> None:
    """Ours may stand in the other half."""
    client = oak.client()
    await client.buy(oak.draft(client))
    oak.strangers(60)
    oak.sandbox.faults.standing("list", fault)
    for read in (oak.found(), client.list_since(oak.clock.now()), client.check()):
        with pytest.raises(Unavailable, match=words):
            await read


async def test_a_list_without_end_is_not_read_without_end(oak: OakStage) -> None:
    """The caller is told; a look that takes minutes would hold up everything."""
    client = oak.client(reading={"pages_at_most": 2, "list_limit": 10})
    oak.strangers(20)
    with pytest.raises(Unavailable, match="longer than we read"):
        await client.check()
    oak.sandbox.book.entries.pop()
    assert "19 transactions" in await client.check()


@pytest.mark.parametrize("counts", [(3, 4), (None, None)], ids=str)
async def test_a_list_that_moves_while_it_is_read_is_read_again_later(
    oak: OakStage, raw: RawServer, counts: tuple[int | None, ...]
) -> None:
    """Something new came in between: one row is shown twice, another perhaps never."""
    rows = [{"id": f"id-{one}", "type": "buy"} for one in "abc"]
    pages = [listed(rows[:2], counts[0]), listed(rows[1:], counts[1]), listed([], counts[1])]
    with pytest.raises(Unavailable, match="twice"):
        await oak.seen_in(raw, *pages)


async def test_a_list_that_counts_more_than_it_shows_is_not_whole(
    oak: OakStage, raw: RawServer
) -> None:
    """The largest count of all pages is what must have been seen."""
    one, other = ({"id": f"id-{name}", "type": "buy"} for name in "ab")
    with pytest.raises(Unavailable, match="ends before its end"):
        await oak.seen_in(raw, listed([one], 3), listed([other], 2))


async def test_a_filter_by_customer_can_be_asked_for(oak: OakStage) -> None:
    """Only the vendor's SDK has it, so it is off unless the operator says so."""
    client = oak.client(reading={"list_by_customer": True})
    report = await client.buy(oak.draft(client))
    oak.sandbox.put(Decimal(25), {}).sent["customer_id"] = "00000000-0d44-4b50-8888-8dd25736052a"
    found = await client.find(oak_purchase(), since=oak.clock.now())
    assert [one.report.ref for one in found] == [report.ref]
    assert "1 transactions" in await client.check()


async def test_it_is_asked_for_as_documented_and_logged_without_a_query(
    oak: OakStage, raw: RawServer
) -> None:
    """Purchases first, then everything; a log line names the path alone."""
    with structlog.testing.capture_logs() as logged:
        assert await oak.seen_in(raw, listed([], 0)) == []
    asked = [request.split(b" HTTP")[0].decode() for request in raw.requests[1:]]
    assert asked == [
        "GET /api/v1/transactions?type_list=buy&limit=50&offset=0",
        "GET /api/v1/transactions?limit=50&offset=0",
    ]
    assert {line["path"] for line in logged[1:]} == {"/api/v1/transactions"}
