"""A channel on which anything can be posted, to see what the page makes of it."""

from typing import Any

from playwright.async_api import Locator, expect

from bot.playground.furniture import CHANNEL
from tests.page.conftest import House
from tests.page.screen import Screen

Json = dict[str, Any]


def plain(text: str) -> Json:
    """A text object."""
    return {"type": "plain_text", "text": text}


class Wall:
    """A channel on which anything can be posted, and somebody who looks at it."""

    def __init__(self, house: House, screen: Screen) -> None:
        self.slack = house.playground.slack
        self.screen = screen

    async def shows(self, *blocks: Json, text: str = "fallback", **how: Any) -> Locator:
        """Post it; what appears."""
        message = self.slack.workspace.post(CHANNEL, text, list(blocks), **how)
        row = self.screen.page.locator(f'#chat [data-ts="{message.ts}"]')
        await expect(row).to_be_visible()
        return row

    async def markup(self, source: str, *, verbatim: bool = False) -> str:
        """What a text of type mrkdwn becomes, tags included."""
        text = {"type": "mrkdwn", "text": source, "verbatim": verbatim}
        row = await self.shows({"type": "section", "text": text})
        return await row.locator(".section .text").inner_html()

    def pressed(self) -> list[Json]:
        """The actions that Slack has sent to the bot so far."""
        envelopes = [one.payload for one in self.slack.traffic if one.name == "interactive"]
        return [action for one in envelopes for action in one["payload"].get("actions", [])]
