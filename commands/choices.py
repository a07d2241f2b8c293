"""Words that could mean two things are asked back: a button for each of them."""

import re
from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp

from commands.blocks import Block, actions, button, section
from commands.carried import carried, pressed
from commands.parse_text import escaped
from commands.room import Body, Reply, Room, click
from commands.word_faults import Choice, NotUnderstood
from commands.words import misunderstood

CHOOSE = "choose_"
"""Action ids of the buttons begin so; each of them carries a whole command."""

LONGEST_VALUE, LONGEST_LABEL = 2000, 75
"""Slack's limits for a button."""

Answerer = Callable[[Room, Body], Awaitable[Reply]]


def register(app: AsyncApp, room: Room, answer: Answerer) -> None:
    """One listener for all of them: what was chosen is answered as if it had been typed."""

    async def chosen(body: Body) -> Reply:
        said = pressed(body)
        typed = {
            "text": said["words"],
            "user_id": body["user"]["id"],
            "team_id": body["user"].get("team_id"),
            "trigger_id": said["origin"],
        }
        reply = await answer(room, typed)
        return Reply(text=reply.text, blocks=reply.blocks, replaces=True)

    app.action(re.compile(rf"{CHOOSE}\d"))(click(room, chosen))


def asked_back(fault: NotUnderstood, origin: str) -> Reply:
    """What is wrong with the words, and a button for each thing that was perhaps meant.

    ``origin`` is that of the words: whatever is chosen, and however often, is one request.
    """
    text = misunderstood.sentence(fault)
    offered = (_button(number, one, origin) for number, one in enumerate(fault.choices))
    buttons = [one for one in offered if len(one["value"]) <= LONGEST_VALUE]
    if not buttons:
        return Reply(text=text)
    return Reply(text=text, blocks=[section(text), actions(buttons)])


def _button(number: int, choice: Choice, origin: str) -> Block:
    value = carried(words=escaped(choice.command), origin=origin)
    return button(choice.label[:LONGEST_LABEL], f"{CHOOSE}{number}", value)
