"""The form and the home tab, as somebody in the browser uses them."""

import pytest
from playwright.async_api import Browser, expect

from bot.playground.furniture import BEN
from tests.page.conftest import House
from tests.page.screen import eyes

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_is_wrong_is_told_beside_its_field_and_a_refusal_can_be_edited(
    browser: Browser, house: House
) -> None:
    """Nobody types everything again because of one number."""
    async with eyes(browser, house.url) as screen:
        page = (await screen.visit()).page
        await screen.types("/buy 90000 EUR btc via kriptomat")
        refusal = page.locator("#chat .row.private").last
        await refusal.get_by_role("button", name="Edit and resend").click()
        dialog = page.get_by_role("dialog", name="Ask for a purchase")
        amount = dialog.get_by_label("Amount")
        await expect(amount).to_have_value("90000")
        await amount.fill("many")
        await dialog.get_by_role("button", name="Ask", exact=True).click()
        await expect(dialog.locator(".input.faulty .fault").first).to_be_visible()
        await expect(amount).to_have_attribute("aria-invalid", "true")

        await amount.fill("284")
        await dialog.get_by_label("Reason").fill("edited")
        await dialog.get_by_role("button", name="Ask", exact=True).click()
        await expect(dialog).to_contain_text("waits for approval")
        await dialog.locator("footer").get_by_role("button", name="Close").click()
        await screen.says(page.locator("#chat .row", has_text="Reason: edited").last, "284.00 EUR")


async def test_the_home_tab_tells_how_things_stand_and_takes_a_vote(
    browser: Browser, house: House
) -> None:
    """It is where somebody looks who was away; a vote there counts as on the card."""
    async with eyes(browser, house.url) as screen:
        page = (await screen.visit()).page
        await screen.asks("1750 EUR btc via kriptomat for the home tab")
        await screen.become(BEN)
        await page.locator("#sidebar").get_by_role("button", name="Countersign").click()
        await page.get_by_role("tab", name="Home").click()
        home = page.get_by_role("region", name="Home tab")
        for heading in ("Waiting for your vote", "What recurs", "Budgets", "Providers"):
            await expect(home.get_by_role("heading", name=heading)).to_be_visible()
        await home.locator("[data-action=approve]").click()
        await expect(home).to_contain_text("counts. Still needed: 1 person")
