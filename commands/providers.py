"""``/buy providers``: what each provider can do, how it is, and what is frozen."""

from commands.freezing import frozen
from commands.room import Reply, Room
from commands.words import providers as words
from commands.words.failures import READERS_ONLY


async def providers(room: Room, *, user: str) -> Reply:
    """For readers."""
    if not room.desk.policy.is_reader(user, room.desk.directory.roster):
        return Reply(text=READERS_ONLY)
    now = room.desk.now()
    told = [
        words.described(provider.sheet, provider.health, now)
        for provider in room.desk.providers.values()
    ]
    return Reply(text="\n\n".join([*await frozen(room), *told]))
