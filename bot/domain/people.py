"""Who is who in the workspace: facts read from Slack by ``bot.people``, judged by the policy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Standing(StrEnum):
    """What a person is to this workspace; only a MEMBER may ask or vote."""

    MEMBER = "member"
    GUEST = "guest"
    BOT = "bot"
    DEACTIVATED = "deactivated"
    STRANGER = "stranger"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One user of Slack. ``team`` is the workspace that the account belongs to."""

    id: str
    name: str
    team: str
    tz: str = "UTC"
    is_guest: bool = False
    is_bot: bool = False
    is_deactivated: bool = False


def is_usergroup(one: str) -> bool:
    """An id of Slack's that names a user group and not a person."""
    return one.startswith("S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """All that is known of people and user groups at one moment."""

    team: str = ""
    people: Mapping[str, Person] = field(default_factory=dict)
    usergroups: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def standing(self, user: str) -> Standing:
        person = self.people.get(user)
        if person is None:
            return Standing.UNKNOWN
        if person.team != self.team:
            return Standing.STRANGER
        if person.is_deactivated:
            return Standing.DEACTIVATED
        if person.is_bot:
            return Standing.BOT
        return Standing.GUEST if person.is_guest else Standing.MEMBER

    def members(self, ids: Iterable[str]) -> frozenset[str]:
        """The full members among these users and the user groups (``S...``) named with them."""
        return frozenset(user for user in self.named(ids) if self.standing(user) is Standing.MEMBER)

    def named(self, ids: Iterable[str]) -> frozenset[str]:
        """These users and all who are in these user groups, whatever they are by now."""
        users: set[str] = set()
        for one in ids:
            users |= self.usergroups.get(one, frozenset()) if is_usergroup(one) else {one}
        return frozenset(users)

    def name(self, user: str) -> str:
        person = self.people.get(user)
        return person.name if person else user
