"""Who is let in by the Coins.ph sandbox: true signatures in either spelling, fresh nonces, a token.

It is called without our client, signed by a computation that is not ours.
"""

import json
from collections.abc import AsyncIterator

import pytest

from providers.sandbox.coins_ph import CoinsPhSandbox
from tests.providers.coins_ph_caller import BODY, BUY, call, sign
from tests.providers.coins_ph_stage import vendor
from tests.providers.stage import Clock


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[CoinsPhSandbox]:
    async with vendor(clock) as opened:
        yield opened


@pytest.mark.parametrize("spelling", ["ACCESS_", "Access-"])
async def test_both_spellings_are_let_in_and_hidden_in_what_is_kept(
    sandbox: CoinsPhSandbox, spelling: str
) -> None:
    """Both are documented; a kept request must not hold what could log in."""
    data = json.dumps(BODY).encode()
    headers = sign(sandbox, BUY, data, spelling=spelling)
    assert (await call(sandbox, "POST", BUY, BODY, headers))[0] == 201
    [post] = sandbox.posts
    assert post.body == data
    kept = f"{post.headers} {sandbox.ledger()}"
    hidden = [value for name, value in headers.items() if not name.upper().endswith("NONCE")]
    assert [value for value in hidden if value in kept] == []


@pytest.mark.parametrize("wrong", ["KEY", "SIGNATURE", "NONCE", "path", "body", "none", "bearer"])
async def test_a_wrong_signature_is_not_let_in(sandbox: CoinsPhSandbox, wrong: str) -> None:
    """Key, nonce, URL and body are all under it."""
    data = json.dumps(BODY if wrong != "body" else {**BODY, "btc_amount": 1}).encode()
    headers = sign(sandbox, BUY if wrong != "path" else BUY + "?a=1", data)
    if wrong in ("KEY", "SIGNATURE", "NONCE"):
        headers[f"ACCESS_{wrong}"] = headers[f"ACCESS_{wrong}"][::-1] + "0"
    if wrong == "none":
        headers = {}
    if wrong == "bearer":
        headers = {"Authorization": "Bearer wrong"}
    status, reply = await call(sandbox, "POST", BUY, BODY, headers)
    assert status == 401
    assert reply["errors"]
    assert sandbox.purchases == []


async def test_a_token_is_let_in(sandbox: CoinsPhSandbox) -> None:
    """The other documented way."""
    token = sandbox.bearer_credentials["COINS_PH_TOKEN"]
    headers = {"Authorization": f"Bearer {token}"}
    assert (await call(sandbox, "GET", BUY, None, headers))[0] == 200


@pytest.mark.parametrize(
    ("rule", "nonce", "status"),
    [
        ("increasing", 1000, 401),
        ("increasing", 999, 401),
        ("increasing", 1001, 200),
        ("once", 1000, 401),
        ("once", 999, 200),
    ],
)
async def test_a_nonce_is_used_once_and_grows(
    sandbox: CoinsPhSandbox, rule: str, nonce: int, status: int
) -> None:
    """Documented both; whether the second is enforced can be chosen."""
    sandbox.behaviour.nonces = rule  # type: ignore[assignment]
    await call(sandbox, "GET", BUY, None, sign(sandbox, BUY, b"", nonce=1000))
    again = sign(sandbox, BUY, b"", nonce=nonce)
    assert (await call(sandbox, "GET", BUY, None, again))[0] == status
