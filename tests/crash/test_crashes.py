"""``kill -9`` of the real process at every named step: one purchase, no lost vote, a true card."""

import asyncio
import os
from pathlib import Path

import pytest

from storage import audit
from storage.database import Database
from tests.crash.drama import DOUBT_STEPS, STEPS, Death, drama, faults_of
from tests.stage import BEN

QUICK = [
    *((step, None) for step in STEPS),
    ("intent committed", "reply lost"),
    ("reply received", "reply lost"),
    ("reply received", "reset"),
    ("looked up", "reply lost"),
]
"""The fixed part of the suite: every step with the reply kept, and those round a lost reply."""

FULL = [
    (step, passage, fault)
    for step in (*STEPS, *DOUBT_STEPS)
    for passage in (1, 2)
    for fault in (None, "reply lost", "reset", "500 after", "500 before")
]
"""The whole table of ``make proof``; where a step has no second passage nobody dies."""


async def played(folder: Path, deaths: list[Death], fault: str | None) -> tuple[list[str], int]:
    """Play one case: what was not as promised, and how often the bot died."""
    async with drama(folder, deaths, fault=fault) as one:
        card = await one.play()
        await one.stop()
        broken = faults_of(one, card)
        db = await Database.open(folder / "countersign.db")
        if (wrong := await db.read(audit.verify)) is not None:
            broken.append(f"audit: {wrong}")
        await db.close()
        return broken, one.died


@pytest.mark.parametrize(("step", "fault"), QUICK)
async def test_a_death_at_any_step_ends_in_one_purchase_and_a_true_card(
    tmp_path: Path, step: str, fault: str | None
) -> None:
    """The order survives, the vote survives, the vendor is paid once."""
    broken, died = await played(tmp_path, [Death(step)], fault)

    assert broken == []
    assert died == 1


async def test_two_deaths_in_a_row_change_nothing(tmp_path: Path) -> None:
    """The restarted process dies in the middle of its own recovery."""
    deaths = [Death("intent committed"), Death("looked up"), Death("intent committed")]

    broken, died = await played(tmp_path, deaths, None)

    assert broken == []
    assert died == 3


async def test_a_click_on_the_spare_copy_that_a_death_has_left_closes_it(tmp_path: Path) -> None:
    """Killed between Slack's yes and our mark: two cards, and the spare one is no trap."""
    async with drama(tmp_path, [Death("posted")]) as one:
        await one.play()
        cards = one.stage.cards()
        assert len(cards) == 2
        spare = cards[0]

        outcome = await one.stage.slack.click(BEN, spare, "approve")
        answer = await outcome.answer()
        await one.stage.slack.wait_for(lambda _: not spare.buttons())

        assert "decided already" in answer.text
        assert len(one.stage.kriptomat.purchases) == 1


async def test_the_table_does_find_a_second_purchase_when_keys_are_not_kept(
    tmp_path: Path,
) -> None:
    """A test of the test: a client that mints a fresh key for every send buys twice here."""
    async with drama(tmp_path, [Death("reply received")], fresh_keys=True) as one:
        card = await one.play()

        broken = faults_of(one, card)

    assert "one purchase" in broken
    assert "one key" in broken


@pytest.mark.proof
async def test_the_whole_table(tmp_path: Path) -> None:
    """Every step, first and second passage, with five fates of the reply; written to docs/."""
    lines, doubles = [], 0
    for number, (step, passage, fault) in enumerate(FULL):
        folder = tmp_path / str(number)
        await asyncio.to_thread(folder.mkdir)
        broken, died = await played(folder, [Death(step, passage)], fault)
        doubles += "one purchase" in broken
        verdict = "; ".join(broken) or "one purchase, completed"
        lines.append(f"| {step} | {passage} | {fault or 'kept'} | {died} | {verdict} |")
    if os.environ.get("COUNTERSIGN_WRITE_DOCS"):
        await asyncio.to_thread(_write, lines, doubles)

    assert doubles == 0
    assert all(line.endswith("| one purchase, completed |") for line in lines)


def _write(lines: list[str], doubles: int) -> None:
    head = (
        "# Crash table\n\nWritten by `make proof`: the real process is killed with `kill -9` at a"
        " named step while one order\nis bought at the Kriptomat sandbox, and started again.\n\n"
        f"{len(lines)} cases, {doubles} double purchases.\n\n"
        "| dies at | passage | reply | deaths | end |\n|---|---|---|---|---|\n"
    )
    target = Path(__file__).resolve().parents[2] / "docs" / "crash-table.md"
    target.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
