"""``kill -9`` of the real process, whatever the vendor promises and became of the reply."""

from pathlib import Path

import pytest

from tests.crash.cases import QUICK, WHOLE, Case
from tests.crash.play import Played, play
from tests.crash.table import Sheets


@pytest.mark.parametrize("case", QUICK, ids=str)
async def test_a_death_ends_in_one_purchase_or_in_a_true_word_that_there_is_none(
    tmp_path: Path, case: Case
) -> None:
    """The order and its vote survive, the vendor is paid once, and the card says what is so."""
    played = await play(tmp_path, case)

    assert played.broken == []


def test_no_two_cases_of_the_table_are_the_same() -> None:
    """A table that is long because it repeats itself proves nothing more."""
    assert len(set(WHOLE)) == len(WHOLE)
    assert set(QUICK) <= set(WHOLE)


@pytest.mark.proof
@pytest.mark.parametrize("case", WHOLE, ids=str)
async def test_every_line_of_the_reliability_table(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, case: Case
) -> None:
    """Each line is played for real; the last one to end writes docs/reliability-table.md."""
    sheets = Sheets(tmp_path_factory)
    try:
        played = await play(tmp_path, case)
    except (AssertionError, TimeoutError):
        sheets.keep(Played.unended(case))
        raise
    sheets.keep(played)

    assert played.broken == []
