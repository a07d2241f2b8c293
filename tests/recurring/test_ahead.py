"""Six hours before a date that would fail people are told, while they can still do something."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.people import Standing
from bot.playground.messages import Message
from tests.journeys.test_changed_policy import restarted
from tests.recurring.office import DAILY, Office, opened
from tests.recurring.test_dates import CAPPED
from tests.stage import BEN, TOML

BEFORE, AHEAD, DATE = "2026-12-02 01:59:00", "2026-12-02 02:00:01", "2026-12-02 08:00:01"


@pytest.fixture
async def quoted(tmp_path: Path) -> AsyncIterator[Office]:
    """An office whose Kriptomat tells its exchange rate."""
    async with opened(tmp_path, toml=TOML + 'quote = "exchange-rate"\n') as one:
        yield one


async def warned(office: Office, card: Message) -> str:
    await office.clock_at(AHEAD)
    return await office.until_said(card, "would not buy by itself on Wed 2 Dec 2026 9:00")


async def test_a_freeze_is_told_ahead_and_not_before(office: Office) -> None:
    """With the reason, to the requester, once."""
    card = await office.running(DAILY)
    await office.say(BEN, "freeze just looking")
    await office.clock_at(BEFORE)
    assert office.thread(card) == []

    told = await warned(office, card)

    assert told.startswith("<@U0ANA>")
    assert "frozen: just looking" in told
    await office.move_clock(hours=1)
    assert len(office.thread(card)) == 1


async def test_a_price_above_the_maximum_is_told_ahead(quoted: Office) -> None:
    """It may have fallen by then; the price of the date decides."""
    card = await quoted.running(CAPPED)
    quoted.kriptomat.book.prices["btceur"] = Decimal("66000.00")
    assert "66,000.00 EUR, above the maximum of 65,000" in await warned(quoted, card)

    quoted.kriptomat.book.prices["btceur"] = Decimal("64000.00")
    await quoted.clock_at(DATE)
    await quoted.until_cards(1)


async def test_a_changed_rule_and_a_lost_approver_are_told_ahead(office: Office) -> None:
    """Everything at once, in one message."""
    card = await office.running(DAILY)
    await restarted(office, 'up_to = "1000 EUR"', 'up_to = "900 EUR"')
    office.slack.workspace.people[BEN].deleted = True
    await office.until_known(BEN, Standing.DEACTIVATED)

    told = await warned(office, card)

    assert "up to 1,000.00 EUR → 900.00 EUR" in told.replace("&gt;", ">")
    assert "still are approvers" in told


async def test_a_provider_that_is_away_is_told_ahead(quoted: Office) -> None:
    """Nobody has to find out at nine."""
    card = await quoted.running(DAILY)
    await quoted.kriptomat.stop()
    assert "the price cannot be read" in await warned(quoted, card)


async def test_nothing_is_said_when_nothing_is_wrong_and_the_date_comes(office: Office) -> None:
    """Good news every day is noise."""
    card = await office.running(DAILY)
    await office.clock_at(AHEAD)
    (row,) = await until_looked(office)
    assert row["looked_ahead"] == "2026-12-02T09:00:00"
    await office.clock_at(DATE)
    await office.until_cards(1)
    assert office.thread(card) == []


async def until_looked(office: Office) -> list[dict[str, object]]:
    """Wait until the next date was looked at."""
    while True:
        rows = await office.rows("SELECT looked_ahead FROM schedules WHERE looked_ahead NOTNULL")
        if rows:
            return rows
