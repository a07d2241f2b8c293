"""Let the mother bear a process, and hold it like one of ``asyncio.subprocess``."""

import asyncio
import atexit
import functools
import io
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Child:
    """A running or ended process that writes to files of its parent's."""

    def __init__(self, pid: int, news: "Pipe") -> None:
        self.pid = pid
        self.returncode: int | None = None
        """Negative for a signal; None while it runs."""
        self._end = asyncio.create_task(self._see_it_end(news), name=f"end of {pid}")

    async def _see_it_end(self, news: "Pipe") -> int:
        self.returncode = int(await news.reader.readline())
        news.transport.close()
        return self.returncode

    async def wait(self) -> int:
        """How it has ended, when it has."""
        return await asyncio.shield(self._end)

    def send_signal(self, number: signal.Signals) -> None:
        """A real one. Of what has ended the number may be somebody else's by now."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """``kill -9``."""
        self.send_signal(signal.SIGKILL)


class Spoken:
    """A child whose three streams are pipes."""

    def __init__(self, child: Child, out: "Pipe", err: "Pipe", stdin: io.FileIO) -> None:
        self.child = child
        self.stdout, self.stderr, self.stdin = out.reader, err.reader, stdin
        self._transports = (out.transport, err.transport)

    @property
    def returncode(self) -> int | None:
        """See ``Child``."""
        return self.child.returncode

    def send_signal(self, number: signal.Signals) -> None:
        """See ``Child``."""
        self.child.send_signal(number)

    def kill(self) -> None:
        """See ``Child``."""
        self.child.kill()

    async def wait(self) -> int:
        """How it has ended; what it still wanted to say is lost."""
        code = await self.child.wait()
        self.stdin.close()
        for one in self._transports:
            one.close()
        return code

    async def communicate(self) -> tuple[bytes, bytes]:
        """Say no more, and hear it out: what it wrote to its output and for its faults."""
        self.stdin.close()
        out, err = await asyncio.gather(self.stdout.read(), self.stderr.read())
        await self.wait()
        return out, err


class Pipe:
    """The end of a pipe that is read here."""

    def __init__(self, reader: asyncio.StreamReader, transport: asyncio.ReadTransport) -> None:
        self.reader, self.transport = reader, transport

    @classmethod
    async def of(cls, number: int) -> "Pipe":
        """Of an open descriptor, which is owned from here on."""
        reader = asyncio.StreamReader()
        loop, file = asyncio.get_running_loop(), io.FileIO(number)
        kind = functools.partial(asyncio.StreamReaderProtocol, reader)
        transport, _ = await loop.connect_read_pipe(kind, file)
        return cls(reader, transport)


@functools.cache
def door() -> socket.socket:
    """Where letters to the mother go in; she lives as long as this process."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    # sqlite-utils imports NumPy where there is one, and that would start threads.
    mother = subprocess.Popen(
        [sys.executable, "-m", "tests.births.mother", str(there.fileno())],
        cwd=ROOT,
        env={**kept, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        pass_fds=[there.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    there.close()

    def farewell() -> None:
        here.close()
        mother.wait()

    atexit.register(farewell)
    return here


async def bear(
    call: str,
    words: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path,
    streams: Sequence[int],
) -> Child:
    """A process in ``folder`` that calls ``call`` ("module:function") with these ``sys.argv``.

    ``streams``: the descriptors that it takes for its output, for its faults, and for its input if
    it has any; they stay open here.
    """
    letter = {
        "call": call,
        "words": list(words),
        "environment": dict(environment),
        "folder": str(folder),
    }
    birth = asyncio.create_task(_birth(json.dumps(letter).encode(), streams))
    try:
        return await asyncio.shield(birth)
    except asyncio.CancelledError:
        # It is on its way, and nobody would look after it.
        child = await birth
        child.kill()
        await child.wait()
        raise


async def _birth(letter: bytes, streams: Sequence[int]) -> Child:
    news, told = os.pipe()
    socket.send_fds(door(), [letter], [*streams, told])
    os.close(told)
    heard = await Pipe.of(news)
    return Child(int(await heard.reader.readline()), heard)


async def spoken_with(
    call: str, words: Sequence[str], *, environment: Mapping[str, str], folder: Path
) -> Spoken:
    """A process as of ``bear``, with pipes for its streams."""
    (heard, stdin), (out, stdout), (err, stderr) = os.pipe(), os.pipe(), os.pipe()
    child = await bear(
        call,
        words,
        environment=environment,
        folder=folder,
        streams=(stdout, stderr, heard),
    )
    for one in (heard, stdout, stderr):
        os.close(one)
    return Spoken(child, await Pipe.of(out), await Pipe.of(err), io.FileIO(stdin, "w"))
