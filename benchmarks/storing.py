"""Durable writes a second: through our one writer, and by sqlite3 alone with a commit each.

Both use the same SQLite, WAL and ``synchronous=FULL``, and the same two rows a write.
"""

import asyncio
import tempfile
import time
from functools import partial
from pathlib import Path

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one

from benchmarks.figures import Figure, middle
from storage.database import Database, Tx

DDL = "CREATE TABLE notes (id INTEGER PRIMARY KEY, what TEXT NOT NULL, at TEXT NOT NULL) STRICT"
INSERT = "INSERT INTO notes (what, at) VALUES (?, ?)"

AIMS = {1: 0.55, 16: 3.0, 64: 5.0}
"""Times what sqlite3 alone does, by writes in flight."""


def alone(path: Path, count: int) -> float:
    """Writes a second of sqlite3 by itself."""
    db = sqlite3.connect(str(path), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        db.execute(f"PRAGMA {pragma}")
    db.execute(DDL)
    began = time.perf_counter()
    for nth in range(count):
        db.execute("BEGIN IMMEDIATE")
        for _ in range(2):
            db.execute(INSERT, (f"note {nth}", "2026-11-24T12:00:00+00:00"))
        db.execute("COMMIT")
    took = time.perf_counter() - began
    db.close()
    return count / took


async def through_the_writer(path: Path, count: int, in_flight: int) -> float:
    """Writes a second of ``Database.write``, each resolved after its COMMIT."""
    db = await Database.open(path)
    await db.write(lambda tx: tx.execute(DDL))
    waiting = iter(range(count))

    def note(nth: int, tx: Tx) -> None:
        for _ in range(2):
            tx.execute(INSERT, (f"note {nth}", "2026-11-24T12:00:00+00:00"))

    async def worker() -> None:
        for nth in waiting:
            await db.write(partial(note, nth))

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(in_flight)))
    took = time.perf_counter() - began
    await db.close()
    return count / took


async def measure(rounds: int, scale: float) -> list[Figure]:
    """Alternating, so many rounds."""
    count = max(300, int(3000 * scale))
    raw: list[float] = []
    ours: dict[int, list[float]] = {in_flight: [] for in_flight in AIMS}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory("-bench") as folder:
            raw.append(await asyncio.to_thread(alone, Path(folder) / "raw.db", count))
            for in_flight, rates in ours.items():
                path = Path(folder) / f"ours-{in_flight}.db"
                rates.append(await through_the_writer(path, count, in_flight))
    return [
        Figure(
            what=f"durable writes a second, {in_flight} in flight",
            than="sqlite3, a commit each",
            ours=middle(rates),
            yardstick=middle(raw),
            unit="/s",
            aim=AIMS[in_flight],
            at_least=True,
        )
        for in_flight, rates in ours.items()
    ]
