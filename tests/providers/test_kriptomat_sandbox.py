"""The Kriptomat sandbox: it demands what the vendor would, and can be steered from outside.

It is part of the product: a client that passes here should fail at the vendor only where the
vendor's documents are silent.
"""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession

from providers.onetime import OneTimeCodes
from providers.sandbox.faults import UnknownFault
from providers.sandbox.kriptomat import KriptomatSandbox
from providers.sandbox.kriptomat_faults import FAULTS
from tests.providers.stage import KEY, Clock

BUY = "/api/v1/partners/users/1/buy"
BODY = {"amount": "250.00", "pair": "btceur", "idempotency_key": KEY}
HEADERS = {"X-Requested-With": "XMLHttpRequest", "Content-Type": "application/json"}


async def call(
    sandbox: KriptomatSandbox, method: str, path: str, body: object = None, **headers: str
) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body)
    async with (
        ClientSession() as session,
        session.request(
            method, sandbox.base_url + path, data=data, headers=headers, allow_redirects=False
        ) as reply,
    ):
        return reply.status, await reply.json(content_type=None)


async def token(sandbox: KriptomatSandbox, clock: Clock, **changes: object) -> tuple[int, Any]:
    known = sandbox.account
    fields = {
        "email": known.email,
        "password": known.password,
        "client_id": int(known.client_id),
        "client_secret": known.client_secret,
        "security_code": OneTimeCodes(known.totp_secret).at(clock.now()),
    }
    path = "/api/v1/partners/auth/login"
    return await call(sandbox, "POST", path, {**fields, **changes}, **HEADERS)


@pytest.fixture
async def bearer(kriptomat_sandbox: KriptomatSandbox, clock: Clock) -> dict[str, str]:
    _, reply = await token(kriptomat_sandbox, clock)
    return {**HEADERS, "Authorization": f"Bearer {reply['access_token']}"}


@pytest.mark.parametrize(
    "change",
    [{"password": "no"}, {"client_id": 6}, {"email": ""}, {"security_code": "000000"}],
    ids=str,
)
async def test_a_login_needs_everything_right(
    kriptomat_sandbox: KriptomatSandbox, clock: Clock, change: dict[str, object]
) -> None:
    """A client that forgets a field must fail here and not first at the vendor."""
    status, _ = await token(kriptomat_sandbox, clock, **change)
    assert status in (401, 422)


async def test_a_code_is_good_for_one_login(
    kriptomat_sandbox: KriptomatSandbox, clock: Clock
) -> None:
    """As one-time codes are, by option."""
    statuses = [(await token(kriptomat_sandbox, clock))[0] for _ in range(2)]
    kriptomat_sandbox.behaviour.single_use_codes = False
    statuses.append((await token(kriptomat_sandbox, clock))[0])
    assert statuses == [200, 422, 200]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": 250}, "amount"),
        ({"amount": "250"}, "amount"),
        ({"amount": "250.001"}, "amount"),
        ({"amount": "0.00"}, "amount"),
        ({"amount": "-1.00"}, "amount"),
        ({"pair": "BTCEUR"}, "pair"),
        ({"pair": "btcusd"}, "pair"),
        ({"idempotency_key": ""}, "idempotency_key"),
        ({"idempotency_key": 7}, "idempotency_key"),
    ],
    ids=str,
)
async def test_a_body_that_is_not_as_documented_buys_nothing(
    kriptomat_sandbox: KriptomatSandbox,
    bearer: dict[str, str],
    change: dict[str, object],
    field: str,
) -> None:
    """The complaint names the field, as Laravel does."""
    status, reply = await call(kriptomat_sandbox, "POST", BUY, {**BODY, **change}, **bearer)
    assert (status, list(reply["errors"])) == (422, [field])
    assert kriptomat_sandbox.purchases == []


@pytest.mark.parametrize(
    ("header", "value", "expected"),
    [
        ("Authorization", "Bearer other", 401),
        ("Authorization", "", 401),
        ("X-Requested-With", "curl", 400),
        ("Content-Type", "text/plain", 400),
    ],
)
async def test_a_header_that_is_missing_or_wrong_buys_nothing(
    kriptomat_sandbox: KriptomatSandbox,
    bearer: dict[str, str],
    header: str,
    value: str,
    expected: int,
) -> None:
    """All three are documented on every call."""
    status, _ = await call(kriptomat_sandbox, "POST", BUY, BODY, **{**bearer, header: value})
    assert status == expected
    assert kriptomat_sandbox.purchases == []


async def test_a_token_ends_and_a_stranger_is_not_found(
    kriptomat_sandbox: KriptomatSandbox, bearer: dict[str, str], clock: Clock
) -> None:
    """Sixty minutes are documented; the sandbox knows one user."""
    other = BUY.replace("/1/", "/2/")
    assert (await call(kriptomat_sandbox, "POST", other, BODY, **bearer))[0] == 404
    clock.advance(3600)
    assert (await call(kriptomat_sandbox, "POST", BUY, BODY, **bearer))[0] == 401


async def test_the_documented_example_works_as_documented(
    kriptomat_sandbox: KriptomatSandbox, bearer: dict[str, str]
) -> None:
    """The curl line of the vendor's page, against this server."""
    status, reply = await call(kriptomat_sandbox, "POST", BUY, BODY, **bearer)
    assert (status, reply) == (200, {"status": True, "data": {"transaction_id": 1}})


async def test_a_failed_purchase_gives_its_money_back(
    kriptomat_sandbox: KriptomatSandbox, bearer: dict[str, str]
) -> None:
    """Once, however often it fails."""
    book = kriptomat_sandbox.book
    book.balance, book.settle = book.prices["btceur"], "never"
    before = book.balance
    await call(kriptomat_sandbox, "POST", BUY, BODY, **bearer)
    assert book.balance == before - 250
    for _ in range(2):
        kriptomat_sandbox.settle_now(1, "ERROR")
    assert book.balance == before


async def test_another_process_can_steer_it(
    kriptomat_sandbox: KriptomatSandbox, bearer: dict[str, str]
) -> None:
    """Crash tests run the bot as a child and the sandbox elsewhere."""
    faults, ledger = "/_sandbox/faults", "/_sandbox/ledger"
    wish = {"op": "buy", "fault": "500 after", "times": 2}
    _, armed = await call(kriptomat_sandbox, "POST", faults, wish)
    assert armed["armed"]["buy"] == {"next": ["500 after"] * 2, "standing": None}
    assert (await call(kriptomat_sandbox, "POST", BUY, BODY, **bearer))[0] == 500
    await call(kriptomat_sandbox, "POST", faults, {"clear": True})
    await call(kriptomat_sandbox, "POST", faults, {"op": "list", "fault": "429", "standing": True})
    _, shown = await call(kriptomat_sandbox, "GET", faults)
    assert shown["armed"]["list"]["standing"] == "429"
    assert shown["armed"]["buy"]["next"] == []
    await call(kriptomat_sandbox, "POST", ledger, {"id": 1, "state": "PENDING"})
    _, told = await call(kriptomat_sandbox, "GET", ledger)
    assert told["purchases"][0]["idempotency_key"] == KEY
    assert told["purchases"][0]["state"] == "PENDING"
    assert json.loads(told["posts"][0]["body"]) == BODY


@pytest.mark.parametrize(
    "wish",
    [{"op": "buy", "fault": "gremlins"}, {"op": "sell", "fault": "429"}, {"op": "buy"}, [1]],
    ids=str,
)
async def test_a_wish_that_means_nothing_is_refused(
    kriptomat_sandbox: KriptomatSandbox, wish: object
) -> None:
    """A mistyped fault that silently does nothing would make a test pass for nothing."""
    assert (await call(kriptomat_sandbox, "POST", "/_sandbox/faults", wish))[0] in (400, 422)


def test_a_fault_fits_only_its_operation(kriptomat_sandbox: KriptomatSandbox) -> None:
    """The list cannot refuse a login."""
    with pytest.raises(UnknownFault, match="login refused"):
        kriptomat_sandbox.faults.next("list", "login refused")


def test_every_fault_says_what_it_does_and_where_it_comes_from() -> None:
    """The sandbox must not pass off its own ideas as the vendor's."""
    assert all(f.says.endswith(".") and "\n" not in f.says for f in FAULTS.values())
    assert {f.source for f in FAULTS.values()} <= {"documented", "our reading"}


async def test_it_listens_on_this_machine_only_and_stops_while_calls_hang(clock: Clock) -> None:
    """A pretend bank must not be reachable from the network, and must not hold up a shutdown."""
    sandbox = KriptomatSandbox(now=clock.now)
    await sandbox.start()
    assert sandbox.base_url.startswith("http://127.0.0.1:")
    sandbox.faults.next("buy", "hang before")
    hanging = asyncio.create_task(call(sandbox, "POST", BUY, BODY, **HEADERS))
    while not sandbox.posts:  # noqa: ASYNC110 - the sandbox has no reason to tell
        await asyncio.sleep(0.005)
    async with asyncio.timeout(1):
        await sandbox.stop()
    with pytest.raises(ClientError):
        await hanging


async def test_a_restart_on_the_same_port_keeps_the_ledger(
    kriptomat_sandbox: KriptomatSandbox, bearer: dict[str, str]
) -> None:
    """So an outage of the vendor can be played."""
    await call(kriptomat_sandbox, "POST", BUY, BODY, **bearer)
    url = kriptomat_sandbox.base_url
    await kriptomat_sandbox.stop()
    await kriptomat_sandbox.start(int(url.rsplit(":", 1)[1]))
    assert kriptomat_sandbox.base_url == url
    assert len(kriptomat_sandbox.purchases) == 1
