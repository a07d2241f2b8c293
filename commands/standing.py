"""Who may speak to the bot at all: full members of this workspace."""

from bot.domain.people import Roster, Standing
from commands.room import Body, Reply, Room
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


def stranger_of(room: Room, body: Body) -> Reply | None:
    """A refusal for whoever clicked and is not a full member."""
    return stranger(room, body["user"]["id"], body["user"].get("team_id"))
