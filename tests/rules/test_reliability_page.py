"""The page for the treasurer promises nothing that no test holds."""

import ast
import re
from pathlib import Path

import pytest

from tests.rules.test_playground_page import written_in

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8").partition("\n## The table")[0]

PROOFS = sorted(set(re.findall(r"`(tests/[^`]+\.py)::(test_\w+)`", PAGE)))


@pytest.mark.parametrize(("file", "name"), PROOFS)
def test_every_proof_that_the_page_names_is_there(file: str, name: str) -> None:
    """A renamed test would leave a promise without its proof."""
    tests = written_in(ROOT / file)
    assert name in tests
    marks = [ast.unparse(mark) for mark in tests[name].decorator_list]
    assert not any("proof" in mark for mark in marks), "make test must run it"


def test_every_line_of_the_page_names_its_proof() -> None:
    """A line without one is an opinion."""
    lines = [line for line in PAGE.splitlines() if line.startswith("| ")]
    heads = [line for line in lines if line.startswith("| what happens |")]
    bare = [line for line in lines if "::test_" not in line and line not in heads]

    assert bare == []
    assert len(lines) - len(heads) > 30
