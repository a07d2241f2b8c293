"""What is owed to Slack about schedules: their cards, replies in their threads, their reminders."""

from collections.abc import Callable
from datetime import datetime

from slack_sdk.errors import SlackApiError

from bot.domain.occurring import Fate, Run
from bot.domain.orders import Order
from bot.domain.schedule_votes import ballot_of
from bot.domain.schedules import Schedule
from bot.domain.voting import missing_of
from bot.postbox import Postbox, plain
from bot.refusals import Meaning, NoPlace, meaning_of
from bot.workflow import envelopes
from bot.workflow.desk import Desk
from bot.workflow.schedule_wishes import schedule_wish
from commands import schedule_cards
from commands.cards import Message, Setting
from commands.words import schedules as words
from storage import occurrences, orders, outbox, schedules
from storage.database import Tx
from storage.outbox import Debt, Kind

Place = tuple[str, str]
"""Channel and ts."""


class ScheduleLetters:
    """Sends what is owed. Raises NoPlace, and what the Slack client raises; then it is still owed.

    ``obstacle``: why nothing new may be posted, where Slack itself would take it.
    """

    def __init__(
        self,
        desk: Desk,
        postbox: Postbox,
        setting: Callable[[], Setting],
        channel: str,
        obstacle: Callable[[], str | None],
    ) -> None:
        self._desk = desk
        self._postbox = postbox
        self._setting = setting
        self._channel = channel
        self._obstacle = obstacle

    async def send(self, debt: Debt) -> None:
        """Send one message and mark it paid."""
        match debt.kind:
            case Kind.SCHEDULE:
                await self._card(debt)
            case Kind.SCHEDULE_NOTICE:
                await self._notice(debt)
            case _:
                await self._reminder(debt)

    async def _card(self, debt: Debt) -> None:
        schedule_id, revision = str(debt.facts["schedule"]), int(debt.facts["revision"])
        if "spare" in debt.facts:
            await self._spare(debt, schedule_id)
            return

        def look(tx: Tx) -> tuple[Schedule | None, dict[Fate, int]]:
            return schedules.load(tx, schedule_id), occurrences.tally(tx, schedule_id)

        schedule, tally = await self._desk.db.read(look)
        if schedule is None:
            await self._paid(debt)
            return
        message = schedule_cards.card(schedule, self._setting(), tally, revision=revision)
        is_current = revision == schedule.revision
        await self._place(debt, schedule_id, f"card {revision}", message, may_post=is_current)

    async def _spare(self, debt: Debt, schedule_id: str) -> None:
        """Close a copy that a click has revealed; what is known by now is no spare."""
        channel, ts = debt.facts["spare"]

        def look(tx: Tx) -> tuple[Schedule | None, bool]:
            return schedules.load(tx, schedule_id), schedules.is_known(tx, schedule_id, ts)

        schedule, known = await self._desk.db.read(look)
        if schedule is not None and not known:
            message = schedule_cards.spare(schedule, self._setting())
            await self._edited(channel, ts, message, may_post=False)
        await self._paid(debt)

    async def _reminder(self, debt: Debt) -> None:
        schedule_id, asked = str(debt.facts["schedule"]), int(debt.facts["asked"])
        local = datetime.fromisoformat(debt.facts["local"])

        def look(tx: Tx) -> tuple[Schedule | None, Run | None, Order | None]:
            run = occurrences.load(tx, schedule_id, local)
            order_id = None if run is None else run.order_id
            order = None if order_id is None else orders.load(tx, order_id)
            return schedules.load(tx, schedule_id), run, order

        schedule, run, order = await self._desk.db.read(look)
        if schedule is None or run is None:
            await self._paid(debt)
            return
        message = schedule_cards.reminder(schedule, run, order, self._setting(), asked=asked)
        name = f"{run.key} {asked}"
        await self._place(debt, schedule_id, name, message, may_post=asked == run.asked)

    async def _place(
        self, debt: Debt, schedule_id: str, name: str, message: Message, *, may_post: bool
    ) -> None:
        """Post it, or edit what stands there. What nobody has seen is not posted to be closed."""
        place = await self._desk.db.read(lambda tx: schedules.place(tx, schedule_id, name))
        if place is None and not may_post:
            await self._paid(debt)
            return
        if place is None:
            self._desk.checkpoint("before schedule post")
            if (why := self._obstacle()) is not None:
                raise NoPlace(why)
            channel, ts = self._channel, await self._postbox.post(self._channel, message)
            self._desk.checkpoint("schedule posted")
        else:
            channel, ts = place
            if (ready_at := self._postbox.ready_at(ts)) is not None:
                await self._desk.db.write(lambda tx: outbox.deferred(tx, debt, until=ready_at))
                return
            ts = await self._edited(channel, ts, message, may_post=may_post)

        def write(tx: Tx) -> None:
            schedules.posted(tx, schedule_id, name, channel, ts)
            outbox.paid(tx, debt)

        await self._desk.db.write(write)

    async def _edited(self, channel: str, ts: str, message: Message, *, may_post: bool) -> str:
        """The ts at which it stands now: a message that is gone is posted anew."""
        try:
            await self._postbox.edit(channel, ts, message)
        except SlackApiError as error:
            if meaning_of(error) is not Meaning.GONE:
                raise
            # Somebody has deleted it; what was only to be closed is as good as closed.
            return await self._postbox.post(channel, message) if may_post else ts
        return ts

    async def _notice(self, debt: Debt) -> None:
        schedule_id, revision = str(debt.facts["schedule"]), int(debt.facts["revision"])

        def look(tx: Tx) -> tuple[Schedule | None, Place | None]:
            place = schedules.place(tx, schedule_id, f"card {revision}")
            return schedules.load(tx, schedule_id), place

        schedule, place = await self._desk.db.read(look)
        if schedule is not None and place is not None:
            if (text := self._said(debt, schedule)) is not None:
                await self._postbox.reply(place, plain(text))
        elif schedule is not None and await self._waits(debt, schedule, revision):
            return
        await self._paid(debt)

    def _said(self, debt: Debt, schedule: Schedule) -> str | None:
        """What the reply says; None: by now there is nothing to say."""
        if debt.facts["subject"] != "waits":
            return words.notice(schedule, debt.facts)
        whom = envelopes.awaited(schedule, debt.facts, self._desk.now())
        setting, terms = self._setting(), schedule.terms
        missing = missing_of(ballot_of(schedule), policy=setting.policy, roster=setting.roster)
        title = setting.titles.get(terms.provider, terms.provider)
        return words.waiting(schedule, whom, title, missing) if whom else None

    async def _waits(self, debt: Debt, schedule: Schedule, revision: int) -> bool:
        """The card under which it is to stand is still owed: it comes after that."""

        def write(tx: Tx) -> bool:
            at = outbox.owed_at(tx, schedule_wish(schedule, revision).key)
            if at is None:
                return False
            outbox.deferred(tx, debt, until=at)
            return True

        return await self._desk.db.write(write)

    async def _paid(self, debt: Debt) -> None:
        await self._desk.db.write(lambda tx: outbox.paid(tx, debt))
