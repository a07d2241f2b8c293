"""response_url: the side door through which an interaction can be answered later.

Five uses within thirty minutes, counted whether they succeed or not. An answer is private unless it
says ``in_channel``; ``replace_original`` and ``delete_original`` touch the message that was clicked
and do nothing for a slash command, which has none.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.playground.errors import UNSHOWABLE, SlackError
from bot.playground.faults import Faults
from bot.playground.messages import Message
from bot.playground.methods_chat import checked
from bot.playground.outcome import Outcome
from bot.playground.traffic import Traffic
from bot.playground.wire import cut
from bot.playground.workspace import Workspace

Json = dict[str, Any]

MAX_USES = 5
LIFETIME = timedelta(minutes=30)


@dataclass(slots=True)
class SideDoor:
    """One response_url: whom it speaks to, where, and about which message."""

    user: str
    channel: str
    source: Message | None
    opened: datetime
    outcomes: list[Outcome] = field(default_factory=list)
    uses: int = 0


class Responses:
    """Every response_url that was ever given out."""

    def __init__(self, *, workspace: Workspace, faults: Faults, traffic: Traffic) -> None:
        self._workspace = workspace
        self._faults = faults
        self._traffic = traffic
        self._doors: dict[str, SideDoor] = {}

    def open(self, user: str, channel: str, source: Message | None) -> str:
        """The path of a new response_url."""
        key = self._workspace.new_id("answer")
        self._doors[key] = SideDoor(user, channel, source, self._workspace.clock())
        return f"/respond/{key}"

    def attach(self, url: str, outcome: Outcome) -> None:
        """From now on, what is said through this URL is an answer to this outcome as well."""
        door = self._doors.get(url.rsplit("/", 1)[-1])
        if door is not None:
            door.outcomes.append(outcome)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One POST to a response_url."""
        if self._faults.web_down:
            return cut(request)
        body = await request.text()
        try:
            self._use(request.match_info["key"], body)
        except SlackError as error:
            if error.error in UNSHOWABLE:
                self._workspace.rejected.append(f"response_url {error.told}")
            status = 404 if error.error in {"used_url", "expired_url"} else 400
            return web.json_response(
                {"ok": False, "error": error.error, **error.more}, status=status
            )
        return web.json_response({"ok": True})

    def _use(self, key: str, body: str) -> None:
        door = self._doors.get(key)
        if door is None or door.uses >= MAX_USES:
            raise SlackError("used_url")
        if self._workspace.clock() - door.opened > LIFETIME:
            raise SlackError("expired_url")
        door.uses += 1
        try:
            said = json.loads(body)
        except ValueError:
            raise SlackError("invalid_payload") from None
        self._traffic.note(self._workspace.clock(), "from bot", "response_url", door.user, said)
        if not isinstance(said, dict):
            raise SlackError("invalid_payload")
        message = self._say(door, said)
        if message is not None:
            for outcome in door.outcomes:
                outcome.answers.append(message)
        self._workspace.changed.ring()

    def _say(self, door: SideDoor, said: Json) -> Message | None:
        source = door.source
        if said.get("delete_original") is True and source is not None:
            self._workspace.remove(source)
            return None
        text, blocks, metadata = checked(said, sdk=self._workspace.asks_sdk)
        if said.get("replace_original") is True and source is not None:
            self._workspace.rewrite(source, text, blocks, metadata)
            return source
        return speak(self._workspace, door.user, door.channel, said)


def speak(workspace: Workspace, user: str, channel: str, said: Json) -> Message:
    """Post an answer to an interaction: privately, unless it says ``in_channel``."""
    text, blocks, metadata = checked(said, sdk=workspace.asks_sdk)
    public = said.get("response_type") == "in_channel"
    return workspace.post(
        channel,
        text,
        blocks,
        metadata=metadata,
        thread_ts=said.get("thread_ts"),
        ephemeral_to=None if public else user,
    )
