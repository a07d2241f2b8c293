"""The digest: at nine, once, whatever dies; it tells what stands, and that the bot is alive."""

from pathlib import Path

import pytest

from tests.journeys.clockwork import NINE, a_look, before_nine, digests, restarted, until_rows
from tests.stage import ANA, BEN, Stage

REPEATED = "may stand here twice"


async def at_nine(stage: Stage) -> str:
    """It strikes nine; the digest as one text."""
    await stage.move_clock(minutes=2)
    await stage.slack.wait_for(lambda _: digests(stage))
    return digests(stage)[-1].plain()


async def test_it_tells_what_waits_what_moves_and_what_was_bought(tmp_path: Path) -> None:
    """Whoever reads nothing else in the morning knows what the team has to do."""
    async with before_nine(tmp_path) as stage:
        done = await stage.asked(ANA, "250 EUR btc via kriptomat")
        await stage.click(BEN, done, "Approve")
        await stage.until(done, "completed")
        waiting = await stage.asked(ANA, "100 EUR btc via kriptomat")
        stage.kriptomat.book.settle = "never"
        moving = await stage.asked(ANA, "75 EUR btc via kriptomat")
        await stage.click(BEN, moving, "Approve")
        await stage.until(moving, "accepted")

        text = await at_nine(stage)

        assert "Waiting for approval: 1" in text
        assert "waits for Ben, Cleo or Fay; asked for by Ana" in text
        assert waiting.plain().split("BUY-")[1][:5] in text
        assert "Under way: 1" in text
        assert "accepted for " in text
        assert "In doubt: 0" in text
        assert "Completed since" in text
        assert ": 1 for 250.00 EUR" in text
        heads = await stage.rows("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 3")
        assert any(f"{head['number']} rows, head {head['hash']}" in text for head in heads)
        assert "1 waiting for approval, 1 under way, 0 in doubt" in digests(stage)[0].text
        assert "<@" not in digests(stage)[0].plain()


async def test_nothing_is_told_as_nothing(tmp_path: Path) -> None:
    """A part that is left out would look like one that broke."""
    async with before_nine(tmp_path) as stage:
        text = await at_nine(stage)

        for part in ("Waiting for approval: 0", "Under way: 0", "In doubt: 0"):
            assert part in text
        assert "Completed since" in text
        assert REPEATED not in text


async def test_it_is_posted_once_across_looks_and_restarts(tmp_path: Path) -> None:
    """Its key is the local time, on the disk."""
    async with before_nine(tmp_path) as stage:
        await at_nine(stage)
        await restarted(stage, minutes=5)
        await a_look(stage)
        await a_look(stage)

        assert len(digests(stage)) == 1
        await stage.move_clock(days=1)
        await stage.slack.wait_for(lambda _: len(digests(stage)) == 2)


async def test_a_bot_that_was_off_at_nine_posts_it_within_the_hour_or_not_at_all(
    tmp_path: Path,
) -> None:
    """Half past nine is the morning still; at noon it would be taken for news."""
    async with before_nine(tmp_path) as stage:
        await restarted(stage, minutes=31)
        await stage.slack.wait_for(lambda _: len(digests(stage)) == 1)
        await restarted(stage, days=1, minutes=45)
        await a_look(stage)

        assert len(digests(stage)) == 1


async def test_what_happened_while_one_was_missed_is_told_by_the_next(tmp_path: Path) -> None:
    """Nothing falls between two digests."""
    async with before_nine(tmp_path) as stage:
        await at_nine(stage)
        card = await stage.asked(ANA, "250 EUR btc via kriptomat")
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "completed")
        await restarted(stage, days=2, hours=5)
        await stage.move_clock(hours=19)
        await stage.slack.wait_for(lambda _: len(digests(stage)) == 2)

        assert ": 1 for 250.00 EUR" in digests(stage)[1].plain()


async def test_slack_away_for_an_hour_costs_that_digest_and_no_other_message(
    tmp_path: Path,
) -> None:
    """What is too late is dropped; the queue behind it goes on."""
    async with before_nine(tmp_path) as stage:
        stage.slack.faults.web_outage()
        await stage.move_clock(minutes=2)
        await a_look(stage)
        stage.clock.move(hours=2)
        stage.slack.faults.clear()
        await stage.move_clock(minutes=1)
        await stage.asked(ANA, "250 EUR btc via kriptomat")

        await until_rows(stage, "SELECT 1 FROM outbox WHERE wanted > paid", 0)
        assert digests(stage) == []


@pytest.mark.parametrize(
    ("trouble", "copies"), [("reset after", 2), ("rate limited", 1), ("refused", 1)]
)
async def test_only_a_copy_that_may_be_a_second_one_says_so(
    tmp_path: Path, trouble: str, copies: int
) -> None:
    """After a lost reply nobody knows whether it stands there; a refusal is certain."""
    async with before_nine(tmp_path) as stage:
        faults = stage.slack.faults
        match trouble:
            case "reset after":
                faults.reset_after("chat.postMessage")
            case "rate limited":
                faults.rate_limited(1, "chat.postMessage")
            case _:
                faults.error("team_access_not_granted", "chat.postMessage")
        await stage.move_clock(minutes=2)
        await stage.slack.wait_for(lambda _: len(digests(stage)) == copies, timeout=15)
        if trouble == "refused":
            await stage.move_clock(minutes=1)

        assert (REPEATED in digests(stage)[-1].plain()) is (copies == 2)
        (row,) = await until_rows(stage, "SELECT * FROM routines WHERE done_at NOTNULL", 1)
        assert row["occurrence"].endswith("T09:00")


async def test_budgets_stand_in_it(tmp_path: Path) -> None:
    """What is left is read before somebody asks for more."""
    budget = '[[budgets]]\nname = "monthly"\nlimit = "10000 EUR"\nper = "month"\n\n[providers'
    toml = NINE.replace("[providers", budget, 1)
    async with before_nine(tmp_path, toml=toml) as stage:
        text = await at_nine(stage)

        assert "Budgets: 1" in text
        assert "monthly, 10,000.00 EUR a month: spent 0.00" in text


async def test_without_the_setting_there_is_none(tmp_path: Path) -> None:
    """Not every team wants one."""
    async with before_nine(tmp_path, toml=NINE.replace('digest = "daily 09:00"', "")) as stage:
        await stage.move_clock(minutes=2)
        await a_look(stage)

        assert digests(stage) == []
