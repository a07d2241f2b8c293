"""Print every message as the person who reads it would see it, new or edited, as it happens."""

import asyncio
from collections.abc import Callable

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.playground.messages import Message
from bot.playground.slack import PretendSlack

BUTTONS = "buttons: "


class Reporter:
    """Watches the workspace and prints what has changed since it last looked."""

    def __init__(self, slack: PretendSlack, console: Console) -> None:
        self._slack = slack
        self._console = console
        self._seen: dict[tuple[str, str, str], str] = {}

    def narrate(self, text: str) -> None:
        """What somebody does, or what is to be noticed."""
        self.report()
        self._console.print(Text(text, style="bold"), soft_wrap=True)

    def report(self) -> None:
        """Print every message that is new or says something else now."""
        workspace = self._slack.workspace
        for message in [*workspace.posted, *workspace.private_messages]:
            self._show(message)

    async def until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        """Report changes as they come until the condition holds."""

        def look(_: PretendSlack) -> bool:
            self.report()
            return condition()

        await self._slack.wait_for(look, timeout=seconds)
        # What follows at once, such as a reply in the thread, belongs to the same moment.
        await asyncio.sleep(0)
        self.report()

    def _show(self, message: Message) -> None:
        key = (message.channel, message.ts, message.ephemeral_to or "")
        if message.deleted or self._seen.get(key) == message.plain():
            return
        again = key in self._seen
        self._seen[key] = message.plain()
        self._console.print(self._panel(message, again=again))

    def _panel(self, message: Message, *, again: bool) -> Panel:
        names = self._slack.workspace.names
        channel = self._slack.workspace.channels.get(message.channel)
        private = channel is not None and channel.im_with
        where = f"#{names.get(message.channel, message.channel)}"
        if private:
            where = f"direct message to {names.get(channel.im_with or '', '?')}" if channel else ""
        elif message.thread_ts:
            where = f"{where}, in the card's thread"
        if message.ephemeral_to:
            where = f"only {names.get(message.ephemeral_to, '?')} sees this"
        title = f"{where} (the same message, edited)" if again else where
        style = "yellow" if message.ephemeral_to else "cyan" if private else "green"
        labels = [str(button["text"]["text"]) for button in message.buttons()]
        body = message.plain().strip()
        if labels:
            body = f"{_without_labels(body, labels)}\n[ {' ]  [ '.join(labels)} ]"
        return Panel(Text(body), title=title, title_align="left", border_style=style, width=96)


def _without_labels(body: str, labels: list[str]) -> str:
    """The labels stand at the end of the plain text; the panel shows them as buttons."""
    lines = body.splitlines()
    while lines and lines[-1].strip() in ("", *labels):
        lines.pop()
    return "\n".join(lines)
