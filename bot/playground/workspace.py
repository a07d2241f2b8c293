"""Who and what there is in the pretend workspace: people, groups, channels, messages, views.

Plain state and nothing else: no network, no rules about who may do what. Whoever changes it rings
``changed``, so that waiting is for an event and never for a while. Time comes from the clock that
was passed in; two messages never share a ``ts``, even if that clock stands still.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.playground.bell import Bell
from bot.playground.files import File
from bot.playground.messages import Message, with_ids
from bot.playground.readings import Readings
from bot.playground.views import View

Json = dict[str, Any]
Clock = Callable[[], datetime]


@dataclass(slots=True)
class Person:
    """Somebody with an account here, or (with another ``team``) in a company we share with."""

    id: str
    name: str
    team: str
    tz: str = "UTC"
    is_guest: bool = False
    is_single_channel_guest: bool = False
    is_bot: bool = False
    deleted: bool = False

    @property
    def handle(self) -> str:
        """The old-style user name, as it still arrives in payloads."""
        return self.name.lower().replace(" ", ".")


@dataclass(slots=True)
class Group:
    """A user group; in a policy it is named by its handle."""

    id: str
    handle: str
    people: list[str]


@dataclass(slots=True)
class Channel:
    """A channel, or (with ``im_with``) the direct messages between the bot and one person."""

    id: str
    name: str
    members: list[str]
    is_archived: bool = False
    is_ext_shared: bool = False
    is_private: bool = False
    only_admins_post: bool = False
    im_with: str | None = None

    @property
    def payload_name(self) -> str:
        """What Slack writes as ``channel_name``: only public channels are named."""
        if self.im_with is not None:
            return "directmessage"
        return "privategroup" if self.is_private else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The ids of the workspace and of the app that is installed in it."""

    team: str = "T0TEAM"
    domain: str = "example-team"
    app: str = "A0COUNTERSIGN"
    bot: str = "B0COUNTERSIGN"
    bot_user: str = "U0BOT"
    verification: str = "pretend-verification-token"


@dataclass(slots=True)
class Workspace:
    """All of it; tests and the demo page read these lists directly."""

    clock: Clock
    identity: Identity = field(default_factory=Identity)
    changed: Bell = field(default_factory=Bell)
    readings: Readings = field(default_factory=Readings)
    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    posted: list[Message] = field(default_factory=list)
    """Every message in a channel or a direct conversation, in order of posting."""
    private_messages: list[Message] = field(default_factory=list)
    """Every "only visible to you", in order."""
    views: dict[str, View] = field(default_factory=dict)
    """Modals that somebody has open, by view id."""
    homes: dict[str, View] = field(default_factory=dict)
    """The published home tab of each person."""
    files: dict[str, File] = field(default_factory=dict)
    """Every file that was asked for, by id; people see it once it is shared."""
    takes_files: bool = True
    """False when the administrators have switched uploads off."""
    asks_sdk: bool = True
    """What our own table of limits takes is held against the SDK's models as well."""
    edit_window: timedelta | None = None
    """How long messages may be edited; None is for ever."""
    paid: bool = True
    """User groups exist only where Slack is paid for."""
    names: dict[str, str] = field(default_factory=dict)
    """Id to display name, for people, groups and channels: what a mention is shown as."""
    rejected: list[str] = field(default_factory=list)
    """What could not be shown, with its faults: messages, forms and answers over a limit."""
    _last_ts: int = 0
    _serial: int = 0

    def add_person(
        self,
        user: str,
        name: str,
        *,
        tz: str = "UTC",
        team: str | None = None,
        is_guest: bool = False,
        is_single_channel_guest: bool = False,
        is_bot: bool = False,
        deleted: bool = False,
    ) -> Person:
        """Give somebody an account; adding the same id again replaces it."""
        guest = is_guest or is_single_channel_guest
        person = Person(user, name, team or self.identity.team, tz, guest)
        person.is_single_channel_guest, person.is_bot = is_single_channel_guest, is_bot
        person.deleted = deleted
        self.people[user] = person
        self.names[user] = name
        self.changed.ring()
        return person

    def add_group(self, group: str, handle: str, people: Iterable[str]) -> Group:
        """Make a user group of these people."""
        self.groups[group] = Group(group, handle, list(people))
        self.names[group] = handle
        self.changed.ring()
        return self.groups[group]

    def add_channel(
        self,
        channel: str,
        name: str,
        members: Iterable[str] | None = None,
        *,
        is_archived: bool = False,
        is_ext_shared: bool = False,
        is_private: bool = False,
    ) -> Channel:
        """Make a channel; without ``members`` everybody known so far and the bot are in it."""
        inside = list(self.people) if members is None else list(members)
        made = Channel(channel, name, inside, is_archived, is_ext_shared, is_private)
        self.channels[channel] = made
        self.names[channel] = name
        self.changed.ring()
        return made

    def direct(self, user: str) -> Channel:
        """The direct messages between the bot and this person, made when first needed."""
        for channel in self.channels.values():
            if channel.im_with == user:
                return channel
        bot = self.identity.bot_user
        made = Channel(f"D0{user[1:]}", "directmessage", [user, bot], is_private=True)
        made.im_with = user
        self.channels[made.id] = made
        return made

    def post(
        self,
        channel: str,
        text: str,
        blocks: list[Json],
        *,
        user: str | None = None,
        thread_ts: str | None = None,
        metadata: Json | None = None,
        ephemeral_to: str | None = None,
    ) -> Message:
        """Put a message where people see it; with ``ephemeral_to`` only that person does."""
        message = Message(
            channel,
            self.new_ts(),
            user or self.identity.bot_user,
            text,
            with_ids(blocks),
            self.clock(),
            metadata,
            thread_ts,
            ephemeral_to,
            names=self.names,
        )
        (self.posted if ephemeral_to is None else self.private_messages).append(message)
        self.changed.ring()
        return message

    def rewrite(
        self, message: Message, text: str, blocks: list[Json], metadata: Json | None = None
    ) -> None:
        """Change what a message says; blocks that are not given again are gone."""
        message.replace(text, with_ids(blocks), metadata, self.clock())
        # Slack marks an edit as one only where the message is bare text.
        message.edited = None if blocks else self.new_ts()
        self.changed.ring()

    def remove(self, message: Message) -> None:
        """Take a message off the screen; the object stays readable for whoever holds it."""
        message.deleted = True
        lists = (self.posted, self.private_messages)
        for messages in lists:
            if message in messages:
                messages.remove(message)
        self.changed.ring()

    def messages(self, channel: str) -> list[Message]:
        """What stands in a channel now, threads included, oldest first."""
        return [message for message in self.posted if message.channel == channel]

    def find(self, channel: str, ts: str) -> Message | None:
        """The message with this ts in this channel; ephemeral ones cannot be found by ts."""
        return next((m for m in self.messages(channel) if m.ts == ts), None)

    def person(self, user: str) -> Person:
        """Somebody who must exist, or the test that names them is wrong."""
        if user not in self.people:
            raise LookupError(f"nobody here is called {user}; there is {sorted(self.people)}")
        return self.people[user]

    def stack(self, user: str) -> list[View]:
        """The modals that somebody has open, the one in front last."""
        return [view for view in self.views.values() if view.user == user]

    def uncovered(self, view: View) -> None:
        """``LookupError`` if another modal lies over this one: nobody can reach it then."""
        stack = self.stack(view.user)
        if view in stack and view is not stack[-1]:
            raise LookupError(f"{view.title!r} is covered by {stack[-1].title!r}")

    def new_ts(self) -> str:
        """The next message id: the time of day with microseconds, never twice the same."""
        micros = int(self.clock().timestamp() * 1_000_000)
        self._last_ts = max(micros, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_id(self, prefix: str) -> str:
        """An id such as ``V0000001`` that nothing else here has."""
        self._serial += 1
        return f"{prefix}{self._serial:08d}"
