"""How late this process's event loop is, and how much of that the machine is to blame for.

On a machine that is shared, a loop is late because another program has the CPU. The kernel counts
for each thread how long it was ready to run and was not let: what is left of a lateness without
that is our own doing. The main thread's waits count, and those of the storage threads, which may
hold the interpreter's lock meanwhile; but never more is taken off than the main thread did not
compute itself.
"""

import asyncio
import json
import os
from pathlib import Path

EVERY = 0.002
"""Seconds between two looks at the loop's clock."""


class Lateness:
    """``looks``: of each look how late it was, and how late by ourselves, in seconds."""

    def __init__(self) -> None:
        self.looks: list[tuple[float, float]] = []
        self._main = _opened(os.getpid())
        self._others: list[int] = []
        self._watching: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Forget what was seen so far, and look from now on."""
        self.looks.clear()
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch())

    def end(self) -> None:
        """Look no more."""
        if self._watching is not None:
            self._watching.cancel()

    async def _watch(self) -> None:
        """The threads that there are now are the ones that count."""
        tasks = (int(one.name) for one in Path("/proc/self/task").iterdir())  # noqa: ASYNC240 - no disk
        self._others = [_opened(task) for task in tasks if task != os.getpid()]
        loop = asyncio.get_running_loop()
        while True:
            before, (computed, waited) = loop.time(), self._read()
            await asyncio.sleep(EVERY)
            late = loop.time() - before - EVERY
            computed_now, waited_now = self._read()
            own = max(computed_now - computed, late - (waited_now - waited))
            self.looks.append((late, max(0.0, min(late, own))))

    def write_down(self) -> None:
        """Leave it in the file that whoever measures looks for."""
        path = Path(os.environ["BENCH_LATE"])
        half = path.with_suffix(".half")
        half.write_text(json.dumps(self.looks), encoding="utf-8")
        half.replace(path)

    def _read(self) -> tuple[float, float]:
        """Seconds that the main thread has computed, and that all have waited for a CPU."""
        computed, waited = _counted(self._main)
        return computed, waited + sum(_counted(one)[1] for one in self._others)


def _opened(task: int) -> int:
    return os.open(f"/proc/self/task/{task}/schedstat", os.O_RDONLY)


def _counted(file: int) -> tuple[float, float]:
    try:
        computed, waited, _ = os.pread(file, 100, 0).split()
    except OSError:
        return 0.0, 0.0  # a thread that has ended
    return int(computed) / 1e9, int(waited) / 1e9
