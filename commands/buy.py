"""``/buy 250 EUR btc via kriptomat``: ask for a purchase."""

from rapidfuzz import fuzz, process

from bot.domain.orders import State
from bot.domain.requests import Refusal, Why
from bot.workflow import asking
from commands.intents import Buy
from commands.parse_faults import PROVIDERS
from commands.room import Reply, Room
from commands.words import refused, requests

CLOSE_ENOUGH = 60


async def ask_for(room: Room, intent: Buy, *, user: str, origin: str) -> Reply:
    """Write the order down, or say why not. The card follows through the outbox."""
    asked = await asking.ask(room.desk, intent, requester=user, origin=origin)
    if isinstance(asked, Refusal):
        text = refused.sentence(asked)
        if asked.why is Why.PROVIDER_UNKNOWN and (meant := _provider_meant(asked.given)):
            text = f"{text} Did you mean `via {meant}`?"
        return Reply(text=text)
    order, setting = asked.order, room.setting()
    if order.state is not State.PENDING_APPROVAL:
        return Reply(text=requests.again(order))
    return Reply(text=requests.asked(order, setting.title(order), room.channel))


def _provider_meant(word: str) -> str | None:
    match = process.extractOne(word, list(PROVIDERS), scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
    return match[0] if match else None
