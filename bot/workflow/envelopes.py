"""People approve or deny the envelope of a recurring purchase, as they do an order.

The vote is judged inside the transaction that writes it. What would be asked for differently today
(another rule, other fees) is proposed anew instead, and the votes before are void.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.orders import Vote
from bot.domain.policy import eligible_approvers
from bot.domain.reminders import next_at
from bot.domain.schedule_votes import ScheduleVerdict, ballot_of
from bot.domain.schedules import Schedule, ScheduleEvent, ScheduleState, apply, next_from
from bot.domain.voting import Answer, missing_of, weigh
from bot.workflow.desk import Desk
from bot.workflow.reproposing import changed, propose_anew
from bot.workflow.schedule_wishes import schedule_notice, schedule_wish, spare_wish
from storage import outbox, schedules
from storage.database import Tx


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


async def remind(desk: Desk, schedule: Schedule) -> None:
    """Remind whom the proposal waits for, and note when to do so next."""
    policy, now = desk.policy, desk.now()
    assert schedule.rule is not None, "reminders are not voted on"
    able = eligible_approvers(policy, desk.directory.roster, schedule.rule, schedule.requester)
    voted = {vote.voter for vote in schedule.votes}
    people = sorted((able & schedule.eligible) - voted)
    after = apply(
        schedule,
        ScheduleEvent.REMINDED,
        reminders=schedule.reminders + 1,
        remind_at=next_at(
            schedule.reminders,
            now=now,
            remind_after=policy.remind_after,
            expires_at=schedule.expires_at,
        ),
    )
    wishes = [schedule_notice(after, "waits", people=people)] if people else []
    await desk.db.write(
        lambda tx: schedules.move(
            tx,
            schedule,
            after,
            ScheduleEvent.REMINDED,
            actor="bot",
            at=now,
            wishes=wishes,
            facts={"people": people},
        )
    )


def awaited(schedule: Schedule, facts: Mapping[str, Any], now: datetime) -> list[str]:
    """Of those who were to be reminded, for whom the proposal waits right now."""
    waits = schedule.state is ScheduleState.PROPOSED and schedule.revision == facts["revision"]
    if not waits or now >= schedule.expires_at:
        return []
    voted = {vote.voter for vote in schedule.votes}
    return [one for one in facts["people"] if one not in voted]


async def close_if_spare(desk: Desk, schedule_id: str, *, channel: str, ts: str) -> None:
    """A clicked message that is none that we know of this schedule is owed a closing edit."""
    if await desk.db.read(lambda tx: schedules.is_known(tx, schedule_id, ts)):
        return
    spare = spare_wish(schedule_id, channel, ts)
    await desk.db.write(lambda tx: outbox.wish(tx, spare, at=desk.now()))
    desk.wake_announcer()


async def may_deny(desk: Desk, schedule_id: str, *, voter: str, digest: str) -> ScheduleVerdict:
    """Would a Deny count now? COUNTED means yes; nothing is written."""
    now = desk.now()
    return await desk.db.read(
        lambda tx: _judge_no(desk, schedules.load(tx, schedule_id), voter, digest, now)
    )


def _wake(desk: Desk) -> None:
    desk.wake_announcer()
    desk.wake_clock(None)


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
    if (found := changed(desk, tx, schedule)) is not None:
        # A vote for what was shown cannot count: everybody is asked about what stands today.
        saved = propose_anew(desk, tx, schedule, found, now=now)
        return ScheduleVerdict(answer=Answer.POLICY_CHANGED, schedule=saved)
    schedules.add_vote(tx, schedule, voter=voter, choice="approve", at=now, digest=digest)
    vote = Vote(voter=voter, digest=digest, at=now)
    counted = replace(schedule, votes=(*schedule.votes, vote))
    missing = missing_of(ballot_of(counted), policy=desk.policy, roster=desk.directory.roster)
    event = ScheduleEvent.VOTED if missing else ScheduleEvent.APPROVED
    after = apply(schedule, event, votes=counted.votes)
    if not missing:
        # The dates that have gone by while people decided fall away.
        coming = next_from(schedule, now)
        after = replace(after, decided_at=now, next=coming, note=None, remind_at=None)
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
