"""Everything that went over the wires, Slack's and the vendors', in one numbered row.

Entries are numbered as they are first seen and keep their number; an HTTP call that was still
unanswered is shown again under the same number once it is answered.
"""

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.traffic import Passage, Traffic
from providers.sandbox.wire import HIDDEN, HttpCall, Wire

Json = dict[str, Any]

KEPT = 300
"""Entries that a page which is opened now is shown."""

WAYS = {"socket": "envelope", "api": "web api", "response_url": "response_url"}


@dataclass(slots=True)
class Entry:
    """One line of the tape; ``text`` is its JSON."""

    number: int
    text: str
    waits: tuple[str, HttpCall] | None = None
    """The vendor's name and the call while it is unanswered: the line will change."""


class Tape:
    """Collects from all sources; reading it does not change it."""

    def __init__(self, slack: Traffic, vendors: Mapping[str, tuple[str, Wire]]) -> None:
        """``vendors``: by name, what people call it and its record of calls."""
        self._slack = slack
        self._vendors = vendors
        self._slack_seen = 0
        self._seen = dict.fromkeys(vendors, 0)
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._count = 0

    def lines(self) -> Mapping[str, str]:
        """``traffic:<number>`` to JSON, oldest first."""
        self._collect()
        return {f"traffic:{entry.number}": entry.text for entry in self._entries}

    def _collect(self) -> None:
        for entry in self._entries:
            if entry.waits is not None and entry.waits[1].status:
                entry.text = json.dumps(_call(entry.number, *entry.waits))
                entry.waits = None
        fresh = self._slack.total - self._slack_seen
        for passage in list(self._slack)[-fresh:] if fresh else []:
            self._count += 1
            self._entries.append(Entry(self._count, json.dumps(_passage(self._count, passage))))
        self._slack_seen = self._slack.total
        for name, (title, wire) in self._vendors.items():
            for call in [one for one in wire if one.number > self._seen[name]]:
                self._count += 1
                text = json.dumps(_call(self._count, title, call))
                waits = None if call.status else (title, call)
                self._entries.append(Entry(self._count, text, waits))
            self._seen[name] = wire.total


def _passage(number: int, passage: Passage) -> Json:
    sent = passage.direction == "from bot"
    return {
        "kind": "traffic",
        "seq": number,
        "at": passage.time.timestamp(),
        "from": "Bot" if sent else "Slack",
        "to": "Slack" if sent else "Bot",
        "way": WAYS.get(passage.kind, passage.kind),
        "name": passage.name,
        "status": _word(passage),
        "payload": _without_doors(passage.payload),
    }


def _without_doors(value: Any) -> Any:
    """Whoever has a response_url can speak as the bot; it is a secret like a token."""
    if isinstance(value, dict):
        return {
            name: HIDDEN if name == "response_url" else _without_doors(one)
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [_without_doors(one) for one in value]
    return value


def _word(passage: Passage) -> str:
    """A reply of the Web API says how it went; what is sent does not."""
    payload = passage.payload
    if passage.kind != "api" or passage.direction != "to bot" or not isinstance(payload, dict):
        return ""
    return "ok" if payload.get("ok") else f"error: {payload.get('error', '?')}"


def _call(number: int, title: str, call: HttpCall) -> Json:
    payload: Json = {"sent": call.sent, "answered": call.got}
    if call.key is not None:
        payload["Idempotency-Key"] = call.key
    return {
        "kind": "traffic",
        "seq": number,
        "at": call.at.timestamp(),
        "from": "Bot",
        "to": title,
        "way": "http",
        "name": f"{call.method} {call.path}",
        "status": call.status or "no answer yet",
        "payload": payload,
    }
