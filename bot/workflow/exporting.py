"""A month as CSV: one row an order, exact decimals as text, and totals that foot.

RFC 4180 in UTF-8. The first column says what a row is: ``order``, or ``total`` for the sums of one
currency or one asset over the order rows above, and one over all. Text of people and vendors that a
spreadsheet would take for a formula gets an apostrophe in front; amounts and times never need one.
"""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.budgets import Status
from bot.domain.money import EXACT, Money, decimal_text
from bot.domain.months import Month
from bot.workflow.portions import portions
from storage import audit, ledger
from storage.database import Database, Tx
from storage.ledger import Line
from storage.rows import Row

COLUMNS = (
    "row", "order", "state", "money", "booked_at", "requested_at", "requester", "provider",
    "asset", "amount", "amount_unit", "currency", "cost_at_most", "reserved", "spent", "net",
    "fee", "quantity", "price", "vendor_reference", "vendor_status", "vendor_time", "settles_on",
    "approved_at", "approved_by", "votes", "rule", "reason", "first_sent_at", "ended_at",
    "closed_by", "settled_by", "paid_by", "discrepancy", "note", "origin", "terms_digest",
    "client_key",
)  # fmt: skip
"""The header. New columns are added at the end; none changes its name or its meaning."""

SUMMED = ("reserved", "spent", "net", "fee")
"""Columns whose totals stand below, by currency; ``spent = net + fee`` in every row."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A cell that begins with one of these (the last four are full-width) is not text to a spreadsheet,
or looks as if we had made it so: an apostrophe goes in front, and whoever reads the file takes one
leading apostrophe off."""

Sums = dict[str, Decimal]
"""Amounts by currency, or by asset."""


@dataclass(slots=True, kw_only=True)
class Totals:
    """The sums of the rows that were written, so that they cannot be of anything else."""

    orders: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    """Orders by currency."""
    sums: dict[str, Sums] = field(default_factory=lambda: {name: {} for name in SUMMED})
    """By column, then by currency."""
    bought: Sums = field(default_factory=dict)
    measured: dict[str, int] = field(default_factory=dict)
    """Orders whose quantity is known, by asset."""

    @property
    def spent(self) -> Sums:
        """By currency: what the total rows have in the column ``spent``."""
        return self.sums["spent"]


async def export(
    db: Database, month: Month, zone: ZoneInfo, totals: Totals, *, actor: str, now: datetime
) -> AsyncIterator[bytes]:
    """The file, piece by piece; ``totals`` are whole after the last one.

    That it is made, and for whom, is in the audit log before the first piece.
    """
    since, until = month.span(zone)
    ids = await db.read(lambda tx: ledger.booked(tx, since=since, until=until))
    facts = {"month": month.text, "orders": len(ids)}
    await db.write(
        lambda tx: audit.append(
            tx, at=now, actor=actor, what="exported", order_id=None, facts=facts
        )
    )
    yield _written([dict(zip(COLUMNS, COLUMNS, strict=True))])
    for some in portions(ids):

        def read(tx: Tx, some: Sequence[str] = some) -> bytes:
            # In the reader's thread: writing ten thousand rows would stall the loop.
            return _written(_counted(_row(line), totals) for line in ledger.lines(tx, some))

        yield await db.read(read)
    yield _written(_total_rows(totals))


def name_of(month: Month) -> str:
    """What the file is called."""
    return f"countersign-{month.text}.csv"


def _written(rows: Iterable[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writerows(rows)
    return out.getvalue().encode()


def _counted(row: dict[str, str], totals: Totals) -> dict[str, str]:
    """Add up what stands in the row, read back from its text."""
    currency, asset = row["currency"], row["asset"]
    totals.orders += 1
    totals.counts[currency] = totals.counts.get(currency, 0) + 1
    for column in SUMMED:
        _add(totals.sums[column], currency, row[column] or "0")
    if row["quantity"]:
        _add(totals.bought, asset, row["quantity"])
        totals.measured[asset] = totals.measured.get(asset, 0) + 1
    return row


def _add(sums: Sums, name: str, text: str) -> None:
    sums[name] = EXACT.add(sums.get(name, Decimal(0)), Decimal(text))


def _total_rows(totals: Totals) -> Iterator[dict[str, str]]:
    """For each currency, for each asset, then over all; ``order`` has the number of orders."""
    for currency in sorted(totals.counts):
        sums = {name: decimal_text(totals.sums[name][currency]) for name in SUMMED}
        count = str(totals.counts[currency])
        yield {"row": "total", "order": count, "currency": currency, **sums}
    for asset, quantity in sorted(totals.bought.items()):
        count, text = str(totals.measured[asset]), decimal_text(quantity)
        yield {"row": "total", "order": count, "asset": asset, "quantity": text}
    yield {"row": "total", "order": str(totals.orders)}


def _row(line: Line) -> dict[str, str]:
    order, terms, outcome = line.order, line.order.terms, line.order.outcome
    spent = line.amount if line.status is Status.SPENT else None
    # Figures in a currency that nobody approved add up with nothing; ``discrepancy`` tells them.
    told = spent is not None and outcome.currency is None
    fee = outcome.fee if told else None
    texts = {
        "order": order.id,
        "requester": order.requester,
        "provider": terms.provider,
        "asset": terms.asset,
        "vendor_reference": order.ref,
        "vendor_status": outcome.word,
        "settles_on": outcome.settles_on,
        "approved_by": "; ".join(vote.voter for vote in order.votes),
        "votes": "; ".join(map(_vote, line.votes)),
        "rule": order.rule.name,
        "reason": terms.reason,
        "closed_by": order.closed_by,
        "settled_by": "; ".join(order.settled_by),
        "paid_by": order.paid_by,
        "discrepancy": outcome.discrepancy,
        "note": order.note,
        "origin": order.origin,
    }
    return {
        **{name: cell(text) for name, text in texts.items()},
        "row": "order",
        "state": order.state.value,
        "money": line.status.value if line.status else "none",
        "booked_at": _time(line.booked_at),
        "requested_at": _time(order.created_at),
        "amount": terms.spend.text,
        "amount_unit": terms.spend.currency if isinstance(terms.spend, Money) else terms.asset,
        "currency": terms.currency,
        "cost_at_most": terms.cost.text,
        "reserved": _number(None if spent is not None else line.amount),
        "spent": _number(spent),
        "net": _number(None if spent is None else EXACT.subtract(spent, fee or Decimal(0))),
        "fee": _number(fee),
        "quantity": _number(outcome.quantity if told else None),
        "price": _number(outcome.price if told else None),
        "vendor_time": _time(outcome.at),
        "approved_at": _time(order.decided_at),
        "first_sent_at": _time(order.first_sent_at),
        "ended_at": _time(None if order.state.is_open else order.moved_at),
        "terms_digest": order.digest,
        "client_key": order.key,
    }


def cell(text: str | None) -> str:
    """Text that no spreadsheet runs; see ``FORMULA``."""
    text = text or ""
    return f"'{text}" if text.startswith(FORMULA) else text


def _vote(vote: Row) -> str:
    """``U0BEN approve 2026-11-24T09:00:00Z``, with the terms' number where they were changed."""
    terms = f" of terms {vote['revision']}" if vote["revision"] else ""
    because = f" because {vote['reason']}" if vote["reason"] else ""
    at = _time(datetime.fromisoformat(vote["at"]))
    return f"{vote['voter']} {vote['choice']} {at}{terms}{because}"


def _time(at: datetime | None) -> str:
    """UTC to the second, with Z."""
    return "" if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _number(amount: Decimal | None) -> str:
    return "" if amount is None else format(amount, "f")
