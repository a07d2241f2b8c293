"""A browser is told what has changed, once, and after a pause the present."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from bot.playground.bell import Bell
from bot.playground.page.stream import Stream

Json = dict[str, Any]


class Board:
    """What there is to see, and a stream of it."""

    def __init__(self) -> None:
        self.bell = Bell()
        self.stream = Stream(self.bell)
        self.things: dict[str, str] = {}

    def put(self, **things: object) -> None:
        """Change it, and ring once for each."""
        for key, thing in things.items():
            self.things = {**self.things, key: json.dumps(thing)}
            self.bell.ring()

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[aiohttp.StreamReader]:
        """A browser."""

        async def serve(request: web.Request) -> web.StreamResponse:
            return await self.stream.serve(request, lambda: self.things)

        app = web.Application()
        app.router.add_get("/", serve)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"http://127.0.0.1:{port}/") as reply,
            ):
                assert reply.content_type == "text/event-stream"
                yield reply.content
        finally:
            self.stream.end()
            await runner.cleanup()


async def told(reader: aiohttp.StreamReader) -> Json:
    """The next event."""
    async with asyncio.timeout(5):
        assert await reader.readline() == b"event: things\n"
        data = (await reader.readline()).removeprefix(b"data: ")
        assert await reader.readline() == b"\n"
    event: Json = json.loads(data)
    return event


async def test_a_browser_is_first_told_everything() -> None:
    """A page that was just opened, or that was away, begins with the present."""
    board = Board()
    board.put(one=1, other={"a": "b"})
    async with board.looking() as reader:
        assert await told(reader) == {
            "whole": True,
            "drop": [],
            "put": {"one": 1, "other": {"a": "b"}},
        }


async def test_an_empty_picture_is_told_as_well() -> None:
    """Otherwise a page would wait for ever for its beginning."""
    async with Board().looking() as reader:
        assert await told(reader) == {"whole": True, "drop": [], "put": {}}


async def test_only_what_has_changed_is_told_again() -> None:
    """Three hundred lines of traffic must not be sent for each vote."""
    board = Board()
    board.put(one=1, other=2)
    async with board.looking() as reader:
        await told(reader)
        board.put(other=3, more=4)
        assert await told(reader) == {"whole": False, "drop": [], "put": {"other": 3, "more": 4}}


async def test_what_is_gone_is_dropped() -> None:
    """A form that was closed, a message that was deleted."""
    board = Board()
    board.put(one=1, other=2)
    async with board.looking() as reader:
        await told(reader)
        board.things = {"one": "1"}
        board.bell.ring()
        assert await told(reader) == {"whole": False, "drop": ["other"], "put": {}}


async def test_changes_that_come_together_are_told_together() -> None:
    """A purchase rings a dozen times in a few milliseconds; the last word of each counts."""
    board = Board()
    async with board.looking() as reader:
        await told(reader)
        for count in range(200):
            board.put(count=count)
        assert await told(reader) == {"whole": False, "drop": [], "put": {"count": 199}}


async def test_a_ring_without_a_change_is_not_told() -> None:
    """The next event is the next change."""
    board = Board()
    board.put(one=1)
    async with board.looking() as reader:
        await told(reader)
        board.bell.ring()
        await asyncio.sleep(0.1)
        board.put(one=2)
        assert (await told(reader))["put"] == {"one": 2}


async def test_the_end_lets_every_browser_go() -> None:
    """``make demo`` must stop at once although pages are open."""
    board = Board()
    async with board.looking() as one, board.looking() as other:
        await told(one)
        await told(other)
        board.stream.end()
        async with asyncio.timeout(5):
            assert await one.read() == b""
            assert await other.read() == b""
