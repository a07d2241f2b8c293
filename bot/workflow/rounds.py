"""One walk over a vendor's list for all purchases of ours that are to be read there now.

Where the list shows them, ten thousand unfinished purchases cost as many calls as they fill pages.
What the walk has seen is the vendor's truth, whether it came to the end of the list or not; what it
has not seen is looked for again later, and never taken for gone.
"""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.domain.orders import Order, Outcome, State
from bot.domain.steps import SILENT_POLLS, Step, next_step
from bot.workflow import advance, reading, watching
from bot.workflow.carrying import REST
from bot.workflow.desk import Desk
from bot.workflow.portions import portions
from providers.base import Provider, ProviderError, Report, Survey, Surveyor
from storage import orders, waking
from storage.database import DatabaseClosed, Tx

log = structlog.get_logger()

AT_ONCE = 100
"""Orders that are loaded, and put off, in one transaction."""

FEW = 20
"""So many are told on their cards what they wait for. With more, the trouble is the vendor's, and
their edits would hold up every other message for minutes."""


def surveyors(desk: Desk) -> list[str]:
    """The providers whose list can be read for many purchases."""
    return [
        name
        for name, one in desk.providers.items()
        if one.sheet.survey_from is not None and isinstance(one, Surveyor)
    ]


def wake(desk: Desk, name: str) -> None:
    """See to all that is to be read at this provider, in the background; one walk at a time."""
    if name in desk.surveyed or desk.stopping or desk.resting.get(name, desk.now()) > desk.now():
        return
    desk.resting.pop(name, None)
    desk.surveyed.add(name)
    desk.spawn(_carry(desk, name), name=f"read at {name}")


async def _carry(desk: Desk, name: str) -> None:
    walked = True
    try:
        walked = await read(desk, name)
    except DatabaseClosed:
        pass
    except Exception:
        # A fault of ours or of a client: once a minute is often enough to meet it again.
        log.exception("a list could not be read for many orders", provider=name)
        desk.resting[name] = desk.now() + REST
    finally:
        desk.surveyed.discard(name)
        if walked:
            desk.wake_announcer()
            desk.wake_clock(None)


async def read(desk: Desk, name: str) -> bool:
    """Read what is due: by the list, or one by one where that is cheaper; whether by the list."""
    provider = desk.providers[name]
    now = desk.now()
    all_due = await desk.db.read(lambda tx: waking.due_to_read(tx, name, now=now))
    due = {one: ref for one, ref in all_due.items() if one not in desk.busy | set(desk.resting)}
    most = provider.sheet.survey_from or 0
    if most > 1 and len(due) < max(most, desk.survey_pages.get(name, 0)):
        for order_id in list(due)[:AT_ONCE]:
            advance.wake(desk, order_id)
        return False
    if not due:
        return False
    assert isinstance(provider, Surveyor), "see surveyors"
    desk.checkpoint("before poll")
    trouble: str | None = None
    try:
        survey = await provider.survey(set(due.values()))
    except ProviderError as error:
        trouble = f"the provider cannot be asked at the moment: {error.reason}"
        survey = Survey(found={}, whole=False, pages=desk.survey_pages.get(name, 0))
    desk.checkpoint("poll answered")
    desk.survey_pages[name] = survey.pages
    log.info("list read", provider=name, wanted=len(due), seen=len(survey.found))
    walk = _Walk(desk, provider, survey, trouble, few=len(due) <= FEW)
    for some in portions(list(due), AT_ONCE):
        await walk.hear(some)
    return True


class _Walk:
    """What one walk has shown, brought to the orders."""

    def __init__(
        self, desk: Desk, provider: Provider, survey: Survey, trouble: str | None, *, few: bool
    ) -> None:
        self._desk = desk
        self._provider = provider
        self._survey = survey
        self._trouble = trouble
        self._few = few
        self._asked = 0

    async def hear(self, ids: Sequence[str]) -> None:
        """Move what has news, and put the others off together."""
        loaded = await self._desk.db.read(lambda tx: orders.some(tx, ids))
        quiet = []
        for order in loaded:
            try:
                if not await self._seen_to(order):
                    quiet.append(order)
            except orders.Lost:
                log.info("somebody else moved the order first", order=order.id)
        await self._desk.db.write(lambda tx: self._put_off(tx, quiet))

    def _put_off(self, tx: Tx, quiet: list[Order]) -> None:
        desk, sheet = self._desk, self._provider.sheet
        for order in quiet:
            tries = order.tries + 1
            accepted = order.state is State.ACCEPTED
            again = (
                reading.read_again(desk, sheet, tries)
                if accepted
                else reading.watch_again(desk, order, tries)
            )
            orders.touch(tx, order, tries=tries, due_at=again)

    async def _seen_to(self, order: Order) -> bool:
        """Whether something was written; False: there is no news, look again later."""
        desk = self._desk
        step = next_step(order, now=desk.now(), boot_id=desk.boot_id, attempt=None, running=False)
        if step not in {Step.POLL, Step.WATCH} or order.ref is None:
            return True  # it has moved on meanwhile
        report = self._survey.found.get(order.ref)
        if report is None:
            return await self._unseen(order)
        told = _completed_by(order, report)
        if step is Step.WATCH:
            return await watching.hear(desk, order, self._provider, told)
        if reading.is_news(order, told, self._provider.sheet):
            await reading.hear(desk, order, told)
            return True
        return await self._noted(order, None)

    async def _unseen(self, order: Order) -> bool:
        """Not among what was read."""
        by_itself = (self._provider.sheet.survey_from or 0) > 1
        if self._survey.whole and by_itself and self._asked < FEW:
            # The list has ended without it; the look at this one purchase has the last word.
            self._asked += 1
            advance.wake(self._desk, order.id)
            return True
        if order.state is not State.ACCEPTED:
            return False
        absent = reading.ABSENT if self._survey.whole else order.note
        return await self._noted(order, self._trouble or absent)

    async def _noted(self, order: Order, note: str | None) -> bool:
        """Say on the card what it waits for, if that is news and not said of many."""
        silent = order.tries + 1 == SILENT_POLLS and order.outcome == Outcome()
        cleared = note is None and order.note is not None
        if silent or cleared or (note != order.note and self._few):
            await reading.wait(self._desk, order, note)
            return True
        return False


def _completed_by(order: Order, report: Report) -> Report:
    """A row of a list may tell less than the purchase's own page has told before."""
    known = order.outcome
    return replace(
        report,
        total=known.total if report.total is None else report.total,
        fee=known.fee if report.fee is None else report.fee,
        quantity=known.quantity if report.quantity is None else report.quantity,
        price=known.price if report.price is None else report.price,
        at=known.at if report.at is None else report.at,
        chain=known.chain if report.chain is None else report.chain,
        settles_on=known.settles_on if report.settles_on is None else report.settles_on,
    )
