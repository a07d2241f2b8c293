"""Whatever the log says loudly stands on the page for operators, and the page says nothing else."""

import ast
import functools
import re

from tests.docs.pages import page, table
from tests.rules.test_tidy import PRODUCT, name_of

TEXT = page("docs/operating.md")
LEVELS = {"info": "info", "warning": "warning", "error": "error", "exception": "error"}
NOT_RUN = ("bot/playground/", "providers/sandbox/")
"""What pretends to be somebody else says nothing in production."""


@functools.cache
def said() -> dict[str, str]:
    """Every line that the product logs, and its level."""
    found = {}
    for path in PRODUCT:
        if name_of(path).startswith(NOT_RUN):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name("log"), attr=level),
                    args=[ast.Constant(str(line)), *_],
                ) if level in LEVELS:
                    found[line] = LEVELS[level]
    return found


def explained() -> dict[str, str]:
    """Every line in the table, and its level."""
    rows = table(TEXT, "line")
    return {line: row[1] for row in rows for line in re.findall(r"`([^`]+)`", row[0])}


def test_every_warning_and_every_error_is_explained() -> None:
    """Whoever is woken by a line must find what to do about it."""
    loud = {line: level for line, level in said().items() if level != "info"}

    assert loud
    assert {line: explained().get(line) for line in loud} == loud


def test_every_line_that_is_explained_is_one_that_is_said() -> None:
    """A line that no longer exists would be searched for in vain."""
    assert explained().items() <= said().items()
