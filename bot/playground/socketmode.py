"""Socket Mode: up to ten connections, each payload to any one of them, three seconds to answer.

An acknowledgement counts on whichever connection it comes. A connection is warned and then asked to
refresh when it has grown old; it can also be asked at once, cut off, or silenced: a silent one is
still open and still chosen, which is what a half-open TCP connection looks like from Slack's side.
"""

import asyncio
import contextlib
import json
import random
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import WSMsgType, web

from bot.playground.faults import Faults
from bot.playground.traffic import Traffic
from bot.playground.wire import cut
from bot.playground.workspace import Workspace

Json = dict[str, Any]
Reason = Literal["warning", "refresh_requested", "link_disabled"]

MAX_CONNECTIONS = 10
LIFE_SECONDS, DEBUG_LIFE_SECONDS = 18060.0, 360.0
"""Age at which a connection is to be refreshed; the URL can ask for the short one."""
_GRACE = 1.0
"""Seconds that a connection gets to go by itself after it was asked to."""


@dataclass(eq=False, slots=True)
class Link:
    """One WebSocket from the bot."""

    socket: web.WebSocketResponse
    request: web.Request
    silent: bool = False
    retiring: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one envelope."""

    error: str | None
    seconds: float | None = None
    payload: Json | None = None


class SocketMode:
    """All connections of the one app."""

    def __init__(
        self,
        *,
        workspace: Workspace,
        faults: Faults,
        traffic: Traffic,
        ack_seconds: float,
        seed: int,
    ) -> None:
        self.ack_seconds = ack_seconds
        self.life_seconds = LIFE_SECONDS
        self.warning_seconds = 10.0
        """So long before its end a connection is warned."""
        self.links: list[Link] = []
        self.opened = 0
        """How many connections were ever opened: a reconnect shows here."""
        self._workspace = workspace
        self._faults = faults
        self._traffic = traffic
        self._chance = random.Random(seed)  # noqa: S311 - which connection is no secret
        self._tickets: set[str] = set()
        self._waiting: dict[str, list[asyncio.Future[Json]]] = {}
        self._goodbyes: set[asyncio.Task[None]] = set()

    def ticket(self) -> str:
        """What admits one connection, once."""
        ticket = self._workspace.new_id("ticket")
        self._tickets.add(ticket)
        return ticket

    @property
    def usable(self) -> list[Link]:
        """The connections that Slack believes in, silent ones included."""
        return [link for link in self.links if not link.retiring]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One WebSocket, from handshake to end."""
        if self._faults.sockets_down:
            return cut(request)
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(request.query["ticket"])
        socket = web.WebSocketResponse(autoping=False, autoclose=False, timeout=_GRACE)
        await socket.prepare(request)
        if len(self.links) >= MAX_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        link = Link(socket, request)
        self.links.append(link)
        short = request.query.get("debug_reconnects") == "true"
        life = min(self.life_seconds, DEBUG_LIFE_SECONDS) if short else self.life_seconds
        ageing = asyncio.create_task(self._age(link, life), name="a connection grows old")
        try:
            # A connection that breaks under a frame ends like one that breaks between frames.
            with contextlib.suppress(ConnectionError):
                await self._send(link, self._hello(life))
                self.opened += 1
                self._workspace.changed.ring()
                await self._listen(link)
        finally:
            ageing.cancel()
            self.links.remove(link)
            self._workspace.changed.ring()
        if not link.silent:
            await socket.close()
        return socket

    async def deliver(self, envelope: Json) -> Delivery:
        """Send one envelope to any one connection and wait for its acknowledgement."""
        loop = asyncio.get_running_loop()
        envelope_id = str(envelope["envelope_id"])
        if not self.usable:
            return Delivery("dispatch_failed")
        link = self._chance.choice(self.usable)
        waiting: asyncio.Future[Json] = loop.create_future()
        self._waiting.setdefault(envelope_id, []).append(waiting)
        started = loop.time()
        try:
            async with asyncio.timeout(self.ack_seconds):
                await self._send(link, envelope)
                payload = await waiting
        except TimeoutError:
            return Delivery("operation_timeout")
        except ConnectionError:
            return Delivery("dispatch_failed")
        finally:
            self._forget(envelope_id, waiting)
        return Delivery(None, loop.time() - started, payload)

    def disconnect(self, reason: Reason = "refresh_requested") -> None:
        """Ask every connection to go; after a mere warning it may stay and be used."""
        for link in list(self.links):
            self._ask_to_go(link, reason)

    def _ask_to_go(self, link: Link, reason: Reason) -> None:
        link.retiring = link.retiring or reason != "warning"
        frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": "pretend"}}
        task = asyncio.get_running_loop().create_task(self._say_goodbye(link, frame))
        self._goodbyes.add(task)
        task.add_done_callback(self._goodbyes.discard)

    async def _age(self, link: Link, seconds: float) -> None:
        """Warn it, then ask it to go, as Slack does every few hours."""
        await asyncio.sleep(seconds - self.warning_seconds)
        self._ask_to_go(link, "warning")
        await asyncio.sleep(self.warning_seconds)
        self._ask_to_go(link, "refresh_requested")

    def drop(self) -> None:
        """Cut every connection without a word, as a broken network does."""
        for link in list(self.links):
            link.retiring = True
            cut(link.request)

    def silence(self, on: bool = True) -> None:  # noqa: FBT001, FBT002 - reads as a switch
        """Make the connections that are open now half-open: no pong, no frame, no goodbye."""
        for link in self.links:
            link.silent = on

    async def stop(self) -> None:
        """Close everything; whoever still waits for an acknowledgement times out."""
        for task in self._goodbyes:
            task.cancel()
        await asyncio.gather(*self._goodbyes, return_exceptions=True)
        for link in list(self.links):
            if link.silent:
                cut(link.request)
        await asyncio.gather(*(link.socket.close() for link in self.links if not link.silent))

    async def _say_goodbye(self, link: Link, frame: Json) -> None:
        # Whoever is gone before the goodbye is said needs none.
        with contextlib.suppress(ConnectionError):
            await self._send(link, frame)
            if link.retiring and not link.silent:
                await asyncio.sleep(_GRACE)
                await link.socket.close()

    async def _listen(self, link: Link) -> None:
        async for message in link.socket:
            if link.silent:
                continue
            if message.type == WSMsgType.PING:
                await link.socket.pong(message.data)
            elif message.type == WSMsgType.TEXT:
                self._heard(message.data)

    def _heard(self, data: str) -> None:
        try:
            frame = json.loads(data)
        except ValueError:
            frame = {"unreadable": data}
        envelope_id = frame.get("envelope_id") if isinstance(frame, dict) else None
        waiting = self._waiting.get(str(envelope_id), [])
        late = not waiting
        self._note("from bot", "late ack" if late else "ack", frame)
        for future in waiting[:1]:
            future.set_result(frame.get("payload") or {})
            self._forget(str(envelope_id), future)
        self._workspace.changed.ring()

    async def _send(self, link: Link, frame: Json) -> None:
        self._note("to bot", str(frame["type"]), frame)
        if not link.silent:
            await link.socket.send_json(frame)

    def _forget(self, envelope_id: str, future: asyncio.Future[Json]) -> None:
        waiting = self._waiting.get(envelope_id, [])
        if future in waiting:
            waiting.remove(future)
        if not waiting:
            self._waiting.pop(envelope_id, None)

    def _hello(self, life: float) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.links),
            "connection_info": {"app_id": self._workspace.identity.app},
            "debug_info": {
                "host": "pretend",
                "build_number": 1,
                "approximate_connection_time": int(life),
            },
        }

    def _note(self, direction: Any, name: str, payload: Any) -> None:
        self._traffic.note(self._workspace.clock(), direction, "socket", name, payload)
