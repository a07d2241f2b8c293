"""The real bot as a child process: ``countersign run`` with nothing of our environment but a path.

Killing it is a real kill, and what it finds at its next start is what a real machine would find.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
"""What a child needs of our environment; tokens of a real workspace are not among it."""

HERE = Path(__file__).resolve().parents[2]
"""The checkout or site-packages that holds ``bot``; the child imports the same one."""

STOP_SECONDS = 10
"""The bot promises to stop within that."""


class BotProcess:
    """Start, stop and kill one bot; its log goes to a file."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None
        self._watching: asyncio.Task[None] | None = None
        self.log = folder / "bot.log"
        self.starts = 0
        """How often it was started."""
        self.changed: Callable[[], None] = lambda: None
        """Called when it has started and when it is gone, by whatever cause."""

    async def start(self) -> None:
        """Start it unless it runs; it is ready when it has connected to Slack."""
        if self.running:
            return
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "run",
                env={**kept, **self._environment},
                cwd=HERE,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.starts += 1
        self._watching = asyncio.create_task(self._watch(self._process), name="bot process")
        self.changed()

    @property
    def pid(self) -> int | None:
        """Of the process that runs now."""
        return self._process.pid if self._process is not None and self.running else None

    @property
    def exit_code(self) -> int | None:
        """Of the last process that ended, negative for a signal."""
        return None if self._process is None else self._process.returncode

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def stop(self) -> int | None:
        """Ask it to stop, as systemd would; the exit code."""
        if self._process is None:
            return None
        if self.running:
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                return await self._process.wait()
        except TimeoutError:
            return await self.kill()

    async def kill(self) -> int | None:
        """``kill -9``: nothing is finished, nothing is said."""
        if self._process is None:
            return None
        if self.running:
            self._process.kill()
        return await self._process.wait()

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        await process.wait()
        self.changed()

    def last_words(self) -> str:
        """The end of the log, for when it did not come up."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-5:])
