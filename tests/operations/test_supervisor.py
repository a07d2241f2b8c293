"""What systemd hears: ready when commands are taken, alive while the clock looks, stopping."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from structlog.testing import capture_logs

from bot.supervisor import Supervisor
from tests.cli.program import start
from tests.cli.test_run import environment_of
from tests.stage import Stage


@contextmanager
def listening(place: str) -> Iterator[socket.socket]:
    """The socket that systemd would make."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
        one.bind(place)
        one.setblocking(False)
        yield one


async def heard(one: socket.socket) -> str:
    """The next message."""
    async with asyncio.timeout(60):
        return (await asyncio.get_running_loop().sock_recv(one, 4096)).decode()


async def test_a_run_is_told_from_its_start_to_its_end(tmp_path: Path) -> None:
    """``Type=notify``: what depends on the bot starts when it takes commands, not before."""
    stage = Stage(tmp_path)
    await stage.open()
    (tmp_path / "countersign.toml").write_text(stage.toml_text(), encoding="utf-8")
    with listening(str(tmp_path / "notify")) as systemd:
        environment = environment_of(stage) | {"NOTIFY_SOCKET": str(tmp_path / "notify")}
        process = await start("run", environment=environment, folder=tmp_path)
        told = [await heard(systemd)]
        while not {"READY=1\nSTATUS=Connected to Slack", "WATCHDOG=1"} <= set(told):
            told.append(await heard(systemd))
        process.send_signal(signal.SIGTERM)
        while not told[-1].startswith("STOPPING=1"):
            told.append(await heard(systemd))
        async with asyncio.timeout(10):
            await process.communicate()
    await stage.close()

    assert told[0] == "STATUS=Waiting for Slack"
    assert process.returncode == 0


def test_an_abstract_address_is_understood() -> None:
    """systemd may name its socket so; the ``@`` stands for a zero byte."""
    with listening("\0countersign-test-notify") as systemd:
        Supervisor("@countersign-test-notify").alive()

        assert systemd.recv(100) == b"WATCHDOG=1"


def test_without_a_supervisor_nothing_is_told() -> None:
    """Started by hand, or in a container."""
    with capture_logs() as logged:
        Supervisor(None).ready()
        Supervisor("").alive()

    assert logged == []


def test_a_supervisor_that_has_gone_is_told_once_to_the_log(tmp_path: Path) -> None:
    """It is fed every second: a line each would bury the log, and the bot must not stop for it."""
    with capture_logs() as logged:
        gone = Supervisor(str(tmp_path / "nobody"))
        for _ in range(3):
            gone.alive()

    assert [line["event"] for line in logged] == ["systemd cannot be told how we are"]
