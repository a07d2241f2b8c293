"""Put a backup in the place of the database, frozen.

A backup does not know what was bought after it. So before anybody can open it as the database,
everything in it is frozen, and every order that may already have been sent is marked to be looked
up at the vendor before its first send.

The name of the database always stands for a whole file: the old one until one rename, then the new
one. What SQLite keeps beside the old file is folded into it first, since a stale ``-wal`` next to a
new file would be read as its own. A file that is too damaged for that is moved away as it is; while
it is, a mark (``storage.files.restoring``) keeps everybody from opening what is left.
"""

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from bot.domain.freezes import Scope
from bot.domain.orders import State
from storage import audit, freezes, schedules
from storage.audit import Head
from storage.backup import BESIDE, Copy, examined_copy, opened, sync
from storage.database import Tx
from storage.files import BUSY_SECONDS, FileInUse, Unusable, lock_to_replace, restoring
from storage.migrations import migrate
from storage.queries import marks

MAYBE_SENT = (State.PENDING_APPROVAL, State.APPROVED, State.SUBMITTING, State.IN_DOUBT)
"""What stood so in the backup may have been bought since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put there: the backup's audit head, how many orders are to be looked up first."""

    head: Head
    at: str | None
    """When the last thing happened that the backup knows of."""
    looked_up: int
    kept: Path | None
    """Where the database is that stood there; None: there was none."""


def restore(
    source: Path, database: Path, *, now: datetime, actor: str, patience: int = BUSY_SECONDS
) -> Restored:
    """Replace the database by this backup. Raises FileInUse and what ``backup`` raises.

    ``patience``: for how many seconds to wait for another program that reads the database.
    """
    locks = lock_to_replace(database)
    try:
        if source.exists() and database.exists() and source.samefile(database):
            raise Unusable(f"{source} is the database itself")
        stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        aside = database.with_name(f"{database.name}.before-restore-{stamp}")
        if aside.exists():
            raise Unusable(f"{aside} is there already; try again")
        with examined_copy(source, database.absolute().parent) as copy:
            looked_up = _freeze(copy, source, now=now, actor=actor)
            sync(copy.path)
            kept = aside if database.exists() else None
            _put(copy.path, database, aside, patience)
    finally:
        for lock in locks:
            os.close(lock)
    return Restored(head=copy.head, at=copy.at, looked_up=looked_up, kept=kept)


def _freeze(copy: Copy, source: Path, *, now: datetime, actor: str) -> int:
    """Bring the copy up to date and stop it; how many orders have to be looked up first."""
    with opened(copy.path) as db:
        try:
            migrate(db)
            db.execute("BEGIN IMMEDIATE")
            looked_up = _stop(Tx(db), copy, source, now=now, actor=actor)
            db.execute("COMMIT")
        except sqlite3.Error as error:
            raise Unusable(f"{source}: {error}") from error
    return looked_up


def _stop(tx: Tx, copy: Copy, source: Path, *, now: datetime, actor: str) -> int:
    by, head = f"operator {actor}", copy.head
    facts = {"file": source.name, "number": head.number, "hash": head.hash}
    audit.append(tx, at=now, actor=by, what="restored", order_id=None, facts=facts)
    reason = f"restored from {source.name} of {copy.at or 'no time'} (audit row {head.number})"
    stands = [one for one in freezes.active(tx) if one.scope is Scope.EVERYTHING]
    if stands:
        # Put anew all the same: a lift that one person had begun before must not count any more.
        reason = f"{stands[0].reason}; {reason}"
    freezes.put(tx, scope=Scope.EVERYTHING, name="", reason=reason, by=by, at=now)
    # The next start tells the channel: what stands there is of the file that was replaced.
    freezes.untold(tx)
    schedules.pause_all(tx, at=now, actor=by)
    sql = f"UPDATE orders SET look_first = 1 WHERE state IN ({marks(MAYBE_SENT)})"
    return tx.execute(sql, tuple(state.value for state in MAYBE_SENT))


def _put(new: Path, database: Path, aside: Path, patience: int) -> None:
    """Swap the files. The order of the steps is what the docstring of this module promises."""
    folder, mark = database.absolute().parent, restoring(database)
    if database.exists():
        _fold(database, patience)
    strays = [one for one in BESIDE if _beside(database, one).exists()]
    if strays:
        mark.touch(0o600)
        sync(folder)
    if database.exists():
        _name_twice(database, aside)
    for one in strays:
        _beside(database, one).rename(_beside(aside, one))
    sync(folder)
    new.replace(database)
    sync(folder)
    mark.unlink(missing_ok=True)
    sync(folder)


def _fold(database: Path, patience: int) -> None:
    """Bring what stands beside the file into it; a damaged file stays as it is."""
    try:
        # Opened for writing, SQLite would tidy up what may be all that is left of the last commits.
        with opened(database, mode="ro") as db:
            if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                return
        with opened(database, patience=patience) as db:
            # Leaving WAL folds it, and needs the file for itself, as does the transaction.
            db.execute("PRAGMA journal_mode=DELETE")
            db.execute("BEGIN EXCLUSIVE")
            db.execute("ROLLBACK")
    except sqlite3.Error as error:
        if "locked" in str(error):
            raise FileInUse(f"{database} is in use by another process") from error


def _name_twice(database: Path, aside: Path) -> None:
    """A second name for the same file, so that the first is never without one."""
    try:
        os.link(database, aside)
    except FileExistsError:
        raise
    except OSError:
        # A file system without links.
        aside.touch(0o600, exist_ok=False)
        shutil.copyfile(database, aside)
        sync(aside)
    aside.chmod(0o600)


def _beside(database: Path, suffix: str) -> Path:
    return database.with_name(database.name + suffix)
