"""Publishes home tabs: when somebody looks, and while they may still be looking, on every change.

Level-triggered: a home is drawn from what is true now and published only if it shows something
else than before, so quick moves become one call and a lost one is made good by the next. Who has
not looked for a while is forgotten; their next look draws it anew.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from aiolimiter import AsyncLimiter
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.canonical import canonical
from bot.refusals import UNREACHABLE, code_of
from bot.workflow import looking, scheduled
from bot.workflow.desk import Desk
from commands.cards import Setting
from commands.home import Seen, Viewer, home
from commands.limits import validate_message
from commands.standing import refusal_of
from storage.database import DatabaseClosed

log = structlog.get_logger()

LOOKING = timedelta(minutes=15)
"""So long somebody who has looked may still be looking."""

AT_MOST = 200
"""Homes kept up to date at once; the next look of anybody else draws theirs all the same."""


class Homes:
    """One for each process. ``paced``: at Slack's rate, and the changes of a second at once."""

    def __init__(
        self,
        desk: Desk,
        client: AsyncWebClient,
        setting: Callable[[], Setting],
        channel: str,
        *,
        paced: bool,
    ) -> None:
        self._desk = desk
        self._client = client
        self._setting = setting
        self._channel = channel
        self._pause = 1.0 if paced else 0.0
        self._limit = AsyncLimiter(50 if paced else 10_000, 60)
        self._looked: dict[str, datetime] = {}
        self._shown: dict[str, str] = {}
        self._told: dict[str, str] = {}
        self._new: dict[str, bool] = {}
        self._stale = False
        self._drawing = False

    def opened(self, user: str) -> None:
        """Somebody looks at it now."""
        for known in (self._looked, self._shown, self._told, self._new):
            known.pop(user, None)
        self._looked[user] = self._desk.now()
        if len(self._looked) > AT_MOST:
            del self._looked[next(iter(self._looked))]
        self.wake()

    def told(self, user: str, text: str) -> None:
        """What became of a button that was pressed there stands at its top until the next look."""
        self._told[user] = text
        self.wake()

    def wake(self) -> None:
        """Something may have changed."""
        self._stale = True
        if self._looked and not self._drawing and not self._desk.stopping:
            self._drawing = True
            self._desk.spawn(self._draw(), name="draw homes")

    async def _draw(self) -> None:
        try:
            while self._stale and not self._desk.stopping:
                await asyncio.sleep(self._pause)
                self._stale = False
                await self._all()
        except DatabaseClosed:
            return
        except SlackApiError as error:
            log.info("a home was not taken", code=code_of(error))
        except UNREACHABLE as error:
            log.info("a home was not published", reason=type(error).__name__)
        finally:
            self._drawing = False

    async def _all(self) -> None:
        now, desk = self._desk.now(), self._desk
        self._looked = {user: at for user, at in self._looked.items() if at > now - LOOKING}
        if not self._looked:
            return
        seen = Seen(
            now=now,
            orders=await looking.still_open(desk),
            schedules=await scheduled.still_open(desk),
            budgets=await looking.budgets(desk),
            freezes=await looking.freezes_now(desk),
            health={name: one.health for name, one in desk.providers.items()},
        )
        for user in list(self._looked):
            await self._one(user, seen)

    async def _one(self, user: str, seen: Seen) -> None:
        desk = self._desk
        roster = desk.directory.roster
        if user not in self._new:
            self._new[user] = not await looking.has_taken_part(desk, user)
        self._new[user] &= user not in {order.requester for order in seen.orders}
        viewer = Viewer(
            user=user,
            refusal=refusal_of(roster, user),
            is_reader=desk.policy.is_reader(user, roster),
            is_new=self._new[user],
            told=self._told.get(user),
        )
        view = home(viewer, seen, self._setting(), self._channel)
        if self._shown.get(user) == (mark := canonical(view)):
            return
        if faults := validate_message(None, None, surface="home", view=view):
            log.error("a home breaks Slack's limits", faults=faults)
            return
        async with self._limit:
            await self._client.views_publish(user_id=user, view=view)
        self._shown[user] = mark
