"""What came of something that a person did: was it heard, in time, and what were they told.

An outcome lives on after the acknowledgement: later answers through its response_url and views
opened with its trigger_id are added to it when they happen.
"""

from dataclasses import dataclass, field
from typing import Any

from bot.playground.bell import Bell
from bot.playground.errors import SlackError
from bot.playground.messages import Message
from bot.playground.views import View

Json = dict[str, Any]


@dataclass(eq=False, slots=True, kw_only=True)
class Outcome:
    """The fate of one slash command, click or submission."""

    user: str
    envelope: Json = field(repr=False)
    """What was sent to the bot; ``redeliver`` sends it once more."""
    bell: Bell = field(repr=False)
    sent: bool = True
    """False when the client or Slack held it back: a confirm dialog declined, a required field
    empty, an event that nobody has subscribed to."""
    acked: bool = False
    error: str | None = None
    """None, ``operation_timeout``, ``dispatch_failed``, ``not_a_command``, or
    ``invalid_response``: see ``faults``."""
    ack_seconds: float | None = None
    ack_payload: Json | None = None
    ack_message: Message | None = None
    said: Message | None = None
    """What the person wrote, if this was a message."""
    retries: int = 0
    """How often an event was sent again."""
    answers: list[Message] = field(default_factory=list)
    """What was said through this interaction's response_url, in order."""
    faults: list[str] = field(default_factory=list)
    view: View | None = None
    """The view opened with its trigger_id, or shown by its response_action."""
    view_errors: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str | None:
        """The text of the answer that came with the acknowledgement, if one did."""
        return self.ack_message.text if self.ack_message else None

    async def answer(self, timeout: float = 5) -> Message:  # noqa: ASYNC109 - bell's deadline
        """The first private answer: with the acknowledgement, or through the response_url."""
        return (await self.all_answers(1, timeout))[0]

    async def all_answers(
        self,
        count: int,
        timeout: float = 5,  # noqa: ASYNC109 - bell's deadline
    ) -> list[Message]:
        """The private answers, once there are at least ``count`` of them."""

        def enough() -> list[Message]:
            said = [self.ack_message, *self.answers] if self.ack_message else self.answers
            private = [message for message in said if message.ephemeral_to is not None]
            return private if len(private) >= count else []

        what = f"{count} private answer(s) to {self.user} (error: {self.error})"
        return await self.bell.wait_until(enough, timeout, what)

    async def opened(self, timeout: float = 5) -> View:  # noqa: ASYNC109 - bell's deadline
        """The view that this opened, once it is there."""
        what = f"a view for {self.user} (error: {self.error})"
        view = await self.bell.wait_until(lambda: self.view, timeout, what)
        if view is None:
            raise LookupError(what)
        return view

    def refuse(self, error: SlackError) -> None:
        """The bot answered in time with something that Slack cannot show."""
        self.error = "invalid_response"
        self.faults = [error.error, *error.more.get("errors", [])]

    def show(self, view: View) -> None:
        """A view came of this."""
        self.view = view
        self.bell.ring()
