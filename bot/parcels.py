"""Files that are owed: each is made and sent in the background, so that no message waits for it.

The debt stays in the outbox until the file has arrived. While it is under way the debt is put off,
so that another process takes it up if this one dies; what Slack does not take now is tried again
for an hour, and then, or when it never will be taken, the person is told why. A fault of ours while
it is made is treated as Slack's are: it may pass, and is no reason to leave anybody without a word.
"""

from datetime import datetime, timedelta

import structlog
from slack_sdk.errors import SlackApiError

from bot.artist import Artist, Undrawn
from bot.courier import Courier, NotTaken
from bot.domain.months import Month, said
from bot.refusals import UNREACHABLE, Meaning, code_of, meaning_of, seconds_to_wait
from bot.workflow import reporting
from bot.workflow.desk import OUR_FAULT, Desk, backoff
from bot.workflow.exporting import Totals, export
from commands import parcels
from commands.charts import chart
from commands.parcels import Parcel
from storage import outbox
from storage.database import Tx
from storage.outbox import Debt, Kind, Wish

log = structlog.get_logger()

LEASE = timedelta(minutes=10)
"""Longer than making and sending takes; after it the file of a dead process is taken up again."""

GIVE_UP = timedelta(hours=1)

PAUSES = (5, 15, 60, 300)
"""Seconds between tries; the last repeats."""


class Failed(Exception):
    """It will not come; ``str()`` says why, as a phrase."""


class Later(Exception):
    """It did not come now; ``str()`` says why, ``seconds`` what Slack wants us to wait."""

    def __init__(self, why: str, seconds: float = 0.0) -> None:
        super().__init__(why)
        self.seconds = seconds


class Parcels:
    """Takes the debts of kind FILE."""

    def __init__(self, desk: Desk, courier: Courier, artist: Artist) -> None:
        self._desk = desk
        self._courier = courier
        self._artist = artist
        self._under_way: set[str] = set()

    async def take(self, debt: Debt) -> None:
        """Begin, and put the debt off meanwhile. A bot that stops leaves it to the next start."""
        desk = self._desk
        until = desk.now() + (timedelta(seconds=PAUSES[0]) if desk.stopping else LEASE)
        await desk.db.write(lambda tx: outbox.deferred(tx, debt, until=until))
        if debt.key not in self._under_way and not desk.stopping:
            self._under_way.add(debt.key)
            desk.spawn(self._carry(debt), name="a file")

    async def _carry(self, debt: Debt) -> None:
        desk, ours = self._desk, Later(OUR_FAULT)
        ended: Later | Failed | None = ours
        try:
            await self._bring(debt)
            ended = None
        except (Later, Failed) as error:
            ended = error
        finally:
            self._under_way.discard(debt.key)
            # Cut off because the bot stops, it is nobody's fault: the debt stands as it is.
            if not (ended is ours and desk.stopping):
                await self._end(debt, ended)
                desk.wake_announcer()

    async def _end(self, debt: Debt, why: Later | Failed | None) -> None:
        """Mark it as arrived, owe it again, or give it up."""
        desk = self._desk
        if why is None:
            await desk.db.write(lambda tx: outbox.paid(tx, debt))
        elif isinstance(why, Failed):
            await self._give_up(debt, str(why))
        elif desk.now() - datetime.fromisoformat(debt.facts["at"]) < GIVE_UP:
            await self._again(debt, why)
        else:
            await self._give_up(debt, str(why))

    async def _bring(self, debt: Debt) -> None:
        """Raises Later or Failed."""
        try:
            parcel = await self._made(debt)
            self._desk.checkpoint("before file")
            await self._courier.send(debt.facts["to"], parcel)
            self._desk.checkpoint("file sent")
        except Undrawn as error:
            raise Failed(str(error)) from None
        except NotTaken as error:
            raise Later(str(error)) from None
        except SlackApiError as error:
            code, meaning = code_of(error), meaning_of(error)
            if meaning is Meaning.SLOWER:
                raise Later(f"Slack says {code}", seconds_to_wait(error)) from None
            if meaning in {Meaning.AWAY, Meaning.LOCKED_OUT}:
                raise Later(f"Slack says {code}") from None
            raise Failed(f"Slack says {code}") from None
        except UNREACHABLE:
            raise Later("Slack could not be reached") from None

    async def _made(self, debt: Debt) -> Parcel:
        """From what is true now. Raises Undrawn."""
        desk, month = self._desk, month_in(debt)
        if debt.facts["what"] == reporting.CHART:
            told = await reporting.month(desk, month)
            return parcels.chart(told, await self._artist.draw(chart(told)))
        totals, person = Totals(), debt.facts["to"]
        rows = export(desk.db, month, desk.zone, totals, actor=person, now=desk.now())
        return parcels.export(month, b"".join([some async for some in rows]), totals)

    async def _again(self, debt: Debt, why: Later) -> None:
        pause = max(backoff(PAUSES, debt.tries), timedelta(seconds=why.seconds))
        until = self._desk.now() + pause
        log.warning("a file has not arrived yet", debt=debt.key, reason=str(why))
        await self._desk.db.write(
            lambda tx: outbox.postponed(tx, debt, until=until, trouble=str(why))
        )

    async def _give_up(self, debt: Debt, why: str) -> None:
        """The person is told; that message waits for Slack as all others do."""
        log.error("a file cannot be sent", debt=debt.key, reason=why)
        now = self._desk.now()
        facts = {**debt.facts, "undelivered": why}
        word = Wish(key=f"direct:{debt.key}", kind=Kind.DIRECT, order_id=None, facts=facts)

        def write(tx: Tx) -> None:
            outbox.paid(tx, debt)
            outbox.wish(tx, word, at=now)

        await self._desk.db.write(write)


def month_in(debt: Debt) -> Month:
    """The month that was asked for."""
    one = said(debt.facts["month"])
    assert one.year is not None, "written as 2026-11"
    assert one.number is not None, "the same"
    return Month(one.year, one.number)
