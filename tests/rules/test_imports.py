"""The law of imports in ``pyproject.toml`` holds, and breaking it is noticed."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")
PACKAGES = ("bot", "commands", "providers", "storage")

MAP = "Imports point down the map"
PLACE = "Every file of the machine has its place"
DOMAIN = "The domain cannot wait, fail or tell the time"
HTTP = "HTTP to vendors only in providers.http"
SQL = "SQL only in storage"
SLACK = "Slack only at the edge to Slack"
TABLES = "Commands ask the workflow, never the tables"
VENDOR = "A vendor is named only where everything is put together"
PLAYGROUND = "Nothing but the program knows the playground and the sandboxes"

VIOLATIONS = {
    "bot/domain/money.py": ("import time", DOMAIN),
    "bot/domain/policy.py": ("import asyncio", DOMAIN),
    "bot/domain/orders.py": ("import storage.orders", MAP),
    "bot/workflow/votes.py": ("import commands.cards", MAP),
    "bot/workflow/desk.py": ("import slack_sdk", SLACK),
    "bot/cli.py": ("import slack_bolt", SLACK),
    "bot/announcer.py": ("import sqlite3", SQL),
    "bot/doctor.py": ("import sqlite_utils", SQL),
    "bot/schedule.py": ("import httpx", HTTP),
    "providers/kriptomat.py": ("import httpx", HTTP),
    "bot/app.py": ("import bot.playground.slack", PLAYGROUND),
    "bot/people.py": ("import providers.sandbox.kriptomat", PLAYGROUND),
    "bot/clock.py": ("import bot.workflow.desk", PLACE),
    "commands/orders.py": ("import storage.orders", TABLES),
    "commands/buy.py": ("import providers.kriptomat", VENDOR),
    "storage/orders.py": ("import providers.base", MAP),
    "providers/base.py": ("import bot.workflow.desk", MAP),
}
"""A file, what must never stand in it, and the law that says so."""


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


@pytest.fixture(scope="module")
def planted(copied: Path) -> str:
    """What is said of a tree that holds every violation; it is said of each by itself."""
    before = {file: (copied / file).read_text(encoding="utf-8") for file in VIOLATIONS}
    for file, (line, _) in VIOLATIONS.items():
        (copied / file).write_text(f"{before[file]}\n{line}\n", encoding="utf-8")
    status, told = verdict(copied)
    for file, text in before.items():
        (copied / file).write_text(text, encoding="utf-8")
    assert status == 1, told
    return told


@pytest.mark.parametrize("file", VIOLATIONS)
def test_a_planted_violation_is_caught(planted: str, file: str) -> None:
    """A law that nobody enforces is a comment."""
    line, law = VIOLATIONS[file]
    importer, imported = file.removesuffix(".py").replace("/", "."), line.removeprefix("import ")
    # The report of a broken law begins with its name, underlined.
    about = planted.partition(f"{law}\n{'-' * len(law)}\n")[2].partition("\n---")[0]

    assert f"{law} BROKEN" in planted
    assert re.search(rf"{importer} -> {imported} \(l\.", about), planted


def test_every_law_is_broken_once_above() -> None:
    """A contract that no planted import can break is written wrongly."""
    written = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    laws = [contract["name"] for contract in written["tool"]["importlinter"]["contracts"]]
    assert sorted(laws) == sorted({law for _, law in VIOLATIONS.values()})


def test_nothing_that_ships_knows_the_tests() -> None:
    """The stage and the tricks of the tests are not installed with the product."""
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    modules = [(path, node) for path in files for node in ast.walk(ast.parse(path.read_text()))]
    named = [
        path
        for path, node in modules
        if isinstance(node, ast.ImportFrom | ast.Import)
        and (getattr(node, "module", None) or node.names[0].name).split(".")[0] == "tests"
    ]
    assert named == []


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
