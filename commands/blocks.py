"""The blocks that messages and views are made of, as Slack takes them: plain JSON.

``commands.limits`` checks what is made here before it leaves. The SDK has models of the same, which
check it as well; they cost more than all the words of a card together.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

Block = dict[str, Any]
"""A block, an element or a text object."""

Style = Literal["primary", "danger"]


def markdown(text: str) -> Block:
    """``verbatim``: what looks like @here or #channel in a note stays the letters that it is."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain(text: str, *, emoji: bool = True) -> Block:
    """Nothing in it is markup; without ``emoji`` not even ``:tada:``."""
    return {"type": "plain_text", "text": text, "emoji": emoji}


def header(text: str) -> Block:
    """A line in large letters."""
    return {"type": "header", "text": plain(text)}


def section(
    text: str | None = None, *, fields: Iterable[str] = (), block_id: str | None = None
) -> Block:
    """A paragraph, or up to ten short ones beside each other."""
    block: Block = {"type": "section"}
    if block_id is not None:
        block["block_id"] = block_id
    if text is not None:
        block["text"] = markdown(text)
    if side_by_side := [markdown(one) for one in fields]:
        block["fields"] = side_by_side
    return block


def literal(text: str) -> Block:
    """A paragraph in which no letter is markup."""
    return {"type": "section", "text": plain(text, emoji=False)}


def context(*texts: str | Block, block_id: str | None = None) -> Block:
    """Small print; what is no text object yet is markup."""
    block: Block = {"type": "context"}
    if block_id is not None:
        block["block_id"] = block_id
    block["elements"] = [markdown(one) if isinstance(one, str) else one for one in texts]
    return block


LONGEST_SPOKEN = 75
"""Slack's limit for what a screen reader says of a button."""


def actions(
    elements: Sequence[Block], *, block_id: str | None = None, about: str | None = None
) -> Block:
    """A row of buttons. ``about``: what a screen reader adds to each, such as an order's number:
    in a channel with ten cards "Approve" alone says nothing."""
    if about is not None:
        elements = [
            {**one, "accessibility_label": f"{one['text']['text']}: {about}"[:LONGEST_SPOKEN]}
            for one in elements
        ]
    block: Block = {"type": "actions"}
    if block_id is not None:
        block["block_id"] = block_id
    block["elements"] = list(elements)
    return block


def button(
    text: str,
    action_id: str,
    value: str,
    *,
    style: Style | None = None,
    sure: Block | None = None,
) -> Block:
    """``sure``: what is asked before the click counts, made by ``confirm``."""
    element: Block = {
        "type": "button",
        "text": plain(text),
        "action_id": action_id,
        "value": value,
    }
    if style is not None:
        element["style"] = style
    if sure is not None:
        element["confirm"] = sure
    return element


def confirm(title: str, text: str, *, yes: str, no: str) -> Block:
    """A question before something that cannot be undone; Slack takes 300 characters of text."""
    return {
        "title": plain(title),
        "text": plain(text[:300]),
        "confirm": plain(yes),
        "deny": plain(no),
        "style": "danger",
    }


def modal(
    view: str | None = None,
    *,
    title: str,
    close: str,
    blocks: Sequence[Block],
    submit: str | None = None,
    private: str = "",
) -> Block:
    """A window; as a form it is handed in with ``submit`` under the name of ``view``, and what the
    bot wrote on its back is ``private``."""
    made: Block = {"type": "modal", "title": plain(title), "close": plain(close)}
    if submit is not None:
        made |= {"callback_id": view, "private_metadata": private, "submit": plain(submit)}
    return {**made, "blocks": list(blocks)}


def field(
    name: str, label: str, element: Block, *, optional: bool = False, hint: str | None = None
) -> Block:
    """Something to be filled in, under this name."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": {**element, "action_id": name},
        "optional": optional,
    }
    if hint is not None:
        block["hint"] = plain(hint)
    return block


def typed(longest: int) -> Block:
    """The element in which one types so many characters at most."""
    return {"type": "plain_text_input", "max_length": longest}


def option(text: str, value: str) -> Block:
    """One of several to choose from; Slack takes 75 characters."""
    return {"text": plain(text[:75]), "value": value}
