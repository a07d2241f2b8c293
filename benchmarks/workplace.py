"""Where a program works while it is timed: a pretend Slack, a vendor's sandbox, a folder.

Slack and the vendor live in this process, the program in one of its own, so what it costs can be
read from the kernel's books without asking it. Linux only, for that reason.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from bot.playground.furniture import CHANNEL, furnish
from bot.playground.slack import PretendSlack
from providers.sandbox.kriptomat import KriptomatSandbox

COUNTERSIGN = "benchmarks.children.countersign"
BARE_BOLT = "benchmarks.children.bare_bolt"
TUTORIAL = "benchmarks.children.tutorial"

READY_SECONDS = 60

CONFIGURATION = """\
[team]
timezone = "Europe/Ljubljana"
operators = ["U0CLEO"]

[slack]
channel = "{channel}"

[groups]
buyers = ["U0ANA", "U0BEN", "U0CLEO"]
approvers = ["U0BEN", "S0TREASURY"]

[[rules]]
name = "small"
requesters = ["buyers"]
up_to = "1000000 EUR"
approvals = [{{ from = "approvers", count = 1 }}]

[providers.kriptomat]
base_url = "{kriptomat}"
user_id = "1"
assets = ["btc", "eth"]
fee_allowance = "2%"
reading = {{ calls_per_minute = 6000 }}
"""


class Child:
    """A program under the clock: ``cpu`` in seconds and ``rss`` in MiB, as the kernel counts."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path, late: Path) -> None:
        self._process = process
        self._log = log
        self._late = late

    @property
    def cpu(self) -> float:
        """What it has used, ended threads included, in steps of a hundredth."""
        words = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def cpu_of_threads(self) -> float:
        """What the threads that live have used, to the nanosecond: for a few idle looks."""
        tasks = Path(f"/proc/{self._process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    @property
    def rss(self) -> float:
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def watch_lateness(self) -> None:
        """Begin anew to watch how late its event loop is."""
        self._process.send_signal(signal.SIGUSR1)

    async def lateness(self) -> list[tuple[float, float]]:
        """How late its event loop was at each look, and how late by itself, in seconds."""
        self._late.unlink(missing_ok=True)
        self._process.send_signal(signal.SIGUSR2)
        while not self._late.exists():  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.01)
        return [(late, own) for late, own in json.loads(self._late.read_text())]

    async def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(15):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def last_words(self) -> str:
        """The end of what it has written, for when it does not come up."""
        return self._log.read_text(encoding="utf-8", errors="replace")[-1500:]


@dataclass(slots=True, kw_only=True)
class Workplace:
    """Slack, the vendor, and a folder of its own."""

    slack: PretendSlack
    kriptomat: KriptomatSandbox
    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "countersign.db"

    @property
    def environment(self) -> dict[str, str]:
        """What a child finds in its environment, and nothing of ours besides."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
        return {
            **kept,
            **self.kriptomat.credentials,
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "COUNTERSIGN_CONFIG": str(self.folder / "countersign.toml"),
            "COUNTERSIGN_DATABASE": str(self.database),
            "BENCH_CHANNEL": CHANNEL,
            "BENCH_VENDOR": self.kriptomat.base_url,
            "BENCH_LATE": str(self.folder / "late.json"),
        }

    @contextlib.asynccontextmanager
    async def working(self, *program: str) -> AsyncIterator[tuple[Child, float]]:
        """Start ``python -m program``; the child, and the seconds until it was connected."""
        log = self.folder / "child.log"
        began = time.perf_counter()
        with log.open("ab") as out:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", *program, env=self.environment, stdout=out, stderr=out
            )
        child = Child(process, log, self.folder / "late.json")
        try:
            try:
                await self.slack.wait_connected(timeout=READY_SECONDS)
            except TimeoutError:
                raise RuntimeError(f"{program} did not come up:\n{child.last_words()}") from None
            yield child, time.perf_counter() - began
        finally:
            await child.stop()
            # The next one must not be taken for connected because the last one still is.
            gone = lambda _: not self.slack.socket.usable  # noqa: E731 - one use, next line
            await self.slack.wait_for(gone)


@contextlib.asynccontextmanager
async def workplace() -> AsyncIterator[Workplace]:
    """An empty one."""
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory("-bench")))
        slack = await stack.enter_async_context(PretendSlack(ack_seconds=30))
        furnish(slack)
        # The clock that times the bot is in this process: it must not look twice at each message.
        slack.workspace.asks_sdk = False
        kriptomat = KriptomatSandbox()
        kriptomat.behaviour.single_use_codes = False
        kriptomat.book.settle = "at once"
        await kriptomat.start()
        stack.push_async_callback(kriptomat.stop)
        text = CONFIGURATION.format(channel=CHANNEL, kriptomat=kriptomat.base_url)
        await asyncio.to_thread((folder / "countersign.toml").write_text, text)
        yield Workplace(slack=slack, kriptomat=kriptomat, folder=folder)
