"""What the tests of Oak stand on: its sandbox, clients of it, and what they want to buy."""

import json
from dataclasses import replace
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientSession

from bot.domain.money import Money
from providers.base import Draft, Purchase
from providers.oak import Oak
from providers.oak_paths import OakReading, OakSettings
from providers.sandbox.oak import OakSandbox
from tests.providers import stage
from tests.providers.stage import RawServer, http_reply

READING = OakReading(calls_per_minute=None, destination_decimals=6)
OAK_TOKEN = http_reply(200, '{"access_token":"abc","expires_in":3600}')


def oak_settings(sandbox: OakSandbox, **changes: Any) -> OakSettings:
    """Settings that fit the sandbox, but for ``changes``."""
    known = {
        name.removeprefix("OAK_").lower(): value for name, value in sandbox.credentials.items()
    }
    return OakSettings.model_validate(
        {
            "base_url": sandbox.base_url,
            "provider": sandbox.account.provider,
            "payment_method": "customer_wallet",
            "customer_id": sandbox.account.customer_id,
            "amount_unit": sandbox.behaviour.amount_unit,
            "reading": READING,
            **known,
            **changes,
        }
    )


def oak_purchase(amount: str = "25", key: str = stage.KEY) -> Purchase:
    """25 USD of usdc unless told otherwise."""
    wish = stage.purchase(Money.of(amount, "USD"), asset="usdc", key=key)
    return replace(wish, currency="USD")


def listed(rows: object, count: object = 1) -> bytes:
    """A page of the list, for a server that speaks bytes."""
    data = {"count": count, "transaction_list": rows}
    return http_reply(200, json.dumps({"msg": "ok", "data": data}))


async def call(
    sandbox: OakSandbox, method: str, path: str, body: object = None, **headers: str
) -> tuple[int, Any]:
    """One call without a client: the status and the document."""
    async with (
        ClientSession() as session,
        session.request(
            method,
            sandbox.base_url + path,
            data=None if body is None else json.dumps(body),
            headers={"Content-Type": "application/json", **headers},
        ) as reply,
    ):
        return reply.status, await reply.json(content_type=None)


class OakStage:
    """The sandbox and clients of it, on one clock; all are closed in the end."""

    def __init__(self) -> None:
        self.clock = stage.Clock()
        self.sandbox = OakSandbox(now=self.clock.now)
        self.sandbox.book.settle = "at once"
        self._made: list[Oak] = []

    async def __aenter__(self) -> Self:
        await self.sandbox.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for client in self._made:
            await client.aclose()
        await self.sandbox.stop()

    def client(self, *, reading: dict[str, Any] | None = None, **changes: Any) -> Oak:
        """A client that may come in, with these corrections to what is assumed."""
        settings = oak_settings(
            self.sandbox, **{"reading": replace(READING, **(reading or {})), **changes}
        )
        client = Oak(settings, now=self.clock.now, deadlines=stage.PATIENT)
        self._made.append(client)
        return client

    def draft(self, client: Oak, amount: str = "25") -> Draft:
        return client.draft(oak_purchase(amount))

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """All buy requests that arrived, read."""
        return [json.loads(post.body) for post in self.sandbox.posts]

    def strangers(self, count: int) -> None:
        """So many other purchases, under other keys."""
        for one in range(count):
            self.sandbox.put(Decimal(10 + one), {"client_order_id": f"stranger{one}"})

    async def found(self) -> list[tuple[str, bool]]:
        """What is found of our purchase, and whether by our key."""
        found = await self.client().find(oak_purchase(), since=self.clock.now())
        return [(one.report.ref, one.exact) for one in found]

    async def seen_in(self, raw: RawServer, *pages: bytes) -> list[bool]:
        """What a look finds in these pages, the last of them repeated: by our key or not."""
        raw.replies = [OAK_TOKEN, *pages]
        client = self.client(base_url=raw.url)
        found = await client.find(oak_purchase(), since=self.clock.now())
        return [one.exact for one in found]
