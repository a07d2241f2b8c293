"""The law of imports in ``pyproject.toml`` holds, and breaking it is noticed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")
PACKAGES = ("bot", "commands", "providers", "storage")

VIOLATIONS = {
    "bot/domain/money.py": "import time",
    "bot/domain/orders.py": "import storage.orders",
    "bot/workflow/votes.py": "import commands.cards",
    "bot/workflow/desk.py": "import slack_sdk",
    "bot/announcer.py": "import sqlite3",
    "bot/schedule.py": "import httpx",
    "bot/app.py": "import bot.playground.slack",
    "commands/orders.py": "import storage.orders",
    "commands/buy.py": "import providers.kriptomat",
    "storage/orders.py": "import providers.base",
    "providers/base.py": "import bot.workflow.desk",
}
"""A file, and what must never stand in it."""


def verdict(root: Path) -> tuple[int, str]:
    """What ``make check`` asks: exit status and the broken contracts."""
    done = subprocess.run(
        [LINT, "--no-cache", "--config", "pyproject.toml"],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same tree, to be broken without harm."""
    folder = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, folder / package, ignore=leave)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_imports_point_down_the_map() -> None:
    """Whoever reads a file must know what it can reach."""
    status, told = verdict(ROOT)
    assert status == 0, told


@pytest.mark.parametrize("file", VIOLATIONS)
def test_a_planted_violation_is_caught(copied: Path, file: str) -> None:
    """A law that nobody enforces is a comment."""
    path = copied / file
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\n{VIOLATIONS[file]}\n", encoding="utf-8")
    try:
        status, told = verdict(copied)
    finally:
        path.write_text(before, encoding="utf-8")
    assert status == 1, told
    assert "BROKEN" in told


def test_a_module_of_the_bot_without_a_place_on_the_map_is_caught(copied: Path) -> None:
    """A new file in ``bot`` must be put where it belongs by whoever adds it."""
    stray = copied / "bot" / "stray.py"
    stray.write_text('"""Nowhere."""\n', encoding="utf-8")
    try:
        status, told = verdict(copied)
    finally:
        stray.unlink()
    assert status == 1, told
    assert "stray" in told
