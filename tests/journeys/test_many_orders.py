"""Ten thousand unfinished purchases at one vendor: read by its list, not one by one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.workflow.desk import MEETING, meeting
from tests.journeys.many import at_oak, calls, desk_of, put, unfinished
from tests.journeys.oak import with_oak
from tests.stage import staged

PAGE = 100


async def one_round(folder: Path, count: int) -> int:
    """The calls of one round over so many unfinished orders, none of which has news."""
    async with staged(folder, rate=1.0) as stage:
        stage.kriptomat.book.settle = "never"
        stage.kriptomat.behaviour.page_size = PAGE
        await put(stage, unfinished(stage, count))
        await stage.eventually(lambda: calls(stage) > 1, timeout=60)
        await stage.eventually(lambda: not desk_of(stage).surveyed, timeout=100)
        read = await stage.rows("SELECT DISTINCT due_at, tries, version FROM orders")
        assert [(row["tries"], row["version"]) for row in read] == [(31, 3)]
        assert stage.kriptomat.logins == 1
        return calls(stage) - stage.kriptomat.logins


async def test_orders_without_news_cost_a_vendor_one_call_a_page(tmp_path: Path) -> None:
    """600 purchases, 100 on a page: six calls where there were six hundred."""
    assert await one_round(tmp_path, 600) == 6


@pytest.mark.proof
async def test_ten_thousand_orders_cost_a_hundred_calls(tmp_path: Path) -> None:
    """At most a fiftieth of reading each; in fact a hundredth."""
    made = await one_round(tmp_path, 10_000)
    assert made <= 10_000 / 50
    assert made == 10_000 / PAGE


async def test_news_of_many_orders_comes_with_one_walk(tmp_path: Path) -> None:
    """Each moves as if it had been read alone: its event, its reservation, its card."""
    async with staged(tmp_path, rate=1.0) as stage:
        stage.kriptomat.behaviour.page_size = PAGE
        await put(stage, unfinished(stage, 30))
        await stage.slack.wait_for(lambda _: len(stage.cards()) == 30, timeout=20)
        await stage.eventually(lambda: not desk_of(stage).surveyed, timeout=20)

        assert calls(stage) - stage.kriptomat.logins == 1
        moved = await stage.rows("SELECT state, count(*) AS n FROM orders GROUP BY state")
        assert moved == [{"state": "completed", "n": 30}]
        spent = await stage.rows("SELECT status, count(*) AS n FROM reservations GROUP BY status")
        assert spent == [{"status": "spent", "n": 30}]


async def test_what_a_broken_walk_has_not_shown_is_neither_absent_nor_stuck(
    tmp_path: Path,
) -> None:
    """Two pages of three came: four orders are known, two are looked for again later."""
    async with staged(tmp_path, rate=1.0) as stage:
        stage.kriptomat.book.settle = "never"
        stage.kriptomat.behaviour.page_size = 2
        made = unfinished(stage, 6)
        stage.kriptomat.book.entries.reverse()
        stage.kriptomat.faults.standing("list", "ends early")
        await put(stage, made)
        await stage.eventually(lambda: calls(stage) > 1, timeout=20)
        await stage.eventually(lambda: not desk_of(stage).surveyed, timeout=20)

        read = await stage.rows("SELECT note, tries, version, state FROM orders")
        told = {(row["note"], row["tries"], row["version"], row["state"]) for row in read}
        assert told == {(None, 31, 3, "accepted")}


@pytest.mark.parametrize(("count", "told"), [(5, 5), (30, 0)])
async def test_a_vendor_that_is_away_is_told_on_a_few_cards_and_never_on_all(
    tmp_path: Path, count: int, told: int
) -> None:
    """An outage with ten thousand open orders must not cost ten thousand edits."""
    async with staged(tmp_path, rate=1.0) as stage:
        stage.kriptomat.book.settle = "never"
        stage.kriptomat.faults.standing("list", "500 before")
        await put(stage, unfinished(stage, count))
        await stage.eventually(lambda: calls(stage) > 1, timeout=20)
        await stage.eventually(lambda: not desk_of(stage).surveyed, timeout=20)

        noted = await stage.rows("SELECT id FROM orders WHERE note LIKE '%cannot be asked%'")
        later = await stage.rows("SELECT id FROM orders WHERE tries = 31")
        assert (len(noted), len(later)) == (told, count)


@pytest.mark.parametrize(("count", "by_list"), [(9, False), (12, True)])
async def test_a_vendor_that_can_be_asked_for_one_is_asked_for_few_and_listed_for_many(
    tmp_path: Path, count: int, *, by_list: bool
) -> None:
    """Nine looks cost less than a list of unknown length; twelve do not."""
    async with with_oak(tmp_path, rate=1.0) as (stage, oak):
        oak.book.settle = "never"
        await put(stage, at_oak(stage, oak, count))
        await stage.slack.wait_for(lambda _: len(stage.cards()) == count, timeout=20)
        reads = ["?" in call.path for call in oak.wire if call.method == "GET"]
        # What they tell is news, so all of them are read once more at once, in the same way.
        assert len(reads) >= (1 if by_list else count)
        assert set(reads) == {by_list}


async def test_what_the_whole_list_lacks_is_asked_for_by_its_id(tmp_path: Path) -> None:
    """The look at one purchase has the last word."""
    async with with_oak(tmp_path, rate=1.0) as (stage, oak):
        oak.book.settle = "never"
        made = at_oak(stage, oak, 12)
        # Our reading says that trades are listed; this one is not, and can still be looked at.
        oak.book.entries[3].hidden_reads = 4
        await put(stage, made)
        await stage.eventually(
            lambda: any(made[3].ref in call.path for call in oak.wire if made[3].ref), timeout=20
        )


@given(
    st.datetimes(
        min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
        max_value=datetime(2034, 1, 1),  # noqa: DTZ001 - the same
        timezones=st.just(UTC),
    ),
    st.integers(1, 10**6),
)
def test_a_shared_moment_is_never_late_and_little_early(now: datetime, seconds: int) -> None:
    """A sheet promises how long an order waits at most."""
    pause = timedelta(seconds=seconds)
    at = meeting(now, pause)
    assert at <= now + pause
    assert at > now + pause - min(pause / 2, MEETING) - timedelta(microseconds=1)
    assert meeting(now, pause) == meeting(now, pause)


def test_orders_that_were_read_together_are_read_together_again() -> None:
    """Whenever in five minutes they were accepted, they meet and stay together."""
    start = datetime(2026, 11, 24, 9, tzinfo=UTC)
    pause = timedelta(minutes=10)
    met = {meeting(start + timedelta(seconds=one), pause) for one in range(300)}
    assert len(met) == 1
