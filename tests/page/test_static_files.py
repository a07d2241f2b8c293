"""The files of the page, read as text: small, plain, and asking nobody."""

import re
import subprocess
import sys
import zipfile
from importlib import resources
from pathlib import Path

import pytest

from bot.playground.page.site import TYPES

FILES = sorted(
    (file for file in (resources.files("bot.playground.page") / "static").iterdir()),
    key=lambda file: file.name,
)

ROOT = Path(__file__).parents[2]

LONGEST_FILE = 300
STYLESHEETS = 700
"""A stylesheet is a list."""

FORBIDDEN = {
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment":
        "text goes in as text: use el() of dom.js",
    r"\beval\(|new Function|setTimeout\(\s*[\"'`]": "no code is made of strings",
    r"https?://(?!www\.w3\.org/2000/svg)[a-z]": "the page names no other server",
    r"@import|url\((?![\"']?/static/)": "the page loads nothing but its own files",
    r"\sstyle=\"|\.style\.|setAttribute\(.style": "styles stand in the stylesheets",
    r"\bon[a-z]+\s*=\s*[\"']": "handlers are added in modules",
}  # fmt: skip


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_a_file_is_small_plain_and_asks_nobody(file: resources.abc.Traversable) -> None:
    """What a security reader looks for first; the policy of the server forbids most of it too."""
    text = file.read_text(encoding="utf-8")
    found = {what: say for what, say in FORBIDDEN.items() if re.search(what, text)}

    assert found == {}
    assert len(text.splitlines()) <= (STYLESHEETS if file.name.endswith(".css") else LONGEST_FILE)


def test_every_file_is_of_a_kind_that_is_served() -> None:
    """A file of another kind would be in the wheel and not on the page."""
    assert {f".{file.name.rpartition('.')[2]}" for file in FILES} <= TYPES.keys()


def test_every_module_that_is_imported_is_there_and_is_imported() -> None:
    """A name that was mistyped shows in the browser only, and a forgotten file nowhere."""
    texts = {file.name: file.read_text(encoding="utf-8") for file in FILES}
    modules = {name for name in texts if name.endswith(".js")}
    named = re.compile(r"(?:from|import) \"\./([\w.]+)\"")
    used = {"main.js"}.union(*(named.findall(texts[name]) for name in modules))

    assert used == modules


def test_every_stylesheet_is_on_the_page() -> None:
    """One that is not linked is dead."""
    page = (resources.files("bot.playground.page") / "static" / "index.html").read_text("utf-8")

    assert set(re.findall(r"/static/(\w+\.css)", page)) == {
        file.name for file in FILES if file.name.endswith(".css")
    }


def test_the_wheel_ships_every_file_of_the_page(tmp_path: Path) -> None:
    """Installed without a checkout, ``countersign demo`` must have its page as well."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {f"bot/playground/page/static/{file.name}" for file in FILES} <= names
