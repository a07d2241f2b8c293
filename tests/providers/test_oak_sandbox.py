"""The Oak sandbox: it demands what the vendor documents, and can be steered from outside.

It is part of the product: a client that passes here should fail at the vendor only where the
vendor's documents are silent.
"""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import ClientError

from providers.replies import instant
from providers.sandbox.oak import OakSandbox
from tests.providers.oak_stage import OakStage, call
from tests.providers.stage import KEY

GRANT = "/api/v1/merchant/token/grant"
BUY = "/api/v1/wallets/trades/buy"
LIST = "/api/v1/transactions"
CUSTOMER = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
BODY: dict[str, Any] = {
    "amount": 2500,
    "provider": "bridge",
    "payment_method": "customer_wallet",
    "currency": "usd",
    "customer_id": CUSTOMER,
    "metadata": {"client_order_id": KEY},
}


@pytest.fixture
async def oak() -> AsyncIterator[OakStage]:
    async with OakStage() as opened:
        yield opened


async def grant(sandbox: OakSandbox, **changes: object) -> tuple[int, Any]:
    fields = {
        "client_id": sandbox.account.client_id,
        "client_secret": sandbox.account.client_secret,
        "grant_type": "client_credentials",
    }
    return await call(sandbox, "POST", GRANT, {**fields, **changes})


@pytest.fixture
async def bearer(oak: OakStage) -> dict[str, str]:
    _, reply = await grant(oak.sandbox)
    return {"Authorization": f"Bearer {reply['access_token']}"}


@pytest.mark.parametrize(
    ("change", "status"),
    [({"client_id": "x"}, 401), ({"client_secret": ""}, 401), ({"grant_type": "password"}, 400)],
    ids=str,
)
async def test_a_grant_needs_everything_right(
    oak: OakStage, change: dict[str, object], status: int
) -> None:
    """A client that forgets a field must fail here and not first at the vendor."""
    answered, reply = await grant(oak.sandbox, **change)
    assert (answered, reply["data"]) == (status, None)


@pytest.mark.parametrize(
    ("kind", "told"), [("ms", 3_600_000), ("s", 3600), ("jwt", 1), ("untold", None)]
)
async def test_a_grant_is_flat_and_tells_its_end_in_the_chosen_unit(
    oak: OakStage, kind: Any, told: int | None
) -> None:
    """The one reply without an envelope; its unit is documented both ways."""
    oak.sandbox.behaviour.expires_in = kind
    status, reply = await grant(oak.sandbox)
    assert (status, reply["token_type"], reply.get("expires_in")) == (200, "Bearer", told)
    assert (reply["access_token"].count(".") == 2) is (kind == "jwt")


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_call_without_a_token_is_a_401(oak: OakStage, method: str) -> None:
    """Documented: the header is required; nothing is bought without."""
    path = BUY if method == "POST" else LIST
    for header in ({}, {"Authorization": "Bearer x"}):
        status, reply = await call(oak.sandbox, method, path, BODY, **header)
        assert (status, reply["data"]) == (401, None)
    assert oak.sandbox.purchases == []


async def test_the_documented_example_is_a_purchase(oak: OakStage, bearer: dict[str, str]) -> None:
    """Every documented field comes back, in the documented types."""
    status, reply = await call(oak.sandbox, "POST", BUY, BODY, **bearer)
    row = reply["data"]
    assert (status, sorted(reply)) == (200, ["data", "msg"])
    assert set(row) == {
        "id", "status", "type", "provider", "source", "destination", "metadata", "created_at",
        "updated_at", "settlement_date",
    }  # fmt: skip
    for side in ("source", "destination"):
        assert set(row[side]) == {"amount", "currency", "customer", "payment_method"}
        assert isinstance(row[side]["amount"], int)
        assert row[side]["customer"] == {"id": CUSTOMER}
        assert set(row[side]["payment_method"]) == {"id", "type", "chain"}
    for field in ("created_at", "updated_at", "settlement_date"):
        assert row[field].endswith("Z")
        assert instant(row[field]) is not None
    assert row["metadata"] == BODY["metadata"]


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": 25.5},
        {"amount": "2500"},
        {"amount": True},
        {"amount": None},
        {"provider": ""},
        {"provider": None},
        {"provider": "stripe"},
        {"payment_method": None},
        {"payment_method": 7},
        {"currency": None},
        {"currency": "xyz"},
        {"customer_id": None},
        {"customer_id": "7"},
        {"metadata": "none"},
        {"metadata": []},
        {"wallet_address": "0x1"},
    ],
    ids=str,
)
async def test_a_strange_request_is_refused_and_buys_nothing(
    oak: OakStage, bearer: dict[str, str], change: dict[str, object]
) -> None:
    """An integer from one on, text, text, text, a UUID and an object: as documented."""
    status, reply = await call(oak.sandbox, "POST", BUY, {**BODY, **change}, **bearer)
    assert (status, reply["data"]) == (422, None)
    assert reply["msg"]
    assert oak.sandbox.purchases == []


@pytest.mark.parametrize("missing", [name for name in BODY if name != "metadata"])
async def test_every_required_field_is_required(
    oak: OakStage, bearer: dict[str, str], missing: str
) -> None:
    """Five fields are documented as required, and metadata as free to be left out."""
    short = {name: value for name, value in BODY.items() if name != missing}
    status, _ = await call(oak.sandbox, "POST", BUY, short, **bearer)
    assert status == 422
    bare = {name: value for name, value in BODY.items() if name != "metadata"}
    status, reply = await call(oak.sandbox, "POST", BUY, bare, **bearer)
    assert (status, reply["data"]["metadata"]) == (200, {})


async def test_requests_are_taken_in_any_casing_and_answered_in_lower(
    oak: OakStage, bearer: dict[str, str]
) -> None:
    """Documented: upper-cased inside, lower-cased in replies."""
    loud = {**BODY, "provider": "BRIDGE", "currency": "USD", "customer_id": CUSTOMER.upper()}
    status, reply = await call(oak.sandbox, "POST", BUY, loud, **bearer)
    assert status == 200
    assert (reply["data"]["provider"], reply["data"]["source"]["currency"]) == ("bridge", "usd")


async def test_the_same_body_twice_is_two_purchases(oak: OakStage, bearer: dict[str, str]) -> None:
    """No idempotency key is documented: a sandbox that were kinder would hide the danger."""
    for _ in range(2):
        await call(oak.sandbox, "POST", BUY, BODY, **bearer)
    first, second = oak.sandbox.purchases
    assert first.id != second.id


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("?limit=2", 2),
        ("?limit=2&offset=2", 1),
        ("?offset=3", 0),
        ("?type_list=BUY,sell", 3),
        ("?status=succeeded", 2),
        ("?status=succeeded,FAILED", 3),
        ("?source_currency=EUR", 1),
        ("?destination_currency=usdc", 3),
        ("?payment_method=customer_wallet", 3),
        (f"?customer_id={CUSTOMER}", 3),
    ],
)
async def test_the_list_keeps_to_its_documented_parameters(
    oak: OakStage, bearer: dict[str, str], query: str, found: int
) -> None:
    """Limit, offset and all filters but the customer's are documented."""
    oak.sandbox.put(Decimal(10), {})
    oak.sandbox.put(Decimal(11), {}, "eur")
    failed = oak.sandbox.put(Decimal(12), {})
    oak.sandbox.settle_now(failed.id, "failed")
    status, reply = await call(oak.sandbox, "GET", LIST + query, **bearer)
    rows = reply["data"]["transaction_list"]
    assert (status, len(rows)) == (200, found)


async def test_ten_rows_are_shown_unless_told(oak: OakStage, bearer: dict[str, str]) -> None:
    """Documented; the count beside them tells how many there are in all."""
    for _ in range(11):
        oak.sandbox.put(Decimal(10), {})
    _, reply = await call(oak.sandbox, "GET", LIST, **bearer)
    assert (len(reply["data"]["transaction_list"]), reply["data"]["count"]) == (10, 11)


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "offset=-1", "metadata=x", "page=2"])
async def test_a_parameter_that_nobody_documents_is_refused(
    oak: OakStage, bearer: dict[str, str], query: str
) -> None:
    """A client that relies on one must fail here."""
    status, _ = await call(oak.sandbox, "GET", f"{LIST}?{query}", **bearer)
    assert status == 422


@pytest.mark.parametrize(("empty", "status"), [("404", 404), ("no rows", 200)])
async def test_an_empty_list_is_answered_as_chosen(
    oak: OakStage, bearer: dict[str, str], empty: Any, status: int
) -> None:
    """Both are seen in the vendor's tests."""
    oak.sandbox.behaviour.empty_list = empty
    answered, reply = await call(oak.sandbox, "GET", LIST, **bearer)
    assert answered == status
    assert reply["data"] == (None if empty == "404" else {"count": 0, "transaction_list": []})


async def test_an_empty_id_is_answered_with_the_list(oak: OakStage, bearer: dict[str, str]) -> None:
    """Seen in the vendor's tests, and a trap for whoever asks without an id."""
    oak.sandbox.put(Decimal(10), {})
    _, reply = await call(oak.sandbox, "GET", f"{LIST}/", **bearer)
    assert reply["data"]["count"] == 1


@pytest.mark.parametrize(
    ("settle", "steps"),
    [
        ("at once", ["succeeded", "succeeded", "succeeded"]),
        ("after reads", ["captured", "captured", "succeeded"]),
        ("after seconds", ["captured", "succeeded", "succeeded"]),
        ("never", ["captured", "captured", "captured"]),
    ],
)
async def test_a_purchase_settles_as_told(
    oak: OakStage, bearer: dict[str, str], settle: Any, steps: list[str]
) -> None:
    """Each way is somebody's journey: quick, watched, slow, stuck."""
    oak.sandbox.book.settle = settle
    ref = oak.sandbox.put(Decimal(10), {}).id
    seen = []
    for _ in steps:
        _, reply = await call(oak.sandbox, "GET", f"{LIST}/{ref}", **bearer)
        seen.append(reply["data"]["status"])
        oak.clock.advance(2)
    assert seen == steps


async def test_it_is_steered_from_outside(oak: OakStage, bearer: dict[str, str]) -> None:
    """The playground and people with curl: faults, the ledger, and a state for a purchase."""
    _, reply = await call(oak.sandbox, "POST", BUY, BODY, **bearer)
    wish = {"id": reply["data"]["id"], "state": "processing / funds_received"}
    status, ledger = await call(oak.sandbox, "POST", "/_sandbox/ledger", wish)
    assert status == 200
    assert ledger["purchases"][0]["sub_status"] == "funds_received"
    assert json.loads(ledger["posts"][0]["body"]) == BODY
    assert oak.sandbox.account.client_secret not in json.dumps(ledger)
    status, _ = await call(oak.sandbox, "POST", "/_sandbox/ledger", {"id": "x", "state": "failed"})
    assert status == 400
    struck = {"op": "buy", "fault": "reply lost"}
    assert (await call(oak.sandbox, "POST", "/_sandbox/faults", struck))[0] == 200
    with pytest.raises(ClientError):
        await call(oak.sandbox, "POST", BUY, BODY, **bearer)
    assert len(oak.sandbox.purchases) == 2


async def test_a_token_is_hidden_in_what_is_kept(oak: OakStage, bearer: dict[str, str]) -> None:
    """Posts are shown in the playground and in failing tests."""
    await call(oak.sandbox, "POST", BUY, BODY, **bearer)
    kept = oak.sandbox.posts[0]
    assert kept.headers["Authorization"] == "[hidden]"
    assert (kept.path, json.loads(kept.body)) == (BUY, BODY)


def test_it_runs_on_its_own_clock_and_its_own_secrets() -> None:
    """``countersign sandbox oak`` gives no arguments; two of them share nothing."""
    one, other = OakSandbox(), OakSandbox()
    assert one.put(Decimal(1), {}).at <= datetime.now(UTC)
    assert not set(one.credentials.values()) & set(other.credentials.values())
    assert set(one.credentials) == {"OAK_CLIENT_ID", "OAK_CLIENT_SECRET"}
