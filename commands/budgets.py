"""``/buy budget``: what is spent, reserved, in doubt and left of every budget."""

from bot.workflow import looking
from commands.room import Reply, Room
from commands.words import budgets as words
from commands.words.failures import READERS_ONLY


async def budgets(room: Room, *, user: str) -> Reply:
    """For readers."""
    if not room.desk.policy.is_reader(user, room.desk.directory.roster):
        return Reply(text=READERS_ONLY)
    figures = await looking.budgets(room.desk)
    if not figures:
        return Reply(text=words.NONE_SET)
    told = words.overview(figures, room.setting().titles)
    return Reply(text="\n\n".join([*told, words.as_of(figures[0].at)]))
