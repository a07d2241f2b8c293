"""What Oak's replies mean: the verdict on a purchase, and a transaction as a ``Report``.

Pure: bytes in, one of the port's answers out. Documented are the envelope ``{"msg", "data"}``, with
``data`` null on an error, and the fields of a transaction. Whatever is neither a documented success
that says what we said, nor clearly the vendor's own refusal, is ``Uncertain``, because behind a
purchase a wrong "no" costs more than a question.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.domain.money import EXACT
from providers.base import Progress, Refused, Report, Unavailable, Uncertain
from providers.oak_paths import STATUSES, SUB_STATUSES, OakReading, OakSettings
from providers.replies import REFUSALS, Reply, Unreadable, clean, instant, number

REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
"""An id that is safe in a path; documented are UUIDs, whose casing means nothing."""
UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.ASCII)


def envelope_words(reply: Reply) -> str:
    """The vendor's own words of refusal, one clean line; empty when the body is not its envelope.

    Documented: ``{"msg": "...", "data": null}``.
    """
    fields = reply.fields()
    said = fields.get("msg") if fields.get("data", ...) is None else None
    return clean(said) if isinstance(said, str) else ""


def read_purchase(reply: Reply, body: bytes, settings: OakSettings, now: datetime) -> Report:
    """The answer to a buy of ``body``: a Report, or Refused, Unavailable (429) or Uncertain."""
    if reply.status == 429:
        raise Unavailable("Oak asks us to slow down", reply.retry_after(now))
    try:
        document = reply.document()
    except Unreadable:
        raise Uncertain(f"Oak answered {reply.status} with an unreadable body") from None
    row = part(document, "data")
    found = report(row, settings)
    if 200 <= reply.status < 300:
        if found is None:
            raise Uncertain(f"Oak answered {reply.status} without a transaction")
        sent = json.loads(body)
        wrong = contradictions(row, sent)
        if wrong:
            raise Uncertain(
                f"Oak answered with another purchase than was sent: {wrong}",
                exists=_carries_all(row, sent),
            )
        return found
    words = envelope_words(reply)
    if reply.status in REFUSALS and words:
        raise Refused(words)
    raise Uncertain(f"Oak answered {reply.status}" + (f" ({words})" if words else ""))


def contradictions(row: dict[str, Any], sent: dict[str, Any]) -> str:
    """What a reply says otherwise than the request did; empty when nothing. Silence is no word.

    ``payment_method`` is not compared: whether an id or a type was sent, and of which side it is
    told back, is not documented.
    """
    source = part(row, "source")
    customers = {
        one.lower()
        for side in ("source", "destination")
        if (one := text(part(part(row, side), "customer").get("id")))
    }
    amount, found = number(source.get("amount")), []
    if amount is not None and amount != sent["amount"]:
        found.append(f"amount {amount:f} for {sent['amount']}")
    for field, told in (("currency", source.get("currency")), ("provider", row.get("provider"))):
        if text(told) and text(told).lower() != sent[field].lower():
            found.append(f"{field} {clean(text(told), 40)} for {sent[field]}")
    if customers and sent["customer_id"].lower() not in customers:
        found.append("another customer")
    if part(row, "metadata") and not _carries_all(row, sent):
        found.append("other metadata")
    return ", ".join(found)


def carries(row: dict[str, Any], key: str) -> bool:
    """Whether our key stands anywhere in what the vendor stored: 128 random bits are proof."""
    return key.lower() in json.dumps(row.get("metadata"), default=str).lower()


def _carries_all(row: dict[str, Any], sent: dict[str, Any]) -> bool:
    """Whether all that was sent as metadata came back, under whatever name."""
    return all(carries(row, str(value)) for value in part(sent, "metadata").values())


def mentions_another(row: dict[str, Any], reading: OakReading) -> bool:
    """Whether a row carries a key of this kind; asked of rows that do not carry ours."""
    return bool(text(part(row, "metadata").get(reading.metadata_key)))


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list. ``count``: rows on all pages, where the vendor says so."""

    rows: list[dict[str, Any]]
    count: int | None


def read_page(reply: Reply, now: datetime) -> Page:
    """Documented: ``{"data": {"count": N, "transaction_list": [...]}}``. Raises Unavailable.

    Seen in the vendor's tests: 404 in its own envelope where a filter matches nothing.
    """
    if reply.status == 404 and envelope_words(reply):
        return Page(rows=[], count=0)
    data = read_data(reply, now)
    rows, count = data.get("transaction_list"), number(data.get("count"))
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unavailable("Oak's transaction list has a shape that we cannot read")
    return Page(rows=rows, count=None if count is None else int(count))


def read_data(reply: Reply, now: datetime) -> dict[str, Any]:
    """``data`` of a successful read. Raises Unavailable for anything else."""
    if reply.status == 429:
        raise Unavailable("Oak asks us to slow down", reply.retry_after(now))
    try:
        document = reply.document()
    except Unreadable:
        raise Unavailable(f"Oak answered {reply.status} with an unreadable body") from None
    data = part(document, "data")
    if reply.status != 200 or not data:
        words = envelope_words(reply)
        raise Unavailable(f"Oak answered {reply.status}" + (f" ({words})" if words else ""))
    return data


def report(row: dict[str, Any], settings: OakSettings) -> Report | None:
    """A transaction as a Report; None for one without an id. All else may be missing."""
    ref = text(row.get("id"))
    if not REF.fullmatch(ref):
        return None
    source, destination = part(row, "source"), part(row, "destination")
    pays, gets = part(source, "payment_method"), part(destination, "payment_method")
    status, sub = text(row.get("status")), text(row.get("sub_status"))
    return Report(
        ref=ref.lower() if UUID.fullmatch(ref) else ref,
        progress=progress(status, sub, settings.reading),
        word=clean(" / ".join(filter(None, (status, sub))), 80),
        strange=status.lower() not in STATUSES,
        asset=text(destination.get("currency")).lower() or None,
        currency=text(source.get("currency")).upper() or None,
        total=_shifted(number(source.get("amount")), settings.shift),
        quantity=_shifted(number(destination.get("amount")), settings.reading.destination_decimals),
        at=instant(row.get("created_at")),
        outlet=clean(text(pays.get("type")) or text(pays.get("id")), 80) or None,
        wallet=clean(text(gets.get("id")) or text(gets.get("type")), 80) or None,
        chain=clean(text(gets.get("chain")), 40) or None,
        settles_on=clean(text(row.get("settlement_date")), 40) or None,
        raw=row,
    )


def progress(status: str, sub: str, reading: OakReading) -> Progress:
    """By the two tables, in any casing; an unknown word is UNDERWAY.

    A final status whose last step says the contrary is watched on, and people see both words.
    """
    status, sub = status.lower(), sub.lower()
    found = STATUSES.get(status, Progress.UNDERWAY)
    if status == "captured" and reading.captured_means == "completed":
        found = Progress.COMPLETED
    delivered = SUB_STATUSES.get(sub) is Progress.COMPLETED
    if (found is Progress.COMPLETED and sub.endswith("_failed")) or (
        found is Progress.FAILED and delivered
    ):
        return Progress.UNDERWAY
    if found in (Progress.UNDERWAY, Progress.AWAITING_PAYMENT) and status in STATUSES:
        found = SUB_STATUSES.get(sub, found)
    if found is Progress.AWAITING_PAYMENT and reading.awaiting_means == "underway":
        return Progress.UNDERWAY
    return found


def part(fields: object, name: str) -> dict[str, Any]:
    """An object inside an object; empty when there is none."""
    inner = fields.get(name) if isinstance(fields, dict) else None
    return inner if isinstance(inner, dict) else {}


def text(value: object) -> str:
    """Text without blanks around it; empty when it is none."""
    return value.strip() if isinstance(value, str) else ""


def _shifted(amount: Decimal | None, places: int | None) -> Decimal | None:
    """An amount of small units in large ones, exactly."""
    if amount is None or places is None or len(amount.as_tuple().digits) > EXACT.prec:
        return None
    return amount.scaleb(-places, context=EXACT)
