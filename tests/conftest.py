"""What all tests share: the stage, and the proof tables kept out of the ordinary run."""

import io
import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from bot import log
from tests.stage import Stage, staged
from tests.turns import Turns, order_of

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
    if "PYTEST_XDIST_WORKER" in os.environ:
        chosen.sort(key=lambda item: order_of(item.nodeid))
    items[:] = chosen


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Turns | None:
    """With ``-n`` and no other word about it, tests are handed out as tests/turns.py tells."""
    if config.getoption("dist") != "load":
        return None
    config.option.loadscopereorder = False
    return Turns(config, log)


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
