"""Histories listen to the log instead of writing it, and begin with an empty file."""

from pathlib import Path

import pytest

from storage.connection import connect
from storage.migrations import migrate
from tests.histories import quiet


@pytest.fixture(autouse=True)
def _quiet(_logs: None) -> None:
    """After the fixture that lets all other tests log as in production."""
    quiet.listen()


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    """An empty, migrated file, of which every history takes a copy."""
    path = tmp_path / "blank.db"
    db = connect(path)
    migrate(db)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return path
