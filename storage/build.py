"""Which SQLite this is, and what it can be trusted with."""

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined] # pysqlite3 if there is one


def wal_reset_fixed(version: tuple[int, ...]) -> bool:
    """True for a SQLite whose WAL cannot lose a commit when it restarts (sqlite.org, 3.51.3)."""
    return (
        version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    )


def sqlite_build() -> tuple[str, str]:
    """The library's version, and which Python module brought it."""
    return sqlite3.sqlite_version, sqlite3.__name__.split(".", maxsplit=1)[0]
