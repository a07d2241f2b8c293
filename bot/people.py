"""Who is who, read from Slack: a cache for handlers, a fresh reading for the moment of sending.

Handlers do no network call, so they judge by the roster that the clock keeps filled. Before money
moves the people concerned are read again; a reading younger than ``FRESH`` counts as one.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.domain.people import Person, Roster
from bot.refusals import MEANINGS, UNREACHABLE, Meaning, code_of, meaning_of, seconds_to_wait
from bot.slack import rest
from bot.workflow.desk import Unreachable

log = structlog.get_logger()

FRESH = timedelta(seconds=60)
"""A reading that young need not be repeated before a purchase."""

REFILL = timedelta(minutes=5)
"""How often the clock reads everybody again."""

PAGE = 500
"""Users in one page of users.list; Slack allows up to a thousand and twenty pages a minute."""

WAITS_AT_MOST = 20
"""Times that one reading obeys Slack's wish to slow down; a large workspace has many pages."""


NO_GROUP = frozenset({"no_such_subteam", "plan_upgrade_required"})
"""There is no such user group, or none at all in a workspace that is not paid for."""


class Refused(Unreachable):
    """Slack has answered, with this error."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"{method}: {code}")
        self.code = code


class SlackDirectory:
    """Implements ``bot.workflow.desk.Directory``."""

    def __init__(self, client: AsyncWebClient, clock: Clock, usergroups: Iterable[str]) -> None:
        self._client = client
        self._clock = clock
        self._usergroups = sorted(set(usergroups))
        self._roster = Roster()
        self._read_at: dict[str, datetime] = {}

    @property
    def roster(self) -> Roster:
        return self._roster

    async def fill(self, team: str) -> None:
        """Read everybody and the user groups of the policy. Raises Unreachable."""
        people = {person.id: person for person in await self._everybody()}
        groups = {one: await self._members(one) for one in self._usergroups}
        now = self._clock.now()
        self._read_at = dict.fromkeys([*people, *groups], now)
        self._roster = Roster(team=team, people=people, usergroups=groups)

    async def fill_at_last(self, team: str) -> None:
        """The same before the first command is taken, however long the network is away."""
        tries = 0
        while True:
            try:
                return await self.fill(team)
            except Unreachable as error:
                log.warning("waiting for Slack to tell who is who", reason=str(error))
                await rest(tries)
                tries += 1

    async def refill(self, team: str) -> None:
        """The same by the clock: what cannot be read now is read next time."""
        try:
            await self.fill(team)
        except Unreachable as error:
            log.warning("who is who could not be read again", reason=str(error))

    async def confirm(self, users: Iterable[str], groups: Iterable[str]) -> Roster:
        """These people and groups as they are now. Raises Unreachable."""
        users, groups = set(users), set(groups)
        wanted = self._stale(users)
        found = await asyncio.gather(*(self._person(one) for one in wanted))
        people = {person.id: person for person in found if person is not None}
        gone = set(wanted) - people.keys()
        members = {one: await self._members(one) for one in self._stale(groups)}
        now = self._clock.now()
        self._read_at |= dict.fromkeys([*wanted, *members], now)
        self._roster = Roster(
            team=self._roster.team,
            people={
                one: person
                for one, person in {**self._roster.people, **people}.items()
                if one not in gone
            },
            usergroups={**self._roster.usergroups, **members},
        )
        return self._roster

    async def learn(self, user: str) -> None:
        """Somebody unknown has spoken: read who that is; failing that, the clock will."""
        try:
            await self.confirm([user], [])
        except Unreachable as error:
            log.warning("somebody could not be looked up", user=user, reason=str(error))

    def _stale(self, ids: set[str]) -> list[str]:
        now = self._clock.now()
        oldest = now - FRESH
        # What was read at a moment that has not come was read before the clock was set right.
        return sorted(one for one in ids if not oldest < self._read_at.get(one, oldest) <= now)

    async def _everybody(self) -> list[Person]:
        found: list[Person] = []
        cursor = ""
        while True:
            page = await self._ask("users.list", limit=PAGE, cursor=cursor)
            found += [_person(member) for member in page["members"]]
            cursor = page.get("response_metadata", {}).get("next_cursor", "")
            if not cursor:
                return found

    async def _person(self, user: str) -> Person | None:
        """None: Slack knows nobody of that id, so they are nobody to us either."""
        try:
            answer = await self._ask("users.info", user=user)
        except Refused as error:
            if MEANINGS.get(error.code) is not Meaning.NOBODY:
                raise
            log.warning("Slack does not know somebody any more", user=user, code=error.code)
            return None
        return _person(answer["user"])

    async def _members(self, group: str) -> frozenset[str]:
        try:
            answer = await self._ask("usergroups.users.list", usergroup=group)
        except Refused as error:
            if error.code not in NO_GROUP:
                raise
            log.warning("a user group has nobody in it", usergroup=group, code=error.code)
            return frozenset()
        return frozenset(answer["users"])

    async def _ask(self, method: str, **values: Any) -> dict[str, Any]:
        for _ in range(WAITS_AT_MOST):
            try:
                answer = await self._client.api_call(method, params=values, http_verb="GET")
            except SlackApiError as error:
                if meaning_of(error) is not Meaning.SLOWER:
                    raise Refused(method, code_of(error)) from error
                await asyncio.sleep(seconds_to_wait(error))
            except UNREACHABLE as error:
                raise Unreachable(f"{method}: {type(error).__name__}") from error
            else:
                data = answer.data
                assert isinstance(data, dict), "Slack answers with JSON objects"
                return data
        raise Unreachable(f"{method}: ratelimited")


def _person(member: dict[str, Any]) -> Person:
    profile = member.get("profile") or {}
    name = profile.get("display_name") or member.get("real_name") or member.get("name")
    return Person(
        id=member["id"],
        name=name or member["id"],
        team=member.get("team_id", ""),
        tz=member.get("tz") or "UTC",
        is_guest=bool(member.get("is_restricted") or member.get("is_ultra_restricted")),
        is_bot=bool(member.get("is_bot")),
        is_deactivated=bool(member.get("deleted")),
    )
