"""``/healthz`` says 200 while the bot does its work, and otherwise why it does not."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Options, build
from bot.health import Health, Limits
from storage.database import Tx
from tests.operations.asked import LISTENING, Page, ask
from tests.stage import ANA, Stage, staged

QUICK = Limits(clock=30, writer=0.3, slack=1.5)


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Stage]:
    """A running bot that operators can ask, and that loses patience quickly."""
    stage = Stage(tmp_path, toml=LISTENING)
    stage.options = {"limits": QUICK, "ping_seconds": 0.2}
    await stage.open()
    try:
        await stage.start_bot()
        yield stage
    finally:
        await stage.close()


async def healthz(stage: Stage) -> Page:
    """How it is now."""
    assert stage.bot is not None, "start the bot first"
    return await ask(stage.bot.listener.address, "/healthz")


async def until(stage: Stage, status: int) -> Page:
    """Wait for this answer; an answer rings no bell."""
    async with asyncio.timeout(10):
        while (page := await healthz(stage)).status != status:  # noqa: ASYNC110 - no bell
            await asyncio.sleep(0.02)
    return page


async def test_a_bot_that_does_its_work_is_well(watched: Stage) -> None:
    """200 and one word, which is all that a probe looks at; nothing is kept by a cache."""
    page = await healthz(watched)

    assert (page.status, page.text) == (200, "ok\n")


async def test_nothing_listens_unless_it_is_configured(stage: Stage) -> None:
    """A port that nobody asked for is a port that nobody watches."""
    assert stage.bot is not None
    assert stage.bot.listener.address == ""


async def test_only_two_pages_are_there(watched: Stage) -> None:
    """There is nothing to press and nothing to change."""
    assert watched.bot is not None
    assert (await ask(watched.bot.listener.address, "/")).status == 404


async def test_who_waits_for_slack_at_start_says_so(tmp_path: Path) -> None:
    """A container that never becomes ready must tell why, before its first command."""
    stage = Stage(tmp_path, toml=LISTENING)
    await stage.open()
    stage.slack.faults.outage(on=True)
    bot = build(stage.config(), Options(clock=stage.clock, ping_seconds=0.2))
    starting = asyncio.create_task(bot.start())
    try:
        await stage.eventually(lambda: bot.listener.address)

        page = await ask(bot.listener.address, "/healthz")
        nothing = await ask(bot.listener.address, "/metrics")
        stage.slack.faults.outage(on=False)
        await starting
        later = await ask(bot.listener.address, "/healthz")
    finally:
        await bot.stop()
        await stage.close()

    assert (page.status, page.text) == (503, "starting: Slack has not been reached yet\n")
    assert (nothing.status, later.status) == (503, 200)
    assert "starting" in nothing.text


async def test_a_writer_that_is_stuck_is_named_until_it_writes_again(watched: Stage) -> None:
    """A disk that hangs stops every vote and every purchase, and nobody would see it."""
    assert watched.bot is not None
    held = threading.Event()
    blocked = asyncio.create_task(watched.bot.desk.db.write(lambda _tx: held.wait(20)))
    try:
        page = await until(watched, 503)
    finally:
        held.set()
    await blocked

    assert page.lines[0].startswith("database: no write has ended for")
    assert (await until(watched, 200)).text == "ok\n"


async def test_a_lost_connection_to_slack_is_named_until_it_is_back(watched: Stage) -> None:
    """The bot buys on, but nobody can stop it any more: somebody has to know."""
    watched.slack.faults.outage(on=True)
    page = await until(watched, 503)
    watched.slack.faults.outage(on=False)

    assert page.lines[0].startswith("slack: nothing has been heard for")
    assert (await until(watched, 200)).text == "ok\n"


async def test_an_announcer_that_has_ended_is_named(watched: Stage) -> None:
    """Orders would move on and the channel would keep showing yesterday."""
    assert watched.bot is not None
    announcing = watched.bot._announcing
    assert announcing is not None
    announcing.cancel()

    page = await until(watched, 503)

    assert page.text == "announcer: has ended; nothing is told in Slack any more\n"


async def test_a_clock_that_does_not_look_is_named_and_the_watchdog_starves(stage: Stage) -> None:
    """A process that lives and does nothing is the one that systemd has to restart."""
    now, fed = 1000.0, 0

    def feed() -> None:
        nonlocal fed
        fed += 1

    assert stage.bot is not None
    desk = stage.bot.desk
    health = Health(monotonic=lambda: now, feed=feed)
    await health.begin(desk, silence=lambda: 0.0, announces=lambda: True)
    health.looked(desk, 0.25)
    await stage.eventually(lambda: fed == 1)
    assert (health.complaints(), health.pulse.lag) == ([], 0.25)

    now += 31

    assert health.complaints() == ["clock: has not looked at what is due for 31 seconds"]
    assert fed == 1


async def test_a_busy_clock_asks_the_writer_no_more_than_once_a_second(stage: Stage) -> None:
    """Every commit wakes the clock; a question for each look would double the writes."""
    now, fed = 1000.0, 0

    def feed() -> None:
        nonlocal fed
        fed += 1

    assert stage.bot is not None
    desk = stage.bot.desk
    health = Health(monotonic=lambda: now, feed=feed)
    for _ in range(50):
        health.looked(desk, 0.0)
    await stage.eventually(lambda: fed == 1)
    health.looked(desk, 0.0)
    now += 1.5
    health.looked(desk, 0.0)
    await stage.eventually(lambda: fed == 2)

    def count(tx: Tx) -> int:
        return len(tx.rows("SELECT 1 FROM orders"))

    await desk.db.write(count)
    assert fed == 2, "whatever was asked before this write has been answered"


async def test_a_bot_that_stops_is_no_longer_well(tmp_path: Path) -> None:
    """Who is about to end must not be sent new work by anybody who watches."""
    async with staged(tmp_path, toml=LISTENING) as stage:
        assert stage.bot is not None
        health = stage.bot.health
        await stage.asked(ANA)
        await stage.stop_bot()
        assert health.complaints() == ["stopping"]
