"""What one person sees, and what is behind the curtain: every thing by its key, as JSON text.

Pure reading. The browser is sent whatever text has changed under its key, so a thing must say the
same as long as nothing about it has changed.
"""

import json
from collections.abc import Mapping
from typing import Any

from bot.playground import plaintext
from bot.playground.ground import Playground
from bot.playground.messages import Message
from bot.playground.page.booths import Booth
from bot.playground.page.scenes import Scenes
from bot.playground.page.tape import Tape
from bot.playground.views import View
from bot.playground.workspace import Workspace

Json = dict[str, Any]


class Picture:
    """Draws the whole of it for one person at a time."""

    def __init__(
        self, playground: Playground, booths: Mapping[str, Booth], tape: Tape, scenes: Scenes
    ) -> None:
        self._playground = playground
        self._booths = booths
        self._tape = tape
        self._scenes = scenes
        self._drawn: dict[tuple[str, str, str | None], tuple[int, str]] = {}
        """Messages as drawn, with the number of versions then: most of them never change again."""

    def things(self, user: str) -> dict[str, str]:
        """Everything that ``user`` may see, and what is behind the curtain."""
        workspace = self._playground.slack.workspace
        places = {c.id for c in workspace.channels.values() if user in c.members}
        said = [message for message in workspace.posted if message.channel in places]
        told = [message for message in workspace.private_messages if message.ephemeral_to == user]
        things = {_key(message): self._message(message) for message in [*said, *told]}
        for nth, view in enumerate(one for one in workspace.views.values() if one.user == user):
            things[f"view:{view.id}"] = json.dumps(_view(view, nth))
        if (home := workspace.homes.get(user)) is not None:
            things["home"] = json.dumps({"kind": "home", "id": home.id, "blocks": home.blocks})
        things["bot"] = json.dumps(self._bot())
        down = self._playground.slack.faults.web_down
        things["slack"] = json.dumps({"kind": "slack", "down": down})
        for booth in self._booths.values():
            things[f"vendor:{booth.name}"] = json.dumps(booth.thing)
        if (scene := self._scenes.thing) is not None:
            things["scene"] = json.dumps(scene)
        return {**things, **self._tape.lines()}

    def _message(self, message: Message) -> str:
        key = (message.channel, message.ts, message.ephemeral_to)
        versions, text = self._drawn.get(key, (-1, ""))
        if versions != len(message.history):
            text = json.dumps(_message(message, self._playground.slack.workspace))
            self._drawn[key] = (len(message.history), text)
        return text

    def _bot(self) -> Json:
        bot, slack = self._playground.bot, self._playground.slack
        if not bot.running:
            state = "dead" if (bot.exit_code or 0) < 0 else "stopped"
            says = "Its process is gone. What it had written down is still there."
        elif slack.socket.usable:
            state, says = "running", "Running, and connected to Slack."
        else:
            state, says = "starting", "Running, and trying to reach Slack."
        return {
            "kind": "bot",
            "state": state,
            "pid": bot.pid,
            "starts": bot.starts,
            "says": says,
        }


def _key(message: Message) -> str:
    kind = "message" if message.ephemeral_to is None else "private"
    return f"{kind}:{message.channel}:{message.ts}"


def _message(message: Message, workspace: Workspace) -> Json:
    return {
        "kind": "message",
        "place": message.channel,
        "ts": message.ts,
        "at": float(message.ts),
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "thread": message.thread_ts,
        "private": message.ephemeral_to is not None,
        "files": [file.wire() for file in message.files],
        "edited": message.edited is not None,
        "seen": len(message.history),
        "earlier": [
            plaintext.plain_text(one.text, one.blocks, workspace.names) for one in message.history
        ],
    }


def _view(view: View, nth: int) -> Json:
    label = {part: (view.source.get(part) or {}).get("text") for part in ("submit", "close")}
    return {
        "kind": "view",
        "id": view.id,
        "title": view.title,
        "submit": label["submit"],
        "close": label["close"] or "Cancel",
        "blocks": view.blocks,
        "stack": nth,
    }
