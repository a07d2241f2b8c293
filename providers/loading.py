"""What the first connection to a vendor would load while people wait is loaded at start."""

import asyncio

import anyio


async def ready() -> None:
    """Load it in a thread; the loop goes on meanwhile.

    httpx opens connections by anyio, which imports its back end when it is first asked to wait:
    25 to 50 ms for which the event loop would stand still.
    """
    await asyncio.to_thread(anyio.run, anyio.sleep, 0)
