"""What all tests share: the stage, and the proof tables kept out of the ordinary run."""

import io
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot import log
from tests.stage import Stage, staged

# The same examples on every machine and in every run, so that a failure is a commit's fault.
settings.register_profile("suite", derandomize=True, database=None, deadline=None, max_examples=60)
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--proof`` runs the long tables and nothing else."""
    parser.addoption("--proof", action="store_true", help="run the long tables (make proof)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without ``--proof`` the long tables are deselected, with it everything else is."""
    wanted = bool(config.getoption("--proof"))
    chosen = [item for item in items if ("proof" in item.keywords) == wanted]
    left = [item for item in items if ("proof" in item.keywords) != wanted]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = chosen


class Overheard(io.StringIO):
    """Standard output that remembers the lines which no test may cause."""

    FORBIDDEN = ("a message breaks Slack's limits",)

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def write(self, text: str) -> int:
        if any(one in text for one in self.FORBIDDEN):
            self.lines.append(text)
        return sys.stdout.write(text)


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    """Log lines as in production, to what pytest captures; a message over a limit is a failure."""
    overheard = Overheard()
    log.configure([], stream=overheard)
    yield
    assert overheard.lines == []


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A pretend Slack, a Kriptomat sandbox and the running bot."""
    async with staged(tmp_path) as one:
        yield one
