"""The page on adding a provider is true: its client passes the kit and buys through the whole bot.

The kit's own tests are run here as they stand, for the one subject that is written in a page.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType

import pytest

from tests.conformance import (
    test_buying,
    test_discretion,
    test_law,
    test_looking,
    test_reading,
    test_repeats,
    test_sheets,
    test_surveying,
)
from tests.conformance.subjects import Bench
from tests.providers.stage import Clock, purchase
from tests.stage import ANA, BEN, Stage
from tests.vendors.toy import PAGE, blocks, client, imported, subject
from tests.vendors.toy_sandbox import ToySandbox

ROOT = PAGE.parents[1]
TEXT = PAGE.read_text(encoding="utf-8")
RUFF = Path(sys.executable).with_name("ruff")
WORDS = "25 EUR btc via toy"
LONGEST = 120
"""Lines of the toy that are not blank."""

KIT = (
    test_buying, test_discretion, test_law, test_looking, test_reading, test_repeats, test_sheets,
    test_surveying,
)  # fmt: skip
globals().update(
    {name: test for part in KIT for name, test in vars(part).items() if name.startswith("test_")}
)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The page's code, as the module that a reader would make of it."""
    (code,) = blocks(TEXT)
    path = tmp_path_factory.mktemp("page") / "toy.py"
    path.write_text(code, encoding="utf-8")
    with imported(path) as module:
        yield module


@pytest.fixture
async def bench(toy: ModuleType) -> AsyncIterator[Bench]:
    """Toy with its vendor running: what the tests of the kit ask for."""
    one, clock = subject(toy), Clock()
    sandbox = one.make(clock)
    await sandbox.start()
    opened = one.sit(sandbox, clock)
    yield opened
    await opened.provider.aclose()
    await sandbox.stop()


@asynccontextmanager
async def with_toy(folder: Path, toy: ModuleType) -> AsyncIterator[tuple[Stage, ToySandbox]]:
    """The stage with its bot running, on which Toy alone sells."""
    stage = Stage(folder)
    sandbox = ToySandbox(now=stage.clock.now)
    await sandbox.start()
    await stage.open()
    try:
        await stage.start_bot(providers={"toy": client(toy, sandbox, stage.clock.now)})
        yield stage, sandbox
    finally:
        await stage.close()
        await sandbox.stop()


def test_the_whole_kit_is_run_here() -> None:
    """A file that joins the kit must judge the page too; none may hide another's test."""
    files = {path.stem for path in (ROOT / "tests/conformance").glob("test_*.py")}
    assert files == {part.__name__.rpartition(".")[2] for part in KIT}
    names = [name for part in KIT for name in vars(part) if name.startswith("test_")]
    assert len(names) == len(set(names))


def test_the_toy_is_small_and_may_stand_in_this_repository() -> None:
    """It is there to be read at once, and to be copied."""
    (code,) = blocks(TEXT)
    assert len([line for line in code.splitlines() if line]) <= LONGEST
    assert max(len(line) for line in code.splitlines()) <= 100
    assert ast.get_docstring(ast.parse(code))
    imported_from = [
        str(node.module) for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)
    ]
    assert not [name for name in imported_from if name.startswith(("tests", "commands", "httpx"))]


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_the_toy_keeps_the_style_of_the_other_files(command: list[str]) -> None:
    """What is copied from the page must not begin with the complaints of ``make check``."""
    (code,) = blocks(TEXT)
    done = subprocess.run(
        [RUFF, *command, "--no-cache", "--stdin-filename", "providers/toy.py", "-"],
        input=code,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


async def test_words_to_completed_is_exactly_one_purchase(tmp_path: Path, toy: ModuleType) -> None:
    """One file was written, and the bot asks, votes, sends, reads and tells."""
    async with with_toy(tmp_path, toy) as (stage, sandbox):
        card = await stage.asked(ANA, WORDS)
        assert "Toy" in card.text
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "completed", timeout=10)

        assert len(sandbox.shelf.entries) == len(sandbox.posts) == 1
        (row,) = await stage.rows("SELECT key FROM orders")
        wish = {"amount": "25.00", "asset": "btc", "note": row["key"]}
        assert json.loads(sandbox.posts[0]) == wish


@pytest.mark.parametrize("fault", ["reply lost", "500 after", "truncated", "garbage after"])
async def test_a_lost_reply_is_found_by_the_note_and_never_sent_again(
    tmp_path: Path, toy: ModuleType, fault: str
) -> None:
    """The sheet said REFERENCE and no key, and that was all that anybody had to know."""
    async with with_toy(tmp_path, toy) as (stage, sandbox):
        sandbox.faults.next("buy", fault)
        card = await stage.asked(ANA, WORDS)
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "completed", timeout=10)

        assert len(sandbox.shelf.entries) == len(sandbox.posts) == 1
        moves = await stage.rows("SELECT event FROM events ORDER BY version")
        assert "doubted" in [move["event"] for move in moves]


async def test_the_vendors_own_no_ends_the_order(tmp_path: Path, toy: ModuleType) -> None:
    """A clear refusal is told in the vendor's words, and nothing was bought."""
    async with with_toy(tmp_path, toy) as (stage, sandbox):
        card = await stage.asked(ANA, "5 EUR btc via toy")
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "rejected", timeout=10)

        assert "At least 10 EUR, please" in card.plain()
        assert sandbox.shelf.entries == []


async def test_what_is_found_to_be_otherwise_is_one_line_of_configuration(
    bench: Bench, toy: ModuleType
) -> None:
    """The vendor calls our note by another name: nothing is matched until the table says so."""
    sandbox = bench.sandbox
    assert isinstance(sandbox, ToySandbox)
    sandbox.note_field = "memo"
    began = bench.clock.now()
    corrected = client(toy, sandbox, bench.clock.now, note_field="memo")
    for buyer in (bench.provider, corrected):
        await buyer.buy(buyer.draft(purchase()))
    assert await bench.provider.find(purchase(), since=began) == []
    assert [one.report.ref for one in await corrected.find(purchase(), since=began)] == ["2"]
    await corrected.aclose()


def defined(path: Path) -> set[str]:
    """What a file defines for others to see, or the tables and keys of a TOML file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return set(re.findall(r"^\s*\[*([\w.-]+)(?:\]| =)", text, re.MULTILINE))
    names: set[str] = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


PLACES = [
    (file, names)
    for file, names in re.findall(r"^\| \d+ \| `([^`]+)` \| ([^|]*) \|", TEXT, re.MULTILINE)
]


@pytest.mark.parametrize(("file", "names"), PLACES, ids=[file for file, _ in PLACES])
def test_a_place_to_edit_exists_under_the_name_that_the_page_gives(file: str, names: str) -> None:
    """A guide that sends its reader to a name of last year is worse than none."""
    assert (ROOT / file).is_file()
    assert set(re.findall(r"`([^`]+)`", names)) <= defined(ROOT / file)


def test_the_page_leads_through_every_place_there_is() -> None:
    """An empty table would pass; these are the places without which a vendor cannot be enabled."""
    places = {(file, name) for file, names in PLACES for name in re.findall(r"`([^`]+)`", names)}
    assert places >= {
        ("tests/conformance/subjects.py", "SUBJECTS"),
        ("pyproject.toml", "protected_modules"),
        ("bot/tables.py", "Providers"),
        ("bot/settings.py", "Environment"),
        ("bot/vendors.py", "VENDORS"),
        ("bot/clients.py", "CLIENTS"),
        ("bot/playground/vendors.py", "SANDBOXES"),
        ("bot/domain/requests.py", "KNOWN"),
        ("commands/parse_faults.py", "PROVIDERS"),
    }


def test_every_file_that_the_page_names_exists_but_those_of_the_new_vendor() -> None:
    """The reader opens each of them to see how it was done before."""
    named = set(re.findall(r"`([\w./-]+/[\w./-]+\.(?:py|md|toml))`", TEXT))
    missing = {name for name in named if not (ROOT / name).is_file()}
    assert missing == {name for name in named if "toy" in name}
    assert len(named) > 15


def test_every_field_of_the_sheet_that_the_page_explains_is_a_field() -> None:
    """The sheet is what the workflow goes by, so its names must be right."""
    part = TEXT.partition("## What the sheet decides")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `.*?\|", part, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    capabilities = (ROOT / "bot/domain/capabilities.py").read_text(encoding="utf-8")
    (sheet,) = [
        node
        for node in ast.parse(capabilities).body
        if isinstance(node, ast.ClassDef) and node.name == "Sheet"
    ]
    fields = {one.target.id for one in sheet.body
              if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)}  # fmt: skip
    assert len(named) > 8
    assert named <= fields
