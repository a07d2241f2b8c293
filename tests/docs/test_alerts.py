"""Every figure of an alert exists, and every alert has a word on what to do."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

from bot.domain.states import Event, State
from tests.docs.pages import ROOT, page, table
from tests.operations.asked import LISTENING, figures
from tests.stage import staged

TEXT = page("docs/operating.md")
RULES: list[dict[str, Any]] = yaml.safe_load(page("deploy/alerts.yml"))["groups"][0]["rules"]


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
