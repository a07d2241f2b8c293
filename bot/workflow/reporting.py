"""A month's report, read from the database in portions, and files that are owed to who asked."""

from collections.abc import Sequence

from bot.domain.months import Month, month_of
from bot.domain.reports import Booked, Report, report
from bot.workflow.desk import Desk
from bot.workflow.portions import portions
from storage import ledger, outbox
from storage.database import Tx
from storage.outbox import Kind, Wish

EXPORT = "export"
CHART = "chart"


async def month(desk: Desk, which: Month) -> Report:
    """What was spent in this month until now."""
    zone, now = desk.zone, desk.now()
    since, until = which.span(zone)
    before = which.plus(-1).begins(zone)
    ids = await desk.db.read(lambda tx: ledger.booked(tx, since=since, until=until))
    found: list[Booked] = []
    for some in portions(ids):

        def read(tx: Tx, some: Sequence[str] = some) -> list[Booked]:
            return [_booked(desk, line) for line in ledger.lines(tx, some)]

        found += await desk.db.read(read)
    return report(
        which,
        found,
        at=now,
        before=await desk.db.read(lambda tx: ledger.spent(tx, since=before, until=since)),
        runs=which == month_of(now, zone),
    )


def _booked(desk: Desk, line: ledger.Line) -> Booked:
    order, outcome = line.order, line.order.outcome
    # Figures in a currency that nobody approved add up with nothing.
    foreign = outcome.currency is not None
    return Booked(
        provider=order.terms.provider,
        asset=order.terms.asset,
        currency=order.terms.currency,
        state=order.state,
        status=line.status,
        amount=line.amount,
        fee=None if foreign else outcome.fee,
        quantity=outcome.quantity,
        requester=order.requester,
        approvers=tuple(vote.voter for vote in order.votes),
        day=line.booked_at.astimezone(desk.zone).date(),
    )


async def owe_file(desk: Desk, what: str, which: Month, *, user: str) -> None:
    """Write down that this file is to come to this person; asking twice meanwhile is asking once.

    ``what``: EXPORT or CHART.
    """
    facts = {"what": what, "month": which.text, "to": user, "at": desk.now()}
    wish = Wish(key=f"file:{what}:{which.text}:{user}", kind=Kind.FILE, order_id=None, facts=facts)

    def write(tx: Tx) -> None:
        if outbox.owed_at(tx, wish.key) is None:
            outbox.wish(tx, wish, at=desk.now())

    await desk.db.write(write)
    desk.wake_announcer()
