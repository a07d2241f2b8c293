"""``countersign export``: every order of a month, exact, safe to open, with sums that foot."""

import asyncio
import csv
import io
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.domain.months import Month, month_of
from bot.workflow.exporting import COLUMNS, FORMULA, Totals, cell, export
from storage.database import Tx
from tests.stage import ANA, BEN, Stage, order_of


async def file_of(stage: Stage, month: Month) -> str:
    """The whole file, whose last piece is the totals."""
    assert stage.bot is not None
    desk = stage.bot.desk
    pieces = export(desk.db, month, desk.zone, Totals(), actor=ANA, now=desk.now())
    return b"".join([piece async for piece in pieces]).decode("utf-8")


async def exported(stage: Stage) -> list[dict[str, str]]:
    """The rows of this month, read back as any program would."""
    assert stage.bot is not None
    desk = stage.bot.desk
    month = month_of(desk.now(), desk.zone)
    text = await file_of(stage, month)
    assert text.replace("\r\n", "").count("\n") == 0
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def test_the_file_read_back_is_what_the_database_has_and_its_sums_foot(
    stage: Stage,
) -> None:
    """Spent, promised and nothing: each order once, and the totals of exactly these rows."""
    for words, button in (
        ("250 EUR btc via kriptomat for =HYPERLINK(1)", "Approve"),
        ("75.50 EUR eth via kriptomat", "Approve"),
        ("100 EUR btc via kriptomat", None),
    ):
        card = await stage.asked(ANA, words)
        if button:
            await stage.click(BEN, card, button)
            await stage.until(card, "completed")

    rows = await exported(stage)
    orders = [row for row in rows if row["row"] == "order"]
    totals = {row["currency"] or row["asset"]: row for row in rows if row["row"] == "total"}

    kept = await stage.rows(
        "SELECT o.*, r.amount, r.status FROM orders AS o"
        " LEFT JOIN reservations AS r ON r.order_id = o.id"
    )
    assert {row["order"] for row in orders} == {one["id"] for one in kept}
    for one in kept:
        (row,) = [each for each in orders if each["order"] == one["id"]]
        assert row["state"] == one["state"]
        assert row["amount"] == one["spend_amount"]
        assert row["vendor_reference"] == (one["ref"] or "")
        assert row["spent"] == (one["amount"] if one["status"] == "spent" else "")
        assert row["client_key"] == one["key"]
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in orders:
        for column in ("spent", "net", "fee", "reserved"):
            sums[column] += Decimal(row[column] or 0)
        sums[row["asset"]] += Decimal(row["quantity"] or 0)
    assert Decimal(totals["EUR"]["spent"]) == sums["spent"] == Decimal("325.50")
    for column in ("net", "fee", "reserved"):
        assert Decimal(totals["EUR"][column]) == sums[column]
    assert sums["net"] + sums["fee"] == sums["spent"]
    assert sums["fee"] > 0
    for asset in ("btc", "eth"):
        assert Decimal(totals[asset]["quantity"]) == sums[asset] > 0
    assert totals[""]["order"] == "3"
    assert "'=HYPERLINK(1)" in {row["reason"] for row in orders}
    assert any(row["votes"].startswith(f"{BEN} approve 20") for row in orders)
    (noted,) = await stage.rows("SELECT actor FROM audit WHERE what = 'exported'")
    assert noted["actor"] == ANA


async def test_a_month_without_orders_is_told_as_zero(stage: Stage) -> None:
    """An empty file could be a broken one."""
    header, total = (await file_of(stage, Month(2001, 1))).split("\r\n")[:2]
    assert header == ",".join(COLUMNS)
    assert total.startswith("total,0,")


@given(st.text())
def test_no_cell_begins_as_a_formula_and_each_can_be_read_back(text: str) -> None:
    """One leading apostrophe is taken off by whoever reads the file."""
    shown = cell(text)
    assert not shown.startswith(tuple(set(FORMULA) - {"'"}))
    assert (shown.removeprefix("'")) == text


def typed(database: Path, *words: str) -> Result:
    """As an operator types it."""
    environment = {
        "COUNTERSIGN_DATABASE": str(database),
        "COUNTERSIGN_CONFIG": str(database.with_name("absent.toml")),
        "LOGNAME": "fay",
    }
    return CliRunner().invoke(app, ["export", *words], env=environment)


async def test_an_operator_exports_beside_the_running_bot_into_a_new_private_file(
    stage: Stage,
) -> None:
    """Nobody else may read what a team buys, and no older export is lost by a second one."""
    card = await stage.asked(ANA, "250 EUR btc via kriptomat")
    database, out = stage.folder / "countersign.db", stage.folder / "month.csv"

    ended = await asyncio.to_thread(typed, database, "--out", str(out))

    assert ended.exit_code == 0
    assert ended.stderr.count("\n") == 1
    assert "absent.toml, so the month is that of UTC" in ended.stderr
    assert f"{out}: 1 orders, by the calendar of UTC" in ended.stdout
    assert out.stat().st_mode & 0o777 == 0o600
    assert order_of(card) in out.read_text()
    (noted,) = await stage.rows("SELECT actor FROM audit WHERE what = 'exported'")
    assert noted["actor"] == "operator fay"

    again = await asyncio.to_thread(typed, database, "--out", str(out))
    assert (again.exit_code, again.stderr.count("\n")) == (2, 1)
    assert "File exists" in again.stderr


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("--month", "brumaire"), '"brumaire" is no month: write 2026-11, november'),
        (("--month", "2099-12"), "December 2099 has not begun"),
        ((), "there is no such file"),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_line(
    tmp_path: Path, words: tuple[str, ...], fault: str
) -> None:
    """Exit 2, and nothing on standard output that a script could take for an export."""
    ended = typed(tmp_path / "absent.db", *words)
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert fault in ended.stderr


def test_an_order_belongs_to_the_month_in_which_its_money_was_promised(tmp_path: Path) -> None:
    """As budgets count it; the query has an index for it."""
    from storage.connection import connect  # noqa: PLC0415 - only this test looks at the file
    from storage.migrations import migrate  # noqa: PLC0415 - the same

    raw = connect(tmp_path / "a.db")
    migrate(raw)
    plan = Tx(raw).rows(
        "EXPLAIN QUERY PLAN SELECT order_id FROM reservations WHERE at >= 'a' AND at < 'b'"
    )
    raw.close()
    assert any("reservations_by_time" in row["detail"] for row in plan)
