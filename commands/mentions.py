"""``@countersign status BUY-7K3FQ``: asking in a thread, where slash commands do not work.

A mention only asks; whatever changes something is typed as a command. The event is written down
before Slack is told that it has arrived, once however often it is delivered, and the answer is owed
like every message: made when it is sent, for the eyes of whoever asked.
"""

import re
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.domain.ids import order_id
from bot.workflow import hearing, looking
from commands.intents import Budgets, Explain, Help, Intent, List, Providers, ShowPolicy, Status
from commands.parse import NotUnderstood, parse
from commands.parse_text import cleaned, readable
from commands.room import Body, Reply, Room, event
from commands.slash import dispatch
from commands.standing import stranger
from commands.words import mentions as words

EVENT = "app_mention"

LONGEST = 500
"""Characters of a message that are kept; a question needs fewer."""

QUESTIONS = (Status, List, Providers, Budgets, Explain, ShowPolicy)
"""What is answered here. Each changes nothing, so a message may ask it."""

_ID = re.compile(r"(?<![\w-])BUY-[0-9A-TV-Z]{5}(?![\w-])", re.ASCII | re.IGNORECASE)


def register(app: AsyncApp, room: Room) -> None:
    """One listener for the one event."""

    async def mentioned(body: Body, bot: str) -> None:
        said = body["event"]
        if said.get("bot_id") or not said.get("user"):
            # Another program: whoever answers it may be answered for ever.
            return
        facts = {
            "to": said["user"],
            "team": said.get("user_team") or said.get("team"),
            "channel": said["channel"],
            "thread": said.get("thread_ts"),
            "words": asked(str(said.get("text", "")), bot),
            "at": room.desk.now().isoformat(timespec="seconds"),
        }
        await hearing.owe_answer(room.desk, str(body["event_id"]), facts)

    app.event(EVENT)(event(mentioned))


def asked(text: str, bot: str) -> str:
    """What is asked: the words behind the mention of the bot, or before it when none follow."""
    before, _, after = re.sub(rf"<@{bot}(?:\|[^<>]*)?>", "\0", cleaned(text)).partition("\0")
    chosen = after.replace("\0", " ") if after.strip(" \0,:;.?!") else before
    return chosen.strip(" ,:;.?!")[:LONGEST]


async def answer(room: Room, facts: dict[str, Any]) -> Reply:
    """The answer to a mention, as of now."""
    user = str(facts["to"])
    if (refusal := stranger(room, user, facts["team"])) is not None:
        return refusal
    intent = await _meant(room, facts)
    if isinstance(intent, Help):
        return Reply(text=words.HELP)
    if isinstance(intent, QUESTIONS):
        return await dispatch(room, {"user_id": user}, intent)
    return Reply(text=words.NOT_UNDERSTOOD if intent is None else words.ONLY_QUESTIONS)


async def _meant(room: Room, facts: dict[str, Any]) -> Intent | None:
    """What the words ask for; None: nothing that is known."""
    said = str(facts["words"])
    try:
        intent = parse(said) if said else None
    except NotUnderstood:
        ids = {order_id(found) for found in _ID.findall(readable(said))}
        # "Where is BUY-7K3FQ?" asks for one order, however it is put.
        return Status(ids.pop()) if len(ids) == 1 else None
    if said and intent not in {Status(), Explain()}:
        return intent
    here = None
    if facts["thread"]:
        here = await looking.order_at(room.desk, facts["channel"], facts["thread"])
    if here is not None:
        return Explain(here) if intent == Explain() else Status(here)
    return intent or Help()
