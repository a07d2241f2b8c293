"""Messages to Slack, at a pace that Slack takes, checked against its limits before they leave.

What Slack will not show all the same is sent as bare text: it carries the whole meaning, and a
message without buttons is better than none.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from aiolimiter import AsyncLimiter
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.refusals import Meaning, code_of, meaning_of
from commands.cards import Message
from commands.limits import MAX_TEXT, validate_message

log = structlog.get_logger()

Place = tuple[str, str]
"""Channel and ts of a message."""

EDITS_REMEMBERED = 1000
"""Messages whose last edit is remembered; the oldest are forgotten."""


class Postbox:
    """``posts_per_second`` None: no pacing (tests and benchmarks)."""

    def __init__(
        self,
        client: AsyncWebClient,
        now: Callable[[], datetime],
        *,
        posts_per_second: float | None,
        edit_seconds: float = 1.0,
    ) -> None:
        self._client = client
        self._now = now
        self._paced = posts_per_second is not None
        self._posts = AsyncLimiter(1, 1 / (posts_per_second or 1.0))
        self._edits = AsyncLimiter(50, 60)  # chat.update is Tier 3: fifty a minute
        self._whispers = AsyncLimiter(100, 60)  # chat.postEphemeral is Tier 4
        self._edit_pause = timedelta(seconds=edit_seconds if self._paced else 0)
        self._edited_at: dict[str, datetime] = {}
        self._hurried = False

    def hurry(self) -> None:
        """The bot is about to stop: no message is put off for its looks any more."""
        self._hurried = True

    def ready_at(self, ts: str) -> datetime | None:
        """When this message may be edited again; None: now. Quick moves become one edit."""
        last, now = self._edited_at.get(ts), self._now()
        if last is None or self._hurried or not last <= now < last + self._edit_pause:
            return None  # an edit of the future was made before the clock was set right
        return last + self._edit_pause

    async def post(self, channel: str, message: Message, thread: str | None = None) -> str:
        """Post it, under another one if ``thread`` is given; its ts."""
        if self._paced:
            await self._posts.acquire()
        answer = await self._shown(
            self._client.chat_postMessage,
            message,
            channel=channel,
            thread_ts=thread,
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(answer["ts"])

    async def reply(self, place: Place, message: Message) -> None:
        """Say it under the message at this channel and ts, or by itself in the channel if there is
        nothing to reply to.

        Somebody may have deleted the message; whoever is mentioned must hear it all the same.
        """
        channel, ts = place
        try:
            await self.post(channel, message, thread=ts)
        except SlackApiError as error:
            if meaning_of(error) not in {Meaning.LOST_THREAD, Meaning.GONE}:
                raise
            await self.post(channel, message)

    async def post_privately(self, user: str, message: Message) -> None:
        """Write to one person."""
        opened = await self._client.conversations_open(users=[user])
        await self.post(str(opened["channel"]["id"]), message)

    async def whisper(
        self, channel: str, user: str, message: Message, thread: str | None = None
    ) -> None:
        """Say it where this person is, to nobody else; Slack keeps no such message."""
        if self._paced:
            await self._whispers.acquire()
        checked = _checked(message)
        await self._client.chat_postEphemeral(
            channel=channel,
            user=user,
            thread_ts=thread,
            text=checked["text"],
            blocks=checked["blocks"],
        )

    async def edit(self, channel: str, ts: str, message: Message) -> None:
        """Put this in the place of what stands there."""
        if self._paced:
            await self._edits.acquire()
        self._edited_at.pop(ts, None)
        self._edited_at[ts] = self._now()
        if len(self._edited_at) > EDITS_REMEMBERED:
            del self._edited_at[next(iter(self._edited_at))]
        await self._shown(self._client.chat_update, message, channel=channel, ts=ts)

    async def renew(self, place: Place, message: Message) -> Place:
        """Put this in the place of what stands there, or post it anew where somebody has deleted
        that; where it stands now."""
        if await self.close(place, message):
            return place
        return place[0], await self.post(place[0], message)

    async def close(self, place: Place, message: Message) -> bool:
        """The same for what is only to be closed: False if it is gone, which is as good."""
        try:
            await self.edit(*place, message)
        except SlackApiError as error:
            if meaning_of(error) is not Meaning.GONE:
                raise
            return False
        return True

    async def _shown(self, call: Callable[..., Any], message: Message, **where: Any) -> Any:
        """Send it, or its bare text when Slack takes nothing else of it."""
        try:
            return await call(**where, **_checked(message))
        except SlackApiError as error:
            if meaning_of(error) is not Meaning.UNSHOWABLE:
                raise
            log.error("Slack shows a message only as text", code=code_of(error))  # noqa: TRY400 - Slack's word says it all
            return await call(**where, text=message.text[:MAX_TEXT], blocks=[])


def _checked(message: Message) -> dict[str, Any]:
    """The arguments of the call; blocks that Slack would refuse are left out, and we are told."""
    faults = validate_message(message.text, message.blocks, sdk=False)
    if faults:
        log.error("a message breaks Slack's limits", faults=faults)
        return {"text": message.text[:MAX_TEXT], "blocks": [], "metadata": message.metadata}
    return {"text": message.text, "blocks": message.blocks, "metadata": message.metadata}


def plain(text: str) -> Message:
    """A message of words alone."""
    return Message(text=text, blocks=[])
