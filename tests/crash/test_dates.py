"""A date of a recurring purchase, with ``kill -9`` at every step: one purchase, whatever dies.

Ana proposes, Ben approves, and a few minutes later (seconds, for the clock runs fast) the date
comes. People who get no answer look and repeat themselves, as they would.
"""

import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from bot.playground.messages import Message
from tests.crash.claims import audit_broken
from tests.crash.drama import Death, Drama, drama
from tests.crash.people import People
from tests.stage import ANA, BEN, state_of

FAST = 60.0
"""A quarter of an hour, after which a date is missed, is fifteen seconds; a restart takes two, or
six on a busy machine."""

AHEAD = timedelta(minutes=12)
"""So long before its first date the purchase is proposed."""

STEPS = (
    "plan received",
    "plan committed",
    "before schedule post",
    "schedule posted",
    "envelope vote received",
    "envelope vote committed",
    "looked ahead",
    "date due",
    "date committed",
    "before envelope",
    "envelope used",
    "before post",
    "posted",
    "before intent",
    "intent committed",
    "reply received",
    "outcome committed",
)


async def repeated(
    one: Drama, act: Callable[[], Awaitable[None]], done: Callable[[], Message | None]
) -> Message:
    """Do it until it shows."""
    slack = one.stage.slack
    for _ in range(8):
        await slack.wait_connected(timeout=30)
        with contextlib.suppress(LookupError):
            await act()
        with contextlib.suppress(TimeoutError):
            found = await slack.wait_for(lambda _: done(), timeout=3)
            assert found is not None, "waited for"
            return found
    raise AssertionError(f"nothing came of it: {one.last_words()}")


def schedule_card(one: Drama, *states: str) -> Message | None:
    """The newest card of the schedule, in one of these states."""
    found = [
        message
        for message in one.stage.slack.messages("C0TREASURY")
        if message.metadata and message.metadata["event_type"] == "countersign_schedule"
    ]
    if not found or found[-1].metadata is None:
        return None
    state = found[-1].metadata["event_payload"]["state"]
    return found[-1] if not states or state in states else None


async def proposed(one: Drama) -> Message:
    """Ana types it and presses Create; without an answer she does so again."""

    async def ask() -> None:
        if schedule_card(one) is not None:
            return
        at = (one.stage.clock.now() + AHEAD).astimezone(UTC)
        words = f"every day at {at:%H:%M} UTC 50 EUR btc via kriptomat runs 3"
        shown = await one.stage.say(ANA, words)
        if shown.ack_message is not None:
            await one.stage.slack.click(ANA, shown.ack_message, "Create")

    return await repeated(one, ask, lambda: schedule_card(one))


async def approved(one: Drama) -> Message:
    """Ben approves every card that still asks him."""

    async def vote() -> None:
        card = schedule_card(one, "proposed")
        if card is not None:
            await one.stage.slack.click(BEN, card, "Approve")

    return await repeated(one, vote, lambda: schedule_card(one, "active"))


async def bought_once(one: Drama) -> None:
    """Everything that must be true in the end."""
    await proposed(one)
    await approved(one)
    await one.stage.slack.wait_for(lambda _: one.stage.cards(), timeout=30)
    card = await People(one).see_it_end()
    await one.stop()

    assert state_of(card) == "completed", one.last_words()
    assert len(one.vendor.bought) == 1
    (order,) = one.rows("SELECT id, origin FROM orders")
    (run,) = one.rows("SELECT local, fate, order_id FROM occurrences WHERE fate = 'ordered'")
    assert run["order_id"] == order["id"]
    assert order["origin"].endswith(run["local"])
    alive = one.rows("SELECT id FROM schedules WHERE state = 'active'")
    assert len(alive) == 1
    assert await audit_broken(one) == []


@pytest.mark.proof
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("passage", [1, 2])
async def test_one_date_is_one_purchase_at_every_step(
    tmp_path: Path, step: str, passage: int
) -> None:
    """The long table; a step that is passed once only kills nobody the second time."""
    async with drama(tmp_path, [Death(step, passage)], rate=FAST) as one:
        await bought_once(one)
        assert one.died == 1 or passage == 2


async def test_three_deaths_in_a_row_on_one_date_change_nothing(tmp_path: Path) -> None:
    """Before it is written, after it is written, and while it is being sent."""
    deaths = [Death("date due"), Death("date committed"), Death("reply received")]
    async with drama(tmp_path, deaths, rate=FAST) as one:
        await bought_once(one)
        assert one.died == 3
