"""Keep one browser up to date: server-sent events with whatever has changed since the last one.

Nothing is queued. After each ring of the workspace's bell the picture is drawn again and compared
with what this browser has, so a browser that was away, or slow, is simply told the present.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping

from aiohttp import web

from bot.playground.bell import Bell

COALESCE_SECONDS = 0.03
"""Changes that come together are told together."""

BEAT_SECONDS = 15.0
"""A comment this often, so that a browser which is gone is noticed."""

Draw = Callable[[], Mapping[str, str]]


class Stream:
    """All browsers that are looking."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._ended = asyncio.Event()

    def end(self) -> None:
        """Let every browser go."""
        self._ended.set()
        self._bell.ring()

    async def serve(self, request: web.Request, draw: Draw) -> web.StreamResponse:
        """Until the browser is gone or ``end`` is called."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        # A tab that is closed in the middle of a sentence is no fault of anybody.
        with contextlib.suppress(ConnectionError):
            await self._tell(response, draw)
        return response

    async def _tell(self, response: web.StreamResponse, draw: Draw) -> None:
        told: Mapping[str, str] = {}
        whole = True
        while not self._ended.is_set():
            # The bell is taken hold of before looking, so that no ring falls between.
            next_ring = self._bell.next
            now = draw()
            put = {key: text for key, text in now.items() if told.get(key) != text}
            drop = [key for key in told if key not in now]
            if whole or put or drop:
                await response.write(_event(put, drop, whole=whole))
            told, whole = now, False
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    await next_ring.wait()
            except TimeoutError:
                await response.write(b": still here\n\n")
            await asyncio.sleep(COALESCE_SECONDS)


def _event(put: Mapping[str, str], drop: list[str], *, whole: bool) -> bytes:
    """The texts are JSON already and are set in as they are."""
    things = ",".join(f"{json.dumps(key)}:{text}" for key, text in put.items())
    head = f'"whole":{json.dumps(whole)},"drop":{json.dumps(drop)}'
    return f'event: things\ndata: {{{head},"put":{{{things}}}}}\n\n'.encode()
