"""The page in its shapes: narrow, dark, read by a machine, and after the server was away."""

from importlib import resources
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from bot.playground.furniture import BEN
from bot.playground.page.site import Site
from tests.page.conftest import House
from tests.page.screen import NARROW, Screen, eyes

pytestmark = pytest.mark.asyncio(loop_scope="session")

AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


OLD = "#chat .row:not(:nth-last-child(-n+2))"
"""What other tests have left in the channel; it is drawn by the same code."""

CONTRAST = ["color-contrast"]

TOO_WIDE = """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
    [...document.querySelectorAll("body *")]
        .filter(one => one.getBoundingClientRect().right > window.innerWidth)
        .map(one => one.outerHTML.slice(0, 200))"""
"""What makes the page wider than its window."""


async def faults(screen: Screen, within: str = "body", only: list[str] | None = None) -> list[str]:
    """What axe-core calls serious or critical, inside of a selector; ``only`` these rules."""
    if not await screen.evaluate("() => 'axe' in window"):
        await screen.page.evaluate(AXE)
    chosen = {"resultTypes": ["violations"], **({"runOnly": only} if only else {})}
    found: dict[str, Any] = await screen.evaluate(
        "([include, exclude, chosen]) => axe.run({include, exclude}, chosen)",
        [[[within]], [[OLD]] if within == "body" else [], chosen],
    )
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]} {one['nodes'][0]['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]


async def test_axe_finds_nothing_serious_in_either_theme(browser: Browser, house: House) -> None:
    """Names and roles of everything that can be opened, and in both themes its contrast."""
    found: dict[str, list[str]] = {}

    async with eyes(browser, house.url, color_scheme="light", greeted=False) as screen:

        async def look(at: str, within: str = "body") -> None:
            found[at] = await faults(screen, within)
            await page.emulate_media(color_scheme="dark")
            await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
            found[f"{at} in the dark"] = await faults(screen, within, CONTRAST)
            await page.emulate_media(color_scheme="light")

        page = (await screen.visit()).page
        await look("welcome", "dialog")
        await page.get_by_role("button", name="Look around").click()
        card = await screen.asks("1820 EUR eth via kriptomat for axe")
        await page.locator("#composer").fill("/buy ")
        await look("chat")
        for tab in ("providers", "machine", "traffic"):
            await screen.panel(tab)
            if tab == "traffic":
                await page.locator(".wire summary").first.click()
            await look(tab, "#curtain")
        await page.locator("#composer").fill("")
        await card.locator("[data-action=cancel]").click()
        await look("question", "dialog")
        await page.keyboard.press("Escape")
        await card.hover()
        await card.get_by_role("button", name="Reply in thread").click()
        await look("thread", "#thread")
        await screen.become(BEN)
        await card.locator("[data-action=deny]").click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await look("form", "dialog")
        await page.get_by_role("button", name="Deny", exact=True).last.click()
        await screen.says(card, "Denied")

    assert {name: one for name, one in found.items() if one} == {}


async def test_a_narrow_window_has_one_column_and_drawers(browser: Browser, house: House) -> None:
    """A telephone, or half a screen beside the code."""
    async with eyes(browser, house.url, size=NARROW) as screen:
        page = (await screen.visit()).page
        await expect(page.locator("#sidebar")).to_be_hidden()
        await expect(page.locator("#curtain")).to_be_hidden()
        card = await screen.asks("1271 EUR btc via kriptomat for a telephone")
        await page.locator(".who-am-i").click()
        await page.locator(f"[data-person={BEN}]").click()
        await expect(page.locator("#sidebar")).to_be_hidden()
        await card.locator("[data-action=approve]").click()
        await screen.says(card, "1 of 2 approvals")
        await screen.panel("providers")
        await expect(page.locator("#curtain")).to_contain_text("books")
        assert await screen.evaluate(TOO_WIDE) == []
        assert await faults(screen) == []
        await page.keyboard.press("Escape")
        await expect(page.locator("#curtain")).to_be_hidden()


async def test_the_theme_follows_the_system_until_somebody_chooses(
    browser: Browser, house: House
) -> None:
    """A choice outlives the tab."""
    async with eyes(browser, house.url, color_scheme="dark") as screen:
        page = (await screen.visit()).page
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        await page.get_by_role("button", name="Use light colours").click()
        await expect(page.locator("html")).to_have_attribute("data-theme", "light")
        await page.reload()
        await expect(page.locator("html")).to_have_attribute("data-theme", "light")


async def test_the_page_comes_back_by_itself_when_its_server_was_away(
    browser: Browser, house: House
) -> None:
    """Laptops sleep, and ``make demo`` is stopped and started again."""
    site = Site(house.playground)
    await site.start(0)
    port = int(site.url.rstrip("/").rpartition(":")[2])
    async with eyes(browser, site.url) as screen:
        page = (await screen.visit()).page
        await site.stop()
        await expect(page.locator(".notice")).to_contain_text("trying again")
        house.playground.slack.workspace.post("C0TREASURY", "said meanwhile", [], user=BEN)
        site = Site(house.playground)
        await site.start(port)

        await expect(page.locator(".notice")).to_be_hidden()
        await expect(page.locator(".log").first).to_contain_text("said meanwhile")
        # While it was away the browser itself complained about refused connections.
        screen.complaints = [one for one in screen.complaints if "ERR_" not in one]
    await site.stop()


async def test_a_slack_outage_is_said_and_what_waited_is_told_afterwards(
    browser: Browser, house: House
) -> None:
    """Behind the curtain everything can be taken away; the page must not look frozen."""
    async with eyes(browser, house.url) as screen:
        page = (await screen.visit()).page
        await screen.panel("machine")
        await page.get_by_role("switch", name="Slack is down").click()
        await expect(page.locator(".notice")).to_contain_text("Slack is down")
        await screen.types("/buy status")
        await expect(page.get_by_role("alert")).to_contain_text("until it is back")
        await page.get_by_role("button", name="Mend everything").click()
        await expect(page.locator(".health.good")).to_be_visible()
        screen.complaints = [one for one in screen.complaints if "409" not in one]
