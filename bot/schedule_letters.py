"""What is owed to Slack about schedules: their cards, replies in their threads, their reminders."""

from datetime import datetime

from bot.correspondent import Correspondent
from bot.domain.occurring import Fate, Run
from bot.domain.orders import Order
from bot.domain.schedule_votes import ballot_of
from bot.domain.schedules import Schedule
from bot.domain.voting import missing_of
from bot.postbox import Place, plain
from bot.workflow import envelopes
from bot.workflow.schedule_wishes import schedule_wish
from commands import schedule_cards
from commands.cards import Message
from commands.words import schedules as words
from storage import occurrences, orders, outbox, schedules
from storage.database import Tx
from storage.outbox import Debt, Kind


class ScheduleLetters(Correspondent):
    """Sends what is owed about schedules."""

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
            await self._postbox.close((channel, ts), message)
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
            self._make_sure_of_place()
            place = self._channel, await self._postbox.post(self._channel, message)
            self._desk.checkpoint("schedule posted")
        else:
            if (ready_at := self._postbox.ready_at(place[1])) is not None:
                await self._desk.db.write(lambda tx: outbox.deferred(tx, debt, until=ready_at))
                return
            if may_post:
                place = await self._postbox.renew(place, message)
            else:
                await self._postbox.close(place, message)
        channel, ts = place

        def write(tx: Tx) -> None:
            schedules.posted(tx, schedule_id, name, channel, ts)
            outbox.paid(tx, debt)

        await self._desk.db.write(write)

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
        setting = self._setting()
        missing = missing_of(ballot_of(schedule), policy=setting.policy, roster=setting.roster)
        title = setting.title(schedule)
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
