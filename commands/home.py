"""The bot's home tab: what waits for the viewer, what is theirs, and how things stand. Pure.

An order that waits for a vote is shown as its card is, with the same buttons, so that a vote given
here is for exactly what was shown. ``bot.homes`` publishes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.domain.budgets import Figures
from bot.domain.capabilities import Health
from bot.domain.freezes import Freeze
from bot.domain.orders import Order, State
from commands.cards import Setting, card
from commands.room import Body, Room, event
from commands.words import budgets, freezing, telling
from commands.words import home as words

EVENT = "app_home_opened"

VOTES_AT_MOST = 7
"""Cards in one home, those that expire first; a card takes up to nine blocks of a hundred."""

ORDERS_AT_MOST = 15
BUDGETS_AT_MOST = 10

LONGEST = 2900
"""Characters of one section; Slack takes three thousand."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How things stand for everybody, read once for all homes that are drawn together."""

    now: datetime
    orders: Sequence[Order]
    """Everything that is open, newest first."""
    budgets: Sequence[Figures]
    freezes: tuple[Freeze, ...]
    health: dict[str, Health]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks."""

    user: str
    refusal: str | None = None
    """Why nothing is shown; None: a full member."""
    is_reader: bool = False
    is_new: bool = False
    """Nothing of theirs was ever here."""
    told: str | None = None
    """What became of the button that was pressed here last."""


def register(app: AsyncApp, room: Room) -> None:
    """Somebody looks at the home tab; a look at the messages raises the same event."""

    async def looked(body: Body, _bot: str) -> None:
        if body["event"].get("tab") == "home":
            room.home.opened(str(body["event"]["user"]))

    app.event(EVENT)(event(looked))


def home(viewer: Viewer, seen: Seen, setting: Setting, channel: str) -> Json:
    """The view of one person."""
    if viewer.refusal is not None:
        return {"type": "home", "blocks": [_section(viewer.refusal)]}
    frozen = [_section(freezing.line(one, setting.titles)) for one in seen.freezes]
    blocks = [
        *([_section(f"💬 {viewer.told}")] if viewer.told else []),
        *frozen,
        *([_section(words.welcome(channel))] if viewer.is_new else []),
        *_votes(viewer, seen, replace(setting, freezes=seen.freezes), channel),
        *_own(viewer, seen, setting),
        *(_standing(seen, setting) if viewer.is_reader else []),
        {"type": "context", "elements": [_text(words.FOOT)]},
    ]
    return {"type": "home", "blocks": blocks}


def _votes(viewer: Viewer, seen: Seen, setting: Setting, channel: str) -> list[Json]:
    waiting = [
        order
        for order in seen.orders
        if order.state is State.PENDING_APPROVAL
        and viewer.user in order.eligible
        and viewer.user != order.requester
        and viewer.user not in {vote.voter for vote in order.votes}
    ]
    waiting.sort(key=lambda order: order.expires_at)
    if not waiting:
        return [_heading(words.WAITING), _section(words.NO_VOTES)]
    blocks = [_heading(words.WAITING)]
    for order in waiting[:VOTES_AT_MOST]:
        own = card(order, setting).blocks
        blocks += [{**one, "block_id": f"{order.id}_{one['block_id']}"} for one in own]
        blocks.append({"type": "divider"})
    if (more := len(waiting) - VOTES_AT_MOST) > 0:
        blocks.append(_section(words.MORE_VOTES.format(more=more, channel=channel)))
    return blocks


def _own(viewer: Viewer, seen: Seen, setting: Setting) -> list[Json]:
    mine = [order for order in seen.orders if order.requester == viewer.user]
    lines = [telling.line(order, setting.title(order)) for order in mine[:ORDERS_AT_MOST]]
    if (more := len(mine) - ORDERS_AT_MOST) > 0:
        lines.append(words.MORE_ORDERS.format(more=more))
    return [_heading(words.MINE), _section("\n".join(lines) or words.NO_ORDERS)]


def _standing(seen: Seen, setting: Setting) -> list[Json]:
    told = budgets.overview(seen.budgets[:BUDGETS_AT_MOST], setting.titles)
    how = [
        words.provider(setting.sheets[name], health, seen.now)
        for name, health in seen.health.items()
    ]
    return [
        _heading(words.BUDGETS),
        *[_section(one) for one in told or [words.NO_BUDGETS]],
        _heading(words.PROVIDERS),
        _section("\n".join(how)),
    ]


def _heading(text: str) -> Json:
    return {"type": "header", "text": {"type": "plain_text", "text": text}}


def _section(text: str) -> Json:
    return {"type": "section", "text": _text(text)}


def _text(text: str) -> Json:
    lines = text.split("\n")
    while len(lines) > 1 and len("\n".join(lines)) > LONGEST:
        lines.pop()
    return {"type": "mrkdwn", "text": "\n".join(lines)[:LONGEST], "verbatim": True}
