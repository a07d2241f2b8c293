"""People approve a price band, not a quote: asked before the card, asked again before sending."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.stage import ANA, BEN, TOML, Stage, staged, state_of


@pytest.fixture
async def quoted(tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage whose Kriptomat is configured to tell its exchange rate."""
    toml = TOML + 'quote = "exchange-rate"\n'
    async with staged(tmp_path, toml=toml) as stage:
        yield stage


async def test_the_card_shows_the_price_and_where_it_stops(quoted: Stage) -> None:
    """64,800 now, three percent of drift."""
    card = await quoted.asked()

    assert "now 64,800.00 EUR" in card.plain()
    assert "not sent above 66,744.00 EUR" in card.plain()


async def test_a_price_inside_the_band_is_bought_at(quoted: Stage) -> None:
    """A small rise between vote and sending is what the band is for."""
    card = await quoted.asked()
    quoted.kriptomat.book.prices["btceur"] = Decimal("66000.00")
    await quoted.click(BEN, card, "Approve")

    await quoted.until(card, "completed")

    assert len(quoted.kriptomat.purchases) == 1


async def test_a_price_above_the_band_asks_everybody_again(quoted: Stage) -> None:
    """The price people agreed to is gone, so their votes are too."""
    card = await quoted.asked()
    quoted.kriptomat.book.prices["btceur"] = Decimal("70000.00")
    await quoted.click(BEN, card, "Approve")
    await quoted.slack.wait_for(lambda _: quoted.cards()[-1] is not card)
    fresh = quoted.cards()[-1]

    assert state_of(fresh) == "pending_approval"
    assert "risen from 64,800.00 to 70,000.00 EUR" in fresh.text
    assert "now 70,000.00 EUR" in fresh.plain()
    assert quoted.kriptomat.posts == []
    await quoted.click(BEN, fresh, "Approve")
    await quoted.until(fresh, "completed")
    assert len(quoted.kriptomat.purchases) == 1


async def test_a_maximum_below_the_price_of_the_moment_is_not_asked_about(quoted: Stage) -> None:
    """It could only be approved in vain; the asker is told privately."""
    outcome = await quoted.say(ANA, "250 EUR btc max 60000")
    assert outcome.text is not None
    assert "waits for approval" in outcome.text

    await quoted.slack.wait_for(lambda slack: slack.dms(ANA))

    assert "above the maximum of 60,000" in quoted.slack.dms(ANA)[0].text
    assert quoted.cards() == []


async def test_a_price_that_cannot_be_read_means_no_purchase(quoted: Stage) -> None:
    """The protection was configured; without it nobody is asked."""
    quoted.kriptomat.faults.standing("price", "500 before")
    await quoted.say(ANA, "250 EUR btc")
    await quoted.slack.wait_for(lambda slack: slack.dms(ANA), timeout=20)

    assert "price could not be read" in quoted.slack.dms(ANA)[0].text
    assert quoted.cards() == []
    assert quoted.kriptomat.posts == []


async def test_a_price_that_cannot_be_read_at_sending_makes_the_order_wait(quoted: Stage) -> None:
    """It says what it waits for and is bought once the price is back."""
    card = await quoted.asked()
    quoted.kriptomat.faults.standing("price", "500 before")
    await quoted.click(BEN, card, "Approve")
    await quoted.slack.wait_for(lambda _: "price cannot be read" in card.text, timeout=10)
    assert quoted.kriptomat.posts == []

    quoted.kriptomat.faults.clear()
    await quoted.move_clock(minutes=3)
    await quoted.until(card, "completed", timeout=10)

    assert len(quoted.kriptomat.purchases) == 1
