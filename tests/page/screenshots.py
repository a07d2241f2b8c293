"""``make screenshots``: the pictures of the README, of the real page while scenes are played."""

import asyncio
import tempfile
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, expect
from rich.console import Console

from bot.playground.ground import opened
from bot.playground.page.site import Site
from tests.page.chromium import browsing
from tests.page.screen import PATIENCE, Screen, eyes

IMAGES = Path(__file__).parents[2] / "docs" / "images"

SIZE = (1280, 880)
Theme = Literal["light", "dark"]


async def step(screen: Screen, words: str) -> None:
    """Press what is highlighted until the strip says this."""
    page, strip = screen.page, screen.page.locator(".guide .told")
    turn = page.locator(".guide.yours #guide-next").or_(page.locator(".guide.done"))
    await expect(turn).to_be_visible(timeout=PATIENCE)
    while words not in (told := await strip.inner_text()):
        await page.locator("#guide-next").click()
        await expect(strip).not_to_have_text(told, timeout=PATIENCE)
        await expect(turn).to_be_visible(timeout=PATIENCE)


async def begin(screen: Screen, scene: str) -> None:
    """Start a scene, and leave the panel as the scene wants it."""
    await screen.panel("scenes")
    await screen.page.locator(f"[data-scene={scene}]").click()
    await expect(screen.page.locator(".guide .count")).to_contain_text("Step 1 of")


async def keep(screen: Screen, name: str) -> None:
    """Once nothing moves any more."""
    await screen.page.mouse.move(5, 400)
    await screen.page.evaluate("() => document.activeElement?.blur()")
    await expect(screen.page.locator(".toast")).to_have_count(0, timeout=PATIENCE)
    await screen.page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")


async def doubt(browser: Browser, url: str, theme: Theme) -> None:
    """The picture at the top: the card says in doubt, the provider's own books say bought."""
    async with eyes(browser, url, size=SIZE, color_scheme=theme) as screen:
        await screen.visit()
        await begin(screen, "lost")
        await step(screen, "Look at Kriptomat")
        await keep(screen, f"in-doubt-{theme}")
        await step(screen, "was a state of its own")


async def approval(browser: Browser, url: str) -> None:
    """A card that waits for people."""
    async with eyes(browser, url, size=SIZE, color_scheme="light") as screen:
        await screen.visit()
        await begin(screen, "approve")
        await step(screen, "Ben reads the card")
        await keep(screen, "approval")


async def main() -> None:
    """All of them, each in a playground that has seen nothing yet."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    async with browsing() as browser:
        for theme in ("light", "dark"):
            with tempfile.TemporaryDirectory() as folder:
                async with opened(Path(folder), Console(quiet=True)) as playground:
                    site = Site(playground)
                    await site.start(0)
                    if theme == "light":
                        await approval(browser, site.url)
                        await doubt(browser, site.url, "light")
                    else:
                        await doubt(browser, site.url, "dark")
                    await site.stop()


if __name__ == "__main__":
    asyncio.run(main())
