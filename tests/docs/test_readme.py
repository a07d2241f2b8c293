"""What the README tells people to type is understood, and what it points at is there."""

import re
import shlex

import pytest
from typer.testing import CliRunner

from bot.cli import app
from commands.parse import parse
from tests.docs.pages import ROOT, files_linked, page

TEXT = page("README.md")
TYPED = sorted(set(re.findall(r"`/buy ?([^`\n]*)`", TEXT)))
OURS = sorted(set(re.findall(r"(?<![/@\w])countersign ([a-z][^`\n]*)", TEXT)))
MADE = sorted(set(re.findall(r"[`\n]make ([a-z]+)", TEXT)))


@pytest.mark.parametrize("words", TYPED)
def test_every_command_of_the_readme_is_understood(words: str) -> None:
    """It is the first thing that anybody types."""
    assert parse(words) is not None


@pytest.mark.parametrize("line", OURS)
def test_every_line_for_operators_is_one_that_the_program_takes(line: str) -> None:
    """An option that is not there would be refused before the help is shown; nothing is run."""
    words = shlex.split(line.replace("[FILE]", "").replace("...", "why"))
    assert CliRunner().invoke(app, [*words, "--help"]).exit_code == 0


def test_every_target_and_every_file_that_is_named_is_there() -> None:
    """Whoever follows a link, or types make and a word, arrives."""
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.MULTILINE))
    assert set(MADE) <= targets
    assert [one for one in files_linked(TEXT) if not (ROOT / one).exists()] == []
    shown = re.findall(r'(?:src|srcset)="([^"]+)"', TEXT)
    assert len(shown) == 3
    assert [one for one in shown if not (ROOT / one).exists()] == []
