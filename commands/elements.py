"""What Slack accepts inside a block: text objects, images, buttons, choices and fields.

Each function yields the faults of one thing as sentences that begin with where it stands; nothing
means that Slack would take it. ``commands.limits`` asks them for every block.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]
Faults = Iterator[str]

_OF = ("static", "external", "users", "conversations", "channels")
_SELECTS = frozenset(f"{of}_select" for of in _OF)
_MULTI_SELECTS = frozenset(f"multi_{of}_select" for of in _OF)
_CHOICES = frozenset({"radio_buttons", "checkboxes", "datepicker", "timepicker", "datetimepicker"})
_FIELDS = frozenset({"plain_text_input", "number_input", "email_text_input", "url_text_input"})
IN_ACTIONS = frozenset({"button", "overflow"}) | _SELECTS | _CHOICES
IN_INPUT = _FIELDS | _SELECTS | _MULTI_SELECTS | _CHOICES
IN_SECTION = IN_ACTIONS | _MULTI_SELECTS | {"image"}

_STYLES = (None, "primary", "danger")


def element_faults(where: str, element: object, allowed: frozenset[str]) -> Faults:
    """The faults of one button, choice or field; ``allowed`` are the types that may stand here."""
    kind = str(element.get("type")) if isinstance(element, Mapping) else "nothing"
    if not isinstance(element, Mapping) or kind not in allowed:
        yield f"{where}: an element of type {kind!r} cannot stand here."
        return
    yield from length_faults(f"{where}.action_id", element.get("action_id"), 255)
    if element.get("placeholder") is not None:
        yield from text_faults(f"{where}.placeholder", element["placeholder"], 150, plain=True)
    if element.get("confirm") is not None:
        yield from _confirm(f"{where}.confirm", element["confirm"])
    if kind == "button":
        yield from _button(where, element)
    elif kind == "image":
        yield from image_faults(where, element)
    elif kind == "plain_text_input":
        yield from _field(where, element)
    else:
        yield from _choices(where, element)


def _button(where: str, button: Json) -> Faults:
    yield from text_faults(f"{where}.text", button.get("text"), 75, plain=True)
    for part, limit in (("value", 2000), ("url", 3000), ("accessibility_label", 75)):
        yield from length_faults(f"{where}.{part}", button.get(part), limit)
    if button.get("style") not in _STYLES:
        yield f"{where}.style: only primary and danger exist."


def _field(where: str, field: Json) -> Faults:
    limit = field.get("max_length", 3000)
    least = field.get("min_length", 0)
    if {type(limit), type(least)} != {int} or not 0 <= least <= limit <= 3000 or limit < 1:
        yield f"{where}: min_length must be 0 to max_length, and max_length 1 to 3000."
    else:
        yield from length_faults(f"{where}.initial_value", field.get("initial_value"), limit)


def _choices(where: str, element: Json) -> Faults:
    kind = str(element["type"])
    limit = {"overflow": 5, "radio_buttons": 10, "checkboxes": 10}.get(kind, 100)
    groups = element.get("option_groups")
    if groups is not None:
        yield from count_faults(f"{where}.option_groups", groups, 100)
        for i, group in enumerate(g for g in listed(groups) if isinstance(g, Mapping)):
            inner = f"{where}.option_groups[{i}]"
            yield from text_faults(f"{inner}.label", group.get("label"), 75, plain=True)
            yield from _options(inner, group.get("options"), 100)
    elif limit < 100 or kind.endswith("static_select"):
        yield from _options(where, element.get("options"), limit)
    yield from _initial(where, element)


def _options(where: str, options: object, limit: int) -> Faults:
    yield from count_faults(f"{where}.options", options, limit)
    for i, option in enumerate(listed(options)):
        inner = f"{where}.options[{i}]"
        option = option if isinstance(option, Mapping) else {}  # noqa: PLW2901 - same thing
        yield from text_faults(f"{inner}.text", option.get("text"), 75)
        if not isinstance(option.get("value"), str):
            yield f"{inner}.value: an option needs a value."
        yield from length_faults(f"{inner}.value", option.get("value"), 150)
        yield from length_faults(f"{inner}.url", option.get("url"), 3000)
        if option.get("description") is not None:
            yield from text_faults(f"{inner}.description", option["description"], 75)


def _initial(where: str, element: Json) -> Faults:
    """What is chosen at first must be on the list, where there is a list."""
    groups = [group for group in listed(element.get("option_groups")) if isinstance(group, Mapping)]
    options = [
        *listed(element.get("options")),
        *(o for g in groups for o in listed(g.get("options"))),
    ]
    chosen = [element.get("initial_option"), *listed(element.get("initial_options"))]
    if options and any(one is not None and one not in options for one in chosen):
        yield f"{where}: what is chosen at first must be one of the options."


def _confirm(where: str, confirm: object) -> Faults:
    confirm = confirm if isinstance(confirm, Mapping) else {}
    yield from text_faults(f"{where}.title", confirm.get("title"), 100, plain=True)
    yield from text_faults(f"{where}.text", confirm.get("text"), 300)
    for part in ("confirm", "deny"):
        yield from text_faults(f"{where}.{part}", confirm.get(part), 30, plain=True)
    if confirm.get("style") not in _STYLES:
        yield f"{where}.style: only primary and danger exist."


def text_faults(where: str, value: object, limit: int, *, plain: bool = False) -> Faults:
    """The faults of one text object of at most ``limit`` characters; ``plain`` allows no markup."""
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    if not isinstance(value, Mapping) or value.get("type") not in kinds:
        yield f"{where}: a text object of type {' or '.join(kinds)} is needed."
    elif not isinstance(value.get("text"), str) or not value["text"]:
        yield f"{where}: the text must not be empty."
    elif len(value["text"]) > limit:
        yield f"{where}: {len(value['text'])} characters, at most {limit} are allowed."


def length_faults(where: str, value: object, limit: int) -> Faults:
    """The faults of a bare string that may be missing."""
    if value is not None and not isinstance(value, str):
        yield f"{where}: it must be text."
    elif isinstance(value, str) and len(value) > limit:
        yield f"{where}: {len(value)} characters, at most {limit} are allowed."


def listed(value: object) -> Sequence[Any]:
    """The list, or an empty one for whatever is none."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else []


def count_faults(where: str, value: object, limit: int) -> Faults:
    """The faults of a list that must hold one to ``limit`` things."""
    if not listed(value):
        yield f"{where}: at least one is needed."
    elif len(listed(value)) > limit:
        yield f"{where}: {len(listed(value))}, at most {limit} are allowed."


def image_faults(where: str, image: Json) -> Faults:
    """The faults of an image, be it a block or an element; only the block may have a title."""
    yield from length_faults(f"{where}.image_url", image.get("image_url"), 3000)
    if not image.get("image_url") and not image.get("slack_file"):
        yield f"{where}: an image needs image_url."
    if not image.get("alt_text"):
        yield f"{where}: an image needs alt_text."
    yield from length_faults(f"{where}.alt_text", image.get("alt_text"), 2000)
    if image.get("title") is not None:
        yield from text_faults(f"{where}.title", image["title"], 2000, plain=True)
