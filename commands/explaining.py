"""``/buy explain ORDER``, ``/buy explain 250 EUR btc`` and ``/buy policy``: why, and by what."""

from bot.workflow import explaining, looking
from commands.freezing import frozen
from commands.intents import Buy, Explain
from commands.pages import paged
from commands.room import Reply, Room
from commands.standing import not_a_reader
from commands.words import clicks
from commands.words import explaining as words
from commands.words import policy as policy_words


async def explain(room: Room, intent: Explain, *, user: str) -> Reply:
    """An order for whoever asked for it and for readers; words for everybody who may ask."""
    match intent.what:
        case Buy() as buy:
            told = await explaining.of_words(room.desk, buy, requester=user)
        case str() as order_id:
            found = await explaining.of_order(room.desk, order_id)
            own = found is not None and found.requester == user
            if (refusal := not_a_reader(room, user, own=own)) is not None:
                return refusal
            if found is None:
                return Reply(text=clicks.no_order(order_id))
            told = found
        case None:
            return Reply(text=words.WHAT)
    parts = words.told(told, room.desk.policy, room.setting().titles, reader=user)
    return paged([*await frozen(room), *parts])


async def policy(room: Room, *, user: str) -> Reply:
    """The policy for everybody who may ask; what is left of its budgets for readers."""
    desk, titles = room.desk, room.setting().titles
    roster = desk.directory.roster
    budgets = policy_words.bare_limits(desk.policy.budgets, titles)
    if desk.policy.budgets and not_a_reader(room, user) is None:
        budgets = policy_words.limits(await looking.budgets(desk), titles)
    return paged(
        [
            *await frozen(room),
            policy_words.rules(desk.policy, titles),
            budgets,
            policy_words.groups(desk.policy, roster),
            policy_words.times(desk.policy),
            policy_words.SOURCE,
        ]
    )
