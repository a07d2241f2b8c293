"""People approve or deny the envelope of a recurring purchase, as they do an order.

The vote is judged inside the transaction that writes it. What would be asked for differently today
(another rule, other fees) is proposed anew instead, and the votes before are void.
"""

from dataclasses import replace
from datetime import datetime

from bot.domain.orders import Vote
from bot.domain.policy import unmet
from bot.domain.requests import Refusal, resolve
from bot.domain.schedule_votes import ScheduleVerdict, ballot_of
from bot.domain.schedules import Schedule, ScheduleEvent, apply, next_from
from bot.domain.voting import Answer, missing_of, weigh
from bot.workflow.desk import Desk
from bot.workflow.planning import Offer, offer
from bot.workflow.rules import sheets
from bot.workflow.schedule_wishes import schedule_notice, schedule_wish
from storage import schedules
from storage.database import Tx

CHANGED = "what it was asked under has changed since"


async def approve(desk: Desk, schedule_id: str, *, voter: str, digest: str) -> ScheduleVerdict:
    """Count a yes to exactly the envelope that the card with this digest showed."""
    desk.checkpoint("envelope vote received")
    now = desk.now()
    verdict = await desk.db.write(lambda tx: _approve(desk, tx, schedule_id, voter, digest, now))
    desk.checkpoint("envelope vote committed")
    _wake(desk)
    return verdict


async def deny(
    desk: Desk, schedule_id: str, *, voter: str, digest: str, reason: str | None
) -> ScheduleVerdict:
    """One eligible no ends the proposal."""
    now = desk.now()

    def write(tx: Tx) -> ScheduleVerdict:
        verdict = _judge_no(desk, schedules.load(tx, schedule_id), voter, digest, now)
        schedule = verdict.schedule
        if verdict.answer is not Answer.COUNTED or schedule is None:
            return verdict
        after = apply(schedule, ScheduleEvent.DENIED, closed_by=voter, note=reason)
        facts = {"reason": reason, "digest": digest}
        wishes = [schedule_wish(after), schedule_notice(after, "denied", note=reason)]
        saved = schedules.move(
            tx,
            schedule,
            after,
            ScheduleEvent.DENIED,
            actor=voter,
            at=now,
            wishes=wishes,
            facts=facts,
        )
        return ScheduleVerdict(answer=Answer.DENIED, schedule=saved)

    verdict = await desk.db.write(write)
    _wake(desk)
    return verdict


async def may_deny(desk: Desk, schedule_id: str, *, voter: str, digest: str) -> ScheduleVerdict:
    """Would a Deny count now? COUNTED means yes; nothing is written."""
    now = desk.now()
    return await desk.db.read(
        lambda tx: _judge_no(desk, schedules.load(tx, schedule_id), voter, digest, now)
    )


def _wake(desk: Desk) -> None:
    desk.wake_announcer()
    desk.wake_clock()


def _judge(
    desk: Desk, schedule: Schedule | None, voter: str, digest: str, now: datetime
) -> ScheduleVerdict:
    if schedule is None or schedule.rule is None:
        return ScheduleVerdict(answer=Answer.NO_SUCH_ORDER)
    one = weigh(
        ballot_of(schedule),
        voter=voter,
        digest=digest,
        policy=desk.policy,
        roster=desk.directory.roster,
        now=now,
    )
    return ScheduleVerdict(
        answer=one.answer, schedule=schedule, standing=one.standing, voted_at=one.voted_at
    )


def _judge_no(
    desk: Desk, schedule: Schedule | None, voter: str, digest: str, now: datetime
) -> ScheduleVerdict:
    verdict = _judge(desk, schedule, voter, digest, now)
    # Whoever approved may think better of it while the proposal is still open.
    if verdict.answer is Answer.ALREADY_VOTED:
        return replace(verdict, answer=Answer.COUNTED)
    return verdict


def _approve(
    desk: Desk, tx: Tx, schedule_id: str, voter: str, digest: str, now: datetime
) -> ScheduleVerdict:
    verdict = _judge(desk, schedules.load(tx, schedule_id), voter, digest, now)
    schedule = verdict.schedule
    if verdict.answer is not Answer.COUNTED or schedule is None:
        return verdict
    if (today := _today(desk, tx, schedule)) != _shown(schedule):
        return _anew(desk, tx, schedule, today, now)
    schedules.add_vote(tx, schedule, voter=voter, choice="approve", at=now, digest=digest)
    vote = Vote(voter=voter, digest=digest, at=now)
    counted = replace(schedule, votes=(*schedule.votes, vote))
    missing = missing_of(ballot_of(counted), policy=desk.policy, roster=desk.directory.roster)
    event = ScheduleEvent.VOTED if missing else ScheduleEvent.APPROVED
    after = apply(schedule, event, votes=counted.votes)
    if not missing:
        # The dates that have gone by while people decided fall away.
        after = replace(after, decided_at=now, next=next_from(schedule, now))
    saved = schedules.move(
        tx,
        schedule,
        after,
        event,
        actor=voter,
        at=now,
        wishes=[schedule_wish(after)],
        facts={"digest": digest},
    )
    answer = Answer.COUNTED if missing else Answer.DECIDED
    return ScheduleVerdict(answer=answer, schedule=saved, missing=missing)


def _shown(schedule: Schedule) -> Offer:
    """What the card asks people to agree to; whose vote counts is not a part of it."""
    assert schedule.total is not None, "reminders are not voted on"
    assert schedule.rule is not None, "reminders are not voted on"
    return Offer(
        terms=schedule.terms, total=schedule.total, rule=schedule.rule, eligible=frozenset()
    )


def _today(desk: Desk, tx: Tx, schedule: Schedule) -> Offer | Refusal:
    """The same words, asked for at this moment."""
    terms = resolve(schedule.plan.buy, sheets(desk))
    if isinstance(terms, Refusal):
        return terms
    found = offer(desk, tx, terms, schedule.dates.count or 0, schedule.requester)
    return found if isinstance(found, Refusal) else replace(found, eligible=frozenset())


def _anew(
    desk: Desk, tx: Tx, schedule: Schedule, today: Offer | Refusal, now: datetime
) -> ScheduleVerdict:
    """The votes are void, and a fresh card asks under what stands today; or it cannot be asked."""
    rule = None if isinstance(today, Refusal) else today.rule
    policy, roster = desk.policy, desk.directory.roster
    eligible = schedule.eligible
    if rule is not None and rule != schedule.rule:
        eligible = frozenset(
            user for need in rule.approvals for user in policy.members(need.group, roster)
        ) - {schedule.requester}
    event = ScheduleEvent.ASKED_AGAIN
    if isinstance(today, Refusal) or unmet(policy, roster, today.rule, eligible):
        event = ScheduleEvent.STOPPED
        after = apply(schedule, event, closed_by="bot", note="it is not allowed any more")
        wishes = [schedule_wish(after), schedule_notice(after, "stopped", note=after.note)]
    else:
        after = apply(
            schedule,
            event,
            revision=schedule.revision + 1,
            votes=(),
            terms=today.terms,
            total=today.total,
            rule=today.rule,
            eligible=eligible,
            note=CHANGED,
        )
        fresh = schedule_notice(after, "asked again", note=CHANGED)
        wishes = [schedule_wish(after, schedule.revision), schedule_wish(after), fresh]
    saved = schedules.move(
        tx, schedule, after, event, actor="bot", at=now, wishes=wishes, facts={"reason": after.note}
    )
    return ScheduleVerdict(answer=Answer.POLICY_CHANGED, schedule=saved)
