"""Oak's token: shared, renewed in time whichever unit it is told in, and silent about secrets.

No grant buys anything, so whatever goes wrong here the order waits.
"""

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from typing import Any

import pytest
import structlog
from pydantic import ValidationError

from providers.base import Unavailable
from providers.oak import Oak
from tests.providers.oak_stage import OakStage, oak_purchase, oak_settings
from tests.providers.stage import PATIENT, RawServer, http_reply


@pytest.fixture
async def oak() -> AsyncIterator[OakStage]:
    async with OakStage() as opened:
        yield opened


def web_token(**claims: Any) -> str:
    """Looks like one that the vendor signed."""
    middle = urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{middle}.c2ln"


async def lives(oak: OakStage, raw: RawServer, reply: object) -> int:
    """For how many seconds a token is used that is granted so, in steps of ten."""
    raw.replies = [http_reply(200, json.dumps(reply))]
    client = oak.client(base_url=raw.url)
    await client.ready()
    for second in range(10, 4000, 10):
        oak.clock.advance(10)
        await client.ready()
        if len(raw.requests) > 1:
            return second
    raise AssertionError("used without end")


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        ({"expires_in": 3600}, 3540),
        ({"expires_in": 3_600_000}, 3540),
        ({"expires_in": "3600"}, 3540),
        ({"expires_in": 600}, 540),
        ({"expires_in": 600_000}, 540),
        ({"expires_in": 86_399}, 3540),
        ({"expires_in": 86_400}, 30),
        ({"expires_in": 10**12}, 3540),
        ({"expires_in": 1}, 30),
        ({"expires_in": 0}, 3540),
        ({"expires_in": "soon"}, 3540),
        ({}, 3540),
    ],
    ids=str,
)
async def test_the_life_of_a_token_is_understood_in_either_unit(
    oak: OakStage, raw: RawServer, reply: dict[str, Any], seconds: int
) -> None:
    """Both units are documented. A minute early, an hour at most, half a minute at least."""
    assert await lives(oak, raw, {"access_token": "abc", **reply}) == seconds


@pytest.mark.parametrize(
    ("claims", "seconds"),
    [
        ({"iat": 1000, "exp": 1600}, 540),
        ({"iat": 1000, "exp": 4600}, 3540),
        ({"iat": 1000.5, "exp": 1600.5}, 540),
        ({"exp": 1795251610 + 600}, 540),
        ({"exp": 1000}, 1140),
        ({"iat": 1600, "exp": 1000}, 1140),
        ({"iat": "then", "exp": "later"}, 1140),
        ({}, 1140),
    ],
    ids=str,
)
async def test_a_token_that_tells_its_own_end_is_believed_first(
    oak: OakStage, raw: RawServer, claims: dict[str, Any], seconds: int
) -> None:
    """Its end less its beginning needs no clock of ours; nonsense falls back to the reply."""
    assert int(oak.clock.now().timestamp()) == 1795251610
    token = web_token(**claims)
    assert await lives(oak, raw, {"access_token": token, "expires_in": 1200}) == seconds


@pytest.mark.parametrize("token", ["a.b.c", "a.%%.c", "..", "a.bnVsbA.c", "a.W10.c", "a.b"])
async def test_a_token_that_only_looks_like_one_that_tells_is_used(
    oak: OakStage, raw: RawServer, token: str
) -> None:
    """A token is the vendor's business; we only look when to ask again."""
    assert await lives(oak, raw, {"access_token": token, "expires_in": 600}) == 540


@pytest.mark.parametrize("told", ["ms", "s", "jwt", "untold"])
async def test_a_session_goes_on_past_its_first_token(oak: OakStage, told: Any) -> None:
    """Against the sandbox: two hours, one login each hour, no 401 on the way."""
    oak.sandbox.behaviour.expires_in = told
    client = oak.client()
    for _ in range(26):
        await client.check()
        oak.clock.advance(300)
    assert oak.sandbox.logins == 3


async def test_one_login_serves_everybody_who_waits(oak: OakStage) -> None:
    """Ten callers must not make ten grants."""
    client = oak.client()
    await asyncio.gather(*(client.check() for _ in range(10)))
    oak.sandbox.expire_tokens()
    await asyncio.gather(*(client.check() for _ in range(10)))
    assert oak.sandbox.logins == 2


async def test_a_refused_login_is_not_repeated_for_a_minute(oak: OakStage) -> None:
    """Many orders wait on one wrong secret; vendors lock accounts that guess."""
    client = oak.client(client_secret="wrong")
    for _ in range(3):
        with pytest.raises(Unavailable, match="Invalid credentials") as caught:
            await client.buy(client.draft(oak_purchase()))
    assert caught.value.after == 60
    assert oak.sandbox.logins == 1
    oak.clock.advance(61)
    with pytest.raises(Unavailable):
        await client.check()
    assert (oak.sandbox.logins, oak.sandbox.posts) == (2, [])


@pytest.mark.parametrize(
    "reply",
    [
        http_reply(200, '{"msg":"ok","data":{"access_token":"abc"}}'),
        http_reply(200, '{"access_token":""}'),
        http_reply(200, '{"access_token":7}'),
        http_reply(200, '{"access_token":"a\\nb"}'),
        http_reply(200, "[]"),
        http_reply(200, "<html>"),
        http_reply(302, "", "Location: https://elsewhere.example.test"),
        http_reply(500, "{}"),
    ],
    ids=["wrapped", "empty", "number", "two lines", "list", "page", "redirect", "500"],
)
async def test_an_answer_without_a_token_is_unavailable(
    oak: OakStage, raw: RawServer, reply: bytes
) -> None:
    """The documented reply is flat; what is anything else is not guessed at."""
    raw.replies = [reply]
    with pytest.raises(Unavailable):
        await oak.client(base_url=raw.url).ready()


async def test_what_the_vendor_echoes_is_not_repeated(oak: OakStage, raw: RawServer) -> None:
    """A refusal may quote the request; its words are shown in a channel."""
    client = oak.client(base_url=raw.url, client_id="my-id", client_secret="my-secret")
    raw.replies = [http_reply(401, '{"msg":"my-id with my-secret is unknown","data":null}')]
    with structlog.testing.capture_logs() as logged, pytest.raises(Unavailable) as caught:
        await client.ready()
    assert "[hidden] with [hidden] is unknown" in caught.value.reason
    assert "my-" not in f"{caught.value!r} {logged}"


def test_faulty_settings_show_no_secret(oak: OakStage) -> None:
    """Whoever misspells a key gets to see the key, and no value."""
    with pytest.raises(ValidationError) as caught:
        oak_settings(oak.sandbox, client_secret="my-secret", amount_units="minor")
    assert "my-secret" not in str(caught.value)
    assert "my-secret" not in repr(oak_settings(oak.sandbox, client_secret="my-secret"))


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_unit": None},
        {"amount_unit": "cents"},
        {"customer_id": "7"},
        {"currency": "dollars"},
        {"asset": "USDC"},
        {"provider": ""},
        {"payment_method": "a b"},
        {"base_url": "http://payments.example.test"},
        {"minimum": 0},
        {"fee_allowance": 1},
        {"client_id": None},
    ],
    ids=str,
)
def test_settings_that_cannot_work_are_refused(oak: OakStage, changes: dict[str, Any]) -> None:
    """Above all the unit of the amount, which no page of the vendor's tells: a guess may be off by
    a hundred."""
    with pytest.raises(ValidationError):
        oak_settings(oak.sandbox, **changes)


async def test_the_grant_is_as_documented(oak: OakStage, raw: RawServer) -> None:
    """Path and body, as the vendor's page has them."""
    raw.replies = [http_reply(200, '{"access_token":"abc","expires_in":3600}')]
    client = oak.client(base_url=raw.url)
    await client.ready()
    head, _, body = raw.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /api/v1/merchant/token/grant HTTP/1.1\r\n")
    account = oak.sandbox.account
    assert json.loads(body) == {
        "client_id": account.client_id,
        "client_secret": account.client_secret,
        "grant_type": "client_credentials",
    }


async def test_no_call_leaves_before_the_first_token(oak: OakStage) -> None:
    """Starting the bot must not depend on a vendor."""
    client = Oak(oak_settings(oak.sandbox), now=oak.clock.now, deadlines=PATIENT)
    await client.aclose()
    assert oak.sandbox.logins == 0
