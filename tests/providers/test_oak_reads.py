"""Reading the truth back from Oak: by id, by our key, and never less than the whole list.

There is no idempotency key at this vendor: a purchase that is wrongly taken for absent is sent a
second time. So most of this is about lists that lie by leaving out.
"""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from providers.base import Progress, Refused, Unavailable
from tests.providers.oak_stage import OAK_TOKEN, OakStage, listed, oak_purchase
from tests.providers.stage import KEY, RawServer, http_reply


@pytest.fixture
async def oak() -> AsyncIterator[OakStage]:
    async with OakStage() as opened:
        yield opened


@pytest.mark.parametrize("word", ["buy", "BUY", "wallet_buy", "trade", "on_ramp", ""])
async def test_ours_is_found_whatever_its_type_is_called(oak: OakStage, word: str) -> None:
    """The type of a wallet trade is not documented, so absence is told from the whole list only."""
    oak.sandbox.behaviour.buy_type = word
    client = oak.client()
    report = await client.buy(oak.draft(client))
    assert await oak.found() == [(report.ref, True)]
    assert [row.ref for row in await client.list_since(oak.clock.now())] == [report.ref]


@pytest.mark.parametrize("metadata", ["empty", "left out"])
async def test_a_list_that_drops_metadata_shows_what_may_be_ours(
    oak: OakStage, metadata: Any
) -> None:
    """It is documented as stored. Should the list not show it, people decide; nobody resends."""
    client = oak.client()
    report = await client.buy(oak.draft(client))
    oak.sandbox.behaviour.metadata = metadata
    assert await oak.found() == [(report.ref, False)]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, True),
        ({"metadata": {"invoice": "7"}}, True),
        ({"metadata": {"client_order_id": "f" * 32}}, False),
        ({"type": "sell"}, False),
        ({"type": "trade", "destination": {"currency": "usdc"}}, True),
        ({"destination": {"currency": "usdt"}}, False),
        ({"source": {"amount": 2600, "currency": "usd"}}, False),
        ({"source": {"amount": 2500, "currency": "eur"}}, False),
        ({"source": None}, True),
        ({"created_at": "2026-11-21T08:59:00Z"}, True),
        ({"created_at": "2026-11-21T08:50:00Z"}, False),
        ({"created_at": "yesterday"}, True),
    ],
    ids=str,
)
async def test_without_our_key_only_what_does_not_contradict_may_be_ours(
    oak: OakStage, raw: RawServer, changes: dict[str, Any], found: bool
) -> None:
    """What a row does not tell cannot clear it; a word that contradicts does."""
    row = {"id": "id-1", "type": "buy", "source": {"amount": 2500, "currency": "usd"}, **changes}
    assert await oak.seen_in(raw, listed([row])) == [False] * found


@pytest.mark.parametrize(
    "metadata",
    [
        {"client_order_id": KEY},
        {"clientOrderId": KEY},
        {"CLIENT_ORDER_ID": KEY.upper()},
        {"merchant": {"client_order_id": KEY}, "more": 1.5},
        [KEY],
        json.dumps({"client_order_id": KEY}),
    ],
    ids=str,
)
async def test_our_key_is_proof_wherever_the_metadata_holds_it(
    oak: OakStage, raw: RawServer, metadata: object
) -> None:
    """128 random bits are nobody else's, however they are wrapped, and whatever else is said."""
    row = {"id": "id-1", "type": "transfer", "status": "failed", "metadata": metadata}
    assert await oak.seen_in(raw, listed([row])) == [True]


async def test_both_purchases_under_one_key_are_found(oak: OakStage) -> None:
    """Should it ever have been sent twice, that must come out."""
    client = oak.client()
    draft = oak.draft(client)
    sent = {(await client.buy(draft)).ref, (await client.buy(draft)).ref}
    assert {ref for ref, exact in await oak.found() if exact} == sent


@pytest.mark.parametrize("ends", ["succeeded", "failed"])
async def test_captured_is_followed_to_its_end(oak: OakStage, ends: str) -> None:
    """What captured means is not documented: it may still go either way."""
    book, client = oak.sandbox.book, oak.client()
    book.settle, book.settle_after, book.ends = "after seconds", 60, ends
    report = await client.buy(oak.draft(client))
    before = await client.status(report.ref)
    oak.clock.advance(60)
    after = await client.status(report.ref)
    assert before is not None
    assert after is not None
    assert (before.word, before.progress) == ("captured", Progress.UNDERWAY)
    assert after.word == ends
    assert after.progress is (Progress.COMPLETED if ends == "succeeded" else Progress.FAILED)


@pytest.mark.parametrize(
    ("state", "means"),
    [
        ("processing / funds_received", Progress.UNDERWAY),
        ("processing / transfer_failed", Progress.UNDERWAY),
        ("processing / requires_action", Progress.AWAITING_PAYMENT),
        ("captured / on_ramp_successful", Progress.COMPLETED),
        ("failed / on_ramp_failed", Progress.FAILED),
        ("canceled_after_completion", Progress.REVERSED),
        ("pondering / deeply", Progress.UNDERWAY),
    ],
)
async def test_a_state_is_read_with_both_its_words(
    oak: OakStage, state: str, means: Progress
) -> None:
    """What the vendor says is what people see."""
    client = oak.client()
    report = await client.buy(oak.draft(client))
    oak.sandbox.settle_now(report.ref, state)
    shown = await client.status(report.ref)
    assert shown is not None
    assert (shown.word, shown.progress) == (state, means)


@pytest.mark.parametrize(
    "ref", ["", " ", ".", "..", "a/b", "a?b", "a%2fb", "é", "a b", "-", "x" * 65]
)
async def test_a_strange_id_is_not_asked_for(oak: OakStage, ref: str) -> None:
    """An empty one would be answered with the whole list; others would leave the path."""
    assert await oak.client().status(ref) is None
    assert oak.sandbox.logins == 0


@pytest.mark.parametrize(
    "reply",
    [
        listed([{"id": "id-1"}]),
        http_reply(200, '{"msg":"ok","data":{"id":"id-2"}}'),
        http_reply(200, '{"msg":"ok","data":{"status":"succeeded"}}'),
        http_reply(200, '{"msg":"ok","data":null}'),
        http_reply(404, "<html>"),
        http_reply(404, '{"message":"Cannot GET"}'),
        http_reply(403, '{"msg":"Forbidden","data":null}'),
    ],
    ids=["list", "another", "no id", "nothing", "page", "another's 404", "forbidden"],
)
async def test_another_answer_is_not_the_purchase_and_not_its_absence(
    oak: OakStage, raw: RawServer, reply: bytes
) -> None:
    """One that stands in for ours would complete the wrong order."""
    raw.replies = [OAK_TOKEN, reply]
    with pytest.raises(Unavailable):
        await oak.client(base_url=raw.url).status("id-1")


async def test_older_purchases_are_left_out_and_untimed_ones_kept(
    oak: OakStage, raw: RawServer
) -> None:
    """Dates are filtered here, for the vendor's pages disagree on the names of its filters."""
    rows = [
        {"id": "id-1", "type": "buy", "created_at": "2026-11-21T08:50:00Z"},
        {"id": "id-2", "type": "buy", "created_at": "2026-11-21T08:59:00Z"},
        {"id": "id-3", "type": "buy"},
        {"id": "id-4", "type": "sell"},
    ]
    raw.replies = [OAK_TOKEN, listed(rows, 4)]
    found = await oak.client(base_url=raw.url).list_since(oak.clock.now())
    assert [one.ref for one in found] == ["id-2", "id-3"]


async def test_a_purchase_that_is_listed_late_is_missing_first(oak: OakStage) -> None:
    """How late is not documented; the sheet tells the workflow to wait."""
    client = oak.client()
    oak.sandbox.faults.next("buy", "listed late", seconds=90)
    report = await client.buy(oak.draft(client))
    assert await oak.found() == []
    assert client.sheet.listing_lag > timedelta(seconds=90)
    oak.clock.advance(90)
    assert await oak.found() == [(report.ref, True)]


async def test_there_is_no_quote(oak: OakStage) -> None:
    """No page of the vendor's has one; the card says so, and no call is made."""
    with pytest.raises(Refused, match="no price"):
        await oak.client().quote(oak_purchase())
    assert oak.sandbox.logins == 0
