"""A stage on which Oak Network sells as well: real HTTP to its sandbox, by the configuration."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from providers.sandbox.oak import OakSandbox
from tests.stage import TOML, Stage, running

WORDS = "25 USD usdc via oak"

RULE = """
[[rules]]
name = "dollars"
providers = ["oak"]
up_to = "1000 USD"
approvals = [{ from = "approvers", count = 1 }]

[providers.oak]
base_url = "OAK_URL"
provider = "bridge"
payment_method = "customer_wallet"
customer_id = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
amount_unit = "minor"
reading = { calls_per_minute = 6000 }
"""


@asynccontextmanager
async def with_oak(folder: Path, **options: Any) -> AsyncIterator[tuple[Stage, OakSandbox]]:
    """The stage with its bot running, and Oak's sandbox."""
    stage = Stage(folder, **options)
    oak = OakSandbox(now=stage.clock.now)
    await oak.start()
    stage.toml = TOML + RULE.replace("OAK_URL", oak.base_url)
    stage.credentials = oak.credentials
    try:
        async with running(stage):
            yield stage, oak
    finally:
        await oak.stop()
