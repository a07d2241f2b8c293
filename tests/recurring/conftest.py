"""An office for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.recurring.office import Office, opened


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """People, a vendor and the running bot, on the 1st of December 2026."""
    async with opened(tmp_path) as one:
        yield one
