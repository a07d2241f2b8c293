"""The database as a file: locked by one process, readable by one user, checked on request."""

import fcntl
import os
from pathlib import Path

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

BUSY_SECONDS = 10
"""How long to wait for a lock held by a backup or an operator's read."""


class FileInUse(Exception):
    """Another process has this database open for writing."""


class Unusable(OSError):
    """The file cannot be opened as our database: it is none, it is damaged, its disk refuses."""


def lock_file(path: Path) -> int:
    """Take the exclusive lock beside the file, creating both 0600; the descriptor holds it.

    The lock comes first: whoever is refused must not have touched the file. (Closing a descriptor
    of it would drop every lock that SQLite holds on it in the same process.)
    """
    descriptor = _private(path.with_name(path.name + ".lock"))
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(_private(path))
    except BlockingIOError:
        os.close(descriptor)
        raise FileInUse(f"{path} is in use by another countersign process") from None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _private(path: Path) -> int:
    """A descriptor of the file, made if it was missing, that nobody else can read."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def check_file(path: Path) -> str | None:
    """What is wrong with this database, read only; None: nothing, or it is not made yet."""
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
