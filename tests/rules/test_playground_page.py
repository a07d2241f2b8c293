"""``docs/playground.md`` promises of the pretend Slack what its table says and a test proves."""

import ast
import functools
import os
from pathlib import Path

import pytest

from bot.playground.rulebook import BOOK, tables
from bot.playground.rulebook.rule import Rule

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "playground.md"
BEGIN, END = "<!-- the table begins -->\n", "<!-- the table ends -->"
RULES = [
    pytest.param(rule, id=f"{heading}: {rule.name}")
    for heading, rules in BOOK.items()
    for rule in rules
]
PROOFS = sorted({proof for rules in BOOK.values() for rule in rules for proof in rule.proofs})
TESTS = sorted((ROOT / "tests" / "playground").glob("test_*.py"))


@functools.cache
def written_in(path: Path) -> dict[str, ast.AsyncFunctionDef | ast.FunctionDef]:
    """The tests of a file by name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name: node for node in ast.walk(tree) if isinstance(node, functions)}


def test_the_page_shows_the_table_of_the_code() -> None:
    """A page that is kept by hand would drift; COUNTERSIGN_WRITE_DOCS=1 writes it anew."""
    page = PAGE.read_text(encoding="utf-8")
    head, _, rest = page.partition(BEGIN)
    shown, _, tail = rest.partition(END)
    if os.environ.get("COUNTERSIGN_WRITE_DOCS"):
        PAGE.write_text(f"{head}{BEGIN}\n{tables()}\n{END}{tail}", encoding="utf-8")
    else:
        assert shown.strip() == tables().strip()


@pytest.mark.parametrize("proof", PROOFS)
def test_every_proof_in_the_table_is_a_test_that_runs(proof: str) -> None:
    """A renamed test would leave a rule without its proof."""
    file, _, name = proof.partition("::")
    found = written_in(ROOT / file).get(name)
    assert found is not None, f"there is no {proof}"
    assert not any("proof" in ast.unparse(mark) for mark in found.decorator_list)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_proved_or_says_what_is_missing(rule: Rule) -> None:
    """Supported without a test is an opinion; anything less without a word is a trap."""
    assert rule.name
    assert rule.slack.endswith(".")
    assert bool(rule.tests) == (rule.kept != "not")
    assert bool(rule.missing) == (rule.kept != "supported")
    assert "|" not in rule.name + rule.slack + rule.missing


def test_no_rule_stands_twice_under_one_heading() -> None:
    """Two lines about the same thing would one day disagree."""
    for heading, rules in BOOK.items():
        names = [rule.name for rule in rules]
        assert len(names) == len(set(names)), heading


def test_every_refusal_of_the_pretend_slack_is_met_by_a_test() -> None:
    """An error that no test has ever seen may be misspelt, or never be raised at all."""
    raised = set()
    for path in (ROOT / "bot" / "playground").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "SlackError":
                raised |= {
                    one.value
                    for one in ast.walk(node.args[0])
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    told = "\n".join(path.read_text(encoding="utf-8") for path in TESTS)
    assert len(raised) > 40
    assert sorted(error for error in raised if error not in told) == []
