"""A difference that somebody knows is written down, and nobody has to look at it again."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import Result

from tests.journeys.clockwork import NINE, a_look, digests, to_local
from tests.journeys.test_reconciling import buy_by_hand, next_morning, typed, unexplained
from tests.operations.asked import LISTENING
from tests.stage import FAY, TOML, Stage

BECAUSE = "bought by hand for the auditors"


@pytest.fixture
async def by_hand(tmp_path: Path) -> AsyncIterator[Stage]:
    """It is the present, in which the operator's command lives; an hour ago somebody has bought by
    hand."""
    stage = Stage(tmp_path, toml=NINE + LISTENING.removeprefix(TOML), rate=1.0)
    await stage.open()
    try:
        await stage.start_bot()
        buy_by_hand(stage)
        stage.kriptomat.book.entries[0].at -= timedelta(hours=1)
        yield stage
    finally:
        await stage.close()


async def reconciled(stage: Stage, *words: str) -> Result:
    """What the operator's command says of the last years."""
    return await asyncio.to_thread(typed, stage, "--since", "2020-01-01", *words)


def counts_from_now_on(stage: Stage) -> None:
    """The bot compares nothing that is older than its file; when it was bought is no part of what
    was explained."""
    stage.kriptomat.book.entries[0].at = stage.clock.now()


async def digest(stage: Stage) -> str:
    """The next one in the channel."""
    count = len(digests(stage))
    to_local(stage, 9, 10)
    await a_look(stage)
    await stage.slack.wait_for(lambda _: len(digests(stage)) > count)
    return digests(stage)[-1].plain()


async def test_an_explained_difference_is_told_apart_until_it_becomes_another(
    by_hand: Stage,
) -> None:
    """A count that is never zero is not looked at; and what was explained was the row as it was."""
    stage = by_hand
    assert (await reconciled(stage)).exit_code == 1
    told = await reconciled(stage, "--explain", "1", "--because", BECAUSE, "--yes")
    assert told.exit_code == 0
    assert "1 there and not here: 40 EUR of BTC (SUCCESS)" in told.stdout
    (row,) = await stage.rows("SELECT actor, facts FROM audit WHERE what = 'explained'")
    assert row["actor"].startswith("operator ")
    assert BECAUSE in row["facts"]
    listed = await reconciled(stage)
    assert listed.exit_code == 0
    assert "unexplained: 0\n  explained: 1\n" in listed.stdout
    assert f"40 EUR of BTC (SUCCESS); {BECAUSE} (operator " in listed.stdout

    stage.kriptomat.book.entries[0].total = Decimal(41)
    changed = await reconciled(stage)
    assert changed.exit_code == 1
    assert "unexplained: 1\n" in changed.stdout
    assert BECAUSE not in changed.stdout


async def test_what_is_explained_is_counted_apart_and_told_to_nobody(by_hand: Stage) -> None:
    """Whoever has bought by hand writes it down at once: no operator has to ask them. Another
    amount is another purchase, of which the operators hear."""
    stage = by_hand
    await reconciled(stage, "--explain", "1", "--because", BECAUSE, "--yes")
    counts_from_now_on(stage)
    await next_morning(stage)
    assert await unexplained(stage) == 0
    assert "Kriptomat: 0 unexplained, 1 explained, compared" in await digest(stage)
    assert stage.slack.dms(FAY) == []

    stage.kriptomat.book.entries[0].total = Decimal(41)
    await next_morning(stage)
    assert await unexplained(stage) == 1
    await stage.slack.wait_for(lambda _: stage.slack.dms(FAY))
    (word,) = stage.slack.dms(FAY)
    assert "41 EUR of BTC (SUCCESS)" in word.text
    assert "countersign reconcile --explain" in word.text


async def test_what_is_no_difference_cannot_be_explained(by_hand: Stage) -> None:
    """A slip of the hand must not hide something else, and says what was not found."""
    for words, code, fault in (
        (["--explain", "77", "--because", BECAUSE], 1, 'no difference is numbered "77"'),
        (["--explain", "1"], 2, "--explain NUMBER and --because REASON go together"),
        (["--explain", "1", "--because", " "], 2, "--because takes a reason"),
    ):
        done = await reconciled(by_hand, *words)
        assert (done.exit_code, done.stderr.count("\n")) == (code, 1)
        assert fault in done.stderr
    assert await by_hand.rows("SELECT 1 FROM explanations") == []
