"""Pay what we owe Slack: take the outbox in order, post or edit, mark it paid.

A card is a function of its order as it is when it is sent, so ten quick moves are one edit. Only
one message is under way at a time, which keeps their order; Slack's rate limit or an outage pauses
all of them and loses none. A post whose reply was lost is posted again: the spare copy is closed
as soon as somebody clicks on it.
"""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import structlog
from aiolimiter import AsyncLimiter
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.domain.orders import Order
from bot.workflow.desk import Desk, backoff, card_wish
from bot.workflow.unseen import cancel_unseen
from commands import cards
from commands.cards import Message, Setting
from commands.limits import validate_message
from commands.words import telling
from storage import orders, outbox
from storage.database import DatabaseClosed, Tx
from storage.outbox import Debt, Kind

log = structlog.get_logger()

PAUSES = (1, 2, 5, 10, 30, 60)
"""Seconds to wait after an outage; the last repeats."""

IDLE_SECONDS = 30.0
"""The longest sleep: a wake-up that got lost is made good after that."""

NO_PLACE = frozenset({"channel_not_found", "not_in_channel", "is_archived", "restricted_action"})
"""Slack will not take a message in this channel until a person does something."""

NOBODY = frozenset({"user_not_found", "users_not_found", "user_disabled", "cannot_dm_bot"})
"""This person cannot be written to, today or ever."""

GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"})
"""This message cannot be edited any more; a fresh one has to take its place."""


class Announcer:
    """One worker. ``posts_per_second`` None: no pacing (tests and benchmarks)."""

    def __init__(
        self,
        desk: Desk,
        client: AsyncWebClient,
        clock: Clock,
        setting: Callable[[], Setting],
        *,
        channel: str,
        posts_per_second: float | None = 1.0,
        edit_seconds: float = 1.0,
    ) -> None:
        self._desk = desk
        self._client = client
        self._clock = clock
        self._setting = setting
        self._channel = channel
        self._paced = posts_per_second is not None
        self._posts = AsyncLimiter(1, 1 / (posts_per_second or 1.0))
        self._edits = AsyncLimiter(50, 60)  # chat.update is Tier 3: fifty a minute
        self._edit_pause = timedelta(seconds=edit_seconds if self._paced else 0)
        self._edited_at: dict[str, datetime] = {}
        self._bell = asyncio.Event()
        self._troubles = 0
        self._finishing = False

    def wake(self) -> None:
        """Something is owed: look now."""
        self._bell.set()

    def finish(self) -> None:
        """Pay what is due and let ``run`` end; a message cut off in the middle would come twice."""
        self._finishing = True
        self._bell.set()

    async def run(self) -> None:
        """Pay until finished or cancelled."""
        while not self._finishing or self._bell.is_set():
            self._bell.clear()
            try:
                pause = await self.drain()
            except DatabaseClosed:
                return
            except Exception:
                # The database or a fault of ours: the bot must not fall silent for good.
                log.exception("the announcer failed and tries again")
                pause = float(backoff(PAUSES, self._next_trouble()).total_seconds())
                await asyncio.sleep(pause)
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0 if self._finishing else pause):
                    await self._bell.wait()

    async def drain(self) -> float:
        """Pay everything that is due; seconds until the next debt is."""
        while debts := await self._desk.db.read(lambda tx: outbox.due(tx, now=self._desk.now())):
            for debt in debts:
                if (wait := await self._pay(debt)) is not None:
                    # In order, or not at all: what comes after this one waits as well.
                    await asyncio.sleep(wait)
                    break
        next_due = await self._desk.db.read(outbox.next_due)
        wait = IDLE_SECONDS if next_due is None else self._clock.seconds_until(next_due)
        return min(IDLE_SECONDS, wait)

    async def _pay(self, debt: Debt) -> float | None:
        """Send one message; the seconds to pause when Slack does not take it now."""
        try:
            match debt.kind:
                case Kind.CARD:
                    await self._card(debt)
                case Kind.NOTICE:
                    await self._notice(debt)
                case Kind.DIRECT:
                    await self._direct(debt)
                case Kind.TWIN:
                    await self._twin(debt)
        except SlackApiError as error:
            return await self._refused(debt, error)
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("Slack cannot be reached", debt=debt.key, reason=type(error).__name__)
            return backoff(PAUSES, self._next_trouble()).total_seconds()
        except DatabaseClosed:
            raise
        except Exception as error:
            # One strange row must not silence the bot: it stays owed, and the others go first.
            log.exception("a message cannot be made", debt=debt.key, order=debt.order_id)
            await self._put_off(debt, type(error).__name__)
            return None
        self._troubles = 0
        return None

    async def _put_off(self, debt: Debt, trouble: str) -> None:
        """Owe it still, later and later, while the messages behind it are sent."""
        until = self._desk.now() + backoff(PAUSES, debt.tries + 3)
        await self._desk.db.write(
            lambda tx: outbox.postponed(tx, debt, until=until, trouble=trouble)
        )

    def _next_trouble(self) -> int:
        self._troubles += 1
        return self._troubles - 1

    async def _refused(self, debt: Debt, error: SlackApiError) -> float | None:
        """Slack has answered with an error: pause, mend, or give this message up loudly."""
        code = str(error.response.get("error", "unknown"))
        status = error.response.status_code
        if status == 429 or code == "ratelimited":
            seconds = float(error.response.headers.get("Retry-After", 1))
            log.info("Slack asks to slow down", debt=debt.key, seconds=seconds)
            return seconds
        if status >= 500 or code in {"internal_error", "fatal_error", "service_unavailable"}:
            return backoff(PAUSES, self._next_trouble()).total_seconds()
        is_unseen = code in NO_PLACE and debt.kind is Kind.CARD
        if is_unseen and await cancel_unseen(self._desk, debt, code):
            return None
        log.error("Slack does not take a message", debt=debt.key, code=code)
        if code in NOBODY and debt.kind is Kind.DIRECT:
            await self._paid(debt)
        else:
            await self._put_off(debt, code)
        return None

    async def _card(self, debt: Debt) -> None:
        revision = int(debt.facts["revision"])
        order, place = await self._desk.db.read(lambda tx: _order_and_card(tx, debt, revision))
        if order is None or (place is None and revision != order.revision):
            await self._paid(debt)
            return
        if place is None:
            message = cards.card(order, self._setting(), revision=revision)
            self._desk.checkpoint("before post")
            ts = await self._post(self._channel, message)
            self._desk.checkpoint("posted")
            await self._desk.db.write(lambda tx: _posted(tx, debt, revision, self._channel, ts))
            self._desk.checkpoint("post marked")
            return
        channel, ts = place
        if (ready_at := self._too_soon(ts)) is not None:
            await self._desk.db.write(lambda tx: outbox.deferred(tx, debt, until=ready_at))
            return
        message = cards.card(order, self._setting(), revision=revision)
        self._desk.checkpoint("before edit")
        try:
            await self._edit(channel, ts, message)
        except SlackApiError as error:
            if error.response.get("error") not in GONE:
                raise
            ts = await self._post(channel, message)
        self._desk.checkpoint("edited")
        await self._desk.db.write(lambda tx: _posted(tx, debt, revision, channel, ts))

    async def _notice(self, debt: Debt) -> None:
        revision = int(debt.facts["revision"])
        order, place = await self._desk.db.read(lambda tx: _order_and_card(tx, debt, revision))
        if order is None or place is None:
            await self._no_thread(debt, order, revision)
            return
        setting = self._setting()
        text = telling.notice(
            order, debt.facts["subject"], debt.facts["note"], setting.title(order)
        )
        await self._post(place[0], Message(text=text, blocks=[]), thread=place[1])
        await self._paid(debt)

    async def _no_thread(self, debt: Debt, order: Order | None, revision: int) -> None:
        """A reply has no card to stand under: it waits for one that is owed, or is given up."""

        def write(tx: Tx) -> None:
            at = None if order is None else outbox.owed_at(tx, card_wish(order, revision).key)
            if at is None:
                # No card is to come: the order was cancelled because nobody could see it.
                outbox.paid(tx, debt)
            else:
                outbox.deferred(tx, debt, until=at)

        await self._desk.db.write(write)

    async def _direct(self, debt: Debt) -> None:
        order, _ = await self._desk.db.read(lambda tx: _order_and_card(tx, debt, 0))
        if order is not None:
            text = telling.direct(order, debt.facts["subject"], debt.facts["note"])
            opened = await self._client.conversations_open(users=[debt.facts["to"]])
            await self._post(opened["channel"]["id"], Message(text=text, blocks=[]))
        await self._paid(debt)

    async def _twin(self, debt: Debt) -> None:
        order, _ = await self._desk.db.read(lambda tx: _order_and_card(tx, debt, 0))
        ts = debt.facts["ts"]
        # Somebody may click before our post is marked; by now it is, and the card is no spare.
        known = await self._desk.db.read(lambda tx: outbox.is_card(tx, debt.order_id or "", ts))
        if order is not None and not known:
            message = cards.twin(order, self._setting().title(order))
            try:
                await self._edit(debt.facts["channel"], ts, message)
            except SlackApiError as error:
                if error.response.get("error") not in GONE:
                    raise
        await self._paid(debt)

    async def _paid(self, debt: Debt) -> None:
        await self._desk.db.write(lambda tx: outbox.paid(tx, debt))

    def _too_soon(self, ts: str) -> datetime | None:
        """When this message may be edited again; None: now. Quick moves become one edit."""
        now, last = self._desk.now(), self._edited_at.get(ts)
        if last is None or now >= last + self._edit_pause or self._finishing:
            return None
        return last + self._edit_pause

    async def _post(self, channel: str, message: Message, thread: str | None = None) -> str:
        if self._paced:
            await self._posts.acquire()
        answer = await self._client.chat_postMessage(
            channel=channel,
            thread_ts=thread,
            unfurl_links=False,
            unfurl_media=False,
            **_checked(message),
        )
        return str(answer["ts"])

    async def _edit(self, channel: str, ts: str, message: Message) -> None:
        if self._paced:
            await self._edits.acquire()
        self._edited_at[ts] = self._desk.now()
        await self._client.chat_update(channel=channel, ts=ts, **_checked(message))


def _checked(message: Message) -> dict[str, Any]:
    """The arguments of the call; blocks that Slack would refuse are left out, and we are told."""
    faults = validate_message(message.text, message.blocks)
    if faults:
        log.error("a message breaks Slack's limits", faults=faults)
        return {"text": message.text[:4000], "blocks": [], "metadata": message.metadata}
    return {"text": message.text, "blocks": message.blocks, "metadata": message.metadata}


def _order_and_card(
    tx: Tx, debt: Debt, revision: int
) -> tuple[Order | None, tuple[str, str] | None]:
    order_id = debt.order_id or ""
    return orders.load(tx, order_id), outbox.card_of(tx, order_id, revision)


def _posted(tx: Tx, debt: Debt, revision: int, channel: str, ts: str) -> None:
    outbox.card_posted(tx, debt.order_id or "", revision, channel, ts)
    outbox.paid(tx, debt)
