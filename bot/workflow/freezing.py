"""Stop all purchases, or some, at once; two people let them go on.

A freeze is a row: it survives every restart, and the transaction that writes ``submitting`` reads
it. Whoever freezes anew takes back what somebody else has begun to lift.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.freezes import Freeze, Scope
from bot.domain.orders import State
from bot.domain.people import Standing
from bot.workflow.desk import Desk, card_wish
from storage import freezes, orders, outbox
from storage.database import Tx
from storage.outbox import Kind, Wish

Chosen = Callable[[Freeze], bool]
"""Which of the freezes that stand are meant."""

Lifted = tuple[str, datetime]
"""Who lifted it, and when."""

AFFECTED = (
    State.PENDING_APPROVAL,
    State.APPROVED,
    State.SUBMITTING,
    State.IN_DOUBT,
    State.AWAITING_PAYMENT,
)
"""Orders that may still be sent or paid, so that their cards tell of a freeze."""


class Frost(StrEnum):
    """What became of a wish to freeze or to lift."""

    FROZEN = "frozen"
    LIFT_ASKED = "lift asked"
    LIFTED = "lifted"
    NOT_A_MEMBER = "not a member"
    NOT_AN_APPROVER = "not an approver"
    NOT_FROZEN = "not frozen"
    SAME_PERSON = "same person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frosted:
    """The answer, and the freezes that it is about."""

    answer: Frost
    freezes: tuple[Freeze, ...] = ()
    asked: tuple[Freeze, ...] = ()
    """Others, for which this person is the first of the two."""
    standing: Standing | None = None


async def freeze(desk: Desk, scope: Scope, name: str, reason: str, *, person: str) -> Frosted:
    """Any approver stops everything, one provider or one asset."""
    if (refused := _refused(desk, person)) is not None:
        return refused
    now, told = desk.now(), desk.policy.operators

    def write(tx: Tx) -> Frosted:
        one = put(tx, scope, name, reason, by=person, at=now, operators=told)
        return Frosted(answer=Frost.FROZEN, freezes=(one,))

    frosted = await desk.db.write(write)
    desk.wake_announcer()
    return frosted


async def unfreeze(desk: Desk, *, person: str, only: Chosen) -> Frosted:
    """The first of two different approvers asks, the second one lifts."""
    if (refused := _refused(desk, person)) is not None:
        return refused
    now, told = desk.now(), desk.policy.operators

    def still(one: str) -> bool:
        return desk.policy.is_approver(one, desk.directory.roster)

    frosted = await desk.db.write(lambda tx: _unfreeze(tx, person, only, still, now, told))
    desk.wake_announcer()
    desk.wake_clock(None)
    return frosted


async def announce(desk: Desk) -> None:
    """At start: tell of a freeze that nobody has been told of, such as that of a restored file."""
    now, told = desk.now(), desk.policy.operators

    def write(tx: Tx) -> None:
        for one in freezes.active(tx):
            if freezes.place(tx, one.id) is None:
                _tell(tx, one, "frozen", now, told)

    await desk.db.write(write)


def put(
    tx: Tx,
    scope: Scope,
    name: str,
    reason: str,
    *,
    by: str,
    at: datetime,
    operators: tuple[str, ...],
) -> Freeze:
    """Freeze, and owe everybody the news: the channel, every affected card, the operators."""
    one = freezes.put(tx, scope=scope, name=name, reason=reason, by=by, at=at)
    _tell(tx, one, "frozen", at, operators)
    return one


def lift(tx: Tx, one: Freeze, *, by: str, at: datetime, operators: tuple[str, ...]) -> None:
    """Lift it: what waited for it is looked at at once."""
    freezes.lift(tx, one, by=by, at=at)
    _tell(tx, one, "unfrozen", at, operators)
    for order in orders.in_state(tx, State.APPROVED):
        if one.stops(order.terms):
            orders.touch(tx, order, tries=0, due_at=at)


def _refused(desk: Desk, person: str) -> Frosted | None:
    roster = desk.directory.roster
    standing = roster.standing(person)
    if standing is not Standing.MEMBER:
        return Frosted(answer=Frost.NOT_A_MEMBER, standing=standing)
    if not desk.policy.is_approver(person, roster):
        return Frosted(answer=Frost.NOT_AN_APPROVER)
    return None


def _unfreeze(
    tx: Tx,
    person: str,
    only: Chosen,
    still: Callable[[str], bool],
    now: datetime,
    operators: tuple[str, ...],
) -> Frosted:
    meant = [one for one in freezes.active(tx) if only(one)]
    # Whoever asked first counts only while they still are an approver.
    begun = {one.id: one.lift_asked_by for one in meant if still(one.lift_asked_by or "")}
    fresh = [one for one in meant if one.id not in begun]
    ready = [one for one in meant if begun.get(one.id, person) != person]
    for one in ready:
        lift(tx, one, by=person, at=now, operators=operators)
    asked = tuple(freezes.ask_lift(tx, one, by=person, at=now) for one in fresh)
    for one in asked:
        _tell(tx, one, "lift asked", now, ())
    if ready:
        return Frosted(answer=Frost.LIFTED, freezes=tuple(ready), asked=asked)
    if asked:
        return Frosted(answer=Frost.LIFT_ASKED, freezes=asked)
    return Frosted(answer=Frost.SAME_PERSON if meant else Frost.NOT_FROZEN, freezes=tuple(meant))


def _tell(tx: Tx, one: Freeze, subject: str, at: datetime, operators: tuple[str, ...]) -> None:
    facts = {"freeze": one.id, "subject": subject}
    stamp = f"{one.id}:{at.isoformat()}"
    owed = [Wish(key=f"freeze:{one.id}", kind=Kind.FREEZE, order_id=None, facts=facts)]
    if subject != "frozen":
        # The message itself is edited, and an edit notifies nobody.
        reply = Wish(key=f"thaw:{stamp}", kind=Kind.THAW, order_id=None, facts=facts)
        owed.append(reply)
    owed += [
        Wish(
            key=f"direct:freeze:{stamp}:{operator}",
            kind=Kind.DIRECT,
            order_id=None,
            facts={**facts, "to": operator},
        )
        for operator in operators
    ]
    owed += [card_wish(order) for order in orders.in_state(tx, *AFFECTED) if one.stops(order.terms)]
    for wish in owed:
        outbox.wish(tx, wish, at=at)
