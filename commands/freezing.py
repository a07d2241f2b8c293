"""``/buy freeze REASON``, ``/buy unfreeze`` and the button on a freeze's message."""

from slack_bolt.async_app import AsyncApp

from bot.domain.freezes import Freeze, Scope
from bot.workflow import freezing, looking
from commands import intents
from commands.blocks import actions, button, section
from commands.cards import Message
from commands.room import Body, Reply, Room, click
from commands.standing import for_members
from commands.words import escape, listed
from commands.words import freezing as words

UNFREEZE = "unfreeze"
"""Action id of the button."""


def register(app: AsyncApp, room: Room) -> None:
    """The button of a freeze's message."""

    async def pressed(body: Body) -> Reply | None:
        number = int(body["actions"][0]["value"])
        return await _unfreeze(room, body["user"]["id"], lambda one: one.id == number)

    app.action(UNFREEZE)(click(room, for_members(room, pressed)))


async def freeze(room: Room, intent: intents.Freeze, *, user: str) -> Reply:
    """Stop everything, one provider or one asset."""
    scope, name = Scope.EVERYTHING, ""
    if intent.only is not None:
        found = _scope(room, intent.only)
        if found is None:
            known = listed([*room.setting().sheets, *sorted(_assets(room))], "or")
            return Reply(text=words.UNKNOWN.format(given=escape(intent.only), known=known))
        scope, name = found, intent.only
    frosted = await freezing.freeze(room.desk, scope, name, intent.reason, person=user)
    return Reply(text=words.answer(frosted, room.setting().titles))


async def unfreeze(room: Room, intent: intents.Unfreeze, *, user: str) -> Reply:
    """The first of two asks, the second lifts: everything that is frozen, or one freeze."""
    if intent.only is None:
        return await _unfreeze(room, user, lambda _: True)
    return await _unfreeze(room, user, lambda one: one.name == intent.only)


async def _unfreeze(room: Room, user: str, only: freezing.Chosen) -> Reply:
    frosted = await freezing.unfreeze(room.desk, person=user, only=only)
    return Reply(text=words.answer(frosted, room.setting().titles))


async def frozen(room: Room) -> list[str]:
    """What stands still now, a line each."""
    titles = room.setting().titles
    return [words.line(one, titles) for one in await looking.freezes_now(room.desk)]


def _scope(room: Room, name: str) -> Scope | None:
    if name in room.setting().sheets:
        return Scope.PROVIDER
    return Scope.ASSET if name in _assets(room) else None


def _assets(room: Room) -> set[str]:
    return {asset for sheet in room.setting().sheets.values() for asset in sheet.assets}


def message(freeze: Freeze, titles: dict[str, str], lifted: freezing.Lifted | None) -> Message:
    """The message of a freeze: what stands still, since when and why, and how it is lifted."""
    text = words.message(freeze, titles, lifted)
    blocks = [section(text, block_id="freeze")]
    if lifted is None:
        lift = button("Unfreeze", UNFREEZE, str(freeze.id))
        blocks.append(actions([lift], block_id="lift", about=words.stopped(freeze, titles)))
    return Message(text=text, blocks=blocks)
