"""A message as Slack keeps it: what it says now, and every version that it replaced.

The history is ours, not Slack's: tests and the demo page ask what a card said before. A ``Version``
is also how a stale click is made: the person presses what their phone still shows.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from bot.playground import plaintext
from bot.playground.files import File

Json = dict[str, Any]

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Version:
    """What a message said from ``at`` until it was changed."""

    text: str
    blocks: list[Json]
    metadata: Json | None
    at: datetime


@dataclass(eq=False, slots=True)
class Message:
    """One message; the same object lives on while it is edited."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json]
    at: datetime
    metadata: Json | None = None
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    edited: str | None = None
    """The ts of the last edit, or None."""
    deleted: bool = False
    history: list[Version] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    names: Mapping[str, str] = field(default_factory=dict, repr=False)

    def plain(self) -> str:
        """What a reader sees, button labels included."""
        shown = plaintext.plain_text(self.text, self.blocks, self.names)
        files = [f"[file {file.name}: {file.alt_text or file.title}]" for file in self.files]
        return "\n".join(line for line in (shown, *files) if line)

    def mentions(self) -> list[str]:
        """Who is notified by this message: user ids, group ids, ``!here``."""
        return plaintext.mentions(self.text, self.blocks)

    def snapshot(self) -> Version:
        """What it says now, to be pressed later although it has changed since."""
        return Version(self.text, copy.deepcopy(self.blocks), copy.deepcopy(self.metadata), self.at)

    def buttons(self) -> list[Json]:
        """The buttons that can be pressed now."""
        return [e for _, e in pressable(self.blocks) if e.get("type") == "button"]

    def button(self, label_or_action_id: str) -> Json:
        """One button by what it says or by its action_id; ``LookupError`` if it is not there."""
        return find_element(self.blocks, label_or_action_id)[1]

    def replace(self, text: str, blocks: list[Json], metadata: Json | None, at: datetime) -> None:
        """The message says something else from now on; metadata stays unless it is given.

        Empty metadata takes it away.
        """
        self.history.append(self.snapshot())
        self.text, self.blocks, self.at = text, blocks, at
        if metadata is not None:
            self.metadata = metadata or None

    def wire(self, *, bot_id: str, app_id: str, team: str, version: Version | None = None) -> Json:
        """The message as it stands in a payload; ``version`` if the person saw an older one."""
        shown = version or self.snapshot()
        wire: Json = {
            "type": "message",
            "user": self.user,
            "bot_id": bot_id,
            "app_id": app_id,
            "team": team,
            "ts": self.ts,
            "text": shown.text,
            "blocks": copy.deepcopy(shown.blocks),
        }
        if self.thread_ts is not None:
            wire["thread_ts"] = self.thread_ts
        if self.files:
            wire["files"] = [file.wire() for file in self.files]
        if shown.metadata is not None:
            wire["metadata"] = copy.deepcopy(shown.metadata)
        if self.edited is not None and version is None:
            wire["edited"] = {"user": self.user, "ts": self.edited}
        return wire


def with_ids(blocks: Sequence[Json]) -> list[Json]:
    """A copy in which every block and every pressable element has an id, as Slack gives them."""
    filled = copy.deepcopy(list(blocks))
    for block in filled:
        block.setdefault("block_id", f"b{next(_numbers):04d}")
        for element in plaintext.elements(block):
            if element.get("type") not in {"mrkdwn", "plain_text", "image"}:
                element.setdefault("action_id", f"a{next(_numbers):04d}")
    return filled


def pressable(blocks: Sequence[Json]) -> list[tuple[Json, Json]]:
    """Every (block, element) that a person can act on."""
    return [
        (block, element)
        for block in blocks
        for element in plaintext.elements(block)
        if "action_id" in element
    ]


def find_element(blocks: Sequence[Json], label_or_action_id: str) -> tuple[Json, Json]:
    """The element with this action_id, or else with this label, and the block it stands in."""
    found = pressable(blocks)
    for block, element in found:
        if element["action_id"] == label_or_action_id:
            return block, element
    for block, element in found:
        if isinstance(element.get("text"), dict) and element["text"]["text"] == label_or_action_id:
            return block, element
    there = [element["action_id"] for _, element in found]
    raise LookupError(f"nothing to press called {label_or_action_id!r}; there is {there}")
