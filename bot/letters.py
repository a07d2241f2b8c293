"""One owed message becomes one call to Slack: made from what is true at that moment, and marked.

A card is a function of its order as it is when it is sent, so ten quick moves are one edit. What
each message says stands in ``commands``; here it is only put together and sent.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.bulletins import Bulletins
from bot.correspondent import Correspondent
from bot.domain.orders import Order
from bot.freeze_letters import FreezeLetters
from bot.parcels import Parcels, month_in
from bot.postbox import Place, Postbox, plain
from bot.refusals import surely_not_posted
from bot.schedule_letters import ScheduleLetters
from bot.workflow import budgeting
from bot.workflow.desk import Desk, card_wish
from bot.workflow.reminding import awaited
from bot.workflow.unseen import divert
from commands import cards, reminders
from commands.cards import Message, Setting
from commands.payments import instructions
from commands.room import Reply
from commands.words import mentioned, notices, reconciling, reports
from storage import freezes, orders, outbox
from storage.database import Tx
from storage.outbox import Debt, Kind

STALE = timedelta(minutes=10)
"""A private answer that comes later answers nobody any more."""

Answers = Callable[[dict[str, Any]], Awaitable[Reply]]
"""From the facts of a mention to what is answered, as of now."""


class Letters(Correspondent):
    """Sends everything that is owed; ``answers`` and ``parcels`` make what somebody asked for."""

    def __init__(
        self,
        desk: Desk,
        postbox: Postbox,
        setting: Callable[[], Setting],
        channel: str,
        answers: Answers,
        obstacle: Callable[[], str | None],
        parcels: Parcels,
    ) -> None:
        super().__init__(desk, postbox, setting, channel, obstacle)
        self._answers = answers
        self._parcels = parcels
        self._bulletins = Bulletins(desk, postbox, setting, channel, obstacle)
        self._freezes = FreezeLetters(desk, postbox, setting, channel, obstacle)
        self._schedules = ScheduleLetters(desk, postbox, setting, channel, obstacle)

    async def send(self, debt: Debt) -> None:
        """Send one message and mark it paid."""
        match debt.kind:
            case Kind.CARD:
                await self._card(debt)
            case Kind.NOTICE:
                await self._notice(debt)
            case Kind.DIRECT:
                await self._direct(debt)
            case Kind.REMINDER:
                await self._reminder(debt)
            case Kind.TWIN:
                await self._twin(debt)
            case Kind.FREEZE:
                await self._freezes.post(debt)
            case Kind.THAW:
                await self._freezes.reply(debt)
            case Kind.ANSWER:
                await self._answer(debt)
            case Kind.DIGEST:
                await self._bulletins.digest(debt)
            case Kind.FILE:
                await self._parcels.take(debt)
            case Kind.SCHEDULE | Kind.SCHEDULE_NOTICE | Kind.PROMPT:
                await self._schedules.send(debt)

    async def _card(self, debt: Debt) -> None:
        revision = int(debt.facts["revision"])
        order, place, setting = await self._about(debt, revision)
        if order is None or (place is None and revision != order.revision):
            await self._paid(debt)
            return
        if place is None:
            self._make_sure_of_place()
            message = cards.card(order, setting, revision=revision)
            self._desk.checkpoint("before post")
            ts = await self._postbox.post(self._channel, message)
            self._desk.checkpoint("posted")
            await self._desk.db.write(lambda tx: _posted(tx, debt, revision, self._channel, ts))
            self._desk.checkpoint("post marked")
            return
        if (ready_at := self._postbox.ready_at(place[1])) is not None:
            await self._desk.db.write(lambda tx: outbox.deferred(tx, debt, until=ready_at))
            return
        message = cards.card(order, setting, revision=revision)
        self._desk.checkpoint("before edit")
        channel, ts = await self._postbox.renew(place, message)
        self._desk.checkpoint("edited")
        await self._desk.db.write(lambda tx: _posted(tx, debt, revision, channel, ts))

    async def _notice(self, debt: Debt) -> None:
        revision = int(debt.facts["revision"])
        order, place, setting = await self._about(debt, revision)
        if order is None or place is None:
            await self._no_thread(debt, order, revision)
            return
        await self._postbox.reply(place, plain(self._said(debt, order, setting)))
        await self._paid(debt)

    async def _reminder(self, debt: Debt) -> None:
        """Only while it waits, only whom it still waits for, and once at most: a reminder that may
        have arrived is not sent again, since the next round says the same."""
        revision, now = int(debt.facts["revision"]), self._desk.now()
        order, place, setting = await self._about(debt, revision)
        if order is None or place is None:
            await self._no_thread(debt, order, revision)
            return
        whom = awaited(order, revision, debt.facts["people"], now)
        await self._paid(debt)
        self._desk.checkpoint("reminder marked")
        if not whom:
            return
        try:
            await self._postbox.reply(place, reminders.message(order, whom, setting))
        except (SlackApiError, aiohttp.ClientConnectorError) as error:
            if surely_not_posted(error):
                again = outbox.Wish(
                    key=debt.key, kind=debt.kind, order_id=debt.order_id, facts=debt.facts
                )
                await self._desk.db.write(lambda tx: outbox.wish(tx, again, at=now))
            raise
        self._desk.checkpoint("reminder posted")

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
        if "freeze" in debt.facts:
            await self._freezes.tell(debt)
            return
        if (message := await self._private(debt)) is not None:
            await self._postbox.post_privately(debt.facts["to"], message)
        await self._paid(debt)

    async def _private(self, debt: Debt) -> Message | None:
        if debt.facts.get("subject") == "how to pay":
            order, _, setting = await self._about(debt, 0)
            return None if order is None else instructions(order, debt.facts, setting.title(order))
        text = await self._private_words(debt)
        return None if text is None else plain(text)

    async def _private_words(self, debt: Debt) -> str | None:
        if "channel" in debt.facts:
            return notices.channel_closed(self._channel, debt.facts["channel"])
        if "found" in debt.facts:
            return reconciling.news(debt.facts, self._setting().titles)
        if "undelivered" in debt.facts:
            why = debt.facts["undelivered"]
            return reports.not_sent(debt.facts["what"], month_in(debt), why)
        order, _, setting = await self._about(debt, 0)
        if order is None:
            return None
        subject, note, title = debt.facts["subject"], debt.facts["note"], setting.title(order)
        if "diverted" in debt.facts:
            return notices.diverted(self._said(debt, order, setting), debt.facts["diverted"])
        return notices.direct(order, subject, note, title)

    def _said(self, debt: Debt, order: Order, setting: Setting) -> str:
        """What a notice says in the thread."""
        subject, note = debt.facts["subject"], debt.facts["note"]
        approvers = setting.policy.approvers(setting.roster)
        return notices.notice(order, subject, note, setting.title(order), approvers)

    async def divert(self, debt: Debt, why: str) -> bool:
        """Owe a notice to those whom it mentions, since its channel takes nothing; True if owed."""
        order, _, setting = await self._about(debt, int(debt.facts["revision"]))
        if order is None:
            return False
        await divert(self._desk, debt, mentioned(self._said(debt, order, setting)), why)
        return True

    async def _twin(self, debt: Debt) -> None:
        order, _, setting = await self._about(debt, 0)
        ts = debt.facts["ts"]
        # Somebody may click before our post is marked; by now it is, and the card is no spare.
        known = await self._desk.db.read(lambda tx: outbox.is_card(tx, debt.order_id or "", ts))
        if order is not None and not known:
            message = cards.twin(order, setting.title(order))
            await self._postbox.close((debt.facts["channel"], ts), message)
        await self._paid(debt)

    async def _answer(self, debt: Debt) -> None:
        facts = debt.facts
        if self._desk.now() < datetime.fromisoformat(facts["at"]) + STALE:
            reply = await self._answers(facts)
            message = Message(text=reply.text, blocks=reply.blocks)
            await self._postbox.whisper(facts["channel"], facts["to"], message, facts["thread"])
        await self._paid(debt)

    async def _about(self, debt: Debt, revision: int) -> tuple[Order | None, Place | None, Setting]:
        """The order, where its card stands, and what else the message is made of."""
        order_id, setting = debt.order_id or "", self._setting()

        def look(tx: Tx) -> tuple[Order | None, Place | None, Setting]:
            place, order = outbox.card_of(tx, order_id, revision), orders.load(tx, order_id)
            told = () if order is None else budgeting.shown(self._desk, tx, order)
            return order, place, replace(setting, freezes=freezes.active(tx), prospects=told)

        return await self._desk.db.read(look)


def _posted(tx: Tx, debt: Debt, revision: int, channel: str, ts: str) -> None:
    outbox.card_posted(tx, debt.order_id or "", revision, channel, ts)
    outbox.paid(tx, debt)
