"""``/buy 250 EUR btc via kriptomat``: ask for a purchase, and confirm a repetition."""

from datetime import datetime, timedelta

from rapidfuzz import fuzz, process
from slack_bolt.async_app import AsyncApp

from bot.domain.orders import Order, State
from bot.domain.requests import Refusal, Why
from bot.workflow import asking
from commands.blocks import actions, button, section
from commands.carried import carried, pressed
from commands.form import with_edit
from commands.intents import Buy
from commands.parse import parse, words
from commands.parse_faults import PROVIDERS
from commands.room import Body, Reply, Room, click
from commands.standing import for_members
from commands.words import refused, requests

CLOSE_ENOUGH = 60

REPEAT, LEAVE = "repeat_request", "leave_request"
"""Action ids of the private question."""

STILL_MEANT = timedelta(minutes=10)
"""The question is about now: answered later, the words have to be typed anew."""


def register(app: AsyncApp, room: Room) -> None:
    """The two answers to "is this one more?"."""

    async def repeat(body: Body) -> Reply | None:
        return await _repeat(room, body)

    async def leave(_body: Body) -> Reply | None:
        return Reply(text=requests.LEFT, replaces=True)

    app.action(REPEAT)(click(room, for_members(room, repeat)))
    app.action(LEAVE)(click(room, leave))


async def ask_for(room: Room, intent: Buy, *, user: str, origin: str, meant: bool = False) -> Reply:
    """Write the order down, or say why not. The card follows through the outbox."""
    asked = await asking.ask(room.desk, intent, requester=user, origin=origin, meant=meant)
    if isinstance(asked, asking.Repeated):
        return _question(room, asked.before, intent, user, origin)
    if isinstance(asked, Refusal):
        text = refused.sentence(asked, room.setting().titles)
        if asked.why is Why.PROVIDER_UNKNOWN and (suggested := _provider_meant(asked.given)):
            text = f"{text} Did you mean `via {suggested}`?"
        return with_edit(text, words(intent))
    order, setting = asked.order, room.setting()
    if order.state is not State.PENDING_APPROVAL:
        return Reply(text=requests.again(order))
    return Reply(text=requests.asked(order, setting.title(order), room.channel))


def _question(room: Room, before: Order, intent: Buy, user: str, origin: str) -> Reply:
    """Nothing is written until the person says that this is one more."""
    text = requests.repeated(before, room.setting().title(before))
    at = room.desk.now().isoformat(timespec="seconds")
    value = carried(words=words(intent), user=user, origin=origin, at=at)
    buttons = [
        button(requests.ONE_MORE, REPEAT, value),
        button(requests.A_MISTAKE, LEAVE, before.id),
    ]
    return Reply(text=text, blocks=[section(text), actions(buttons)])


async def _repeat(room: Room, body: Body) -> Reply:
    """It is meant: the same words, once, however often the button is pressed."""
    said = pressed(body)
    user = str(body["user"]["id"])
    intent = parse(said["words"])
    asked_at = datetime.fromisoformat(said["at"])
    if said["user"] != user or not isinstance(intent, Buy):
        return Reply(text=requests.NOT_YOURS)
    if room.desk.now() > asked_at + STILL_MEANT:
        return Reply(text=requests.STALE, replaces=True)
    origin = f"again:{said['origin']}"
    reply = await ask_for(room, intent, user=user, origin=origin, meant=True)
    return Reply(text=reply.text, replaces=True)


def _provider_meant(word: str) -> str | None:
    match = process.extractOne(word, list(PROVIDERS), scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
    return match[0] if match else None
