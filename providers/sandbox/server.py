"""A loopback HTTP server that a fault can strike, and the control pages to steer it.

A vendor's sandbox gives its routes and wraps each handler in ``strike``. Other processes steer it
under ``/_sandbox/``: GET or POST ``faults`` (``{"op", "fault", "times", "seconds", "reads",
"standing"}`` or ``{"clear": true}``), GET ``ledger``, POST ``ledger`` (``{"id", "state"}``).
"""

import asyncio
import json
import socket
import struct
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

from aiohttp import web

from providers.sandbox.faults import Act, Armed, Faults, Moment, UnknownFault
from providers.sandbox.wire import Wire

LOOPBACK = "127.0.0.1"

Effect = Callable[[Armed | None], Awaitable[web.Response]]


class LoopbackServer(ABC):
    """One sandbox's life. Subclasses implement ``routes``, ``ledger`` and ``settle_now``."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.wire = Wire()
        """What was called, for whoever wants to watch."""
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._port = 0

    @abstractmethod
    def routes(self) -> list[web.RouteDef]:
        """What the vendor answers to; each handler is wrapped in ``strike``."""

    @abstractmethod
    def ledger(self) -> dict[str, object]:
        """What happened, for ``/_sandbox/ledger``; holds no secret."""

    @abstractmethod
    def settle_now(self, ref: Any, state: str) -> None:
        """Give a purchase its vendor's state word. Raises KeyError for an unknown one."""

    @property
    def credentials(self) -> dict[str, str]:
        """The environment that ``countersign run`` needs to use this sandbox."""
        return {}

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one. Raises OSError when the port is taken."""
        self._stopping.clear()
        app = web.Application(middlewares=[self.wire.middleware])
        app.add_routes(self.routes())
        app.add_routes(
            [
                web.get("/_sandbox/faults", self._show_faults),
                web.post("/_sandbox/faults", self._set_fault),
                web.get("/_sandbox/ledger", self._show_ledger),
                web.post("/_sandbox/ledger", self._settle),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, LOOPBACK, port).start()
        except OSError:
            await self.stop()
            raise
        self._port = int(self._runner.addresses[0][1])

    @property
    def running(self) -> bool:
        """Whether it can be reached."""
        return self._runner is not None

    async def resume(self) -> None:
        """After ``stop``: the same address again, with the ledger as it was. Raises OSError."""
        await self.start(self._port)

    @property
    def base_url(self) -> str:
        """``http://127.0.0.1:PORT``, also of the last run once stopped."""
        return f"http://{LOOPBACK}:{self._port}"

    async def stop(self) -> None:
        """Let hanging calls go and close. The ledger stays, so a restart is a vendor's outage."""
        self._stopping.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def strike(self, op: str, request: web.Request, effect: Effect) -> web.StreamResponse:
        """Run ``effect`` under the fault armed for ``op``; with none, just run it."""
        armed = self.faults.take(op)
        if armed is None:
            return await effect(None)
        if armed.fault.moment is Moment.NOTE:
            return await effect(armed)
        if armed.fault.moment is Moment.BEFORE:
            struck = await self._act(armed, request, None)
            return struck if struck is not None else await effect(None)
        reply = await effect(None)
        struck = await self._act(armed, request, reply)
        return struck if struck is not None else reply

    async def _act(
        self, armed: Armed, request: web.Request, reply: web.Response | None
    ) -> web.StreamResponse | None:
        fault = armed.fault
        match fault.act:
            case Act.ANSWER:
                return web.Response(
                    status=fault.status, body=fault.body.encode(), headers=fault.headers
                )
            case Act.RESET:
                return reset(request)
            case Act.TRUNCATE if reply is not None:
                return await _truncated(request, reply)
            case Act.SLOW:
                await self._pause(armed.seconds)
            case Act.HANG:
                await self._stopping.wait()
                return reset(request)
        return None

    async def _pause(self, seconds: float) -> None:
        """Wait, but not longer than the sandbox lives."""
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def _show_faults(self, _request: web.Request) -> web.Response:
        known = {
            name: {"says": fault.says, "source": fault.source, "moment": fault.moment}
            for name, fault in self.faults.catalogue.items()
        }
        return answer({"faults": known, "armed": self.faults.armed()})

    async def _set_fault(self, request: web.Request) -> web.Response:
        try:
            wish = await request.json()
            if wish.get("clear"):
                self.faults.clear()
            elif wish.get("standing"):
                self.faults.standing(
                    wish["op"], wish["fault"], seconds=wish.get("seconds"), reads=_reads(wish)
                )
            else:
                self.faults.next(
                    wish["op"],
                    wish["fault"],
                    times=int(wish.get("times", 1)),
                    seconds=wish.get("seconds"),
                    reads=_reads(wish),
                )
        except UnknownFault as error:
            return answer({"message": str(error)}, status=422)
        except (ValueError, KeyError, TypeError, AttributeError):
            return answer({"message": "send op and fault, see GET /_sandbox/faults"}, status=400)
        return answer({"armed": self.faults.armed()})

    async def _show_ledger(self, _request: web.Request) -> web.Response:
        return answer(self.ledger())

    async def _settle(self, request: web.Request) -> web.Response:
        try:
            wish = await request.json()
            self.settle_now(wish["id"], str(wish["state"]))
        except (ValueError, KeyError, TypeError):
            return answer({"message": "send id and state of a purchase"}, status=400)
        return answer(self.ledger())


def answer(document: object, status: int = 200) -> web.Response:
    """A JSON reply whose Decimals are JSON numbers, written digit for digit."""
    return web.Response(status=status, text=to_json(document), content_type="application/json")


def to_json(value: object) -> str:
    """JSON text; Decimals are numbers without an exponent."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{to_json(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(to_json, value)) + "]"
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value)


def _reads(wish: dict[str, object]) -> int:
    return int(str(wish.get("reads", 0)))


def reset(request: web.BaseRequest) -> web.Response:
    """Close with RST: what a caller sees of a crashed machine or a cut cable."""
    transport = request.transport
    if transport is not None and not transport.is_closing():
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()


async def _truncated(request: web.Request, reply: web.Response) -> web.StreamResponse:
    body = reply.body if isinstance(reply.body, bytes) else b""
    half = web.StreamResponse(status=reply.status, headers={"Content-Type": reply.content_type})
    half.content_length = len(body)
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return half
