"""``/healthz`` and ``/metrics``, for this machine alone; off unless ``[operations]`` says where.

It listens before Slack is reached, so that whoever waits for the bot can see what it waits for.
"""

import asyncio
import shutil
from importlib.metadata import version

import structlog
from aiohttp import web

from bot.complaints import Faulty
from bot.health import Health
from bot.metrics import Figures, exposition
from storage import vitals
from storage.build import sqlite_build
from storage.database import DatabaseClosed

log = structlog.get_logger()

READ_SECONDS = 5.0
"""Longer than that no figure is waited for: whoever asks gives up as well."""

NO_CACHE = {"Cache-Control": "no-store"}


class Listener:
    """One server on one address of loopback."""

    def __init__(self, health: Health, *, boot_id: str, read_seconds: float = READ_SECONDS) -> None:
        self._health = health
        self._read_seconds = read_seconds
        sqlite, _ = sqlite_build()
        self._about = {"version": version("countersign"), "boot": boot_id, "sqlite": sqlite}
        self._runner: web.AppRunner | None = None
        self.address = ""
        """``127.0.0.1:9464`` while it listens."""

    async def start(self, host: str, port: int) -> None:
        """Listen; port 0 takes a free one. Raises Faulty when the address cannot be had."""
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self.stop()
            why = error.strerror or str(error)
            raise Faulty([f"operations.listen: {host}:{port} cannot be had ({why})"]) from None
        port = self._runner.addresses[0][1]
        self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        log.info("listening for operators", address=self.address)

    async def stop(self) -> None:
        """Close the port."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _healthz(self, _request: web.Request) -> web.Response:
        complaints = self._health.complaints()
        text = "\n".join(complaints or ["ok"]) + "\n"
        return web.Response(text=text, status=503 if complaints else 200, headers=NO_CACHE)

    async def _metrics(self, request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(self._read_seconds):
                figures = await self._figures()
        except (TimeoutError, DatabaseClosed):
            figures = None
        if figures is None:
            why = "; ".join(self._health.complaints()) or "the database cannot be read in time"
            return web.Response(text=f"no figures: {why}\n", status=503, headers=NO_CACHE)
        page, content_type = exposition(figures, request.headers.get("Accept", ""))
        return web.Response(body=page, headers={"Content-Type": content_type, **NO_CACHE})

    async def _figures(self) -> Figures | None:
        """Everything; None while the bot has not begun or has ended."""
        desk, pulse = self._health.desk, self._health.pulse
        if desk is None or desk.stopping:
            return None
        now = desk.now()
        usage = await asyncio.to_thread(shutil.disk_usage, desk.db.path.parent)
        return Figures(
            now=now,
            about=self._about,
            ready=pulse.ready,
            clock_looked_ago=pulse.looked_ago or 0.0,
            clock_lag=pulse.lag,
            writer_queue=pulse.queued,
            writer_waits=pulse.writer_waits,
            slack_silent=pulse.slack_silent,
            slack_connected=pulse.slack_connected,
            disk_free=usage.free,
            vitals=await desk.db.read(lambda tx: vitals.read(tx, now=now)),
            events=await self._health.events(),
            providers={name: one.health for name, one in desk.providers.items()},
            listing=[name for name, one in desk.providers.items() if one.sheet.has_list],
        )
