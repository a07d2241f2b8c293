"""What recurs, a purchase or a reminder of one: shown first, made by a button.

The button carries the canonical words and a mark of what was shown. If anything would be different
by the time it is pressed, it is shown anew instead.
"""

from datetime import datetime

from slack_bolt.async_app import AsyncApp

from bot.domain.planning import PlanFault
from bot.domain.plans import Plan
from bot.domain.requests import Refusal
from bot.workflow import planning
from bot.workflow.planning import Preview, settled
from commands.blocks import Block, actions, button, section
from commands.buy import STILL_MEANT
from commands.carried import carried, pressed
from commands.parse import parse, words
from commands.room import Body, Reply, Room, click
from commands.standing import for_members
from commands.words import plans, refused, requests

CREATE, LEAVE = "create_plan", "leave_plan"
"""Action ids of the preview."""


def register(app: AsyncApp, room: Room) -> None:
    """The two answers to a preview."""

    async def create(body: Body) -> Reply | None:
        return await _create(room, body)

    async def leave(_body: Body) -> Reply | None:
        return Reply(text=plans.LEFT, replaces=True)

    app.action(CREATE)(click(room, for_members(room, create)))
    app.action(LEAVE)(click(room, leave))


async def plan_for(room: Room, plan: Plan, *, user: str, origin: str) -> Reply:
    """Show what would come of it: the dates, the total, who has to agree."""
    plan = settled(room.desk, plan, user)
    found = await planning.preview(room.desk, plan, requester=user)
    return _shown(room, plan, found, user, origin)


def _shown(
    room: Room, plan: Plan, found: Preview | Refusal | PlanFault, user: str, origin: str
) -> Reply:
    if isinstance(found, Refusal):
        return Reply(text=refused.sentence(found, room.setting().titles))
    if isinstance(found, PlanFault):
        return Reply(text=plans.fault(found, plan.when.zone or ""))
    title = room.setting().titles[found.terms.provider]
    text = plans.preview(found, title)
    value = carried(
        words=words(found.plan),
        user=user,
        origin=origin,
        mark=found.mark,
        at=room.desk.now().isoformat(timespec="seconds"),
    )
    buttons = [
        button(plans.CREATE, CREATE, value, style="primary"),
        button(plans.LEAVE, LEAVE, "leave"),
    ]
    return Reply(text=text, blocks=[section(text), actions(buttons)])


async def _create(room: Room, body: Body) -> Reply:
    """Make what was shown, once, however often the button is pressed."""
    said = pressed(body)
    user, plan = str(body["user"]["id"]), parse(said["words"])
    if said["user"] != user or not isinstance(plan, Plan):
        return Reply(text=plans.NOT_YOURS)
    if room.desk.now() > datetime.fromisoformat(said["at"]) + STILL_MEANT:
        return Reply(text=requests.STALE, replaces=True)
    made = await planning.create(
        room.desk, plan, requester=user, origin=said["origin"], mark=said["mark"]
    )
    if isinstance(made, planning.Planned):
        told = plans.created(made.schedule, room.channel) if made.is_new else None
        return Reply(text=told or plans.again(made.schedule), replaces=True)
    reply = _shown(room, plan, made, user, said["origin"])
    text = f"{plans.changed_since()}\n{reply.text}" if isinstance(made, Preview) else reply.text
    return Reply(text=text, blocks=_opened(reply.blocks, text), replaces=True)


def _opened(blocks: list[Block], text: str) -> list[Block]:
    """The same blocks, the first of them with this text."""
    if not blocks:
        return blocks
    section = {**blocks[0], "text": {**blocks[0]["text"], "text": text}}
    return [section, *blocks[1:]]
