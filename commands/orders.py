"""``/buy status``, ``list``, ``cancel`` and ``/buy BUY-7K3FQ``: see orders, take one back."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.orders import Order
from bot.workflow import looking, votes
from commands.blocks import section
from commands.cards import card
from commands.freezing import frozen
from commands.room import Reply, Room
from commands.standing import not_a_reader
from commands.words import LONGEST_SECTION, LONGEST_TEXT, clicks, history, lists, telling, when

AT_MOST = 10
"""Orders in one answer."""

EVENTS_AT_MOST = 12
"""Events in one story, the newest; all of them are in the records."""


async def status(room: Room, *, user: str, order_id: str | None) -> Reply:
    """One order's whole story, or what is open and what has ended lately."""
    if order_id is not None:
        return await _story(room, user, order_id)
    if (refusal := not_a_reader(room, user)) is not None:
        return refusal
    found = await looking.open_and_recent(room.desk, limit=AT_MOST)
    told = _lines(room, found, empty=lists.NO_ORDERS["lately"])
    return Reply(text="\n".join([*await frozen(room), told.text]))


async def listing(room: Room, *, user: str, which: str) -> Reply:
    """``open``, ``mine`` or ``all``, newest first."""
    if (refusal := not_a_reader(room, user, own=which == "mine")) is not None:
        return refusal
    if which == "open":
        found = await looking.still_open(room.desk)
    else:
        mine = user if which == "mine" else None
        found = await looking.newest(room.desk, requester=mine, limit=AT_MOST + 1)
    return _lines(room, found, empty=lists.NO_ORDERS[which])


async def cancel(room: Room, *, user: str, order_id: str) -> Reply:
    """Take an order back."""
    verdict = await votes.cancel(room.desk, order_id, person=user)
    if verdict.order is None:
        return Reply(text=clicks.no_order(order_id))
    return Reply(text=clicks.sentence(verdict))


async def _story(room: Room, user: str, order_id: str) -> Reply:
    story = await looking.story(room.desk, order_id)
    own = story is not None and story.order.requester == user
    if (refusal := not_a_reader(room, user, own=own)) is not None:
        return refusal
    if story is None:
        return Reply(text=clicks.no_order(order_id))
    setting = replace(room.setting(), freezes=story.freezes, prospects=story.prospects)
    message = card(story.order, setting)
    blocks = [block for block in message.blocks if block["type"] != "actions"]
    told = newest_lines([_event_line(event) for event in story.events[-EVENTS_AT_MOST:]])
    blocks.append(section(told))
    short = newest_lines(told.split("\n"), longest=LONGEST_TEXT - len(message.text))
    return Reply(text=f"{message.text}\n{short}", blocks=blocks)


def newest_lines(lines: list[str], *, longest: int = LONGEST_SECTION) -> str:
    """As many whole lines as fit, the newest first to stay: half a line could be half a mention."""
    while len(lines) > 1 and sum(len(line) + 1 for line in lines) > longest:
        lines = lines[1:]
    return "\n".join(lines)


def _event_line(event: dict[str, Any]) -> str:
    at = when(datetime.fromisoformat(event["at"]))
    words = history.history_words(event["event"], event["actor"], event["facts"])
    return f"{at}  {words}"


def _lines(room: Room, found: list[Order], *, empty: str) -> Reply:
    setting = room.setting()
    if not found:
        return Reply(text=empty)
    lines = [telling.line(order, setting.title(order)) for order in found[:AT_MOST]]
    if len(found) > AT_MOST:
        lines.append(lists.MORE_ORDERS)
    return Reply(text="\n".join(lines))
