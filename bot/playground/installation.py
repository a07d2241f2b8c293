"""What an administrator has granted: scopes, commands, events and tabs, as ``manifest.yml`` asks.

Whatever the manifest does not ask for is not there: a command that Slack does not know reaches
nobody, an event that is not subscribed to is never sent, a message to a person needs the Messages
tab. ``OURS`` is what the bot asks for, and a test holds it to ``manifest.yml``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.slack import SCOPES
from commands import home, mentions
from commands.slash import COMMAND

EVENT_SCOPES = {"app_mention": "app_mentions:read", "app_home_opened": None}
"""Every event that is known here, and the scope without which Slack does not send it."""

APP_TOKEN_SCOPES = frozenset({"connections:write"})
"""What the xapp token may do; it is made by hand and not by the manifest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One app in one workspace."""

    scopes: frozenset[str]
    """What the bot token may do."""
    commands: Mapping[str, bool] = field(default_factory=dict)
    """Slash command, with its slash, to ``should_escape``."""
    events: frozenset[str] = frozenset()
    home_tab: bool = False
    messages_tab: bool = False
    messages_read_only: bool = False
    """Whether the client offers people no box to write to the app in its Messages tab."""

    def hears(self, event: str) -> bool:
        """Whether Slack sends this event: it is subscribed to, and its scope is granted."""
        scope = EVENT_SCOPES.get(event)
        return event in self.events and (scope is None or scope in self.scopes)


OURS = Installation(
    scopes=frozenset(SCOPES),
    commands={COMMAND: True},
    events=frozenset({home.EVENT, mentions.EVENT}),
    home_tab=True,
    messages_tab=True,
    messages_read_only=True,
)
"""The bot's own manifest."""
