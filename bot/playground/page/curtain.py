"""What the person behind the curtain does: kill and start the bot, break and mend everything else.

Whatever is done here is done to processes and servers of the playground alone.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.playground.ground import Playground
from bot.playground.page.booths import Booth, Unknown
from bot.playground.page.deeds import NotDone


class Curtain:
    """The switches. One thing at a time: two people may press at the same moment."""

    def __init__(self, playground: Playground, booths: Mapping[str, Booth]) -> None:
        self._playground = playground
        self._booths = booths
        self._one_at_a_time = asyncio.Lock()

    async def do(self, wish: Mapping[str, Any]) -> str:
        """Do it, and say what was done. Raises NotDone."""
        async with self._one_at_a_time:
            try:
                said = await self._do(wish)
            except Unknown as error:
                raise NotDone(str(error)) from None
            except OSError as error:
                raise NotDone(f"That did not work: {error.strerror or error}.") from None
        self._playground.slack.workspace.changed.ring()
        return said

    async def _do(self, wish: Mapping[str, Any]) -> str:
        match wish.get("do"):
            case "kill":
                await self._playground.bot.kill()
                return "The bot's process was killed with signal 9."
            case "start":
                await self._playground.bot.start()
                return "The bot was started; it reads what it had written down."
            case "slack":
                down = _flag(wish, "down")
                self._playground.slack.faults.outage(down)
                return "Slack is down." if down else "Slack is back."
            case "vendor":
                booth, down = self._booth(wish), _flag(wish, "down")
                await booth.power(on=not down)
                return f"{booth.title} {'cannot be reached' if down else 'is back'}."
            case "switch":
                booth, on = self._booth(wish), _flag(wish, "on")
                name = str(wish.get("switch"))
                booth.switch(name, on=on)
                return f"{booth.title}: {name.replace('/', ', ')} is {'on' if on else 'off'}."
            case "calm":
                await self.calm()
                return "Everything works again."
        raise NotDone("There is no such switch.")

    async def calm(self) -> None:
        """Nothing is broken on purpose any more; a bot that was killed stays dead."""
        self._playground.slack.faults.clear()
        for booth in self._booths.values():
            await booth.calm()

    def _booth(self, wish: Mapping[str, Any]) -> Booth:
        booth = self._booths.get(str(wish.get("vendor")))
        if booth is None:
            raise NotDone("There is no such provider.")
        return booth


def _flag(wish: Mapping[str, Any], name: str) -> bool:
    value = wish.get(name)
    if not isinstance(value, bool):
        raise NotDone(f"Say whether it is {name}: true or false.")
    return value
