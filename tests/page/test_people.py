"""People at the page: two at once, an impatient one, and one without a mouse."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, expect

from bot.playground.furniture import BEN, CLEO
from tests.page.conftest import House
from tests.page.screen import beside, eyes

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_two_people_in_two_tabs_approve_at_the_same_moment(
    browser: Browser, house: House
) -> None:
    """It is what two approvers do who have both got the notification."""
    before = len(house.playground.kriptomat.purchases)
    async with eyes(browser, house.url) as ana:
        await ana.visit()
        card = await ana.asks("1710 EUR btc via kriptomat for two tabs")
        stamp = await card.get_attribute("data-ts")
        tabs = [await beside(ana.page.context, house.url, user) for user in (BEN, CLEO)]
        presses = [
            tab.page.locator(f'[data-ts="{stamp}"] [data-action=approve]').click() for tab in tabs
        ]
        await asyncio.gather(*presses)

        for tab in [ana, *tabs]:
            await tab.says(tab.page.locator(f'#chat [data-ts="{stamp}"]'), "Completed")
        assert [tab.complaints for tab in tabs] == [[], []]
    assert len(house.playground.kriptomat.purchases) == before + 1


async def test_a_double_click_on_approve_is_one_vote(browser: Browser, house: House) -> None:
    """Somebody in a hurry presses twice; two votes of one person would break the policy."""
    async with eyes(browser, house.url) as screen:
        await screen.visit()
        card = await screen.asks("1720 EUR btc via kriptomat for a double click")
        await screen.become(BEN)
        await card.locator("[data-action=approve]").dblclick()

        await screen.says(card, "1 of 2 approvals")
        await expect(card.locator("[data-action=approve]")).not_to_have_attribute(
            "aria-busy", "true"
        )
        assert (await card.inner_text()).count("👍") == 1
        await card.locator("[data-action=cancel]").click()
        await screen.page.get_by_role("button", name="Cancel the order").click()
        await screen.says(card, "Cancelled")


async def test_a_question_of_the_bot_can_be_declined_and_nothing_is_sent(
    browser: Browser, house: House
) -> None:
    """The confirm dialog is drawn by the client; a no must not reach the bot."""
    async with eyes(browser, house.url) as screen:
        await screen.visit()
        card = await screen.asks("1730 EUR btc via kriptomat for a question")
        sent = house.playground.slack.traffic.total
        await card.locator("[data-action=cancel]").click()
        await expect(screen.page.get_by_role("dialog")).to_contain_text("Nothing will be bought")
        await screen.page.keyboard.press("Escape")
        await expect(screen.page.get_by_role("dialog")).to_have_count(0)

        await screen.says(card, "Pending approval")
        kinds = [one.name for one in list(house.playground.slack.traffic)[sent:]]
        assert "interactive" not in kinds


async def test_a_form_is_filled_in_refused_beside_its_field_and_handed_in(
    browser: Browser, house: House
) -> None:
    """Deny asks for a reason; what is typed must survive, and stand on the card."""
    async with eyes(browser, house.url) as screen:
        await screen.visit()
        card = await screen.asks("1740 EUR btc via kriptomat for a form")
        await screen.become(BEN)
        await card.locator("[data-action=deny]").click()
        dialog = screen.page.get_by_role("dialog")
        await expect(dialog.locator("input")).to_be_focused()
        await screen.page.keyboard.type("too expensive today")
        await screen.page.keyboard.press("Enter")

        await expect(dialog).to_have_count(0)
        await screen.says(card, "too expensive today")
        await expect(card.locator("[data-action=approve]")).to_have_count(0)


async def test_the_form_tells_what_asking_comes_to_while_one_types(
    browser: Browser, house: House
) -> None:
    """Every stroke is told to the bot; what somebody types fast must not be lost or overtaken."""
    async with eyes(browser, house.url) as screen:
        page = (await screen.visit()).page
        await screen.types("/buy")
        dialog = page.get_by_role("dialog", name="Ask for a purchase")
        amount = dialog.get_by_label("Amount")
        await amount.press_sequentially("274.25", delay=15)
        await expect(dialog).to_contain_text("Buy BTC for 274.25 EUR via Kriptomat")
        await expect(amount).to_be_focused()
        await expect(amount).to_have_value("274.25")
        await dialog.get_by_label("Reason").fill("by the form")
        await dialog.get_by_role("button", name="Ask", exact=True).click()

        await expect(dialog).to_contain_text("waits for approval")
        await dialog.locator("footer").get_by_role("button", name="Close").click()
        await expect(dialog).to_have_count(0)
        card = page.locator("#chat .row", has_text="by the form").last
        await screen.says(card, "274.25 EUR")


async def test_a_purchase_is_asked_for_and_approved_with_the_keyboard_alone(
    browser: Browser, house: House
) -> None:
    """Whoever cannot use a mouse plays as well."""
    async with eyes(browser, house.url) as screen:
        page = (await screen.visit()).page
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator("#composer")).to_be_focused()
        await page.keyboard.type("/buy 263 EUR btc via kriptomat for the keyboard")
        await page.keyboard.press("Enter")
        card = page.locator("#chat .row", has_text="for the keyboard").or_(
            page.locator("#chat .row", has_text="263.00 EUR")
        )
        await expect(page.locator("#chat [data-action=approve]").last).to_be_visible()
        await walk(page, f'[data-person="{BEN}"]', "Shift+Tab")
        await page.keyboard.press("Enter")
        await walk(page, "#composer", "Tab")
        await walk(page, "#chat .row:last-of-type [data-action=approve]", "Shift+Tab")
        await page.keyboard.press("Enter")

        await expect(card.filter(has_text="Completed").last).to_be_visible()


async def walk(page: Page, to: str, key: str) -> None:
    """Press Tab until the focus is there."""
    for _ in range(1000):  # other tests have left many a button in the channel
        if await page.evaluate("(to) => document.activeElement?.matches(to)", to):
            return
        await page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not get to {to}")


async def test_the_box_offers_words_and_brings_back_what_was_typed(
    browser: Browser, house: House
) -> None:
    """Nobody remembers the words of a bot that they have not used before."""
    async with eyes(browser, house.url) as screen:
        page = (await screen.visit()).page
        box = page.locator("#composer")
        await box.press_sequentially("/buy st")
        offered = page.get_by_role("listbox", name="What one can type").get_by_role("option")
        await expect(offered).to_have_count(1)
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(box).to_have_value("/buy status")
        await page.keyboard.press("Enter")
        await expect(box).to_have_value("")
        await expect(page.locator(".row.private").last).to_be_visible()

        await page.keyboard.press("ArrowUp")
        await expect(box).to_have_value("/buy status")


async def test_what_could_not_be_sent_is_said_and_stands_in_the_box_again(
    browser: Browser, house: House
) -> None:
    """A bot that is away must not cost anybody their words."""
    async with eyes(browser, house.url) as screen:
        page = (await screen.visit()).page
        await screen.panel("machine")
        await page.get_by_role("button", name="kill -9").click()
        await expect(page.locator(".notice")).to_contain_text("nobody answers")
        await screen.types("/buy status")
        await expect(page.get_by_role("alert")).to_contain_text("nothing reached it")
        await expect(page.locator("#composer")).to_have_value("/buy status")

        await page.get_by_role("button", name="Start it again").click()
        await expect(page.locator(".health.good")).to_be_visible()
        await expect(page.locator(".notice")).to_be_hidden()
