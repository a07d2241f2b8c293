"""What every command needs, and the guard round every listener.

The guard answers Slack in time whatever happens. A handler returns its ``Reply``; it is sent as
the ack itself, or privately through the response_url when the handler took too long or when a click
has no room for words in its ack. No exception leaves a listener: Bolt would lose the ack.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
import structlog
from slack_bolt.async_app import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.refusals import code_of
from bot.workflow.desk import Desk
from commands.blocks import Block, modal, section
from commands.cards import Setting
from commands.words.failures import BROKEN, FORM_NOT_OPENED, STILL_AT_IT

log = structlog.get_logger()

ACK_SECONDS = 2.5
"""Slack waits three seconds; the rest is for the way back."""

FORM_SECONDS = 2.3
"""A trigger dies after three; whoever pressed must hear of it while they still look."""

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A private answer."""

    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    beside: str | None = None
    """In a modal: the text is about this input, which stays open beside it."""
    errors: dict[str, str] = field(default_factory=dict)
    """In a modal: what is wrong with which inputs, which stay open beside it."""
    view: dict[str, Any] | None = None
    """In a modal: what takes its place."""
    replaces: bool = False
    """It takes the place of the private message whose button was pressed."""


class Learner(Protocol):
    """Reads who somebody is from Slack, in the background."""

    async def learn(self, user: str) -> None: ...


class Home(Protocol):
    """Keeps the home tab of whoever looks at it."""

    def opened(self, user: str) -> None: ...

    def told(self, user: str, text: str) -> None:
        """Say there what became of a button: a home has no private answers."""
        ...


@dataclass(slots=True, kw_only=True)
class Room:
    """Where the commands run: one for each process."""

    desk: Desk
    setting: Callable[[], Setting]
    channel: str
    learner: Learner
    home: Home
    session: Callable[[], aiohttp.ClientSession]
    draws: bool
    """Pictures can be made: the extra ``charts`` is installed."""

    async def whisper(self, url: str, reply: Reply) -> None:
        """Answer privately through a response_url; a failure is logged, the order is unharmed."""
        hook = AsyncWebhookClient(url, session=self.session())
        try:
            answer = await hook.send(
                text=reply.text,
                blocks=reply.blocks or None,
                response_type="ephemeral",
                replace_original=reply.replaces,
            )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a private answer was lost", reason=type(error).__name__)
            return
        if answer.status_code != 200:
            log.warning("a private answer was not taken", status=answer.status_code)


async def open_form(
    client: AsyncWebClient, body: Body, view: dict[str, Any], *, otherwise: str = FORM_NOT_OPENED
) -> Reply | None:
    """Show a form to whoever has just acted: the only network call of a handler.

    None: it is on its way. ``otherwise`` is told when Slack refuses, or does not answer before the
    trigger has died.
    """
    try:
        async with asyncio.timeout(FORM_SECONDS):
            await client.views_open(trigger_id=body["trigger_id"], view=view)
    except SlackApiError as error:
        log.warning("Slack refused a form", form=view.get("callback_id"), code=code_of(error))
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("Slack did not answer about a form", reason=type(error).__name__)
    else:
        return None
    return Reply(text=otherwise)


Handler = Callable[[Body], Awaitable[Reply | None]]


def slash(room: Room, handle: Handler) -> Callable[..., Awaitable[None]]:
    """The listener of a slash command: the reply is the ack."""

    async def listener(ack: AsyncAck, body: Body) -> None:
        task = asyncio.create_task(_safely(handle, body))
        done, _ = await asyncio.wait({task}, timeout=ACK_SECONDS)
        if not done:
            await ack(STILL_AT_IT)
            room.desk.spawn(_later(room, task, body["response_url"]), name="late answer")
            return
        reply = task.result()
        room.desk.checkpoint("before ack")
        if reply is None:
            await ack()
            return
        await ack(text=reply.text, blocks=reply.blocks or None, response_type="ephemeral")

    return listener


def click(room: Room, handle: Handler) -> Callable[..., Awaitable[None]]:
    """The listener of a button: acked at once when decided, the words follow privately."""

    async def listener(ack: AsyncAck, body: Body) -> None:
        task = asyncio.create_task(_safely(handle, body))
        await asyncio.wait({task}, timeout=ACK_SECONDS)
        room.desk.checkpoint("before ack")
        await ack()
        if (url := body.get("response_url")) is None:
            room.desk.spawn(_at_home(room, task, _user(body)), name="answer to a click at home")
        else:
            room.desk.spawn(_later(room, task, url), name="answer to a click")

    return listener


def submission(room: Room, handle: Handler, *, title: str) -> Callable[..., Awaitable[None]]:
    """The listener of a modal: it closes, or shows the reply in its place."""

    async def listener(ack: AsyncAck, body: Body) -> None:
        task = asyncio.create_task(_safely(handle, body))
        done, _ = await asyncio.wait({task}, timeout=ACK_SECONDS)
        reply = task.result() if done else Reply(text=STILL_AT_IT)
        if not done:
            room.desk.tasks.add(task)
            task.add_done_callback(room.desk.tasks.discard)
        room.desk.checkpoint("before ack")
        if reply is None:
            await ack()
            return
        if reply.beside is not None:
            await ack(response_action="errors", errors={reply.beside: reply.text})
            return
        if reply.errors:
            await ack(response_action="errors", errors=reply.errors)
            return
        view = reply.view or told_view(title, reply.text)
        await ack(response_action="update", view=view)

    return listener


def change(
    room: Room, handle: Callable[[Body], Coroutine[Any, Any, None]]
) -> Callable[..., Awaitable[None]]:
    """The listener of what is filled in: acked at once; what it shows follows."""

    async def listener(ack: AsyncAck, body: Body) -> None:
        await ack()
        room.desk.spawn(handle(body), name="answer to what was filled in")

    return listener


def event(handle: Callable[[Body, str], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The listener of an event; ``handle`` also gets the bot's own user id.

    It is acknowledged once it is written down. Whatever is raised leaves it unacknowledged, so that
    Slack delivers it again: an event is the only thing that Slack repeats.
    """

    async def listener(body: Body, context: AsyncBoltContext) -> None:
        await handle(body, context.bot_user_id or "")

    return listener


def told_view(title: str, text: str) -> Block:
    """A modal that only tells something."""
    return modal(title=title, close="Close", blocks=[section(text)])


async def _safely(handle: Handler, body: Body) -> Reply | None:
    try:
        return await handle(body)
    except Exception:
        # Whatever it was, the person must hear something true and the operator must see it.
        log.exception("a command failed", user=_user(body))
        return Reply(text=BROKEN)


async def _later(room: Room, task: asyncio.Task[Reply | None], url: str) -> None:
    reply = await task
    if reply is not None:
        await room.whisper(url, reply)


async def _at_home(room: Room, task: asyncio.Task[Reply | None], user: str) -> None:
    reply = await task
    if reply is not None:
        room.home.told(user, reply.text)


def _user(body: Body) -> str:
    user = body.get("user_id") or body.get("user", {}).get("id", "")
    return str(user)
