"""How Coins.ph knows us: signatures against a computation by hand, and nonces that only grow."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import structlog
from pydantic import ValidationError

from providers.base import Refused, Unavailable, Uncertain
from providers.coins_ph import CoinsPh
from providers.coins_ph_auth import signature
from providers.coins_ph_paths import CoinsPhSettings
from providers.sandbox.coins_ph import CoinsPhSandbox
from tests.providers.coins_ph_stage import Memory, client, coins_ph_settings, pesos, reading, vendor
from tests.providers.stage import PATIENT, QUICK, Clock, RawServer, http_reply

URL = "https://coins.ph/api/v2/buyorder?limit=10&offset=0"


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[CoinsPhSandbox]:
    async with vendor(clock) as opened:
        yield opened


@pytest.fixture
async def coins(sandbox: CoinsPhSandbox, clock: Clock) -> AsyncIterator[CoinsPh]:
    async with client(sandbox, clock) as opened:
        yield opened


def by_hand(secret: bytes, message: bytes) -> str:
    """HMAC-SHA256 by its definition, without the module that the client uses."""
    block = secret.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + message).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in block) + inner).hexdigest()


@pytest.mark.parametrize("body", [b"", b'{"currency":"PHP"}'])
def test_a_signature_covers_nonce_url_with_query_and_body(body: bytes) -> None:
    """Documented in this order, nothing between; hex in lower case."""
    expected = by_hand(b"s3cret", b"1711000000000000" + URL.encode() + body)
    assert signature("s3cret", 1711000000000000, URL, body) == expected


async def test_what_is_sent_is_what_was_signed(raw: RawServer, clock: Clock) -> None:
    """The bytes on the wire are checked by somebody who knows only the documents."""
    raw.replies = [http_reply(404, '{"errors":["No."]}')]
    memory = Memory()
    settings = CoinsPhSettings.model_validate(
        {
            "base_url": raw.url,
            "payment_method": "bdo_deposit",
            "target_account_id": "1a2c3b4n",
            "api_key": "k3y",
            "api_secret": "s3cret",
            "reading": reading(),
        }
    )
    coins = CoinsPh(settings, now=clock.now, nonces=memory, deadlines=PATIENT)
    draft = coins.draft(pesos())
    with pytest.raises(Refused):
        await coins.buy(draft)
    with pytest.raises(Unavailable):
        await coins.list_since(clock.now())
    await coins.aclose()
    for request, nonce in zip(raw.requests, memory.given, strict=True):
        head, _, body = request.partition(b"\r\n\r\n")
        line, *rest = head.split(b"\r\n")
        headers = dict(one.split(b": ", 1) for one in rest)
        url = raw.url.encode() + line.split(b" ")[1]
        assert headers[b"ACCESS_KEY"] == b"k3y"
        assert headers[b"ACCESS_NONCE"] == str(nonce).encode()
        signed = by_hand(b"s3cret", headers[b"ACCESS_NONCE"] + url + body)
        assert headers[b"ACCESS_SIGNATURE"] == signed.encode()
    assert len(raw.requests) == 2
    assert raw.requests[0].endswith(draft.body)
    assert b"?limit=50&offset=0 " in raw.requests[1]


@pytest.mark.parametrize("style", ["underscore", "hyphen"])
async def test_both_spellings_of_the_headers_come_in(
    sandbox: CoinsPhSandbox, clock: Clock, style: str
) -> None:
    """Some proxies drop names with underscores, so it is one line of configuration."""
    async with client(sandbox, clock, reading=reading(header_style=style)) as coins:
        await coins.buy(coins.draft(pesos()))
    [post] = sandbox.posts
    names = {"underscore": "ACCESS_NONCE", "hyphen": "Access-Nonce"}
    assert names[style] in post.headers


async def test_a_token_comes_in_and_needs_no_nonce(sandbox: CoinsPhSandbox, clock: Clock) -> None:
    """The other documented way; nothing is signed and nothing queues."""
    memory = Memory()
    token: dict[str, Any] = {"token": sandbox.account.token, "api_key": None, "api_secret": None}
    async with client(sandbox, clock, memory, **token) as coins:
        report = await coins.buy(coins.draft(pesos()))
        assert await coins.status(report.ref) is not None
    assert memory.given == []
    [post] = sandbox.posts
    assert post.headers["Authorization"] == "[hidden]"
    assert "ACCESS_KEY" not in post.headers


async def test_twenty_calls_at_once_arrive_in_the_order_of_their_nonces(
    sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """The vendor refuses a nonce below the last one, and a refused order is a doubt or a delay."""
    memory = Memory()
    async with client(sandbox, clock, memory) as coins:
        buys = [coins.buy(coins.draft(pesos(str(100 + one)))) for one in range(10)]
        looks = [coins.status("1") for _ in range(10)]
        await asyncio.gather(*buys, *looks)
    assert len(sandbox.purchases) == 10
    assert sandbox.gate.spent == memory.given
    assert sorted(set(memory.given)) == memory.given
    assert len(memory.given) == 20


async def test_a_new_client_goes_on_where_the_last_one_stopped(
    sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """After a restart the clock may stand still or be set back; the store remembers."""
    memory = Memory()
    async with client(sandbox, clock, memory) as coins:
        await coins.buy(coins.draft(pesos()))
    clock.advance(-3600)
    async with client(sandbox, clock, memory) as coins:
        await coins.buy(coins.draft(pesos()))
    assert len(sandbox.purchases) == 2
    first, second = memory.given
    assert second > first
    [account] = memory.accounts
    assert sandbox.account.api_key not in account


async def test_nonces_are_microseconds_so_that_other_programs_fit_in(
    coins: CoinsPh, sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """Documented samples use them; mixing resolutions under one key would lock one side out."""
    await coins.status("1")
    assert sandbox.gate.spent == [int(clock.now().timestamp()) * 1_000_000]


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_read_whose_nonce_is_refused_is_asked_once_more(
    coins: CoinsPh, sandbox: CoinsPhSandbox, status: int
) -> None:
    """How a refusal looks is not documented; a look-up in doubt must not fail over it."""
    report = await coins.buy(coins.draft(pesos()))
    sandbox.behaviour.nonce_status = status  # type: ignore[assignment]
    sandbox.faults.next("list", "nonce refused")
    assert await coins.status(report.ref) is not None
    sandbox.faults.next("list", "nonce refused", times=2)
    with pytest.raises(Unavailable):
        await coins.status(report.ref)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refusal_without_words_is_asked_once_more_with_a_new_nonce(
    raw: RawServer, sandbox: CoinsPhSandbox, clock: Clock, status: int
) -> None:
    """It may be about the nonce; a token has none, so there it is the answer."""
    raw.replies = [http_reply(status, "<html>"), http_reply(404, '{"errors":["No."]}')]
    async with client(sandbox, clock, base_url=raw.url) as coins:
        assert await coins.status("a1") is None
    assert len(raw.requests) == 2
    raw.replies = [http_reply(status, "<html>"), http_reply(404, '{"errors":["No."]}')]
    token: dict[str, Any] = {"token": "t0ken", "api_key": None, "api_secret": None}
    async with client(sandbox, clock, base_url=raw.url, **token) as coins:
        with pytest.raises(Unavailable):
            await coins.status("a1")
    assert len(raw.requests) == 3


@pytest.mark.parametrize(
    ("on_401", "status", "ends", "posts"),
    [
        ("unavailable", 401, Unavailable, 1),
        ("uncertain", 401, Uncertain, 1),
        ("again", 401, None, 2),
        ("unavailable", 403, Uncertain, 1),
        ("again", 400, Uncertain, 1),
    ],
)
async def test_a_purchase_whose_nonce_is_refused_is_never_taken_for_a_no(
    sandbox: CoinsPhSandbox,
    clock: Clock,
    on_401: str,
    status: int,
    ends: type[Exception] | None,
    posts: int,
) -> None:
    """Only 401 is clearly before execution, and what is made of it can be chosen."""
    sandbox.behaviour.nonce_status = status  # type: ignore[assignment]
    sandbox.faults.next("buy", "nonce refused")
    async with client(sandbox, clock, reading=reading(on_401=on_401)) as coins:
        draft = coins.draft(pesos())
        if ends is None:
            await coins.buy(draft)
        else:
            with pytest.raises(ends):
                await coins.buy(draft)
    assert [post.body for post in sandbox.posts] == [draft.body] * posts
    assert len(sandbox.purchases) == (1 if ends is None else 0)


async def test_a_call_that_hangs_does_not_let_others_wait_for_ever(
    sandbox: CoinsPhSandbox, clock: Clock
) -> None:
    """One key makes one call at a time; whoever waits too long was surely not sent."""
    sandbox.faults.standing("list", "hang before")
    brief = replace(QUICK, read=2, total=0.4, read_attempts=1)
    async with client(sandbox, clock, deadlines=brief) as coins:
        looks = []
        for _ in range(2):
            looks.append(asyncio.create_task(coins.status("1")))
            await asyncio.sleep(0.1)
        with pytest.raises(Unavailable, match="too many calls wait"):
            await coins.buy(coins.draft(pesos()))
        ended = await asyncio.gather(*looks, return_exceptions=True)
    assert all(isinstance(one, Unavailable) for one in ended)
    assert sandbox.posts == []


@pytest.mark.parametrize(
    "changes",
    [
        {"api_key": None},
        {"api_secret": None},
        {"api_key": None, "api_secret": None},
        {"token": "t0ken"},
        {"api_key": "", "api_secret": ""},
        {"api_key": None, "api_secret": None, "token": ""},
        {"api_secret": None, "token": "t0ken"},
        {"api_key": "k\r\nX-Evil: 1"},
        {"api_secret": "naïve"},
    ],
    ids=repr,
)
async def test_there_is_exactly_one_way_in(
    sandbox: CoinsPhSandbox, changes: dict[str, Any]
) -> None:
    """Half a key, or two ways at once, is a mistake to be told at the start, without the secret."""
    with pytest.raises(ValidationError) as caught:
        coins_ph_settings(sandbox, **changes)
    for secret in (*sandbox.credentials.values(), "t0ken", "X-Evil"):
        assert secret not in str(caught.value)


async def test_an_echoed_secret_is_hidden(
    raw: RawServer, clock: Clock, sandbox: CoinsPhSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """A vendor that quotes our key in its complaint must not bring it into a channel or a row."""
    caplog.set_level(logging.DEBUG)
    key, secret = sandbox.credentials.values()
    raw.replies = [http_reply(403, f'{{"errors":["key {key} with {secret} is not allowed"]}}')]
    with structlog.testing.capture_logs() as logged:
        async with client(sandbox, clock, base_url=raw.url) as coins:
            with pytest.raises(Refused) as refused:
                await coins.buy(coins.draft(pesos()))
            with pytest.raises(Unavailable) as unavailable:
                await coins.status("1")
            said = f"{refused.value!r} {unavailable.value!r} {logged} {caplog.text} {coins!r}"
    assert "[hidden] with [hidden]" in said
    assert logged
    assert key not in said
    assert secret not in said
