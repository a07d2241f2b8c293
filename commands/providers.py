"""``/buy providers``: what each provider can do, how it is, and what is frozen."""

from bot.workflow import freezing
from commands.room import Reply, Room
from commands.words import freezing as freezing_words
from commands.words import providers as words
from commands.words.failures import READERS_ONLY


async def providers(room: Room, *, user: str) -> Reply:
    """For readers."""
    if not room.desk.policy.is_reader(user, room.desk.directory.roster):
        return Reply(text=READERS_ONLY)
    now, titles = room.desk.now(), room.setting().titles
    told = [
        words.described(provider.sheet, provider.health, now)
        for provider in room.desk.providers.values()
    ]
    frozen = [freezing_words.line(one, titles) for one in await freezing.active(room.desk)]
    return Reply(text="\n\n".join([*frozen, *told]))
