"""A real browser for the tests: Debian's Chromium, driven by Playwright, one for each worker."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright

REQUIRED = "COUNTERSIGN_REQUIRE_BROWSER"
"""Set to 1 where a missing browser is a failure and not a reason to skip."""

MISSING = "no browser"
"""How the reason to skip begins."""

NAMES = ("chromium", "chromium-browser", "google-chrome")

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""It shall draw the page and ask nothing of anybody."""


def found() -> str:
    """The path of a Chromium; without one the test is skipped, or fails where it is required."""
    path = next((one for one in map(shutil.which, NAMES) if one), None)
    if path is not None:
        return path
    missing = f"{MISSING}: none of {', '.join(NAMES)} is installed"
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{missing}, and {REQUIRED}=1 forbids to skip", pytrace=False)
    pytest.skip(missing)


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """One browser, for as long as it is needed."""
    path = found()
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()
