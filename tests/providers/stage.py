"""What every provider test stands on: a clock that is told the time, and a server that lies.

``Clock`` is given to a vendor's client and to its sandbox alike, so that tokens, one-time codes and
listing lags pass without waiting. ``RawServer`` speaks bytes, for answers that no HTTP server would
send. Deadlines are short because the loopback is fast and failures are wanted.
"""

import asyncio
import socket
import struct
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from bot.domain.money import Money, Quantity
from providers.base import Purchase
from providers.http import Deadlines

PATIENT = Deadlines(read_wait=0.01)
"""The product's own, but for the pause before a read is tried again: no machine is too slow."""

QUICK = Deadlines(connect=1, pool=0.2, write=1, read=0.3, total=0.6, read_wait=0.01)
"""For tests that wait for what never comes, or comes too late."""

NEVER_COMES = ("hang", "silence", "slow", "drip")


def deadlines_of(test: str) -> Deadlines:
    """Those of the test of this name."""
    return QUICK if any(word in test for word in NEVER_COMES) else PATIENT


KEY = "0123456789abcdef0123456789abcdef"


class Clock:
    """Time that moves when told; ``sleep`` moves it."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 21, 9, 0, 10, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)
        await asyncio.sleep(0)


class RawServer:
    """Reads one request, then does what it was told: send bytes, reset, or stay silent."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.replies: list[bytes | None] = []
        """For each connection in turn; None resets it. The last repeats; empty = silence."""
        self.drip: float | None = None
        """Seconds between the single bytes of a reply."""
        self.greeting: bytes | None = None
        """Sent instead, before anything is read: no handshake survives it."""
        self.arrived = asyncio.Event()
        self.url = ""
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        await asyncio.sleep(0)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self.greeting is not None:
                writer.write(self.greeting)
                await writer.drain()
            else:
                await self._converse(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client gave up first
        finally:
            writer.close()
            with suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
        length = int(fields.get(b"content-length", b"0"))
        self.requests.append(head + await reader.readexactly(length))
        self.arrived.set()
        if not self.replies:
            await asyncio.Event().wait()
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if reply is None:
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return
        for piece in [reply] if self.drip is None else [bytes([byte]) for byte in reply]:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(self.drip or 0)


def http_reply(status: int, body: str | bytes, *headers: str) -> bytes:
    """The bytes of a complete HTTP/1.1 answer."""
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(raw)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + raw


TOKEN = http_reply(200, '{"access_token":"abc","expires_in":3600}')
"""Kriptomat's answer to a login, for a server that speaks bytes."""


def purchase(
    spend: Money | Quantity | None = None, *, asset: str = "btc", key: str = KEY
) -> Purchase:
    """250 EUR of btc unless told otherwise."""
    return Purchase(
        order_id="BUY-7K3FQ",
        key=key,
        asset=asset,
        spend=spend or Money.of("250", "EUR"),
        currency="EUR",
    )
