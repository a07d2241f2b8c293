"""Pictures of reports: drawn by a child that may fail, and cannot take the bot with it."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.artist import PNG, Artist, Undrawn
from bot.domain.months import Month
from bot.domain.reports import Promised, Report
from commands.charts import ASSETS_AT_MOST, chart
from commands.limits import validate_message
from commands.words import reports as words


def made(days: dict[str, dict[str, tuple[Decimal, ...]]]) -> Report:
    """November with these days."""
    return Report(
        month=Month(2026, 11),
        at=datetime(2026, 11, 24, tzinfo=UTC),
        lines=(),
        requesters=(),
        approvers=(),
        reserved=Promised(),
        in_doubt=Promised(),
        unspent={},
        days=days,
        before={},
        runs=True,
    )


def bars(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, amounts))


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("import threading; threading.Event().wait(60)", "took too long"),
        ("raise SystemExit(3)", "failed"),
        ("print('no picture')", "failed"),
    ],
)
async def test_a_child_that_hangs_dies_or_babbles_is_a_report_without_a_picture(
    program: str, why: str
) -> None:
    """Whatever becomes of it, the caller hears a phrase, and the child is gone."""
    command: Sequence[str] = (sys.executable, "-c", program)
    with pytest.raises(Undrawn, match=why):
        await Artist(command, seconds=1.0).draw({})


async def test_a_picture_of_two_currencies_is_drawn_without_a_secret_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What draws gets titles and amounts, and none of the tokens in our environment."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-never")
    days = {
        "EUR": {"btc": bars("0", "250"), "eth": bars("10", "0")},
        "PHP": {"btc": bars("1", "2")},
    }
    assert (await Artist().draw(chart(made(days)))).startswith(PNG)
    spy = f"import os, sys; sys.stdout.buffer.write({PNG!r} + ' '.join(os.environ).encode())"
    seen = await Artist((sys.executable, "-c", spy)).draw({})
    assert b"PATH" in seen
    assert b"SLACK" not in seen


def test_more_assets_than_colours_are_drawn_as_others_and_none_is_left_out() -> None:
    """The bars of a day add up to what was spent on it."""
    assets = {f"as{number}": bars(str(number), "1") for number in range(12)}
    (panel,) = chart(made({"EUR": assets}))["panels"]
    assert len(panel["series"]) == ASSETS_AT_MOST
    assert panel["series"][-1]["name"] == words.OTHERS
    for day, total in enumerate((sum(range(12)), 12)):
        assert sum(Decimal(one["values"][day]) for one in panel["series"]) == total


def test_bars_as_text_show_the_largest_day_and_the_days_without_any() -> None:
    """A dot is nothing, and the smallest bar is not nothing."""
    told = words.bars(made({"EUR": {"btc": bars("0", "0.01", "125", "250")}}))
    assert told == "`·▁▅█` EUR a day, 250 at most"
    assert validate_message(told, None) == []
