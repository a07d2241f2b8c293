"""``/buy providers``: what each provider can do, how it is, and what is frozen."""

from commands.freezing import frozen
from commands.room import Reply, Room
from commands.standing import not_a_reader
from commands.words import providers as words


async def providers(room: Room, *, user: str) -> Reply:
    """For readers."""
    if (refusal := not_a_reader(room, user)) is not None:
        return refusal
    now = room.desk.now()
    told = [
        words.described(provider.sheet, provider.health, now)
        for provider in room.desk.providers.values()
    ]
    return Reply(text="\n\n".join([*await frozen(room), *told]))
