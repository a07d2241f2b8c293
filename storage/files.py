"""The database as a file: locked by one process, readable by one user, checked on request."""

import fcntl
import os
from pathlib import Path

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

BUSY_SECONDS = 10
"""How long to wait for a lock held by a backup or an operator's read."""


INTERRUPTED = "a restore of it was interrupted: run `countersign restore` again"


BrokenFile = sqlite3.Error
"""What SQLite raises: locked for too long, damaged, a full disk."""


class FileInUse(Exception):
    """Another process has this database open for writing."""


class Unusable(OSError):
    """The file cannot be opened as our database: it is none, it is damaged, its disk refuses."""


def lock_file(path: Path, *, create: bool = True) -> int:
    """Take the exclusive lock beside the file, creating both 0600; the descriptor holds it.

    The lock comes first: whoever is refused must not have touched the file. (Closing a descriptor
    of it would drop every lock that SQLite holds on it in the same process.)
    """
    if not create and not path.exists():
        raise Unusable("there is no such file")
    descriptor = _lock(path, ".lock", fcntl.LOCK_EX)
    try:
        _refuse_half_restored(path)
        os.close(_private(path))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def lock_beside(path: Path) -> int:
    """Share the file with the bot that has it; who wants to replace it is refused meanwhile."""
    return _lock(path, ".beside", fcntl.LOCK_SH)


def lock_to_replace(path: Path) -> tuple[int, int]:
    """Have the file, whether there is one or not, with neither a bot nor anybody beside it."""
    mine = _lock(path, ".lock", fcntl.LOCK_EX)
    try:
        return mine, _lock(path, ".beside", fcntl.LOCK_EX)
    except BaseException:
        os.close(mine)
        raise


def _lock(path: Path, suffix: str, how: int) -> int:
    descriptor = _private(path.with_name(path.name + suffix))
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise FileInUse(f"{path} is in use by another countersign process") from None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def restoring(path: Path) -> Path:
    """A file that stands beside the database while a restore leaves it unfit to be opened."""
    return path.with_name(path.name + ".restoring")


def _refuse_half_restored(path: Path) -> None:
    if restoring(path).exists():
        raise Unusable(INTERRUPTED)


def _private(path: Path) -> int:
    """A descriptor of the file, made if it was missing, that nobody else can read."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def check_file(path: Path) -> str | None:
    """What is wrong with this database, read only; None: nothing, or it is not made yet."""
    if restoring(path).exists():
        return INTERRUPTED
    if not path.exists():
        folder = path.absolute().parent
        return None if os.access(folder, os.W_OK) else f"{folder} cannot be written to"
    if path.stat().st_mode & 0o077:
        return "other users of this machine can read it; chmod 600 it"
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
        try:
            verdict = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
        finally:
            db.close()
    except sqlite3.Error as error:
        return str(error)
    return verdict if verdict != "ok" else None
