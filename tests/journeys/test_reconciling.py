"""Our records held against the provider's list, each morning and on the command line."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from typer.testing import CliRunner, Result

from bot.cli import app
from bot.workflow.reconciling import reconcile
from tests.cli.test_run import environment_of
from tests.journeys import oak
from tests.journeys.clockwork import NINE, a_look, before_nine, digests, to_local, until_rows
from tests.journeys.coins import bought, to_be_paid, with_coins
from tests.journeys.oak import with_oak
from tests.operations.asked import LISTENING, figures
from tests.stage import ANA, BEN, FAY, TOML, Stage

COMPARED = "SELECT provider, found, trouble FROM comparisons"


@asynccontextmanager
async def one_bought(folder: Path) -> AsyncIterator[Stage]:
    """The bot has bought once, and half an hour has passed."""
    async with before_nine(folder, NINE + LISTENING.removeprefix(TOML)) as stage:
        card = await stage.asked(ANA, "250 EUR btc via kriptomat")
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "completed")
        await stage.move_clock(minutes=30)
        yield stage


def buy_by_hand(stage: Stage) -> None:
    """Somebody buys on Kriptomat's own page, as the same user."""
    pair = next(iter(stage.kriptomat.book.prices))
    stage.kriptomat.book.book("1", "by hand", pair, Decimal(40))


async def unexplained(stage: Stage) -> float:
    """What a monitor sees."""
    assert stage.bot is not None
    found = await figures(stage.bot.listener.address)
    return found['countersign_unexplained{provider="kriptomat"}']


async def next_morning(stage: Stage) -> None:
    """It strikes five, and what is compared then has been compared."""
    before = len(await stage.rows("SELECT 1 FROM audit WHERE what = 'compared'"))
    to_local(stage, 5, 1)
    await a_look(stage)
    await until_rows(stage, "SELECT 1 FROM audit WHERE what = 'compared'", before + 1)


async def test_equal_books_are_told_as_zero_and_nobody_is_written_to(tmp_path: Path) -> None:
    """Silence could be a comparison that never ran: the digest says when it did."""
    async with one_bought(tmp_path) as stage:
        await next_morning(stage)

        (found,) = await stage.rows(COMPARED)
        assert found == {"provider": "kriptomat", "found": 0, "trouble": None}
        assert stage.slack.dms(FAY) == []
        count = len(digests(stage))
        to_local(stage, 9, 10)
        await a_look(stage)
        await stage.slack.wait_for(lambda _: len(digests(stage)) > count)
        assert "Kriptomat: 0 unexplained, compared 4 hours ago" in digests(stage)[-1].plain()


async def test_a_purchase_by_hand_is_reported_once_and_counted_each_time(tmp_path: Path) -> None:
    """The operator hears of it one morning; the count stays until the books are equal."""
    async with one_bought(tmp_path) as stage:
        assert math.isnan(await unexplained(stage))
        buy_by_hand(stage)
        await next_morning(stage)
        assert await unexplained(stage) == 1
        await stage.slack.wait_for(lambda _: stage.slack.dms(FAY))
        (word,) = stage.slack.dms(FAY)
        assert "1 difference that nothing explains" in word.text
        assert "*2* there and not here: 40 EUR of BTC (SUCCESS)" in word.text

        await next_morning(stage)
        (found,) = await stage.rows(COMPARED)
        assert found["found"] == 1
        assert len(stage.slack.dms(FAY)) == 1
        assert await stage.rows("SELECT DISTINCT state FROM orders") == [{"state": "completed"}]


async def test_a_provider_that_is_down_is_not_compared_and_is_asked_again(
    tmp_path: Path,
) -> None:
    """Nothing is known then: that is not zero, and not what was found the day before either."""
    async with one_bought(tmp_path) as stage:
        stage.kriptomat.faults.standing("list", "garbage after")
        to_local(stage, 5, 1)
        await a_look(stage)
        (found,) = await until_rows(stage, f"{COMPARED} WHERE trouble IS NOT NULL", 1)
        assert found["trouble"]

        stage.kriptomat.faults.clear()
        await stage.move_clock(hours=1, minutes=1)
        await until_rows(stage, f"{COMPARED} WHERE compared_at IS NOT NULL AND trouble IS NULL", 1)


async def test_a_clock_that_stood_in_the_future_stops_no_comparison(tmp_path: Path) -> None:
    """A time server is wrong by a month for a night: the mornings after it are compared again."""
    async with one_bought(tmp_path) as stage:
        for days, count in ((30, 1), (-30, 2)):
            stage.clock.move(days=days)
            await a_look(stage)
            await until_rows(stage, "SELECT 1 FROM audit WHERE what = 'compared'", count)
        await next_morning(stage)


async def test_a_fault_of_ours_is_told_as_not_compared_and_asks_the_vendor_once_an_hour(
    tmp_path: Path,
) -> None:
    """A row that cannot be read: the list is not walked again at every look of the clock."""
    async with one_bought(tmp_path) as stage:
        (kept,) = await stage.rows("SELECT rule FROM orders")
        await write_rule(stage, "unreadable")
        to_local(stage, 5, 1)
        await a_look(stage)
        (found,) = await until_rows(stage, f"{COMPARED} WHERE trouble IS NOT NULL", 1)
        assert found["trouble"] == "something went wrong on my side, which is in my log"
        before = lists_read(stage)
        for _ in range(2):
            await a_look(stage)
        assert lists_read(stage) == before

        await write_rule(stage, kept["rule"])
        await stage.move_clock(hours=1, minutes=1)
        await until_rows(stage, f"{COMPARED} WHERE compared_at IS NOT NULL AND trouble IS NULL", 1)


async def test_a_comparison_that_runs_over_five_leaves_that_morning_its_own(
    tmp_path: Path,
) -> None:
    """It began before five, so what it has found is not the morning's."""
    async with one_bought(tmp_path) as stage:
        stage.kriptomat.faults.standing("list", "garbage after")
        to_local(stage, 5, 1)
        await a_look(stage)
        await until_rows(stage, f"{COMPARED} WHERE trouble IS NOT NULL", 1)
        before = lists_read(stage)
        stage.kriptomat.faults.clear()
        stage.kriptomat.faults.standing("list", "slow before")
        to_local(stage, 4, 59)
        await a_look(stage)
        async with asyncio.timeout(15):
            while lists_read(stage) == before:  # noqa: ASYNC110 - the wire has no bell
                await asyncio.sleep(0.02)
        stage.kriptomat.faults.clear()
        to_local(stage, 5, 1)
        await a_look(stage)
        assert await stage.rows("SELECT 1 FROM audit WHERE what = 'compared'") == []

        await until_rows(stage, "SELECT 1 FROM audit WHERE what = 'compared'", 2)


def lists_read(stage: Stage) -> int:
    """How often Kriptomat was asked for its list."""
    return sum("/transactions" in call.path for call in stage.kriptomat.wire)


async def write_rule(stage: Stage, rule: str) -> None:
    """What stands in the file, as a fault of the disk or of ours would have it."""
    assert stage.bot is not None
    sql = "UPDATE orders SET rule = ?"
    await stage.bot.desk.db.write(lambda tx: tx.execute(sql, (rule,)))


def typed(stage: Stage, *words: str) -> Result:
    """``countersign reconcile``, as an operator types it beside the bot."""
    config = stage.folder / "countersign.toml"
    config.write_text(stage.toml_text(), encoding="utf-8")
    environment = {**environment_of(stage), "COUNTERSIGN_CONFIG": str(config)}
    return CliRunner().invoke(app, ["reconcile", *words], env=environment)


async def test_on_the_command_line_zero_is_zero_a_stranger_is_one_and_silence_is_neither(
    stage: Stage,
) -> None:
    """A script can tell them apart by the exit code and the line; the bot goes on beside it."""
    card = await stage.asked(ANA, "250 EUR btc via kriptomat")
    await stage.click(BEN, card, "Approve")
    await stage.until(card, "completed")
    clean = await asyncio.to_thread(typed, stage, "--since", "2020-01-01")
    assert "Kriptomat, since 2019-12-31 23:00 UTC: 1 listed there: 1 ours;" in clean.stdout
    assert "unexplained: 0" in clean.stdout
    assert clean.exit_code == 0

    buy_by_hand(stage)
    stage.kriptomat.book.entries[-1].at -= timedelta(hours=1)
    differs = await asyncio.to_thread(
        typed, stage, "--provider", "kriptomat", "--since", "2020-01-01"
    )
    assert "unexplained: 1\n" in differs.stdout
    assert "2 there and not here: 40 EUR of BTC (SUCCESS)" in differs.stdout
    assert differs.exit_code == 1

    stage.kriptomat.faults.standing("list", "garbage after")
    down = await asyncio.to_thread(typed, stage)
    assert "Kriptomat: not compared: " in down.stdout
    assert "unexplained" not in down.stdout
    assert down.exit_code == 1
    for fault, words in (
        (["--provider", "mtgox"], '"mtgox" is not configured; known: kriptomat'),
        (["--since", "yesterday"], '"yesterday" is no day: write it as 2026-11-01'),
    ):
        ended = await asyncio.to_thread(typed, stage, *fault)
        assert (ended.exit_code, ended.stderr.count("\n")) == (2, 1)
        assert words in ended.stderr


async def test_oak_and_coins_ph_list_what_was_bought_there_as_it_was_booked(
    tmp_path: Path,
) -> None:
    """A list that tells a figure otherwise than the purchase's own page would cry wolf daily."""
    for name in ("oak", "coins"):
        (tmp_path / name).mkdir()
    async with with_oak(tmp_path / "oak") as (stage, _):
        card = await stage.asked(ANA, oak.WORDS)
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "completed", timeout=10)
        await clean_after_an_hour(stage, "oak")
    async with with_coins(tmp_path / "coins") as (stage, sandbox):
        card = await bought(stage, sandbox, await to_be_paid(stage))
        assert card is not None
        await clean_after_an_hour(stage, "coins_ph")


async def clean_after_an_hour(stage: Stage, name: str) -> None:
    """The purchase is old enough that the list has to show it, and does."""
    assert stage.bot is not None
    desk = stage.bot.desk
    now = desk.now() + timedelta(hours=1)
    since = now - timedelta(days=1)
    done = await reconcile(desk.db, name, desk.providers[name], since=since, now=now)
    assert (done.listed, done.matched, done.ours, done.findings) == (1, 1, 1, ())
