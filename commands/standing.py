"""Who may speak to the bot at all: full members of this workspace; and who may read everything."""

from bot.domain.people import Roster, Standing
from commands.room import Body, Handler, Reply, Room
from commands.words.failures import READERS_ONLY
from commands.words.refused import STANDINGS


def stranger(room: Room, user: str, team: str | None) -> Reply | None:
    """A refusal for whoever is not a full member; somebody unknown is looked up meanwhile."""
    roster = room.desk.directory.roster
    if team is not None and roster.team and team != roster.team:
        return Reply(text=STANDINGS[Standing.STRANGER])
    standing = roster.standing(user)
    if standing is Standing.MEMBER:
        return None
    if standing is Standing.UNKNOWN:
        room.desk.spawn(room.learner.learn(user), name="learn who somebody is")
    return Reply(text=STANDINGS[standing])


def refusal_of(roster: Roster, user: str) -> str | None:
    """The sentence for whoever is not a full member; None: they are."""
    standing = roster.standing(user)
    return None if standing is Standing.MEMBER else STANDINGS[standing]


def for_members(room: Room, handle: Handler) -> Handler:
    """The same handler of a button or a form, for full members; everybody else is refused."""

    async def guarded(body: Body) -> Reply | None:
        user = body["user"]
        if (refusal := stranger(room, user["id"], user.get("team_id"))) is not None:
            return refusal
        return await handle(body)

    return guarded


def not_a_reader(room: Room, user: str, *, own: bool = False) -> Reply | None:
    """A refusal for whoever may not see what others do; ``own``: it is theirs."""
    if own or room.desk.policy.is_reader(user, room.desk.directory.roster):
        return None
    return Reply(text=READERS_ONLY)
