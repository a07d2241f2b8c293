"""Whatever happens in whatever order: what was approved once is bought once, and told."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from storage.database import connect
from storage.migrations import migrate
from tests.histories.machine import Histories
from tests.histories.world import Tally


def chosen(histories: int, steps: int = 30) -> settings:
    return settings(
        max_examples=histories,
        stateful_step_count=steps,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink) if os.environ.get('SHRINK') else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    """An empty, migrated file, of which every history takes a copy."""
    path = tmp_path / "blank.db"
    db = connect(path)
    migrate(db)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return path


def test_no_history_breaks_a_law(blank: Path) -> None:
    """Crashes, restores, crowds, doubts and a lying vendor meet in orders nobody thought of."""
    told = Tally()

    class Here(Histories):
        tally = told

    Here.blank = blank
    run_state_machine_as_test(Here, settings=chosen(int(os.environ.get('N', '60'))))
    print(told.counts)
