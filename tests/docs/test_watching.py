"""What operators are told to watch exists: every figure of an alert, every line of the log."""

import ast
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

from bot.domain.states import Event, State
from tests.docs.pages import ROOT, page, table
from tests.operations.asked import LISTENING, figures
from tests.rules.test_tidy import PRODUCT, name_of
from tests.stage import staged

TEXT = page("docs/operating.md")
RULES: list[dict[str, Any]] = yaml.safe_load(page("deploy/alerts.yml"))["groups"][0]["rules"]
LEVELS = {"info": "info", "warning": "warning", "error": "error", "exception": "error"}
NOT_RUN = ("bot/playground/", "providers/sandbox/")
"""What pretends to be somebody else says nothing in production."""


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


def test_every_rule_has_its_row_on_the_page() -> None:
    """An alert without a word on what to do wakes two people instead of one."""
    told = [name for row in table(TEXT, "alert") for name in row[0].split(", ")]

    assert sorted(told) == sorted(rule["alert"] for rule in RULES)
    assert all(row[2] for row in table(TEXT, "alert"))


async def test_every_figure_of_a_rule_is_told_by_a_bot_that_has_just_started(
    tmp_path: Path,
) -> None:
    """A rule on a figure that is not there never fires, and looks like peace."""
    async with staged(tmp_path, toml=LISTENING) as stage:
        assert stage.bot is not None
        found = await figures(stage.bot.listener.address)
    names = {sample.partition("{")[0] for sample in found}

    for rule in RULES:
        used = set(re.findall(r"countersign_\w+", rule["expr"]))
        assert used, rule["alert"]
        assert used <= names, rule["alert"]
        for label, value in re.findall(r'(\w+)=~?"([^"]+)"', rule["expr"]):
            known = {"event": Event, "state": State}[label]
            assert set(value.split("|")) <= {one.value for one in known}
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"].endswith((".", "?"))


def test_prometheus_takes_the_rules() -> None:
    """Where its tool is at hand; the shape is looked at in any case."""
    promtool = shutil.which("promtool")
    if promtool is None:
        assert all({"alert", "expr", "labels", "annotations"} <= rule.keys() for rule in RULES)
        return
    subprocess.run([promtool, "check", "rules", ROOT / "deploy/alerts.yml"], check=True, timeout=60)
