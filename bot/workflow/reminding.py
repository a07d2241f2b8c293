"""Those who have not voted are reminded in the thread of the card; each may silence it for a while.

A round of reminding is a move of the order, written with the message that it owes: a restart knows
which rounds have been, and an order that was decided meanwhile reminds nobody.
"""

from datetime import datetime

from bot.domain.orders import Event, Order, State, apply
from bot.domain.policy import eligible_approvers
from bot.domain.reminders import Until, moment, next_round, snoozed
from bot.domain.voting import Answer, Verdict, judge
from bot.workflow.desk import Desk
from storage import orders
from storage.database import Tx
from storage.outbox import Kind, Wish


async def remind(desk: Desk, order: Order) -> None:
    """Remind whom the order waits for, and note when to do so next."""
    policy, now = desk.policy, desk.now()
    able = order.eligible & eligible_approvers(
        policy, desk.directory.roster, order.rule, order.requester
    )
    turn = next_round(order, able=able, now=now, remind_after=policy.remind_after)
    after = apply(
        order,
        Event.REMINDED,
        reminders=turn.reminders,
        remind_at=turn.remind_at,
        snoozes=turn.snoozes,
    )
    people = sorted(turn.people)
    wishes = [_reminder(after, people)] if people else []
    await desk.move(order, after, Event.REMINDED, wishes=wishes, facts={"people": people})


def awaited(order: Order, revision: int, people: list[str], now: datetime) -> list[str]:
    """Of those who were to be reminded of this revision, whom the order waits for right now."""
    waits = order.state is State.PENDING_APPROVAL and order.revision == revision
    if not waits or now >= order.expires_at:
        return []
    voted = {vote.voter for vote in order.votes}
    silent = {snooze.person for snooze in order.snoozes if snooze.until > now}
    return [one for one in people if one not in voted | silent]


async def snooze(desk: Desk, order_id: str, *, person: str, until: Until) -> Verdict:
    """Let the reminders of this person rest. The order and everybody else are left alone."""
    now = desk.now()
    verdict = await desk.db.write(lambda tx: _snooze(desk, tx, order_id, person, until, now))
    if verdict.counts:
        desk.wake_clock(None)
    return verdict


def _snooze(desk: Desk, tx: Tx, order_id: str, person: str, until: Until, now: datetime) -> Verdict:
    order = orders.load(tx, order_id)
    if order is None:
        return Verdict(answer=Answer.NO_SUCH_ORDER)
    roster = desk.directory.roster
    verdict = judge(
        order, voter=person, digest=order.digest, policy=desk.policy, roster=roster, now=now
    )
    if verdict.answer is not Answer.COUNTED:
        return verdict
    known = roster.people.get(person)
    end = moment(until, now, "UTC" if known is None else known.tz)
    after = apply(order, Event.SNOOZED, snoozes=snoozed(order, person, end))
    facts = {"until": end}
    saved = orders.move(tx, order, after, Event.SNOOZED, actor=person, at=now, facts=facts)
    return Verdict(answer=Answer.SNOOZED, order=saved, until=end)


def _reminder(order: Order, people: list[str]) -> Wish:
    return Wish(
        key=f"reminder:{order.id}:{order.version}",
        kind=Kind.REMINDER,
        order_id=order.id,
        facts={"revision": order.revision, "people": people},
    )
