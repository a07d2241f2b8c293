"""What the first call to a vendor would load is loaded before: seen in a process of its own."""

import subprocess
import sys

CHILD = """
import asyncio, sys
from datetime import UTC, datetime
from aiohttp import web
from providers import http, loading

async def main():
    app = web.Application()
    app.router.add_get("/", lambda _: web.Response(text="{}"))
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    await loading.ready()
    client = http.Http(f"http://127.0.0.1:{port}", vendor="any", now=lambda: datetime.now(UTC))
    before = set(sys.modules)
    assert (await client.read("/")).status == 200
    print(sorted(set(sys.modules) - before))
    await client.aclose()
    await runner.cleanup()

asyncio.run(main())
"""


def test_the_first_call_to_a_vendor_loads_nothing_while_people_wait() -> None:
    """Imports hold the event loop up: they were the longest stall of a bot just started."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD], capture_output=True, text=True, check=False, timeout=60
    )
    *_, loaded = done.stdout.splitlines() or [done.stderr]
    assert loaded == "[]"
