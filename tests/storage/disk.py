"""A disk whose power can be cut: SQLite writes through it, and only what was synced is safe.

It is a layer over the real files (an apsw VFS). Per file it keeps what has been written and what
was there at the last sync; per folder, which file has which name. A new journal's first sync makes
the names safe as well (SQLite syncs the folder then); a removed name comes back with the power,
unless the folder was synced since.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

Content = dict[str, bytes]
"""File name to what is in it."""


@dataclass(eq=False)
class Inode:
    """One file, whatever its name: as it is, as it was at the last sync, and what came between."""

    now: bytearray
    safe: bytes
    named: bool
    """Its name is safe."""
    since: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Writes since the sync: where and what; None: the end was moved there."""

    def write(self, offset: int, data: bytes | None) -> None:
        _write(self.now, offset, data)
        self.since.append((offset, data))

    def sync(self) -> None:
        self.safe = bytes(self.now)
        self.since.clear()

    def left(self, chance: random.Random | None) -> bytes:
        """What is there after the cut; by chance some of what was not synced is there as well."""
        if chance is None or not self.since:
            return self.safe
        kept = bytearray(self.safe)
        for offset, data in self.since:
            if chance.random() < 1 / 2:
                _write(kept, offset, data)
        return bytes(kept)


def _write(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        return
    content.extend(b"\0" * (offset - len(content)))
    content[offset : offset + len(data)] = data


class Disk(apsw.VFS):
    """``on_sync`` is called before each sync, with the disk as a cut at that moment finds it."""

    def __init__(self, name: str, path: Path, *, on_sync: Callable[[], None]) -> None:
        super().__init__(name, "")
        self.name = name
        self.on_sync = on_sync
        self.syncs = 0
        first = path.read_bytes()
        inode = Inode(bytearray(first), first, named=True)
        self._guard = threading.RLock()
        self._live = {str(path): inode}
        self._safe = dict(self._live)

    def left(self, chance: random.Random | None = None) -> Content:
        """What is on the disk when the power is cut now."""
        with self._guard:
            return {Path(name).name: one.left(chance) for name, one in self._safe.items()}

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 - apsw's name
        if name is None:
            return apsw.VFSFile("", None, flags)
        file = File(self, name, flags)
        with self._guard:
            new = Inode(bytearray(), b"", named=False)
            file.inode = self._live.setdefault(file.path, new)
        return file

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(filename, syncdir)
        with self._guard:
            self._live.pop(filename, None)
            if syncdir:
                self._safe = dict(self._live)

    def sync(self, inode: Inode, _flags: int) -> None:
        self.on_sync()
        with self._guard:
            self.syncs += 1
            inode.sync()
            if not inode.named:
                inode.named, self._safe = True, dict(self._live)


class File(apsw.VFSFile):
    """A file of this disk: everything goes to the real file, and is remembered."""

    inode: Inode

    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self.path = name if isinstance(name, str) else name.filename()
        self._disk = disk

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self.inode.write(offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        super().xTruncate(newsize)
        self.inode.write(newsize, None)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.sync(self.inode, flags)


class Cursor:
    """What our storage reads of a result."""

    def __init__(
        self, rows: list[Any], names: list[tuple[Any, ...]], changed: int, rowid: int
    ) -> None:
        self._rows = iter(rows)
        self.description = names
        self.rowcount = changed
        self.lastrowid = rowid

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def __iter__(self) -> Any:
        return self._rows


class Connection:
    """The few methods of Python's ``sqlite3`` that our storage uses, on a disk of this kind."""

    isolation_level = None

    def __init__(self, disk: Disk, path: Path) -> None:
        self._raw = apsw.Connection(str(path), vfs=disk.name)
        self._raw.set_busy_timeout(10_000)

    def execute(self, sql: str, values: Any = ()) -> Cursor:
        names: list[tuple[Any, ...]] = []
        cursor = self._raw.cursor()

        def trace(cursor: apsw.Cursor, _sql: str, _values: Any) -> bool:
            names[:] = [(name,) for name, *_ in cursor.get_description()]
            return True

        cursor.exec_trace = trace
        rows = list(cursor.execute(sql, values))
        return Cursor(rows, names, self._raw.changes(), self._raw.last_insert_rowid())

    @property
    def in_transaction(self) -> bool:
        return self._raw.in_transaction

    def close(self) -> None:
        self._raw.close()
