"""A reminder in the thread of a card, and its two buttons: not for an hour, not before tomorrow."""

from collections.abc import Collection

from slack_bolt.async_app import AsyncApp

from bot.domain.orders import Order
from bot.domain.reminders import Until
from bot.domain.voting import still_missing
from bot.workflow import reminding
from commands.blocks import actions, button, section
from commands.cards import Message, Setting
from commands.carried import carried, pressed
from commands.room import Body, Reply, Room, click
from commands.standing import for_members
from commands.words import clicks
from commands.words import reminding as words

SNOOZE = {Until.HOUR: "snooze_hour", Until.MORNING: "snooze_morning"}
"""Action ids of the buttons."""


def register(app: AsyncApp, room: Room) -> None:
    """One listener for each button."""

    async def for_an_hour(body: Body) -> Reply | None:
        return await _snooze(room, body, Until.HOUR)

    async def until_morning(body: Body) -> Reply | None:
        return await _snooze(room, body, Until.MORNING)

    app.action(SNOOZE[Until.HOUR])(click(room, for_members(room, for_an_hour)))
    app.action(SNOOZE[Until.MORNING])(click(room, for_members(room, until_morning)))


def message(order: Order, whom: Collection[str], setting: Setting) -> Message:
    """What stands in the thread."""
    missing = still_missing(order, policy=setting.policy, roster=setting.roster)
    text = words.reminder(order, whom, setting.title(order), missing)
    value = carried(order=order.id)
    buttons = [
        button(words.FOR_AN_HOUR, SNOOZE[Until.HOUR], value),
        button(words.UNTIL_MORNING, SNOOZE[Until.MORNING], value),
    ]
    row = actions(buttons, block_id="snooze", about=order.id)
    blocks = [section(text, block_id="reminder"), row]
    return Message(text=text, blocks=blocks)


async def _snooze(room: Room, body: Body, until: Until) -> Reply:
    order_id = str(pressed(body)["order"])
    verdict = await reminding.snooze(room.desk, order_id, person=body["user"]["id"], until=until)
    return Reply(text=clicks.sentence(verdict))
