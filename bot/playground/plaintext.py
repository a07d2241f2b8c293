"""What a reader sees: blocks and Slack's own markup turned into plain text.

Pure functions over the JSON of blocks. A mention becomes a name, a date its fallback, a link its
label, and an entity the character it stands for; ``plain_text`` is left exactly as it is, because
Slack shows it exactly as it is. A block that we do not know is shown as a box that says so: nothing
is silently dropped.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = dict[str, Any]

_TAG = re.compile(r"<([^<>\n]+)>")
_EMPHASIS = re.compile(r"(?<![\w*~`])([*_~`])(?=\S)([^\n]*?)(?<=\S)\1(?![\w*~`])")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>|<!subteam\^(S[A-Z0-9]+)(?:\|[^<>]*)?>")
_BROADCAST = re.compile(r"<!(here|channel|everyone)(?:\|[^<>]*)?>")


def plain_mrkdwn(text: str, names: Mapping[str, str]) -> str:
    """``*250 EUR* for <@U0ANA> &amp; co`` as a person reads it: ``250 EUR for @Ana & co``."""
    shown = _TAG.sub(lambda tag: _shown_tag(tag.group(1), names), text)
    return html.unescape(_EMPHASIS.sub(r"\2", shown))


def _shown_tag(inner: str, names: Mapping[str, str]) -> str:
    target, _, label = inner.partition("|")
    if target.startswith("!date^"):
        return label or target
    if target.startswith(("@", "!subteam^")):
        name = target.removeprefix("@").removeprefix("!subteam^")
        return f"@{names.get(name, label.removeprefix('@') or name)}"
    if target.startswith("#"):
        return f"#{names.get(target[1:], label or target[1:])}"
    if target.startswith("!"):
        return f"@{target[1:]}"
    return label or target.removeprefix("mailto:")


def plain_text(text: str, blocks: Sequence[Json], names: Mapping[str, str]) -> str:
    """All that stands on the screen, one line per piece; ``text`` shows only without blocks."""
    if not blocks:
        return plain_mrkdwn(text, names)
    return "\n".join(_shown(piece, names) for block in blocks for piece in pieces(block))


def _shown(piece: Json, names: Mapping[str, str]) -> str:
    text = str(piece.get("text", ""))
    return plain_mrkdwn(text, names) if piece.get("type") == "mrkdwn" else text


def pieces(block: Json) -> Iterator[Json]:
    """The text objects of one block in reading order, labels of buttons and options included."""
    kind = block.get("type")
    if kind not in {"section", "header", "context", "actions", "input", "image", "divider"}:
        yield {"type": "plain_text", "text": f"[unsupported block: {kind}]"}
    for part in ("title", "label", "text"):
        if isinstance(block.get(part), dict):
            yield block[part]
    yield from block.get("fields") or []
    for element in elements(block):
        if element.get("type") in {"mrkdwn", "plain_text"}:
            yield element
            continue
        if isinstance(element.get("text"), dict):
            yield element["text"]
        for option in element.get("options") or []:
            yield option["text"]
    if kind == "image":
        yield {"type": "plain_text", "text": str(block.get("alt_text", ""))}


def elements(block: Json) -> list[Json]:
    """Everything inside a block that can be pressed, filled in or, in a context, read."""
    found = [*(block.get("elements") or []), block.get("accessory"), block.get("element")]
    return [element for element in found if isinstance(element, dict)]


def mentions(text: str, blocks: Sequence[Json]) -> list[str]:
    """Ids of the people and groups that this notifies, each once; ``!here`` for a broadcast.

    With blocks only the blocks count, and in them only mrkdwn: the fallback text is not shown.
    """
    sources = [text]
    if blocks:
        shown = [piece for block in blocks for piece in pieces(block)]
        sources = [str(piece["text"]) for piece in shown if piece.get("type") == "mrkdwn"]
    found: dict[str, None] = {}
    for source in sources:
        for match in _MENTION.finditer(source):
            found[match.group(1) or match.group(2)] = None
        for match in _BROADCAST.finditer(source):
            found[f"!{match.group(1)}"] = None
    return list(found)
