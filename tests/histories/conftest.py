"""Histories listen to the log instead of writing it."""

import pytest

from tests.histories import quiet


@pytest.fixture(autouse=True)
def _quiet(_logs: None) -> None:
    """After the fixture that lets all other tests log as in production."""
    quiet.listen()
