"""The clock stood a month ahead for a while: nothing waits for that month, nothing counts as new.

A time server that is wrong for an hour is enough; see also tests/recurring/test_clock_jumps.py.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.orders import State
from bot.domain.steps import may_resend
from tests.domain.sample import NOW, in_state
from tests.journeys.clockwork import until_rows
from tests.journeys.test_time import back_again, held_by_an_absent_vendor, newest_after
from tests.stage import ANA, BEN, Stage, state_of

A_MONTH = {"days": 30.0}


@pytest.fixture
async def ahead(tmp_path: Path) -> AsyncIterator[Stage]:
    """The bot runs, and its clock stands a month ahead."""
    stage = Stage(tmp_path, rate=1.0)
    stage.clock.move(**A_MONTH)
    await stage.open()
    try:
        await stage.start_bot()
        yield stage
    finally:
        await stage.close()


async def set_right(stage: Stage, *, off: bool) -> None:
    """The clock shows the truth again; noticed while the bot runs, or at its next start."""
    back = {name: -value for name, value in A_MONTH.items()}
    if off:
        await stage.stop_bot()
        stage.clock.move(**back)
        await stage.start_bot()
    else:
        await stage.move_clock(**back)


@pytest.mark.parametrize("off", [False, True], ids=["running", "started"])
async def test_a_purchase_is_read_again_at_once_and_not_in_a_month(ahead: Stage, off: bool) -> None:
    """Its next look was written down for a minute later, by the wrong clock."""
    ahead.kriptomat.book.settle = "never"
    card = await ahead.asked(ANA, "250 EUR btc via kriptomat")
    await ahead.click(BEN, card, "Approve")
    await ahead.until(card, "accepted")
    await until_rows(ahead, "SELECT 1 FROM orders WHERE tries > 1", 1)

    await set_right(ahead, off=off)
    (entry,) = ahead.kriptomat.book.entries
    entry.state, entry.at = "SUCCESS", ahead.clock.now()
    entry.hidden_until = entry.at  # the vendor's own clock was right all the time
    await ahead.until(card, "completed", timeout=15)

    (noted,) = await ahead.rows("SELECT facts FROM audit WHERE what = 'clock was set back'")
    assert '"orders":1' in noted["facts"]


async def test_an_approval_of_a_day_that_has_not_come_is_asked_for_anew(ahead: Stage) -> None:
    """It would be good for a month: nobody knows how old it is."""
    card = await held_by_an_absent_vendor(ahead)
    await set_right(ahead, off=False)
    fresh = await newest_after(ahead, card)
    await back_again(ahead)

    assert state_of(fresh) == "pending_approval"
    assert ahead.kriptomat.posts == []


async def test_a_message_that_was_put_off_is_sent_at_once(ahead: Stage) -> None:
    """Slack did not take it at the wrong time; the next try would be in a month."""
    ahead.slack.faults.error("internal_error", "chat.postMessage")
    await ahead.say(ANA, "104 EUR btc via kriptomat")
    await set_right(ahead, off=False)
    await ahead.slack.wait_for(lambda _: ahead.cards(), timeout=15)


def test_a_key_that_was_used_on_a_day_that_has_not_come_is_not_used_again() -> None:
    """It may be a month old, and the vendor may have forgotten it: that would buy twice."""
    later = NOW.replace(year=NOW.year + 1)
    one = in_state(State.IN_DOUBT, first_sent_at=later, valid_until=later.replace(hour=23))
    lifetime = later - NOW

    assert may_resend(one, now=later, key_lifetime=lifetime)
    assert not may_resend(one, now=NOW, key_lifetime=lifetime)
