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

Surface = Literal["message", "modal", "home"]
Json = Mapping[str, Any]
Faults = Iterator[str]

MAX_TEXT = 4000
MAX_METADATA = 8000
"""Slack does not publish its figure; ours is small enough to be safe."""
MAX_BLOCKS: Mapping[Surface, int] = {"message": 50, "modal": 100, "home": 100}
MAX_VIEW_BYTES = 250_000

_SELECTS = frozenset(
    f"{many}{of}_select"
    for many in ("", "multi_")
    for of in ("static", "external", "users", "conversations", "channels")
)
_CHOICES = frozenset({"radio_buttons", "checkboxes", "datepicker", "timepicker", "datetimepicker"})
_FIELDS = frozenset({"plain_text_input", "number_input", "email_text_input", "url_text_input"})
_IN_ACTIONS = frozenset({"button", "overflow"}) | _SELECTS | _CHOICES
_IN_INPUT = _FIELDS | _SELECTS | _CHOICES
_IN_SECTION = _IN_ACTIONS | {"image"}
_STYLES = (None, "primary", "danger")


def validate_message(
    text: str | None,
    blocks: Sequence[Json | Block] | None,
    *,
    surface: Surface = "message",
    view: Json | None = None,
    metadata: Json | None = None,
) -> list[str]:
    """The faults that would make Slack refuse this, as sentences; an empty list means none.

    For a modal or a home tab give ``view``; its own blocks are used when ``blocks`` is None.
    """
    if surface == "message":
        faults = [*_message_text(text), *_metadata(metadata)]
    else:
        view = view if view is not None else {}
        blocks = blocks if blocks is not None else view.get("blocks", [])
        faults = [*_view(view, surface)]
    plain: list[Any] = []
    for block in _listed(blocks):
        try:
            plain.append(block.to_dict() if isinstance(block, Block) else block)
        except SlackObjectFormationError as error:
            faults.append(f"blocks: {error}.")
    if blocks is not None and not plain and (blocks or surface != "message"):
        faults.append("blocks: a list of at least one block is needed.")
    return [*faults, *_block_list(plain, surface), *_submit(plain, surface, view)]


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
            yield from _text_object(f"view.{part}", view.get(part), 24, plain=True)
    for part, limit in (("callback_id", 255), ("private_metadata", 3000), ("external_id", 255)):
        yield from _length(f"view.{part}", view.get(part), limit)
    if len(json.dumps(view, default=str).encode()) > MAX_VIEW_BYTES:
        yield f"view: more than {MAX_VIEW_BYTES} bytes."


def _block_list(blocks: Sequence[Any], surface: Surface) -> Faults:
    if len(blocks) > MAX_BLOCKS[surface]:
        yield f"blocks: {len(blocks)} blocks, at most {MAX_BLOCKS[surface]} fit in a {surface}."
    for index, block in enumerate(blocks):
        own = list(_block(f"blocks[{index}]", block, surface))
        yield from own or _sdk(f"blocks[{index}]", block)
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
    yield from _length(f"{where}.block_id", block.get("block_id"), 255)
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
    found = [*_listed(block.get("elements")), block.get("accessory"), block.get("element")]
    return [e for e in found if isinstance(e, Mapping)]


def _section(where: str, block: Json) -> Faults:
    fields = block.get("fields")
    if block.get("text") is None and not fields:
        yield f"{where}: a section needs text or fields."
    if block.get("text") is not None:
        yield from _text_object(f"{where}.text", block["text"], 3000)
    if fields is not None:
        yield from _several(f"{where}.fields", fields, 10)
        for i, field in enumerate(_listed(fields)):
            yield from _text_object(f"{where}.fields[{i}]", field, 2000)
    if block.get("accessory") is not None:
        yield from _element(f"{where}.accessory", block["accessory"], _IN_SECTION)


def _context(where: str, block: Json) -> Faults:
    yield from _several(f"{where}.elements", block.get("elements"), 10)
    for i, element in enumerate(_listed(block.get("elements"))):
        picture = isinstance(element, Mapping) and element.get("type") == "image"
        at = f"{where}.elements[{i}]"
        yield from _image(at, element) if picture else _text_object(at, element, 3000)


def _actions(where: str, block: Json) -> Faults:
    yield from _several(f"{where}.elements", block.get("elements"), 25)
    for i, element in enumerate(_listed(block.get("elements"))):
        yield from _element(f"{where}.elements[{i}]", element, _IN_ACTIONS)


def _input(where: str, block: Json) -> Faults:
    yield from _text_object(f"{where}.label", block.get("label"), 2000, plain=True)
    yield from _element(f"{where}.element", block.get("element"), _IN_INPUT)


def _image(where: str, image: Json) -> Faults:
    yield from _length(f"{where}.image_url", image.get("image_url"), 3000)
    if not image.get("image_url") and not image.get("slack_file"):
        yield f"{where}: an image needs image_url."
    if not image.get("alt_text"):
        yield f"{where}: an image needs alt_text."
    yield from _length(f"{where}.alt_text", image.get("alt_text"), 2000)


_BLOCKS: Mapping[str, Callable[[str, Json], Faults]] = {
    "section": _section,
    "header": lambda at, block: _text_object(f"{at}.text", block.get("text"), 150, plain=True),
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "divider": lambda _where, _block: iter(()),
}


def _element(where: str, element: object, allowed: frozenset[str]) -> Faults:
    kind = str(element.get("type")) if isinstance(element, Mapping) else "nothing"
    if not isinstance(element, Mapping) or kind not in allowed:
        yield f"{where}: an element of type {kind!r} cannot stand here."
        return
    yield from _length(f"{where}.action_id", element.get("action_id"), 255)
    if element.get("placeholder") is not None:
        yield from _text_object(f"{where}.placeholder", element["placeholder"], 150, plain=True)
    if element.get("confirm") is not None:
        yield from _confirm(f"{where}.confirm", element["confirm"])
    if kind == "button":
        yield from _button(where, element)
    elif kind == "image":
        yield from _image(where, element)
    elif kind == "plain_text_input":
        yield from _field(where, element)
    else:
        yield from _choices(where, element)


def _button(where: str, button: Json) -> Faults:
    yield from _text_object(f"{where}.text", button.get("text"), 75, plain=True)
    for part, limit in (("value", 2000), ("url", 3000), ("accessibility_label", 75)):
        yield from _length(f"{where}.{part}", button.get(part), limit)
    if button.get("style") not in _STYLES:
        yield f"{where}.style: only primary and danger exist."


def _field(where: str, field: Json) -> Faults:
    limit = field.get("max_length", 3000)
    least = field.get("min_length", 0)
    if {type(limit), type(least)} != {int} or not 0 <= least <= limit <= 3000 or limit < 1:
        yield f"{where}: min_length must be 0 to max_length, and max_length 1 to 3000."
    else:
        yield from _length(f"{where}.initial_value", field.get("initial_value"), limit)


def _choices(where: str, element: Json) -> Faults:
    kind = str(element["type"])
    limit = {"overflow": 5, "radio_buttons": 10, "checkboxes": 10}.get(kind, 100)
    groups = element.get("option_groups")
    if groups is not None:
        yield from _several(f"{where}.option_groups", groups, 100)
        for i, group in enumerate(g for g in _listed(groups) if isinstance(g, Mapping)):
            inner = f"{where}.option_groups[{i}]"
            yield from _text_object(f"{inner}.label", group.get("label"), 75, plain=True)
            yield from _options(inner, group.get("options"), 100)
    elif limit < 100 or kind.endswith("static_select"):
        yield from _options(where, element.get("options"), limit)


def _options(where: str, options: object, limit: int) -> Faults:
    yield from _several(f"{where}.options", options, limit)
    for i, option in enumerate(_listed(options)):
        inner = f"{where}.options[{i}]"
        option = option if isinstance(option, Mapping) else {}  # noqa: PLW2901 - same thing
        yield from _text_object(f"{inner}.text", option.get("text"), 75)
        if not isinstance(option.get("value"), str):
            yield f"{inner}.value: an option needs a value."
        yield from _length(f"{inner}.value", option.get("value"), 150)


def _confirm(where: str, confirm: object) -> Faults:
    confirm = confirm if isinstance(confirm, Mapping) else {}
    yield from _text_object(f"{where}.title", confirm.get("title"), 100, plain=True)
    yield from _text_object(f"{where}.text", confirm.get("text"), 300)
    for part in ("confirm", "deny"):
        yield from _text_object(f"{where}.{part}", confirm.get(part), 30, plain=True)
    if confirm.get("style") not in _STYLES:
        yield f"{where}.style: only primary and danger exist."


def _text_object(where: str, value: object, limit: int, *, plain: bool = False) -> Faults:
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    if not isinstance(value, Mapping) or value.get("type") not in kinds:
        yield f"{where}: a text object of type {' or '.join(kinds)} is needed."
    elif not isinstance(value.get("text"), str) or not value["text"]:
        yield f"{where}: the text must not be empty."
    elif len(value["text"]) > limit:
        yield f"{where}: {len(value['text'])} characters, at most {limit} are allowed."


def _length(where: str, value: object, limit: int) -> Faults:
    if value is not None and not isinstance(value, str):
        yield f"{where}: it must be text."
    elif isinstance(value, str) and len(value) > limit:
        yield f"{where}: {len(value)} characters, at most {limit} are allowed."


def _listed(value: object) -> Sequence[Any]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else []


def _several(where: str, value: object, limit: int) -> Faults:
    if not _listed(value):
        yield f"{where}: at least one is needed."
    elif len(_listed(value)) > limit:
        yield f"{where}: {len(_listed(value))}, at most {limit} are allowed."
