"""A modal or a home tab, and what a person has filled into it.

``fill`` turns "reason: too expensive" into the ``state.values`` that Slack sends, and does what the
client does before it sends anything: it refuses an empty required field, a text that is too long
and an option that is not on the list.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.playground import plaintext
from bot.playground.messages import find_element, pressable

Json = dict[str, Any]

_ONE_OPTION = {"static_select", "radio_buttons", "overflow"}
_MANY_OPTIONS = {"multi_static_select", "checkboxes"}
_ONE_VALUE = {
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
}


class BadInputError(ValueError):
    """What the client would show in red under a field instead of sending it."""


@dataclass(eq=False, slots=True)
class View:
    """What one person has open; the same object lives on while the bot updates it."""

    id: str
    user: str
    source: Json
    hash: str
    state: Json = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict, repr=False)
    open: bool = True
    under: "View | None" = None
    """The modal over which it was pushed."""

    @property
    def blocks(self) -> list[Json]:
        """The blocks it shows now, with ids."""
        blocks: list[Json] = self.source["blocks"]
        return blocks

    @property
    def root(self) -> "View":
        """The modal at the bottom of its stack."""
        return self if self.under is None else self.under.root

    @property
    def title(self) -> str:
        """The words at its top; a home tab has none."""
        return str((self.source.get("title") or {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        """The name under which the bot listens for its submission."""
        return str(self.source.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        """What the bot wrote on its back."""
        return str(self.source.get("private_metadata", ""))

    def plain(self) -> str:
        """What a reader sees: title, all blocks, and the two buttons at its foot."""
        foot = [str((self.source.get(part) or {}).get("text", "")) for part in ("submit", "close")]
        body = plaintext.plain_text("", self.blocks, self.names) if self.blocks else ""
        return "\n".join(line for line in (self.title, body, *foot) if line)

    def button(self, label_or_action_id: str) -> Json:
        """One button by what it says or by its action_id."""
        return find_element(self.blocks, label_or_action_id)[1]

    def wire(self, *, team: str, app: str, bot: str) -> Json:
        """The view as it stands in a payload or a reply."""
        return {
            "external_id": "",
            "private_metadata": "",
            "callback_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "submit": None,
            "close": None,
            **copy.deepcopy(self.source),
            "id": self.id,
            "team_id": team,
            "state": {"values": copy.deepcopy(self.state)},
            "hash": self.hash,
            "root_view_id": self.root.id,
            "previous_view_id": None if self.under is None else self.under.id,
            "app_id": app,
            "app_installed_team_id": team,
            "bot_id": bot,
        }


def fill(view: View, values: Mapping[str, Any]) -> tuple[Json, dict[str, str]]:
    """``state.values`` for these answers, and the complaints of the client by block_id."""
    inputs = [(b, e) for b, e in pressable(view.blocks) if e["type"] != "button"]
    known = {name for b, e in inputs for name in (b["block_id"], e["action_id"])}
    if unknown := set(values) - known:
        raise LookupError(f"no such field: {sorted(unknown)}; there is {sorted(known)}")
    state: Json = {}
    complaints: dict[str, str] = {}
    for block, element in inputs:
        given = values.get(block["block_id"], values.get(element["action_id"]))
        typed = view.state.get(block["block_id"], {}).get(element["action_id"])
        try:
            entry = typed if given is None and typed is not None else selected(element, given)
        except BadInputError as error:
            complaints[block["block_id"]] = str(error)
            continue
        empty = all(not value for key, value in entry.items() if key != "type")
        if empty and block["type"] == "input" and not block.get("optional"):
            complaints[block["block_id"]] = "Please complete this required field."
        state.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return state, complaints


def selected(element: Json, given: Any) -> Json:
    """What an element says about itself once a person has set it to ``given``."""
    kind = str(element["type"])
    if kind in _ONE_OPTION:
        picked = element.get("initial_option") if given is None else _option(element, given)
        return {"type": kind, "selected_option": picked}
    if kind in _MANY_OPTIONS:
        many = element.get("initial_options", [])
        return {
            "type": kind,
            "selected_options": many if given is None else [_option(element, one) for one in given],
        }
    if kind in _ONE_VALUE:
        name = _ONE_VALUE[kind]
        first = element.get("initial_" + name.removeprefix("selected_"))
        return {"type": kind, name: _checked(element, first if given is None else given)}
    if kind.startswith("multi_"):
        name = "selected_" + kind.removeprefix("multi_").removesuffix("_select")
        return {"type": kind, name: list(given or [])}
    raise LookupError(f"an element of type {kind} cannot be filled in here")


def _option(element: Json, given: Any) -> Json:
    groups = element.get("option_groups") or []
    options = [*(element.get("options") or []), *(o for g in groups for o in g["options"])]
    for option in options:
        if given in (option["value"], option["text"]["text"]):
            return copy.deepcopy(dict(option))
    raise LookupError(f"no option {given!r}; there is {[option['value'] for option in options]}")


def _checked(element: Json, value: Any) -> Any:
    if isinstance(value, str) and element["type"] == "plain_text_input":
        if len(value) > element.get("max_length", 3000):
            raise BadInputError(f"At most {element.get('max_length', 3000)} characters.")
        if value and len(value) < element.get("min_length", 0):
            raise BadInputError(f"At least {element['min_length']} characters.")
    return value or None
