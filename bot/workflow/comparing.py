"""Our records held against a provider's list: what stands on one side only, or differs. Pure.

Nothing here decides anything about an order; that is what doubt and watching are for. It finds what
nobody was looking for: purchases by hand or by another system on the same account, and records of
ours that the provider does not know.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.domain.comparisons import Explanation
from bot.domain.evidence import SKEW
from bot.domain.orders import Order, State
from providers.base import Progress, Report

YOUNG = timedelta(minutes=15)
"""What is younger may still be on its way into either list."""

BOUGHT = frozenset({State.COMPLETED, State.ACCEPTED, State.AWAITING_PAYMENT, State.REVERSED})
"""States of an order whose purchase the provider must know."""

UNBOUGHT = frozenset({State.DENIED, State.CANCELLED, State.EXPIRED, State.REJECTED, State.FAILED})


class Kind(StrEnum):
    """On which side something stands alone, or that both sides differ."""

    THEIRS = "theirs"
    """The provider lists a purchase that no order of ours owns; its reference is the name."""
    OURS = "ours"
    """An order of ours was bought there by our records, and is not listed; its id is the name."""
    DIFFERS = "differs"
    """Both have it and tell it differently; the order's id is the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that our records and the provider's do not both have."""

    kind: Kind
    name: str
    at: datetime | None
    """When it was bought, as far as that is told."""
    what: str
    """In words: ``250.00 EUR of BTC (SUCCESS)``. The provider's words stand in it as they came."""
    explanation: Explanation | None = None
    """What people have said of it, as long as ``what`` is what it was then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One provider over one time. Every row of the list is one of: ``matched``, ``doubted``,
    ``void``, ``young``, or a finding of kind THEIRS."""

    listed: int
    matched: int
    """Rows that an order of ours owns."""
    doubted: int
    """Rows that may belong to an order of ours that is in doubt or being sent: explained by it."""
    void: int
    """Rows of nobody that came to nothing there: no money has moved."""
    young: int
    ours: int
    """Orders of ours that must be listed."""
    findings: tuple[Finding, ...]

    @property
    def unexplained(self) -> tuple[Finding, ...]:
        """What nothing and nobody explains."""
        return tuple(one for one in self.findings if one.explanation is None)

    @property
    def explained(self) -> tuple[Finding, ...]:
        """What people have looked at and explained."""
        return tuple(one for one in self.findings if one.explanation is not None)


def compare(
    listed: Sequence[Report],
    owners: Mapping[str, Order],
    sent: Iterable[Order],
    unsettled: Sequence[Order],
    *,
    now: datetime,
) -> Comparison:
    """Hold one against the other.

    ``owners``: the orders of whatever time that own a listed reference, by it. ``sent``: ours at
    this provider, with a reference, of the time that was listed. ``unsettled``: ours there that
    are in doubt or being sent. ``now``: before the list was read.
    """
    rows = {row.ref: row for row in listed}
    strangers = [row for row in rows.values() if row.ref not in owners]
    void = [row for row in strangers if row.progress is Progress.FAILED]
    rest = [row for row in strangers if row.progress is not Progress.FAILED]
    doubted = _explained(rest, unsettled)
    rest = [row for row in rest if row.ref not in doubted]
    young = [row for row in rest if row.at is not None and row.at > now - YOUNG]
    findings = [_stranger(row) for row in rest if row not in young]
    findings += [found for ref, order in owners.items() if (found := _difference(order, rows[ref]))]
    due = [order for order in sent if _must_be_listed(order, now)]
    findings += [_missing(order) for order in due if order.ref not in rows]
    return Comparison(
        listed=len(rows),
        matched=len(rows) - len(strangers),
        doubted=len(doubted),
        void=len(void),
        young=len(young),
        ours=len(due),
        findings=tuple(findings),
    )


def _explained(rows: Sequence[Report], unsettled: Sequence[Order]) -> set[str]:
    """The rows that unsettled orders may own: each order one, what its look-ups saw before others.

    A doubt explains one purchase and no more: of two that fit, one is somebody else's.
    """
    taken: set[str] = set()
    for order in unsettled:
        seen = () if order.looks is None else order.looks.refs
        fitting = [row for row in rows if row.ref not in taken and _fits(order, row)]
        known = [row for row in rows if row.ref in seen and row.ref not in taken]
        for row in [*known, *fitting][:1]:
            taken.add(row.ref)
    return taken


def _fits(order: Order, row: Report) -> bool:
    began = order.first_sent_at or order.decided_at or order.created_at
    if row.asset not in {None, order.terms.asset} or (row.at is not None and row.at < began - SKEW):
        return False
    return order.terms.spend.amount in {row.total, row.quantity, row.ordered}


def _must_be_listed(order: Order, now: datetime) -> bool:
    at = order.first_sent_at
    return order.state in BOUGHT and at is not None and at <= now - YOUNG


def _stranger(row: Report) -> Finding:
    amount = "an amount that is not told" if row.total is None else f"{row.total:f}"
    parts = [amount, row.currency or "", f"of {row.asset.upper()}" if row.asset else ""]
    parts.append(f"({row.word or row.progress.value})")
    what = " ".join(part for part in parts if part)
    return Finding(kind=Kind.THEIRS, name=row.ref, at=row.at, what=what)


def _missing(order: Order) -> Finding:
    what = f"{order.state.words} here under number {order.ref}, not listed there"
    return Finding(kind=Kind.OURS, name=order.id, at=order.first_sent_at, what=what)


def _difference(order: Order, row: Report) -> Finding | None:
    """Only what is final on our side: what is not is read, and settles, by itself."""
    told = row.word or row.progress.value
    what = None
    if order.state is State.COMPLETED and row.progress in {Progress.FAILED, Progress.REVERSED}:
        what = f"completed here, {told} there"
    elif order.state in UNBOUGHT and row.progress is Progress.COMPLETED:
        what = f"{order.state.words} here, {told} there"
    elif order.state is State.COMPLETED:
        what = _figures(order, row)
    if what is None:
        return None
    return Finding(kind=Kind.DIFFERS, name=order.id, at=order.first_sent_at, what=what)


def _figures(order: Order, row: Report) -> str | None:
    """What was booked, and what is listed now."""
    outcome = order.outcome
    for name, here, there in (
        ("total", outcome.total, row.total),
        ("quantity", outcome.quantity, row.quantity),
    ):
        if isinstance(here, Decimal) and isinstance(there, Decimal) and here != there:
            return f"{name} {here:f} here, {there:f} there"
    return None
