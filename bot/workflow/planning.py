"""Somebody wants something to happen again and again: it is shown first, then written down.

``preview`` writes nothing. ``create`` makes exactly what was shown, bound to its mark; what has
changed meanwhile is shown anew instead. A repeated delivery (same ``origin``) finds the schedule
that the first one made.
"""

from dataclasses import dataclass, replace

from bot.domain.canonical import canonical, sha256
from bot.domain.ids import schedule_id_from
from bot.domain.money import BadAmount, Money
from bot.domain.orders import Terms
from bot.domain.planning import Outlook, PlanFault, outlook, total_of
from bot.domain.plans import Plan
from bot.domain.policy import Denied, Rule
from bot.domain.requests import Refusal, Why, resolve
from bot.domain.schedules import Schedule, ScheduleState, next_from
from bot.domain.zones import zone_named
from bot.workflow.desk import Desk
from bot.workflow.gates import over_cap
from bot.workflow.rules import decide_terms, sheets
from bot.workflow.schedule_wishes import schedule_wish
from storage import schedules
from storage.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What people would be asked to agree to: so many purchases of these terms, as a whole."""

    terms: Terms
    total: Money
    rule: Rule
    eligible: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would be made, as it is shown before. ``offer``: None for a reminder."""

    plan: Plan
    terms: Terms
    outlook: Outlook
    offer: Offer | None = None

    @property
    def mark(self) -> str:
        """What the person's yes is bound to: 16 hex digits."""
        asked = None if self.offer is None else (self.offer.total, self.offer.rule)
        return sha256(canonical((self.plan, self.terms, self.outlook.dates, asked)))[:16]


@dataclass(frozen=True, slots=True)
class Planned:
    """The schedule, and whether this delivery was the one that made it."""

    schedule: Schedule
    is_new: bool


def settled(desk: Desk, plan: Plan, requester: str) -> Plan:
    """The plan with a zone: that of the person where the words name none, or else the team's."""
    if plan.when.zone is not None:
        return plan
    person = desk.directory.roster.people.get(requester)
    zone = zone_named(person.tz if person else "") or desk.zone.key
    return replace(plan, when=replace(plan.when, zone=zone))


async def preview(desk: Desk, plan: Plan, *, requester: str) -> Preview | Refusal | PlanFault:
    """What would come of the plan now."""
    return await desk.db.read(
        lambda tx: _preview(desk, tx, settled(desk, plan, requester), requester)
    )


async def create(
    desk: Desk, plan: Plan, *, requester: str, origin: str, mark: str
) -> Planned | Preview | Refusal | PlanFault:
    """Write it down if it still is what the mark says; otherwise the preview of today."""
    desk.checkpoint("plan received")

    def write(tx: Tx) -> Planned | Preview | Refusal | PlanFault:
        if before := schedules.by_origin(tx, origin):
            return Planned(before, is_new=False)
        shown = _preview(desk, tx, settled(desk, plan, requester), requester)
        if not isinstance(shown, Preview) or shown.mark != mark:
            return shown
        return Planned(_write(desk, tx, shown, requester, origin), is_new=True)

    made = await desk.db.write(write)
    desk.checkpoint("plan committed")
    desk.wake_announcer()
    desk.wake_clock(None)
    return made


def _preview(desk: Desk, tx: Tx, plan: Plan, requester: str) -> Preview | Refusal | PlanFault:
    known = sheets(desk)
    terms = resolve(plan.buy, known)
    if isinstance(terms, Refusal):
        return terms
    found = outlook(plan, now=desk.now())
    if isinstance(found, PlanFault):
        return found
    if plan.reminds:
        return Preview(plan=plan, terms=terms, outlook=found)
    asked = offer(desk, tx, terms, found.dates.count or 0, requester)
    if isinstance(asked, Refusal):
        return asked
    return Preview(plan=plan, terms=terms, outlook=found, offer=asked)


def offer(desk: Desk, tx: Tx, terms: Terms, count: int, requester: str) -> Offer | Refusal:
    """The rule that fits the total of so many purchases; each of them has to be allowed as well."""
    sheet = desk.providers[terms.provider].sheet
    single = decide_terms(desk, terms, requester)
    if isinstance(single, Denied):
        return Refusal(why=Why.POLICY, given=terms.cost.human, provider=sheet.title, denied=single)
    try:
        total = total_of(terms.cost, count)
    except BadAmount as bad:
        return Refusal(why=Why.AMOUNT_BAD, given=bad.text, provider=sheet.title)
    whole = decide_terms(desk, replace(terms, cost=total), requester)
    if isinstance(whole, Denied):
        given = f"{total.human} for all {count} purchases"
        return Refusal(why=Why.POLICY, given=given, provider=sheet.title, denied=whole)
    if over_cap(desk, tx, terms) is not None and sheet.first_order_at_most is not None:
        most = (sheet.first_order_at_most.human,)
        return Refusal(
            why=Why.FIRST_ORDER, given=terms.cost.human, allowed=most, provider=sheet.title
        )
    return Offer(terms=terms, total=total, rule=whole.rule, eligible=whole.eligible)


def _write(desk: Desk, tx: Tx, shown: Preview, requester: str, origin: str) -> Schedule:
    """A recurring purchase is asked for; a reminder runs at once."""
    now, asked = desk.now(), shown.offer
    made = Schedule(
        id=_free_id(desk, tx),
        origin=origin,
        requester=requester,
        plan=shown.plan,
        terms=shown.terms,
        dates=shown.outlook.dates,
        total=None if asked is None else asked.total,
        rule=None if asked is None else asked.rule,
        eligible=frozenset() if asked is None else asked.eligible,
        created_at=now,
        expires_at=now + desk.policy.expires_after,
        remind_at=None if asked is None else now + desk.policy.remind_after,
    )
    if made.reminds:
        made = replace(made, state=ScheduleState.ACTIVE, decided_at=now, next=next_from(made, now))
    facts = {"plan": made.plan, "dates": made.dates, "total": made.total, "terms": made.terms}
    facts["rule"] = None if made.rule is None else made.rule.name
    schedules.create(tx, made, wishes=[schedule_wish(made)], facts=facts)
    return made


def _free_id(desk: Desk, tx: Tx) -> str:
    while True:
        schedule_id = schedule_id_from(desk.short_number())
        if schedules.load(tx, schedule_id) is None:
            return schedule_id
