"""The bot's home tab: what waits for the viewer, what is theirs, and how things stand. Pure.

An order that waits for a vote is shown as its card is, with the same buttons, so that a vote given
here is for exactly what was shown. ``bot.homes`` publishes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from slack_bolt.async_app import AsyncApp

from bot.domain.budgets import Figures
from bot.domain.capabilities import Health
from bot.domain.freezes import Freeze
from bot.domain.orders import Order, State
from bot.domain.schedule_votes import may_change
from bot.domain.schedules import Schedule, ScheduleState
from commands.blocks import Block, context, header, section
from commands.cards import Setting, card
from commands.room import Body, Room, event
from commands.schedule_cards import card as schedule_card
from commands.schedule_cards import changes
from commands.words import budgets, fitting, freezing, schedules, telling
from commands.words import home as words

EVENT = "app_home_opened"

VOTES_AT_MOST = 6
"""Cards in one home, those that expire first; a card takes up to nine blocks of a hundred."""

ORDERS_AT_MOST = 15
SCHEDULES_AT_MOST = 5
BUDGETS_AT_MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How things stand for everybody, read once for all homes that are drawn together."""

    now: datetime
    orders: Sequence[Order]
    """Everything that is open, newest first."""
    schedules: Sequence[Schedule]
    """What recurs and has not ended, soonest first."""
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


def home(viewer: Viewer, seen: Seen, setting: Setting, channel: str) -> Block:
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
        *_recurring(viewer, seen, setting),
        *(_standing(seen, setting) if viewer.is_reader else []),
        context(words.FOOT),
    ]
    return {"type": "home", "blocks": blocks}


def _votes(viewer: Viewer, seen: Seen, setting: Setting, channel: str) -> list[Block]:
    """Orders and recurring purchases, each as its card is."""
    open_orders = [one for one in seen.orders if one.state is State.PENDING_APPROVAL]
    proposed = [one for one in seen.schedules if one.state is ScheduleState.PROPOSED]
    waiting = [
        *(
            (one.expires_at, one.id, card(one, setting))
            for one in open_orders
            if _awaits(one, viewer)
        ),
        *(
            (one.expires_at, one.id, schedule_card(one, setting, {}))
            for one in proposed
            if _awaits(one, viewer)
        ),
    ]
    waiting.sort(key=lambda one: one[:2])
    if not waiting:
        return [header(words.WAITING), _section(words.NO_VOTES)]
    blocks = [header(words.WAITING)]
    for _, name, shown in waiting[:VOTES_AT_MOST]:
        blocks += [{**one, "block_id": f"{name}_{one['block_id']}"} for one in shown.blocks]
        blocks.append({"type": "divider"})
    if (more := len(waiting) - VOTES_AT_MOST) > 0:
        blocks.append(_section(words.MORE_VOTES.format(more=more, channel=channel)))
    return blocks


def _own(viewer: Viewer, seen: Seen, setting: Setting) -> list[Block]:
    mine = [order for order in seen.orders if order.requester == viewer.user]
    lines = [telling.line(order, setting.title(order)) for order in mine[:ORDERS_AT_MOST]]
    if (more := len(mine) - ORDERS_AT_MOST) > 0:
        lines.append(words.MORE_ORDERS.format(more=more))
    return [header(words.MINE), _section("\n".join(lines) or words.NO_ORDERS)]


def _awaits(one: Order | Schedule, viewer: Viewer) -> bool:
    """Whether this person's vote is wanted."""
    voted = {vote.voter for vote in one.votes}
    return viewer.user in one.eligible - voted - {one.requester}


def _recurring(viewer: Viewer, seen: Seen, setting: Setting) -> list[Block]:
    """What recurs, as far as it is the viewer's business, with what they may do about it."""
    theirs = [one for one in seen.schedules if viewer.is_reader or one.requester == viewer.user]
    blocks: list[Block] = [header(words.RECURRING)]
    for one in theirs[:SCHEDULES_AT_MOST]:
        blocks.append(_section(schedules.line(one, setting.title(one))))
        refused = may_change(one, person=viewer.user, policy=setting.policy, roster=setting.roster)
        if refused is None:
            blocks.append(changes(one, block_id=f"{one.id}_change"))
    if (more := len(theirs) - SCHEDULES_AT_MOST) > 0:
        blocks.append(_section(words.MORE_SCHEDULES.format(more=more)))
    return blocks if theirs else [*blocks, _section(words.NO_SCHEDULES)]


def _standing(seen: Seen, setting: Setting) -> list[Block]:
    told = budgets.overview(seen.budgets[:BUDGETS_AT_MOST], setting.titles)
    how = [
        words.provider(setting.sheets[name], health, seen.now)
        for name, health in seen.health.items()
    ]
    return [
        header(words.BUDGETS),
        *[_section(one) for one in told or [budgets.NONE_SET]],
        header(words.PROVIDERS),
        _section("\n".join(how)),
    ]


def _section(text: str) -> Block:
    return section(fitting(text))
