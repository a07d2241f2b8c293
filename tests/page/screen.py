"""A person before the page: what they see, press and type, in words of the playground."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

WIDE, NARROW = (1440, 900), (390, 844)
PATIENCE = 40_000
"""Milliseconds before something counts as missing: generous, since machines are busy."""

GREETED = "localStorage.setItem('countersign.greeted', 'true')"


class Screen:
    """One tab."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        """What the browser found wrong: errors in the console, and exceptions."""
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    async def visit(self, user: str = "") -> "Screen":
        """Open the page, with this person's eyes."""
        await self.page.goto(f"{self.url}?as={user}" if user else self.url)
        await expect(self.page.locator(".health.good")).to_be_visible(timeout=PATIENCE)
        return self

    async def become(self, user: str) -> None:
        """Look through another person's eyes, in the same tab."""
        await self.page.locator(f"[data-person={user}]").click()
        await expect(self.page.locator(f"[data-person={user}]")).to_have_attribute(
            "aria-pressed", "true"
        )

    async def types(self, words: str) -> None:
        """Type a line into the box of the conversation and send it."""
        await self.page.locator("#composer").fill(words)
        await self.page.keyboard.press("Enter")

    async def asks(self, words: str) -> Locator:
        """Ask for a purchase, and wait for its card."""
        approve = self.page.locator("[data-action=approve]")
        cards = self.page.locator("#chat .row:not(.private)").filter(has=approve)
        before = await cards.count()
        await self.types(f"/buy {words}")
        await expect(cards).to_have_count(before + 1)
        stamp = await cards.last.get_attribute("data-ts")
        return self.page.locator(f'#chat [data-ts="{stamp}"]')

    async def says(self, card: Locator, words: str) -> None:
        """Wait until the card says this."""
        await expect(card).to_contain_text(words)

    async def panel(self, tab: str) -> None:
        """Open a tab behind the curtain."""
        if await self.page.locator("body[data-curtain=closed]").count():
            await self.page.locator(".curtain-button").click()
        await self.page.locator(f"#curtain-tab-{tab}").click()

    async def evaluate(self, script: str, argument: Any = None) -> Any:
        """Run a function in the page."""
        return await self.page.evaluate(script, argument)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


@asynccontextmanager
async def eyes(
    browser: Browser, url: str, *, size: tuple[int, int] = WIDE, greeted: bool = True, **how: Any
) -> AsyncIterator[Screen]:
    """A tab of a fresh browser profile; whatever the console complains about fails the test."""
    expect.set_options(timeout=PATIENCE)
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", **how
    )
    context.set_default_timeout(PATIENCE)
    if greeted:
        await context.add_init_script(GREETED)
    screen = Screen(await context.new_page(), url)
    try:
        yield screen
        assert screen.complaints == [], "the console is clean"
    finally:
        await context.close()


async def beside(context: BrowserContext, url: str, user: str) -> Screen:
    """One more tab of the same browser, as somebody else."""
    return await Screen(await context.new_page(), url).visit(user)
