"""``/buy budget``: what is spent, reserved, in doubt and left of every budget."""

from bot.workflow import looking
from commands.room import Reply, Room
from commands.standing import not_a_reader
from commands.words import budgets as words


async def budgets(room: Room, *, user: str) -> Reply:
    """For readers."""
    if (refusal := not_a_reader(room, user)) is not None:
        return refusal
    figures = await looking.budgets(room.desk)
    if not figures:
        return Reply(text=words.NONE_SET)
    told = words.overview(figures, room.setting().titles)
    return Reply(text="\n\n".join([*told, words.as_of(figures[0].at)]))
