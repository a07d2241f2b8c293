"""Charts, drawn in a process of their own: it may be slow, die or hang, and the bot goes on.

The child gets a description on its standard input, no secret in its environment, and a few seconds.
"""

import asyncio
import contextlib
import importlib.util
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

import structlog

log = structlog.get_logger()

COMMAND = (sys.executable, "-m", "bot.chart")

SECONDS = 30.0
"""For one picture. It takes about a second, most of it imports; the first ever one also makes an
index of the machine's fonts."""

LARGEST = 2_000_000
"""Bytes of a picture; one of ours has some fifty thousand."""

PNG = b"\x89PNG\r\n\x1a\n"

KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "PYTHONPATH", "SYSTEMROOT", "MPLCONFIGDIR")
"""All that the child sees of our environment."""


class Undrawn(Exception):
    """There is no picture; ``str()`` says why, as a phrase."""


def is_ready() -> bool:
    """What draws is installed (the extra ``charts``)."""
    return importlib.util.find_spec("matplotlib") is not None


class Artist:
    """One for each process. ``command`` reads a description and writes a picture."""

    def __init__(self, command: Sequence[str] = COMMAND, *, seconds: float = SECONDS) -> None:
        self._command = tuple(command)
        self._seconds = seconds
        self._turn = asyncio.Lock()

    async def draw(self, chart: dict[str, Any]) -> bytes:
        """A PNG of what ``commands.charts`` describes; one picture at a time. Raises Undrawn."""
        async with self._turn:
            environment = {name: os.environ[name] for name in KEPT if name in os.environ}
            try:
                child = await asyncio.create_subprocess_exec(
                    *self._command,
                    env={**environment, "MPLBACKEND": "Agg"},
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.DEVNULL,
                )
            except OSError as error:
                raise Undrawn(f"the drawing could not be started: {error.strerror}") from None
            return await self._picture(child, json.dumps(chart).encode())

    async def _picture(self, child: asyncio.subprocess.Process, chart: bytes) -> bytes:
        try:
            async with asyncio.timeout(self._seconds):
                picture, _ = await child.communicate(chart)
        except TimeoutError:
            raise Undrawn("the drawing took too long") from None
        finally:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
                await child.wait()
        if child.returncode != 0 or not picture.startswith(PNG) or len(picture) > LARGEST:
            log.warning("a chart was not drawn", code=child.returncode, bytes=len(picture))
            raise Undrawn("the drawing failed")
        return picture
