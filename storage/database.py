"""Open the file, one writer thread with group commit, one reader thread.

``await db.write(fn)`` queues ``fn(tx)``. The writer drains up to ``GROUP`` of them, runs each in a
savepoint inside one BEGIN IMMEDIATE, commits once, and only then resolves the futures: what a
caller sees as done is on the disk (``synchronous``). One that raises rolls back its own
savepoint and nobody else's; a COMMIT that fails fails all. The loop never waits for the disk.

One writer, because SQLite has one; and because the WAL-reset race of SQLite before 3.51.3 needs two
connections that write or checkpoint. On such a build the file runs without WAL instead, and so an
operator's command may write beside the bot: each write is one BEGIN IMMEDIATE that waits its turn,
and every move is a compare-and-set, so whoever comes second is told that he has lost.
"""

import asyncio
import contextlib
import os
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar, cast

from sqlite_utils import Database as SqliteUtilsDatabase
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from storage.connection import connect
from storage.files import FileInUse, Unusable, lock_beside, lock_file
from storage.migrations import countersign, migrate

T = TypeVar("T")

GROUP = 64
"""Writes in one commit at most: 64 keeps the slowest of them under a few milliseconds."""


class Tx:
    """What a write or read gets to work with: SQL on one open transaction, nothing else."""

    def __init__(self, db: SqliteUtilsDatabase) -> None:
        self._db = db

    def execute(self, sql: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> int:
        """Run one statement; the number of rows it changed."""
        return int(self._db.execute(sql, values).rowcount)

    def rows(self, sql: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> list[dict[str, Any]]:
        cursor = self._db.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def tuples(self, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """The rows without names, for many that are only added up."""
        return list(self._db.execute(sql, values))

    def each(self, sql: str, values: tuple[Any, ...] = ()) -> Iterator[dict[str, Any]]:
        """The rows one after the other, for tables that are longer than memory should hold."""
        cursor = self._db.execute(sql, values)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    def row(self, sql: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> dict[str, Any] | None:
        found = self.rows(sql, values)
        return found[0] if found else None


class DatabaseClosed(Exception):
    """The bot is stopping; nothing more is written."""


@dataclass(slots=True)
class _Job:
    run: Callable[[Tx], Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    result: Any = None
    error: BaseException | None = None


Jobs = queue.SimpleQueue[_Job | None]
Opener = Callable[[Path], SqliteUtilsDatabase]


class Database:
    """One file. Make it with ``await Database.open(path)``, end it with ``await db.close()``."""

    def __init__(self, path: Path, opener: Opener) -> None:
        self.path = path
        self._connect = opener
        self._writes: Jobs = queue.SimpleQueue()
        self._reads: Jobs = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._lock_fd = -1
        self._alone = True
        self._closing = False

    @classmethod
    async def open(cls, path: Path, *, beside: bool = False, opener: Opener | None = None) -> Self:
        """Lock, create (0600), migrate and start the threads.

        ``beside`` the bot: a file that another process has is opened without the lock and without
        migrating it, and a missing one is not made.

        Raises FileInUse when another process has it, Unusable when the file is no database or
        damaged, storage.migrations.NewerFile when a later version of the bot wrote it.
        """
        self = cls(path, opener or connect)
        try:
            self._lock_fd = lock_file(path, create=not beside)
        except FileInUse:
            if not beside:
                raise
            self._lock_fd, self._alone = lock_beside(path), False
        loop = asyncio.get_running_loop()
        try:
            for target, jobs in (
                (self._open_writer, self._writes),
                (self._open_reader, self._reads),
            ):
                ready: asyncio.Future[None] = loop.create_future()
                thread = threading.Thread(
                    target=self._serve,
                    args=(target, jobs, loop, ready),
                    name=f"storage-{target.__name__.removeprefix('_open_')}",
                    daemon=True,
                )
                thread.start()
                # Before anything is awaited: a start that is called off waits for it as well.
                self._threads.append(thread)
                await ready
        except BaseException as error:
            await self.close()
            if isinstance(error, sqlite3.Error):
                raise Unusable(str(error)) from error
            raise
        return self

    async def write(self, run: Callable[[Tx], T]) -> T:
        """Run it in a transaction; returns what it returned once that is on the disk."""
        return cast("T", await self._submit(self._writes, run))

    async def read(self, run: Callable[[Tx], T]) -> T:
        """Run it against one consistent snapshot; it cannot write."""
        return cast("T", await self._submit(self._reads, run))

    @property
    def queued(self) -> int:
        """Writes that the writer has not taken up yet."""
        return self._writes.qsize()

    async def close(self) -> None:
        """Finish what is queued, close the connections, release the lock."""
        self._closing = True
        self._writes.put(None)
        self._reads.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)
        self._threads.clear()
        if self._lock_fd >= 0:
            os.close(self._lock_fd)
            self._lock_fd = -1

    async def _submit(self, jobs: Jobs, run: Callable[[Tx], Any]) -> Any:
        if self._closing:
            raise DatabaseClosed("the database is closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        jobs.put(_Job(run, future, loop))
        return await future

    def _open_writer(self) -> SqliteUtilsDatabase:
        db = self._connect(self.path)
        try:
            if not self._alone:
                _refuse_to_migrate(db)
            migrate(db)
        except BaseException:
            db.close()
            raise
        return db

    def _open_reader(self) -> SqliteUtilsDatabase:
        db = self._connect(self.path)
        db.execute("PRAGMA query_only=ON")
        return db

    def _serve(
        self,
        opener: Callable[[], SqliteUtilsDatabase],
        jobs: Jobs,
        loop: asyncio.AbstractEventLoop,
        ready: asyncio.Future[None],
    ) -> None:
        try:
            db = opener()
        except BaseException as error:  # noqa: BLE001 - handed to the caller of open()
            loop.call_soon_threadsafe(_fail, ready, error)
            return
        loop.call_soon_threadsafe(_tell, ready)
        begin = "BEGIN IMMEDIATE" if jobs is self._writes else "BEGIN"
        stopping = False
        while not stopping:
            batch = [jobs.get()]
            while len(batch) < GROUP and not jobs.empty():
                batch.append(jobs.get())
            stopping = None in batch
            work = [job for job in batch if job is not None]
            if work:
                _commit_together(db, begin, work)
                _resolve(work)
        db.close()


def _refuse_to_migrate(db: SqliteUtilsDatabase) -> None:
    if countersign.pending(db):
        raise Unusable("the bot that runs is of an older version: restart it first")


def _commit_together(db: SqliteUtilsDatabase, begin: str, jobs: list[_Job]) -> None:
    """Run the jobs in one transaction, a savepoint each. Errors are kept in the jobs."""
    tx = Tx(db)
    try:
        db.execute(begin)
        for job in jobs:
            _run_in_savepoint(db, tx, job)
        db.execute("COMMIT")
    except BaseException as error:  # noqa: BLE001 - every caller learns that nothing was written
        for job in jobs:
            job.error = job.error or error
        # A rollback that fails as well must not end this thread: the callers would wait for ever.
        # The next BEGIN fails then, and whoever writes learns that the file cannot be written.
        with contextlib.suppress(sqlite3.Error):
            if db.conn.in_transaction:
                db.execute("ROLLBACK")


def _run_in_savepoint(db: SqliteUtilsDatabase, tx: Tx, job: _Job) -> None:
    db.execute("SAVEPOINT job")
    try:
        job.result = job.run(tx)
    except BaseException as error:
        job.error = error
        if not db.conn.in_transaction:
            # A full disk or an I/O error rolls the whole transaction back: all jobs must know.
            raise
        db.execute("ROLLBACK TO job")
    db.execute("RELEASE job")


def _resolve(jobs: list[_Job]) -> None:
    """Tell the callers, one wake-up for each loop."""
    for loop in {job.loop for job in jobs}:
        mine = [job for job in jobs if job.loop is loop]
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, mine)


def _settle(jobs: list[_Job]) -> None:
    for job in jobs:
        if job.error is not None:
            _fail(job.future, job.error)
        elif not job.future.done():
            job.future.set_result(job.result)


def _tell(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    # No future takes a StopIteration, and those that are settled after it must not wait for ever.
    fit = RuntimeError(repr(error)) if isinstance(error, StopIteration) else error
    if not future.done():
        future.set_exception(fit)
