"""A provider that nothing was bought at yet: small first, and large only after it has worked."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stage import ANA, BEN, TOML, Stage, staged

CAPPED = TOML.replace(
    'fee_allowance = "2%"', 'fee_allowance = "2%"\nfirst_order_at_most = "21 EUR"'
)


@pytest.fixture
async def capped(tmp_path: Path) -> AsyncIterator[Stage]:
    """The stage with a cap on the first order."""
    async with staged(tmp_path, toml=CAPPED) as one:
        yield one


async def test_the_cap_holds_until_one_order_has_completed(capped: Stage) -> None:
    """Fees count; a pending order lifts nothing, a completed one lifts it for good."""
    refused = await capped.say(ANA, "21 EUR btc via kriptomat")
    assert "may cost 21.42 EUR with fees\n*Allowed:* up to 21.00 EUR with fees" in str(refused.text)
    card = await capped.asked(ANA, "20 EUR btc via kriptomat")
    assert "up to 21.00 EUR" in str((await capped.say(ANA, "250 EUR btc")).text)
    await capped.click(BEN, card, "Approve")
    await capped.until(card, "completed")

    assert "waits for approval" in str((await capped.say(ANA, "250 EUR btc")).text)


async def test_a_cap_that_was_added_later_holds_an_approved_order_back(tmp_path: Path) -> None:
    """The configuration of today counts at the moment of sending; the card says why it waits."""
    async with staged(tmp_path) as stage:
        stage.kriptomat.faults.standing("login", "500 before")
        card = await stage.asked()
        await stage.click(BEN, card, "Approve")
        await stage.slack.wait_for(lambda _: "Waiting to be sent" in card.text)
        await stage.stop_bot()
        stage.kriptomat.faults.clear()
        stage.toml = CAPPED
        await stage.start_bot()
        await stage.move_clock(minutes=2)
        await stage.slack.wait_for(lambda _: "may cost at most 21.00 EUR" in card.text)

        assert stage.kriptomat.posts == []


async def test_the_cap_is_told_with_the_provider(capped: Stage) -> None:
    """What a provider can do, what happens when a reply is lost, and how it is."""
    told = str((await capped.say(ANA, "providers")).text)

    assert "*Kriptomat* (`via kriptomat`)" in told
    assert "Until one order has been completed, an order may cost at most 21.00 EUR" in told
    assert "the same request is sent again within 1 hour" in told
    assert "no price protection" in told
