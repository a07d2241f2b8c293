"""Budgets that came, went or changed while an order was open, and money that left unforeseen."""

import sqlite3
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.journeys.evidence import back_again, newest_after, order_row
from tests.journeys.money import LIMITED, figures, held, limited
from tests.stage import ANA, BEN, CLEO, TOML, Stage, order_of

LESS = LIMITED.replace('limit = "1000 EUR"', 'limit = "400 EUR"')


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """1,000 EUR a week."""
    async with limited(tmp_path) as one:
        yield one


async def restarted(stage: Stage, toml: str) -> None:
    """The administrator changes the file and starts the bot anew."""
    await stage.stop_bot()
    stage.toml = toml
    await stage.start_bot()


MONTHS = LIMITED.replace('per = "week"', 'per = "month"')


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        (LESS, 'limit of the budget "weekly" changed from 1,000.00 EUR to 400.00 EUR'),
        (TOML, 'it does not draw on the budget "weekly" any more'),
        (MONTHS, 'window of the budget "weekly" changed from week to month'),
    ],
    ids=["less", "none", "month"],
)
async def test_votes_for_other_budgets_are_void_and_people_are_told_what_changed(
    stage: Stage, toml: str, says: str
) -> None:
    """A lower limit, none at all, another window: none of them is what the card had shown."""
    old = await stage.asked(ANA, "250 EUR btc via kriptomat")
    seen = old.snapshot()
    await restarted(stage, toml)
    fresh = await newest_after(stage, old)

    assert "Your click changed nothing" in await stage.click(BEN, old, "Approve", stale=seen)
    assert says in fresh.text
    assert ("weekly" in figures(fresh)) == (toml != TOML)
    assert "decides" in await stage.click(BEN, fresh, "Approve")
    await stage.until(fresh, "completed")
    assert len(stage.kriptomat.purchases) == 1


async def test_an_order_without_budgets_is_asked_anew_once_there_are_some(tmp_path: Path) -> None:
    """It was approved when nothing limited it; that is not what is true when it would be sent."""
    async with limited(tmp_path, toml=TOML) as stage:
        await stage.kriptomat.stop()
        old = await stage.asked(ANA, "600 EUR btc via kriptomat")
        await stage.click(BEN, old, "Approve")
        await stage.until(old, "approved")
        await restarted(stage, LESS)
        await back_again(stage)

        fresh = await newest_after(stage, old)
        await stage.slack.wait_for(lambda _: "Not enough is left" in figures(fresh))

        answer = await stage.click(BEN, fresh, "Approve")
        assert "has 400.00 EUR left" in answer
        assert "It is more than the whole budget." in answer
        assert await held(stage) == [("released", "612.00")]
        assert stage.kriptomat.posts == []


async def test_what_was_bought_before_there_were_budgets_counts(tmp_path: Path) -> None:
    """Turning budgets on in the middle of a week does not make that week a new one."""
    async with limited(tmp_path, toml=TOML) as stage:
        card = await stage.asked(ANA, "600 EUR btc via kriptomat")
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "completed")

        await restarted(stage, LIMITED)

        told = (await stage.say(ANA, "budget")).text or ""
        assert "spent 600.00 · reserved 0.00 · in doubt 0.00 · *left 400.00* EUR" in told


async def test_an_order_whose_money_was_taken_by_what_nobody_foresaw_is_not_sent(
    stage: Stage,
) -> None:
    """Kriptomat took more for one order than was approved: the other one's turn is over."""
    stage.kriptomat.book.settle = "never"
    first = await stage.asked(ANA, "400 EUR btc via kriptomat")
    await stage.click(BEN, first, "Approve")
    await stage.until(first, "accepted")
    await stage.say(BEN, "freeze just a moment")
    second = await stage.asked(ANA, "500 EUR btc via kriptomat")
    await stage.click(BEN, second, "Approve")
    await stage.until(second, "approved")
    assert await held(stage) == [("reserved", "408.00"), ("reserved", "510.00")]

    (bought,) = stage.kriptomat.purchases
    bought.total = Decimal("520.00")
    stage.kriptomat.settle_now(1, "SUCCESS")
    await stage.move_clock(minutes=1)
    await stage.until(first, "completed", timeout=10)
    for who in (BEN, CLEO):
        await stage.say(who, "unfreeze")
    fresh = await newest_after(stage, second)

    assert 'the budget "weekly" would be exceeded by 30.00 EUR by now' in fresh.text
    assert "*left after this one -30.00* EUR" in figures(fresh)
    assert await held(stage) == [("spent", "520.00"), ("released", "510.00")]
    assert len(stage.kriptomat.posts) == 1


async def test_an_order_counts_in_the_week_of_its_approval_however_late_it_is_sent(
    stage: Stage,
) -> None:
    """Approved on Sunday night and sent on Monday, it takes nothing from the new week, and the
    new week nothing from it."""
    stage.clock.move(days=4, hours=13, minutes=50)  # Sunday, 23:50 in Ljubljana
    await stage.say(BEN, "freeze just a moment")
    sunday = await stage.asked(ANA, "900 EUR btc via kriptomat")
    await stage.click(BEN, sunday, "Approve")
    await stage.until(sunday, "approved")

    await stage.move_clock(minutes=15)
    monday = await stage.asked(CLEO, "950 EUR btc via kriptomat")
    await stage.click(BEN, monday, "Approve")
    await stage.until(monday, "approved")
    for who in (BEN, CLEO):
        await stage.say(who, "unfreeze")

    for card in (sunday, monday):
        await stage.until(card, "completed", timeout=10)
    assert "spent 950.00" in ((await stage.say(ANA, "budget")).text or "")


async def test_money_that_leaves_between_the_gates_and_the_first_byte_stops_the_order(
    tmp_path: Path,
) -> None:
    """The last look is taken in the very transaction that would send it."""
    taken: list[str] = []

    def steal(step: str) -> None:
        if step == "before intent" and not taken:
            taken.append(step)
            with sqlite3.connect(tmp_path / "countersign.db") as db:
                db.execute("UPDATE reservations SET amount = '990.00' WHERE status = 'spent'")
            db.close()

    async with limited(tmp_path) as stage:
        first = await stage.asked(ANA, "100 EUR btc via kriptomat")
        await stage.click(BEN, first, "Approve")
        await stage.until(first, "completed")
        await stage.stop_bot()
        await stage.start_bot(checkpoint=steal)

        second = await stage.asked(ANA, "200 EUR btc via kriptomat")
        await stage.click(BEN, second, "Approve")
        fresh = await newest_after(stage, second)

        assert taken
        assert "would be exceeded by 194.00 EUR by now" in fresh.text
        assert len(stage.kriptomat.posts) == 1


async def test_a_file_from_before_budgets_goes_on_as_it_was(tmp_path: Path) -> None:
    """Its orders draw on none, their votes stay good, and their money is counted from then on."""
    async with limited(tmp_path, toml=TOML) as stage:
        card = await stage.asked(ANA, "5000 EUR btc for rent")
        assert "Still needed" in await stage.click(BEN, card, "Approve")
        await stage.stop_bot()
        _as_before(tmp_path / "countersign.db")

        await stage.start_bot()
        assert "decides" in await stage.click(CLEO, card, "Approve")
        await stage.until(card, "completed")

        assert (await order_row(stage, card))["budgets"] == "[]"
        assert await held(stage) == [("spent", "5000.00")]
        assert order_of(card) in ((await stage.say(ANA, "list all")).text or "")


def _as_before(path: Path) -> None:
    """Take the schema back to what it was before there were budgets."""
    with sqlite3.connect(path) as db:
        db.executescript(
            """
            ALTER TABLE orders DROP COLUMN budgets;
            DROP INDEX reservations_by_window;
            ALTER TABLE reservations DROP COLUMN marks;
            DELETE FROM _sqlite_migrations WHERE name = 'm007_budgets';
            """
        )
    db.close()
