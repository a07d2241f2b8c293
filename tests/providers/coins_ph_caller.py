"""A caller of the Coins.ph sandbox that is not our client: it knows only the documents."""

import hashlib
import hmac
import json
from decimal import Decimal
from itertools import count
from typing import Any

from aiohttp import ClientSession

from providers.sandbox.coins_ph import CoinsPhSandbox

BUY = "/api/v2/buyorder"
BODY: dict[str, Any] = {
    "currency": "PHP",
    "btc_amount": 0.1,
    "payment_method": "bdo_deposit",
    "target_account_id": "1a2c3b4n",
    "rate": 3_600_000,
}
"""The documented sample, at this sandbox's rate."""

NONCES = count(1)


def sign(
    sandbox: CoinsPhSandbox, path: str, body: bytes, *, spelling: str = "ACCESS_", nonce: int = 0
) -> dict[str, str]:
    """Headers as documented; ``nonce`` 0 is the next one."""
    drawn = str(nonce or next(NONCES))
    message = (drawn + sandbox.base_url + path).encode() + body
    signed = hmac.new(sandbox.account.api_secret.encode(), message, hashlib.sha256).hexdigest()
    values = {"KEY": sandbox.account.api_key, "SIGNATURE": signed, "NONCE": drawn}
    cased = {name: name if spelling == "ACCESS_" else name.title() for name in values}
    return {spelling + cased[name]: value for name, value in values.items()}


async def call(
    sandbox: CoinsPhSandbox,
    method: str,
    path: str,
    body: object = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, Any]:
    """Signed unless ``headers`` are given."""
    data = b"" if body is None else json.dumps(body).encode()
    given = sign(sandbox, path, data) if headers is None else headers
    async with (
        ClientSession() as session,
        session.request(method, sandbox.base_url + path, data=data, headers=given) as reply,
    ):
        return reply.status, json.loads(await reply.text(), parse_float=Decimal)


async def created(sandbox: CoinsPhSandbox) -> dict[str, Any]:
    status, reply = await call(sandbox, "POST", BUY, BODY)
    assert status == 201
    order: dict[str, Any] = reply["order"]
    return order
