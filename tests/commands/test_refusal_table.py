"""The table of refusals in ``docs/policy.md`` is what people are told, each line made to happen."""

import os
import re
from pathlib import Path

import pytest

from bot.domain.people import Standing
from bot.domain.policy import Fault, Mismatch
from bot.domain.requests import Refusal, Why
from commands.words import refused
from tests.commands.refusals import CASES, Case, refusal_of

PAGE = Path(__file__).parents[2] / "docs" / "policy.md"
BEGIN, END = "<!-- refusals: written by a test -->\n", "<!-- end of refusals -->"
HEAD = (
    "| typed | what refuses, and why | what was asked | what would be allowed | what to do |\n"
    "|---|---|---|---|---|\n"
)
UNREACHED = {Why.AMOUNT_MUST_BE_ASSET}
"""No provider of this version takes only amounts of the asset."""

TITLES = {"kriptomat": "Kriptomat", "coins_ph": "Coins.ph", "oak": "Oak Network"}


def cell(text: str) -> str:
    """Slack's text in a table: lines apart, dates as UTC."""
    dated = re.sub(r"<!date\^[^|]*\|([^>]*)>", r"\1", text).replace("\u2060", "")
    return dated.replace("|", "\\|").replace("<@", "@").replace(">", "").replace("\n", "<br>")


def line(case: Case, refusal: Refusal) -> str:
    no = refused.parts(refusal, TITLES)
    cells = (f"`{case.words}`", no.reason, no.asked, no.allowed, no.todo)
    return f"| {' | '.join(cell(one) for one in cells)} |\n"


async def told(folder: Path) -> list[tuple[Case, Refusal]]:
    """All refusals, each in a file of its own."""
    answers = []
    for number, case in enumerate(CASES):
        place = folder / str(number)
        place.mkdir()
        answers.append((case, await refusal_of(case, place)))
    return answers


async def test_the_table_of_refusals_is_what_people_are_told(tmp_path: Path) -> None:
    """A second list of sentences would be wrong within a month: these are the answers themselves.

    COUNTERSIGN_WRITE_DOCS=1 writes the table anew.
    """
    answers = await told(tmp_path)
    table = HEAD + "".join(line(*one) for one in answers)
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    if os.environ.get("COUNTERSIGN_WRITE_DOCS"):
        PAGE.write_text(before + BEGIN + table + END + after, encoding="utf-8")
    else:
        assert page == before + BEGIN + table + END + after
    _nothing_is_missing([refusal for _, refusal in answers])


def _nothing_is_missing(refusals: list[Refusal]) -> None:
    denied = [one.denied for one in refusals if one.denied is not None]
    assert {one.why for one in refusals} == set(Why) - UNREACHED
    assert {one.fault for one in denied} == set(Fault)
    assert {one.standing for one in denied} >= set(Standing) - {Standing.MEMBER}
    tried = {one.mismatch for no in denied for one in no.tried}
    assert tried >= set(Mismatch)


@pytest.mark.parametrize("case", CASES, ids=[f"{n} {c.words}" for n, c in enumerate(CASES)])
async def test_every_refusal_has_its_four_parts(tmp_path: Path, case: Case) -> None:
    """Which rule, what was asked, what would be allowed, what to do; and that nothing happened."""
    refusal = await refusal_of(case, tmp_path)
    no = refused.parts(refusal, TITLES)

    assert all(part.strip() for part in (no.reason, no.asked, no.allowed, no.todo))
    assert no.todo.endswith(".")
    assert refused.sentence(refusal, TITLES).endswith(refused.NOTHING)
    assert len(refused.sentence(refusal, TITLES)) < 2000
