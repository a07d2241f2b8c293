"""Whatever happens in whatever order: what was approved once is bought once, and told."""

import json
import os
from pathlib import Path

import pytest

from tests.histories.machine import Histories
from tests.histories.policies import Policies
from tests.histories.search import search
from tests.histories.world import Tally

REPORT = Path(__file__).parents[2] / "docs" / "histories.json"
PROOF = 2000


def test_no_history_breaks_a_law(blank: Path) -> None:
    """Crashes, restores, crowds, doubts and a lying vendor meet in orders nobody thought of."""
    tally = Tally()

    search(Histories, blank=blank, tally=tally, histories=100, steps=20)

    few = [
        what for what in ("crashes", "purchases", "put back", "settled") if tally.counts[what] < 5
    ]
    assert not few, "histories in which nothing happens prove nothing"


def test_no_order_is_sent_without_the_votes_that_its_rule_demands(blank: Path) -> None:
    """Any rules over any groups, and anybody leaves, joins, is frozen out, whatever the clock does:
    the votes of this moment, nobody twice, never the requester, no budget exceeded."""
    tally = Tally()

    search(Policies, blank=blank, tally=tally, histories=40, steps=20)

    assert tally.counts["purchases"] > 10, "histories in which nothing is bought prove nothing"


@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_no_order_of_two_thousand_policies_is_sent_without_its_votes(blank: Path) -> None:
    """The same, for as long as a release may take."""
    tally = Tally()

    search(Policies, blank=blank, tally=tally, histories=PROOF)

    assert tally.counts["histories"] >= PROOF


@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_no_history_of_two_thousand_breaks_a_law(blank: Path) -> None:
    """The same search, for as long as a release may take."""
    tally = Tally()

    search(Histories, blank=blank, tally=tally, histories=PROOF)

    assert tally.counts["histories"] >= PROOF
    if os.environ.get("COUNTERSIGN_WRITE_DOCS"):
        told = dict(sorted(tally.counts.items())) | {"violations": 0}
        REPORT.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
