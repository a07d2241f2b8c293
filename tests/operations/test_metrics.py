"""``/metrics`` tells what is true, in the form that Prometheus reads, at a bounded cost."""

import asyncio
import threading
from pathlib import Path

from bot.domain.orders import OPEN
from bot.listener import Listener
from tests.operations.asked import LISTENING, ask, figures
from tests.stage import BEN, CLEO, FAY, Stage, order_of, staged


async def test_a_purchase_shows_in_the_figures(tmp_path: Path) -> None:
    """What the dashboards are made of, from the first request to the end."""
    async with staged(tmp_path, toml=LISTENING) as stage:
        assert stage.bot is not None
        address = stage.bot.listener.address
        before = await figures(address)
        card = await stage.asked()
        waiting = await figures(address)
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "completed")
        after = await figures(address)

    assert before['countersign_events_total{event="completed"}'] == 0
    assert waiting['countersign_orders{state="pending_approval"}'] == 1
    assert waiting['countersign_order_oldest_seconds{state="pending_approval"}'] >= 0
    assert after['countersign_orders{state="pending_approval"}'] == 0
    assert after['countersign_events_total{event="requested"}'] == 1
    assert after['countersign_events_total{event="completed"}'] == 1
    assert after["countersign_audit_rows"] > waiting["countersign_audit_rows"]
    assert after["countersign_ready"] == after["countersign_slack_connected"] == 1
    assert after['countersign_provider_paused{provider="kriptomat"}'] == 0
    assert after['countersign_provider_answered_timestamp_seconds{provider="kriptomat"}'] > 0
    assert after["countersign_disk_free_bytes"] > 0
    assert after["process_resident_memory_bytes"] > 0


async def test_every_open_state_has_its_line_from_the_start(tmp_path: Path) -> None:
    """An alert on a line that is not there never rings."""
    async with staged(tmp_path, toml=LISTENING) as stage:
        assert stage.bot is not None
        found = await figures(stage.bot.listener.address)

    for state in OPEN:
        assert found[f'countersign_orders{{state="{state.value}"}}'] == 0
    assert found['countersign_events_total{event="doubted"}'] == 0


async def test_an_order_in_doubt_grows_older_in_the_figures(tmp_path: Path) -> None:
    """The one figure that somebody must be woken for."""
    async with staged(tmp_path, toml=LISTENING) as stage:
        assert stage.bot is not None
        stage.kriptomat.faults.standing("buy", "reply lost")
        stage.kriptomat.faults.standing("list", "garbage after")
        card = await stage.asked()
        await stage.click(BEN, card, "Approve")
        await stage.until(card, "in_doubt", timeout=20)
        await stage.move_clock(minutes=3)
        found = await figures(stage.bot.listener.address)

    assert found['countersign_orders{state="in_doubt"}'] == 1
    assert found['countersign_order_oldest_seconds{state="in_doubt"}'] >= 170
    assert found['countersign_events_total{event="doubted"}'] == 1
    assert found['countersign_provider_errors_total{provider="kriptomat"}'] >= 1


async def test_what_slack_does_not_take_is_told_with_its_age(tmp_path: Path) -> None:
    """A channel that nobody reads any more looks like a quiet one."""
    async with staged(tmp_path, toml=LISTENING) as stage:
        assert stage.bot is not None
        card = await stage.asked()
        stage.slack.faults.web_outage(on=True)
        await stage.say(BEN, f"cancel {order_of(card)}")
        await stage.move_clock(minutes=2)
        found = await figures(stage.bot.listener.address)
        stage.slack.faults.web_outage(on=False)

    assert found["countersign_messages_unsent"] >= 1
    assert found["countersign_message_oldest_seconds"] >= 110


async def test_two_who_ask_at_once_count_nothing_twice(tmp_path: Path) -> None:
    """Two Prometheus servers are usual, and a counter must not know of it."""
    async with staged(tmp_path, toml=LISTENING) as stage:
        assert stage.bot is not None
        for user in (BEN, CLEO, FAY):
            await stage.say(user, "freeze only btc: a drill")
        pages = await asyncio.gather(*(figures(stage.bot.listener.address) for _ in range(8)))

    assert {page['countersign_events_total{event="frozen"}'] for page in pages} == {3}


async def test_openmetrics_is_spoken_where_it_is_asked_for(tmp_path: Path) -> None:
    """Newer servers ask for it, older ones must get the older text."""
    async with staged(tmp_path, toml=LISTENING) as stage:
        assert stage.bot is not None
        address = stage.bot.listener.address
        new = await ask(address, "/metrics", Accept="application/openmetrics-text; version=1.0.0")
        old = await ask(address, "/metrics")

    assert new.content_type.startswith("application/openmetrics-text")
    assert new.lines[-1] == "# EOF"
    assert old.content_type.startswith("text/plain")


async def test_a_database_that_cannot_be_read_is_told_instead_of_waited_for(stage: Stage) -> None:
    """Whoever scrapes gives up as well; a page without figures would look like silence."""
    assert stage.bot is not None
    listener = Listener(stage.bot.health, boot_id="b", read_seconds=0.2)
    await listener.start("127.0.0.1", 0)
    held = threading.Event()
    blocked = asyncio.create_task(stage.bot.desk.db.read(lambda _tx: held.wait(20)))
    try:
        page = await ask(listener.address, "/metrics")
    finally:
        held.set()
        await blocked
        await listener.stop()

    assert (page.status, page.text) == (503, "no figures: the database cannot be read in time\n")
