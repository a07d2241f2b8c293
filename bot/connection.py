"""Keep the Socket Mode connection alive: a socket that is open and silent is worth nothing.

The SDK notices a half-open connection late and, after some failures, not at all. The watchdog looks
at when anything last arrived (our own pings are answered every few seconds) and reconnects when
that is too long ago, whatever the SDK believes about the connection.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.refusals import UNREACHABLE
from bot.slack import rest

log = structlog.get_logger()

SILENT_PINGS = 4
"""So many unanswered pings make a dead connection."""


def tell_of_each(client: SocketModeClient, connected: Callable[[], None]) -> None:
    """Call it for every connection that Slack opens to us, the first included."""

    async def listen(_: Any, frame: dict[str, Any], _raw: str | None = None) -> None:
        if frame.get("type") == "hello":
            connected()

    client.message_listeners.append(listen)


async def connect(handler: AsyncSocketModeHandler) -> None:
    """Connect, however long Slack or the network is away."""
    tries = 0
    while True:
        try:
            await handler.connect_async()  # type: ignore[no-untyped-call] # Bolt's
        except UNREACHABLE as error:
            # The tokens were good a moment ago, so this is the network's or Slack's trouble.
            log.warning("waiting for Slack to open a connection", reason=type(error).__name__)
            await rest(tries)
            tries += 1
        else:
            return


async def leave(handler: AsyncSocketModeHandler, *, within: float) -> None:
    """Take leave of Slack; after so many seconds without an answer the connection is dropped."""
    try:
        async with asyncio.timeout(within):
            await handler.close_async()  # type: ignore[no-untyped-call]
    except UNREACHABLE as error:
        log.info("Slack did not say good-bye", reason=type(error).__name__)
        client = handler.client
        for task in (
            client.message_processor,
            client.current_session_monitor,
            client.message_receiver,
        ):
            if task is not None:
                task.cancel()
        # Drops what is still open at once, without a word.
        await client.aiohttp_client_session.close()


class Watchdog:
    """Reconnects a silent client. ``ping_seconds`` is the client's own ping interval."""

    def __init__(self, client: SocketModeClient, ping_seconds: float) -> None:
        self._client = client
        self._every = ping_seconds
        self._patience = ping_seconds * SILENT_PINGS
        self._task: asyncio.Task[None] | None = None
        self._heard_at = time.time()

    def start(self) -> None:
        """Watch until ``stop``."""
        self._heard_at = time.time()
        self._task = asyncio.create_task(self._watch(), name="socket watchdog")

    @property
    def silence(self) -> float:
        """Seconds since Slack was last heard, by the answers to our pings."""
        # The client forgets when it was when it gives a connection up.
        self._heard_at = max(self._heard_at, self._client.last_ping_pong_time or 0.0)
        return max(0.0, time.time() - self._heard_at)

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _watch(self) -> None:
        last_reconnect = time.monotonic()
        while True:
            await asyncio.sleep(self._every)
            last = self._client.last_ping_pong_time
            heard = 0.0 if last is None else time.time() - last
            waited = time.monotonic() - last_reconnect
            if (last is not None and heard < self._patience) or waited < self._patience:
                continue
            log.warning("the connection to Slack is silent; reconnecting", seconds=round(heard))
            last_reconnect = time.monotonic()
            try:
                await self._client.connect_to_new_endpoint(force=True)
            except Exception:
                # The next look tries again; giving up would leave the bot deaf.
                log.exception("reconnecting failed")
