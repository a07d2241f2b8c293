"""``PretendSlack``: the whole pretend Slack as one object that can be started and driven.

It listens on 127.0.0.1 only and holds all its state in memory. Give the bot ``api_url`` as the base
URL of its client, ``bot_token`` and ``app_token``; then do what people do with ``slash``, ``click``
and ``submit``, and read what they would read.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self, TypeVar

from aiohttp import web

from bot.playground.dispatch import Dispatch
from bot.playground.faults import Faults
from bot.playground.forms import Forms
from bot.playground.installation import OURS, Installation
from bot.playground.interactions import Interactions, Tab
from bot.playground.messages import Message, Version
from bot.playground.outcome import Outcome
from bot.playground.ratelimits import RateLimits
from bot.playground.responses import Responses
from bot.playground.socketmode import SocketMode
from bot.playground.traffic import Traffic
from bot.playground.triggers import Triggers
from bot.playground.uploads import Uploads
from bot.playground.views import View
from bot.playground.webapi import WebApi
from bot.playground.workspace import Clock, Workspace

Found = TypeVar("Found")

HOST = "127.0.0.1"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class PretendSlack:
    """A workspace with one app installed in it: the bot under test."""

    bot_token = "xoxb-pretend-bot-token"  # noqa: S105 - opens nothing outside this process
    app_token = "xapp-pretend-app-token"  # noqa: S105 - opens nothing outside this process

    def __init__(
        self,
        *,
        ack_seconds: float = 3.0,
        clock: Clock | None = None,
        installed: Installation = OURS,
        rate_limits: bool = False,
        seed: int = 0,
    ) -> None:
        clock = clock or _utc_now
        self.workspace = Workspace(clock)
        self.workspace.add_person(self.workspace.identity.bot_user, "Countersign", is_bot=True)
        self.faults = Faults()
        self.traffic = Traffic(self.workspace.changed.ring)
        self.socket = SocketMode(
            workspace=self.workspace,
            faults=self.faults,
            traffic=self.traffic,
            ack_seconds=ack_seconds,
            seed=seed,
        )
        self.faults.on_cut = self.socket.drop
        self._triggers = Triggers(clock)
        self._responses = Responses(
            workspace=self.workspace, faults=self.faults, traffic=self.traffic
        )
        self._uploads = Uploads(workspace=self.workspace, faults=self.faults, traffic=self.traffic)
        self.web = WebApi(
            workspace=self.workspace,
            triggers=self._triggers,
            faults=self.faults,
            traffic=self.traffic,
            tokens={self.bot_token: "bot", self.app_token: "app"},
            installed=installed,
            rates=RateLimits(clock) if rate_limits else None,
            new_link=self._new_link,
            address=lambda path: f"http://{self._address}{path}",
        )
        self._dispatch = Dispatch(
            workspace=self.workspace,
            sockets=self.socket,
            triggers=self._triggers,
            responses=self._responses,
        )
        self._forms = Forms(workspace=self.workspace, dispatch=self._dispatch)
        self._runner: web.AppRunner | None = None
        self._people: Interactions | None = None
        self._address = ""

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes any free one."""
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self.web.handle)
        app.router.add_post("/respond/{key}", self._responses.handle)
        app.router.add_post("/upload/{ticket}", self._uploads.handle)
        app.router.add_get("/link", self.socket.handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, port).start()
        self._address = f"{HOST}:{self._runner.addresses[0][1]}"
        self._people = Interactions(
            workspace=self.workspace,
            dispatch=self._dispatch,
            responses=self._responses,
            base_url=f"http://{self._address}",
            installed=lambda: self.web.installed,
        )

    async def stop(self) -> None:
        """Let go of every caller and close the port."""
        self.faults.lifted.set()
        await self._dispatch.stop()
        await self.socket.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def api_url(self) -> str:
        """The base URL for the bot's Web API client."""
        return f"http://{self._address}/api/"

    @property
    def retry_seconds(self) -> tuple[float, ...]:
        """The pauses before an event that was not acknowledged is sent again."""
        return self._dispatch.retry_seconds

    @retry_seconds.setter
    def retry_seconds(self, pauses: tuple[float, ...]) -> None:
        self._dispatch.retry_seconds = pauses

    @property
    def scopes(self) -> frozenset[str]:
        """What the bot's token may do."""
        return self.web.installed.scopes

    def uninstall(self, error: str = "account_inactive") -> None:
        """The app is taken away: no token works, and every connection is closed."""
        self.web.revoked = error
        self.socket.disconnect("link_disabled")

    def reinstall(self) -> None:
        """The tokens work again; a connection has to be opened anew."""
        self.web.revoked = None

    def grant(self, scopes: Iterable[str]) -> None:
        """Replace the granted scopes, as a reinstallation would."""
        self.web.installed = replace(self.web.installed, scopes=frozenset(scopes))

    async def wait_connected(
        self,
        timeout: float = 5,  # noqa: ASYNC109 - bell's deadline
        count: int = 1,
    ) -> None:
        """Until at least ``count`` usable Socket Mode connections are open."""
        enough = lambda: len(self.socket.usable) >= count  # noqa: E731 - one use, two lines down
        await self.workspace.changed.wait_until(enough, timeout, f"{count} connection(s)")

    async def wait_for(
        self,
        predicate: Callable[["PretendSlack"], Found],
        timeout: float = 5,  # noqa: ASYNC109 - bell's deadline
    ) -> Found:
        """The first truthy value of ``predicate``, looked at after every change."""
        what = getattr(predicate, "__doc__", None) or "a condition on the workspace"
        return await self.workspace.changed.wait_until(lambda: predicate(self), timeout, what)

    def messages(self, channel: str) -> list[Message]:
        """What stands in a channel now, oldest first, threads included."""
        return self.workspace.messages(channel)

    def private(self, user: str) -> list[Message]:
        """What only this person was told, oldest first."""
        return [m for m in self.workspace.private_messages if m.ephemeral_to == user]

    def dms(self, user: str) -> list[Message]:
        """The direct messages between the bot and this person."""
        return self.workspace.messages(self.workspace.direct(user).id)

    async def slash(self, user: str, command: str, text: str = "", *, channel: str) -> Outcome:
        """Type a slash command."""
        return await self._acting.slash(user, command, text, channel)

    async def click(
        self,
        user: str,
        where: Message | View,
        action: str,
        *,
        stale: Version | None = None,
        confirm: bool = True,
        choose: Any = None,
        values: Mapping[str, Any] | None = None,
    ) -> Outcome:
        """Press a button by action_id or label; ``stale`` presses what an older version showed."""
        return await self._acting.click(
            user, where, action, stale=stale, confirm=confirm, choose=choose, values=values
        )

    async def submit(
        self, user: str, view: View, values: Mapping[str, Any] | None = None
    ) -> Outcome:
        """Hand in a modal with answers by block_id or action_id."""
        return await self._forms.submit(user, view, values or {})

    async def close_view(self, user: str, view: View) -> Outcome | None:
        """Close a modal without handing it in."""
        return await self._forms.close(user, view)

    async def say(
        self, user: str, text: str, *, channel: str, thread_ts: str | None = None
    ) -> Outcome:
        """Write a message in a channel or under another one; ``@countersign`` is heard."""
        return await self._acting.say(user, text, channel, thread_ts)

    async def open_home(self, user: str, tab: Tab = "home") -> Outcome:
        """Look at the bot's home tab, or at its messages."""
        return await self._acting.open_home(user, tab)

    async def redeliver(self, outcome: Outcome) -> Outcome:
        """Deliver the same envelope once more."""
        return await self._acting.redeliver(outcome)

    @property
    def _acting(self) -> Interactions:
        if self._people is None:
            raise RuntimeError("start() the pretend Slack before anybody acts in it")
        return self._people

    def _new_link(self) -> str:
        return f"ws://{self._address}/link?ticket={self.socket.ticket()}"
