"""What a Web API method is: a name, the scopes and the token it needs, its rate, and a function.

The functions stand in ``methods_chat``, ``methods_people`` and ``methods_views``. They are ordinary
functions, not coroutines: a call takes effect at once or not at all, and the network around it is
where things get lost.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.playground.errors import SlackError
from bot.playground.installation import Installation
from bot.playground.ratelimits import Rate
from bot.playground.triggers import Triggers
from bot.playground.workspace import Channel, Person, Workspace

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call on its way to a method."""

    workspace: Workspace
    triggers: Triggers
    args: Json
    installed: Installation
    new_link: Callable[[], str]
    address: Callable[[str], str]
    """Path to URL, on this server."""

    @property
    def scopes(self) -> frozenset[str]:
        """What the bot token may do."""
        return self.installed.scopes

    def need(self, name: str, error: str = "invalid_arguments") -> str:
        """A required argument as text."""
        value = self.args.get(name)
        if value is None or value == "":
            raise SlackError(error, [f"missing required field: {name}"])
        return str(value)

    def page_size(self, most: int) -> int:
        """The ``limit`` argument; without it as much as Slack would give."""
        try:
            asked = int(self.args.get("limit") or most)
        except ValueError:
            raise SlackError("invalid_limit") from None
        return min(asked, most) if asked > 0 else most

    def person(self) -> Person:
        """The person named by ``user``."""
        person = self.workspace.people.get(self.need("user", "user_not_found"))
        if person is None:
            raise SlackError("user_not_found")
        return person

    def channel(self, *, write: bool = False) -> Channel:
        """The channel named by id. To write, the bot must be in it and it must be alive."""
        channel = self.workspace.channels.get(self.need("channel", "channel_not_found"))
        if channel is None:
            raise SlackError("channel_not_found")
        inside = self.workspace.identity.bot_user in channel.members
        if channel.is_private and not inside:
            raise SlackError("channel_not_found")
        if write and not inside and "chat:write.public" not in self.scopes:
            raise SlackError("not_in_channel")
        return channel


Run = Callable[[Call], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """One row of the table of methods; any one of ``scopes`` is enough, none means no scope."""

    run: Run
    rate: Rate
    scopes: tuple[str, ...] = ()
    caller: Literal["bot", "app"] = "bot"
    takes_json: bool = True
    """Methods that only read take forms and queries alone."""


Table = Mapping[str, Method]
