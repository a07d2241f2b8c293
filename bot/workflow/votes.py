"""Somebody approves, denies or cancels: one transaction, a truthful answer in every case.

The vote is judged inside the transaction that writes it, on the order as it is then, so of two
approvers at the same instant one counts first and the other is told what has become true.
"""

from dataclasses import replace
from datetime import datetime

from bot.domain.orders import Event, Order, Vote, apply
from bot.domain.voting import Answer, Verdict, judge, judge_cancel, still_missing
from bot.workflow.advance import moved
from bot.workflow.anew import ask_anew
from bot.workflow.budgeting import refuse_vote, too_little
from bot.workflow.desk import Desk, card_wish, notice_wish
from bot.workflow.enveloped import approved
from bot.workflow.rules import differences, said
from storage import orders, outbox
from storage.database import Tx


async def approve(desk: Desk, order_id: str, *, voter: str, digest: str) -> Verdict:
    """Count a yes to exactly what the card with this digest showed."""
    desk.checkpoint("vote received")
    now = desk.now()
    verdict = await desk.db.write(lambda tx: _approve(desk, tx, order_id, voter, digest, now))
    desk.checkpoint("vote committed")
    return _after(desk, verdict)


async def deny(
    desk: Desk, order_id: str, *, voter: str, digest: str, reason: str | None
) -> Verdict:
    """One eligible no ends the order."""
    now = desk.now()
    verdict = await desk.db.write(lambda tx: _deny(desk, tx, order_id, voter, digest, reason, now))
    return _after(desk, verdict)


async def may_deny(desk: Desk, order_id: str, *, voter: str, digest: str) -> Verdict:
    """Would a Deny count now? COUNTED means yes; nothing is written."""
    now = desk.now()

    def look(tx: Tx) -> Verdict:
        order = orders.load(tx, order_id)
        if order is None:
            return Verdict(answer=Answer.NO_SUCH_ORDER)
        return _judge_no(desk, order, voter, digest, now)

    return await desk.db.read(look)


async def cancel(desk: Desk, order_id: str, *, person: str) -> Verdict:
    """The requester or an approver takes the order back, until it is being sent."""
    now = desk.now()
    verdict = await desk.db.write(lambda tx: _cancel(desk, tx, order_id, person, now))
    return _after(desk, verdict)


async def close_if_spare(desk: Desk, order_id: str, *, channel: str, ts: str) -> None:
    """A clicked message that is not a card we know of this order is owed a closing edit."""
    if await desk.db.read(lambda tx: outbox.is_card(tx, order_id, ts)):
        return
    spare = outbox.Wish(
        key=f"twin:{channel}:{ts}",
        kind=outbox.Kind.TWIN,
        order_id=order_id,
        facts={"channel": channel, "ts": ts},
    )
    await desk.db.write(lambda tx: outbox.wish(tx, spare, at=desk.now()))
    desk.wake_announcer()


def _after(desk: Desk, verdict: Verdict) -> Verdict:
    if verdict.order is not None and (
        verdict.counts
        or verdict.answer in {Answer.TOO_LATE, Answer.POLICY_CHANGED, Answer.OVER_BUDGET}
    ):
        moved(desk, verdict.order)
    return verdict


def _approve(desk: Desk, tx: Tx, order_id: str, voter: str, digest: str, now: datetime) -> Verdict:
    order = orders.load(tx, order_id)
    if order is None:
        return Verdict(answer=Answer.NO_SUCH_ORDER)
    roster = desk.directory.roster
    verdict = judge(order, voter=voter, digest=digest, policy=desk.policy, roster=roster, now=now)
    if verdict.answer is not Answer.COUNTED:
        return verdict
    if found := differences(desk, order):
        # A vote for what was shown cannot count: everybody is asked about what stands today.
        anew = ask_anew(desk, order, said(found))
        saved = anew.save(tx, actor="bot", at=now)
        return Verdict(answer=Answer.POLICY_CHANGED, order=saved)
    vote = Vote(voter=voter, digest=digest, at=now)
    counted = replace(order, votes=(*order.votes, vote))
    missing = still_missing(counted, policy=desk.policy, roster=roster)
    if not missing and (short := too_little(desk, tx, order, now=now)):
        return refuse_vote(tx, order, voter, short, now)
    orders.add_vote(tx, order, voter=voter, choice="approve", at=now, digest=digest)
    if missing:
        after = apply(order, Event.VOTED, votes=counted.votes)
    else:
        after = approved(desk, order, at=now, votes=counted.votes)
    event = Event.VOTED if missing else Event.APPROVED
    saved = orders.move(
        tx,
        order,
        after,
        event,
        actor=voter,
        at=now,
        wishes=[card_wish(after)],
        facts={"digest": digest},
    )
    answer = Answer.COUNTED if missing else Answer.DECIDED
    return Verdict(answer=answer, order=saved, missing=missing)


def _judge_no(desk: Desk, order: Order, voter: str, digest: str, now: datetime) -> Verdict:
    verdict = judge(
        order,
        voter=voter,
        digest=digest,
        policy=desk.policy,
        roster=desk.directory.roster,
        now=now,
    )
    # Whoever approved may think better of it while the order is still open.
    if verdict.answer is Answer.ALREADY_VOTED:
        return replace(verdict, answer=Answer.COUNTED)
    return verdict


def _deny(
    desk: Desk,
    tx: Tx,
    order_id: str,
    voter: str,
    digest: str,
    reason: str | None,
    now: datetime,
) -> Verdict:
    order = orders.load(tx, order_id)
    if order is None:
        return Verdict(answer=Answer.NO_SUCH_ORDER)
    verdict = _judge_no(desk, order, voter, digest, now)
    if verdict.answer is not Answer.COUNTED:
        return verdict
    after = apply(order, Event.DENIED, closed_by=voter, note=reason, due_at=None)
    saved = orders.move(
        tx,
        order,
        after,
        Event.DENIED,
        actor=voter,
        at=now,
        wishes=[card_wish(after), notice_wish(after, "denied")],
        facts={"reason": reason, "digest": digest},
    )
    return Verdict(answer=Answer.DENIED, order=saved)


def _cancel(desk: Desk, tx: Tx, order_id: str, person: str, now: datetime) -> Verdict:
    order = orders.load(tx, order_id)
    if order is None:
        return Verdict(answer=Answer.NO_SUCH_ORDER)
    provider = desk.provider(order)
    verdict = judge_cancel(
        order,
        person=person,
        policy=desk.policy,
        roster=desk.directory.roster,
        cancellable=provider is not None and provider.sheet.cancellable,
    )
    if verdict.answer is Answer.TAKING_BACK:
        asked = apply(order, Event.CANCEL_ASKED, closed_by=person, tries=0, due_at=now)
        wishes = [card_wish(asked)]
        saved = orders.move(
            tx, order, asked, Event.CANCEL_ASKED, actor=person, at=now, wishes=wishes
        )
        return Verdict(answer=Answer.TAKING_BACK, order=saved)
    if verdict.answer is not Answer.CANCELLED:
        return verdict
    after = apply(order, Event.CANCELLED, closed_by=person, due_at=None, note=None)
    saved = orders.move(
        tx, order, after, Event.CANCELLED, actor=person, at=now, wishes=[card_wish(after)]
    )
    return Verdict(answer=Answer.CANCELLED, order=saved)
