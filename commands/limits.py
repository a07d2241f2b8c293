"""What Slack accepts: the limits of Block Kit, as one pure question.

``validate_message`` returns the faults of a message, a modal or a home tab as sentences; an empty
list means that Slack would take it. The bot asks before it sends, so that a card that cannot be
shown fails in a test and not in a channel; the pretend Slack asks the same function, so that what
passes here is what passes there. The SDK's own validators run last, as a net under the table below:
they miss what matters most to us (a button id used twice, 51 blocks, a field of 2,001 characters).
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from commands.elements import (
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    count_faults,
    element_faults,
    image_faults,
    length_faults,
    listed,
    text_faults,
)

Surface = Literal["message", "modal", "home"]
Json = Mapping[str, Any]
Faults = Iterator[str]

MAX_TEXT = 4000
MAX_METADATA = 8000
"""Slack does not publish its figure; ours is small enough to be safe."""
MAX_BLOCKS: Mapping[Surface, int] = {"message": 50, "modal": 100, "home": 100}
MAX_VIEW_BYTES = 250_000


def validate_message(
    text: str | None,
    blocks: Sequence[Json | Block] | None,
    *,
    surface: Surface = "message",
    view: Json | None = None,
    metadata: Json | None = None,
    sdk: bool = True,
) -> list[str]:
    """The faults that would make Slack refuse this, as sentences; an empty list means none.

    For a modal or a home tab give ``view``; its own blocks are used when ``blocks`` is None.
    ``sdk``: what our own table takes is held against the SDK's models as well. That costs more than
    making the message, so it is done by the pretend Slack and left out where messages leave.
    """
    if surface == "message":
        faults = [*_message_text(text), *_metadata(metadata)]
    else:
        view = view if view is not None else {}
        blocks = blocks if blocks is not None else view.get("blocks", [])
        faults = [*_view(view, surface)]
    plain: list[Any] = []
    for block in listed(blocks):
        try:
            plain.append(block.to_dict() if isinstance(block, Block) else block)
        except SlackObjectFormationError as error:
            faults.append(f"blocks: {error}.")
    if blocks is not None and not plain and (blocks or surface != "message"):
        faults.append("blocks: a list of at least one block is needed.")
    return [*faults, *_block_list(plain, surface, sdk=sdk), *_submit(plain, surface, view)]


def _submit(blocks: Sequence[Any], surface: Surface, view: Json | None) -> Faults:
    if surface == "modal" and not (view or {}).get("submit"):
        for index, block in enumerate(blocks):
            if isinstance(block, Mapping) and block.get("type") == "input":
                yield f"blocks[{index}]: an input block needs a view with submit."


def _message_text(text: object) -> Faults:
    if not isinstance(text, str) or not text.strip():
        yield "text: a message needs text; notifications and screen readers read nothing else."
    elif len(text) > MAX_TEXT:
        yield f"text: {len(text)} characters, at most {MAX_TEXT} are allowed."


def _metadata(metadata: Any) -> Faults:
    if metadata is None:
        return
    if not isinstance(metadata, Mapping) or set(metadata) != {"event_type", "event_payload"}:
        yield "metadata: exactly event_type and event_payload are needed."
    elif not metadata["event_type"] or not isinstance(metadata["event_payload"], Mapping):
        yield "metadata: event_type must be a word and event_payload an object."
    elif len(json.dumps(metadata, default=str)) > MAX_METADATA:
        yield f"metadata: more than {MAX_METADATA} characters."


def _view(view: Json, surface: Surface) -> Faults:
    if view.get("type") != surface:
        yield f"view: type must be {surface}."
    for part in ("title", "submit", "close") if surface == "modal" else ():
        if part == "title" or view.get(part) is not None:
            yield from text_faults(f"view.{part}", view.get(part), 24, plain=True)
    for part, limit in (("callback_id", 255), ("private_metadata", 3000), ("external_id", 255)):
        yield from length_faults(f"view.{part}", view.get(part), limit)
    if len(json.dumps(view, default=str).encode()) > MAX_VIEW_BYTES:
        yield f"view: more than {MAX_VIEW_BYTES} bytes."


def _block_list(blocks: Sequence[Any], surface: Surface, *, sdk: bool) -> Faults:
    if len(blocks) > MAX_BLOCKS[surface]:
        yield f"blocks: {len(blocks)} blocks, at most {MAX_BLOCKS[surface]} fit in a {surface}."
    for index, block in enumerate(blocks):
        own = list(_block(f"blocks[{index}]", block, surface))
        yield from own or (_sdk(f"blocks[{index}]", block) if sdk else ())
    named = [b["block_id"] for b in blocks if isinstance(b, Mapping) and b.get("block_id")]
    for block_id, times in Counter(map(str, named)).items():
        if times > 1:
            yield f"blocks: block_id {block_id!r} is used {times} times."


def _block(where: str, block: Any, surface: Surface) -> Faults:
    kind = block.get("type") if isinstance(block, Mapping) else None
    check = _BLOCKS.get(str(kind))
    if check is None:
        yield f"{where}: unknown block type {kind!r}."
        return
    if kind == "input" and surface == "message":
        yield f"{where}: an input block belongs in a view."
    yield from length_faults(f"{where}.block_id", block.get("block_id"), 255)
    yield from check(where, block)
    ids = Counter(str(e["action_id"]) for e in _elements(block) if e.get("action_id"))
    for action_id, times in ids.items():
        if times > 1:
            yield f"{where}: action_id {action_id!r} is used {times} times in one block."


def _sdk(where: str, block: Json) -> Faults:
    """What the SDK itself finds; asked only when our own table found nothing."""
    try:
        parsed = Block.parse(dict(block))
        if parsed is not None:
            parsed.to_dict()
    except (SlackObjectFormationError, TypeError, ValueError, AttributeError, KeyError) as error:
        yield f"{where}: {error}."


def _elements(block: Json) -> list[Json]:
    found = [*listed(block.get("elements")), block.get("accessory"), block.get("element")]
    return [e for e in found if isinstance(e, Mapping)]


def _section(where: str, block: Json) -> Faults:
    fields = block.get("fields")
    if block.get("text") is None and not fields:
        yield f"{where}: a section needs text or fields."
    if block.get("text") is not None:
        yield from text_faults(f"{where}.text", block["text"], 3000)
    if fields is not None:
        yield from count_faults(f"{where}.fields", fields, 10)
        for i, field in enumerate(listed(fields)):
            yield from text_faults(f"{where}.fields[{i}]", field, 2000)
    if block.get("accessory") is not None:
        yield from element_faults(f"{where}.accessory", block["accessory"], IN_SECTION)


def _context(where: str, block: Json) -> Faults:
    yield from count_faults(f"{where}.elements", block.get("elements"), 10)
    for i, element in enumerate(listed(block.get("elements"))):
        picture = isinstance(element, Mapping) and element.get("type") == "image"
        at = f"{where}.elements[{i}]"
        yield from image_faults(at, element) if picture else text_faults(at, element, 3000)


def _actions(where: str, block: Json) -> Faults:
    yield from count_faults(f"{where}.elements", block.get("elements"), 25)
    for i, element in enumerate(listed(block.get("elements"))):
        yield from element_faults(f"{where}.elements[{i}]", element, IN_ACTIONS)


def _input(where: str, block: Json) -> Faults:
    yield from text_faults(f"{where}.label", block.get("label"), 2000, plain=True)
    if block.get("hint") is not None:
        yield from text_faults(f"{where}.hint", block["hint"], 2000, plain=True)
    yield from element_faults(f"{where}.element", block.get("element"), IN_INPUT)


_BLOCKS: Mapping[str, Callable[[str, Json], Faults]] = {
    "section": _section,
    "header": lambda at, block: text_faults(f"{at}.text", block.get("text"), 150, plain=True),
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": image_faults,
    "divider": lambda _where, _block: iter(()),
}
