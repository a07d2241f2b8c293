"""The real database, its threads and files, in an order that a history can repeat.

Hypothesis must be able to play a history again to the letter. So whoever reads or writes is
suspended, as with the real one, and the loop then waits until the threads have done all that was
handed in, in that order.
"""

import asyncio
import queue
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from storage.database import Database, DatabaseClosed, Jobs, Opener, Tx, _Job

Told = tuple[Callable[..., None], tuple[Any, ...]]


class Mailbox:
    """What the storage threads take for the loop: they tell it, and the loop picks it up."""

    def __init__(self) -> None:
        self.told: queue.SimpleQueue[Told] = queue.SimpleQueue()

    def is_closed(self) -> bool:
        return False

    def call_soon_threadsafe(self, call: Callable[..., None], *given: Any) -> None:
        self.told.put((call, given))


class Steady(Database):
    """``Database`` with the threads' answers in the order of the questions."""

    def __init__(self, path: Path, opener: Opener) -> None:
        super().__init__(path, opener)
        self._handed_in: list[tuple[Jobs, _Job]] = []
        self._mailbox = Mailbox()

    def forget(self) -> None:
        """The process is killed: what has not reached the writer never will."""
        self._handed_in.clear()
        self._closing = True

    async def _submit(self, jobs: Jobs, run: Callable[[Tx], Any]) -> Any:
        if self._closing:
            raise DatabaseClosed("the database is closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        told = cast("asyncio.AbstractEventLoop", self._mailbox)
        if not self._handed_in:
            loop.call_soon(self._serve_all)
        self._handed_in.append((jobs, _Job(run, future, told)))
        return await future

    def _serve_all(self) -> None:
        waiting, self._handed_in = self._handed_in, []
        while waiting:
            jobs = waiting[0][0]
            alike = [job for one, job in waiting if one is jobs]
            turn = len(alike) if len(alike) == len(waiting) else 1
            for _, job in waiting[:turn]:
                jobs.put(job)
            waiting = waiting[turn:]
            while turn:
                call, given = self._mailbox.told.get()
                call(*given)
                turn -= len(given[0])
