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


async def test_a_budget_that_has_run_out_is_told_ahead_and_the_card_tells_the_truth(
    tmp_path: Path,
) -> None:
    """Two dates fit into the month; of the third people hear before it comes, and when it came."""
    budget = '\n[[budgets]]\nname = "monthly"\nlimit = "120 EUR"\nper = "month"\n'
    async with opened(tmp_path, toml=TOML + budget) as office:
        card = await office.running(DAILY)
        for number, day in enumerate(("2026-12-02", "2026-12-03"), 1):
            await office.clock_at(f"{day} 08:00:01")
            await office.until_cards(number)

        await office.clock_at("2026-12-04 02:00:01")
        told = await office.until_said(card, "would not buy by itself on Fri 4 Dec 2026 9:00")
        assert 'budget "monthly" has 20.00 EUR left for up to 51.00 EUR' in told
        await office.clock_at("2026-12-04 08:00:01")

        assert "20.00 EUR left" in await office.until_said(card, "could not ask for 1 purchase")
        await office.until_shown(card, "2 ordered and 1 not possible")
        await office.until_shown(card, "Next: Sat 5 Dec 2026 9:00")
        assert len(office.kriptomat.purchases) == 2


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
