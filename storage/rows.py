"""An order as a row and back: exact decimals and UTC times as text, rules as canonical JSON."""

import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.domain.budgets import Budget
from bot.domain.canonical import canonical
from bot.domain.evidence import Ground, Looks, Shown
from bot.domain.money import Money, Quantity
from bot.domain.orders import (
    Alike,
    Envelope,
    Order,
    Outcome,
    Proposal,
    Snooze,
    State,
    Terms,
    Vote,
)
from bot.domain.policy import Requirement, Rule
from bot.domain.quotes import PriceBand, Told

Row = dict[str, Any]


def row_of(order: Order, wake_at: datetime | None) -> Row:
    """The columns of ``orders``."""
    terms = order.terms
    return {
        "id": order.id,
        "origin": order.origin,
        "state": order.state.value,
        "version": order.version,
        "revision": order.revision,
        "requester": order.requester,
        "provider": terms.provider,
        "asset": terms.asset,
        "spend_amount": terms.spend.text,
        "spend_unit": terms.spend.currency if isinstance(terms.spend, Money) else terms.asset,
        "currency": terms.currency,
        "cost": terms.cost.text,
        "max_price": decimal_column(terms.max_price),
        "outlet": terms.outlet,
        "target": terms.target,
        "recipient": terms.recipient,
        "reason": terms.reason,
        "rule": canonical(order.rule),
        "budgets": canonical(order.budgets),
        "band": canonical(order.band),
        "eligible": canonical(order.eligible),
        "key": order.key,
        "created_at": order.created_at.isoformat(),
        "expires_at": order.expires_at.isoformat(),
        "asked_again": order.asked_again,
        "remind_at": time_column(order.remind_at),
        "reminders": order.reminders,
        "snoozes": canonical(order.snoozes),
        "decided_at": time_column(order.decided_at),
        "decided_boot": order.decided_boot,
        "valid_until": time_column(order.valid_until),
        "attempts": order.attempts,
        "first_sent_at": time_column(order.first_sent_at),
        "deadline": time_column(order.deadline),
        "doubted": int(order.doubted),
        "proven": int(order.proven),
        "tries": order.tries,
        "due_at": time_column(order.due_at),
        "wake_at": time_column(wake_at),
        "ref": order.ref,
        "outcome": canonical(order.outcome),
        "note": order.note,
        "closed_by": order.closed_by,
        "moved_at": time_column(order.moved_at),
        "alike": canonical(order.alike),
        "looks": None if order.looks is None else canonical(order.looks),
        "proposal": None if order.proposal is None else canonical(order.proposal),
        "settled_by": canonical(order.settled_by),
        "look_first": int(order.look_first),
        "payer": order.payer,
        "pay_by": time_column(order.pay_by),
        "instructed": int(order.instructed),
        "reminded": int(order.reminded),
        "paid_by": order.paid_by,
        "paid_code": order.paid_code,
        "envelope": None if order.envelope is None else canonical(order.envelope),
    }


def order_of(row: Row, votes: Iterable[Row]) -> Order:
    """The order in this row, with the votes for its present revision."""
    unit = row["spend_unit"]
    by_asset = unit == row["asset"]
    return Order(
        id=row["id"],
        origin=row["origin"],
        requester=row["requester"],
        terms=Terms(
            provider=row["provider"],
            asset=row["asset"],
            spend=(Quantity if by_asset else Money).of(row["spend_amount"], unit),
            currency=row["currency"],
            cost=Money.of(row["cost"], row["currency"]),
            max_price=decimal_of(row["max_price"]),
            outlet=row["outlet"],
            target=row["target"],
            recipient=row["recipient"],
            reason=row["reason"],
        ),
        rule=rule_of(json.loads(row["rule"])),
        budgets=tuple(_budget_of(one) for one in json.loads(row["budgets"])),
        band=_band_of(json.loads(row["band"])),
        key=row["key"],
        eligible=frozenset(json.loads(row["eligible"])),
        created_at=datetime.fromisoformat(row["created_at"]),
        expires_at=datetime.fromisoformat(row["expires_at"]),
        state=State(row["state"]),
        version=row["version"],
        revision=row["revision"],
        votes=votes_of(votes),
        asked_again=row["asked_again"],
        remind_at=time_of(row["remind_at"]),
        reminders=row["reminders"],
        snoozes=tuple(
            Snooze(person=one["person"], until=_moment(one["until"]))
            for one in json.loads(row["snoozes"])
        ),
        decided_at=time_of(row["decided_at"]),
        decided_boot=row["decided_boot"],
        valid_until=time_of(row["valid_until"]),
        attempts=row["attempts"],
        first_sent_at=time_of(row["first_sent_at"]),
        deadline=time_of(row["deadline"]),
        doubted=bool(row["doubted"]),
        proven=bool(row["proven"]),
        tries=row["tries"],
        due_at=time_of(row["due_at"]),
        ref=row["ref"],
        outcome=_outcome_of(json.loads(row["outcome"])),
        note=row["note"],
        closed_by=row["closed_by"],
        moved_at=time_of(row["moved_at"]),
        alike=tuple(_alike_of(one) for one in json.loads(row["alike"])),
        looks=None if row["looks"] is None else _looks_of(json.loads(row["looks"])),
        proposal=None if row["proposal"] is None else _proposal_of(json.loads(row["proposal"])),
        settled_by=tuple(json.loads(row["settled_by"])),
        look_first=bool(row["look_first"]),
        payer=row["payer"],
        pay_by=time_of(row["pay_by"]),
        instructed=bool(row["instructed"]),
        reminded=bool(row["reminded"]),
        paid_by=row["paid_by"],
        paid_code=row["paid_code"],
        envelope=None if row["envelope"] is None else _envelope_of(json.loads(row["envelope"])),
    )


def votes_of(rows: Iterable[Row]) -> tuple[Vote, ...]:
    """The votes in these rows, in their order."""
    return tuple(
        Vote(voter=row["voter"], digest=row["digest"], at=_moment(row["at"])) for row in rows
    )


def _envelope_of(data: Row) -> Envelope:
    return Envelope(
        schedule=data["schedule"],
        digest=data["digest"],
        total=Money.of(data["total"]["amount"], data["total"]["currency"]),
        votes=votes_of(data["votes"]),
    )


def time_of(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def time_column(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def decimal_of(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def decimal_column(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")


def rule_of(data: Row) -> Rule:
    return Rule(
        name=data["name"],
        up_to=Money.of(data["up_to"]["amount"], data["up_to"]["currency"]),
        approvals=tuple(Requirement(**need) for need in data["approvals"]),
        requesters=_names(data["requesters"]),
        providers=_names(data["providers"]),
        assets=_names(data["assets"]),
        quote_required=data["quote_required"],
        require_reason=data["require_reason"],
    )


def _budget_of(data: Row) -> Budget:
    return Budget(
        name=data["name"],
        limit=Money.of(data["limit"]["amount"], data["limit"]["currency"]),
        per=data["per"],
        zone=data["zone"],
        requesters=_names(data["requesters"]),
        providers=_names(data["providers"]),
        assets=_names(data["assets"]),
    )


def _names(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)


def _band_of(data: Row) -> PriceBand:
    return PriceBand(
        ceiling=decimal_of(data["ceiling"]),
        reference=decimal_of(data["reference"]),
        drift=Decimal(data["drift"]),
        wanted=data["wanted"],
        told=None if (told := data.get("told")) is None else _told_of(told),
    )


def _told_of(data: Row) -> Told:
    return Told(
        at=_moment(data["at"]),
        outlet=data["outlet"],
        fee=decimal_of(data["fee"]),
        total=decimal_of(data["total"]),
    )


def _outcome_of(data: Row) -> Outcome:
    return Outcome(
        word=data["word"],
        total=decimal_of(data["total"]),
        spent=decimal_of(data.get("spent")),
        fee=decimal_of(data["fee"]),
        quantity=decimal_of(data["quantity"]),
        ordered=decimal_of(data.get("ordered")),
        price=decimal_of(data["price"]),
        at=time_of(data["at"]),
        chain=data.get("chain"),
        settles_on=data.get("settles_on"),
        currency=data.get("currency"),
        discrepancy=data["discrepancy"],
    )


def _alike_of(data: Row) -> Alike:
    return Alike(id=data["id"], requester=data["requester"], at=_moment(data["at"]))


def _looks_of(data: Row) -> Looks:
    return Looks(
        count=data["count"],
        first_at=_moment(data["first_at"]),
        last_at=_moment(data["last_at"]),
        shown=Shown(data["shown"]),
        ground=Ground(data["ground"]),
        absent=data["absent"],
        absent_at=time_of(data.get("absent_at")),
        absent_before=time_of(data.get("absent_before")),
        refs=tuple(data["refs"]),
    )


def _proposal_of(data: Row) -> Proposal:
    return Proposal(
        bought=data["bought"],
        ref=data["ref"],
        by=data["by"],
        at=_moment(data["at"]),
        because=data["because"],
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
