"""The five scenes, played in the browser by pressing the one thing that is to be pressed next."""

import pytest
from playwright.async_api import Browser, expect

from tests.page.conftest import House
from tests.page.screen import Screen, eyes

pytestmark = pytest.mark.asyncio(loop_scope="session")

AT_MOST = 12
"""Presses of a scene; the longest has seven steps."""


async def play(screen: Screen, name: str) -> str:
    """Press what is highlighted until the scene is over; what it says then."""
    page = screen.page
    await screen.panel("scenes")
    await page.locator(f"[data-scene={name}]").click()
    await expect(page.locator(".guide .count")).to_contain_text("Step 1 of")
    press = page.locator(".guide.yours #guide-next")
    over = page.locator(".guide.done")
    for _ in range(AT_MOST):
        await expect(press.or_(over)).to_be_visible()
        if await over.is_visible():
            return await page.locator(".guide .told").inner_text()
        step = await page.locator(".guide .count").inner_text()
        await press.click()
        await expect(page.locator(".guide .count")).not_to_have_text(step)
    raise AssertionError(f"{name} goes on for ever")


@pytest.mark.parametrize(
    ("name", "vendor", "proof"),
    [
        ("approve", "kriptomat", "exactly one line"),
        ("lost", "kriptomat", "has one purchase"),
        ("crash", "kriptomat", "has one, not two"),
        ("pay", "coins_ph", "One named payer"),
        ("freeze", "kriptomat", "in the very transaction"),
    ],
)
async def test_a_scene_is_played_to_its_end_by_pressing_what_is_highlighted(
    browser: Browser, house: House, name: str, vendor: str, proof: str
) -> None:
    """Each proves a promise of the README; what it claims at the end is counted in the books."""
    books = getattr(house.playground, vendor)
    before = len(books.purchases)

    async with eyes(browser, house.url) as screen:
        said = await play(await screen.visit(), name)

    assert proof in said
    assert len(books.purchases) == before + 1, "bought once"


async def test_a_first_visit_is_greeted_once_and_led_into_the_first_scene(
    browser: Browser, house: House
) -> None:
    """Somebody who has never seen the project must know what this is and what to press."""
    async with eyes(browser, house.url, greeted=False) as screen:
        page = (await screen.visit()).page
        await expect(page.get_by_role("dialog")).to_contain_text("exactly once")
        await page.get_by_role("button", name="Start the first scene").click()

        await expect(page.locator(".guide")).to_contain_text("Step 1 of 5")
        await expect(page.locator("#guide-next")).to_be_visible()
        await page.reload()
        await expect(page.locator("#guide-next")).to_be_visible()
        assert await page.get_by_role("dialog").count() == 0
        await page.get_by_role("button", name="Leave this scene").click()
        await expect(page.locator(".guide")).to_be_hidden()
