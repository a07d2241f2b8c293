"""A backup: one whole, examined file beside a running bot, and the audit head to note elsewhere.

The copy is made by SQLite itself in one read transaction (``VACUUM INTO``), so it needs no lock of
ours and no pause of the bot; without WAL the bot's commits wait for it. It gets its name only after
it was examined and is on the disk.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database as SqliteUtilsDatabase
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from storage import audit
from storage.audit import Head
from storage.database import Tx
from storage.files import BUSY_SECONDS, Unusable
from storage.migrations import STEPS, NewerFile, countersign

BESIDE = ("-wal", "-shm", "-journal")
"""Files that SQLite keeps beside its own."""


class Unsound(Exception):
    """The database can be read, and what it says does not hold together."""


@dataclass(frozen=True, slots=True)
class Copy:
    """An examined copy under a name of its own, and the newest row of its audit log."""

    path: Path
    head: Head
    at: str | None
    """When that row was written; None: the log is empty."""


def backup(source: Path, target: Path) -> Head:
    """Copy the database to a new file. Raises Unusable, Unsound, NewerFile or OSError.

    Returns the newest row of the audit log in the copy.
    """
    if target.exists():
        raise Unusable(f"{target} is there already; name a new file")
    folder = target.absolute().parent
    with examined_copy(source, folder) as copy:
        try:
            os.link(copy.path, target)
        except FileExistsError:
            raise Unusable(f"{target} is there already; name a new file") from None
        except OSError:
            # A file system without links; a rename would have replaced a file that came meanwhile.
            copy.path.rename(target)
    sync(folder)
    return copy.head


@contextlib.contextmanager
def examined_copy(source: Path, folder: Path) -> Iterator[Copy]:
    """A sound copy in this folder, for nobody else to read; what is left of it goes at the end."""
    if not source.exists():
        raise Unusable(f"{source}: there is no such file")
    descriptor, name = tempfile.mkstemp(prefix=".countersign-", suffix=".part", dir=folder)
    os.close(descriptor)
    path = Path(name)
    try:
        try:
            with opened(source) as db:
                _refuse_damaged(db, source)
                db.execute("VACUUM INTO ?", (name,))
            with opened(path) as db:
                copy = _examined(db, path, source)
        except sqlite3.Error as error:
            raise Unusable(f"{source}: {error}") from error
        sync(path)
        yield copy
    finally:
        for suffix in ("", *BESIDE):
            Path(name + suffix).unlink(missing_ok=True)


@contextlib.contextmanager
def opened(
    path: Path, *, mode: str = "rw", patience: int = BUSY_SECONDS
) -> Iterator[SqliteUtilsDatabase]:
    """A file that is there, in the journal mode that it is in."""
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    raw = sqlite3.connect(uri, uri=True, timeout=patience, isolation_level=None)
    try:
        yield SqliteUtilsDatabase(raw, execute_plugins=False, strict=True)
    finally:
        raw.close()


def examine(source: Path, *, head: str | None = None) -> Head:
    """Look at a database where it stands. Raises what ``backup`` raises; changes nothing."""
    if not source.exists():
        raise Unusable(f"{source}: there is no such file")
    try:
        with opened(source) as db:
            db.execute("BEGIN")
            _refuse_damaged(db, source)
            return _examined(db, source, source, head=head).head
    except sqlite3.Error as error:
        raise Unusable(f"{source}: {error}") from error


def sync(path: Path) -> None:
    """This file or folder is on the disk, whatever happens to the power."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _examined(
    db: SqliteUtilsDatabase, path: Path, source: Path, *, head: str | None = None
) -> Copy:
    """Ours, of this version or an older one, and sound to the last row."""
    steps = {step.name for step in countersign.applied(db)}
    if not steps:
        raise Unusable(f"{source}: it is no database of Countersign")
    if steps - STEPS:
        raise NewerFile(f"{source}: a later version of the bot has written it; update this one")
    if path != source:
        _refuse_damaged(db, source)
    for table, *_ in db.execute("PRAGMA foreign_key_check"):
        raise Unsound(f"{source}: a row of {table} belongs to an order that is not there")
    tx = Tx(db)
    if fault := audit.verify(tx, head=head):
        raise Unsound(f"{source}: the audit log does not verify: {fault}")
    last = tx.row("SELECT at FROM audit ORDER BY number DESC LIMIT 1")
    return Copy(path, audit.head(tx), last["at"] if last else None)


def _refuse_damaged(db: SqliteUtilsDatabase, source: Path) -> None:
    (verdict,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise Unsound(f"{source}: the file is damaged: {verdict}")
