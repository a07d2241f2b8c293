"""What Corner's replies mean; pure, and as careful as a real vendor's must be."""

from datetime import datetime
from types import MappingProxyType
from typing import Any

from providers.base import Progress, Refused, Report, Unavailable, Uncertain
from providers.replies import Reply, Unreadable, clean, instant, number

WORDS = MappingProxyType(
    {
        "waiting": Progress.AWAITING_PAYMENT,
        "working": Progress.UNDERWAY,
        "done": Progress.COMPLETED,
        "failed": Progress.FAILED,
        "expired": Progress.FAILED,
        "reversed": Progress.REVERSED,
    }
)
REFUSALS = frozenset({400, 402, 403, 404, 422})


def read_purchase(reply: Reply, now: datetime) -> Report:
    """The answer to a buy. Raises Refused, Unavailable (429) or Uncertain."""
    if reply.status == 429:
        raise Unavailable("Corner asks us to slow down", reply.retry_after(now))
    fields = _fields(reply)
    words = clean(str(fields.get("error") or ""))
    row = _row(fields)
    if reply.status in (200, 201) and row is not None and not words:
        return row
    if reply.status == 409 and "key" in words:
        if row is not None:
            return row
        raise Uncertain(f"Corner has seen this key already ({words})", exists=True)
    if reply.status in REFUSALS and words and row is None:
        raise Refused(words)
    raise Uncertain(f"Corner answered {reply.status} without a clear yes or no")


def read_fields(reply: Reply, now: datetime) -> dict[str, Any]:
    """The document of a successful read. Raises Unavailable for anything else."""
    if reply.status == 429:
        raise Unavailable("Corner asks us to slow down", reply.retry_after(now))
    fields = _fields(reply)
    if reply.status != 200 or not fields or "error" in fields:
        raise Unavailable(f"Corner answered {reply.status} without what we asked for")
    return fields


def read_page(reply: Reply, now: datetime) -> tuple[list[Report], int, int]:
    """The rows of a page, the number of pages and the number of all rows. Raises Unavailable."""
    fields = read_fields(reply, now)
    rows, pages, total = (fields.get(name) for name in ("purchases", "pages", "total"))
    if not isinstance(rows, list) or not isinstance(pages, int) or not isinstance(total, int):
        raise Unavailable("Corner's list has a shape that we cannot read")
    return [report(row) for row in rows], pages, total


def report(row: object) -> Report:
    """A row as a Report. Raises Unavailable when it has no id."""
    found = _row(row)
    if found is None:
        raise Unavailable("Corner shows a purchase without an id")
    return found


def _row(row: object) -> Report | None:
    if not isinstance(row, dict) or not isinstance(row.get("id"), int):
        return None
    word = clean(str(row.get("state") or ""), 60)
    return Report(
        ref=str(row["id"]),
        progress=WORDS.get(word, Progress.UNDERWAY),
        word=word,
        strange=word not in WORDS,
        asset=str(row.get("asset") or "") or None,
        currency=str(row.get("currency") or "") or None,
        total=number(row.get("amount")),
        fee=number(row.get("fee")),
        quantity=number(row.get("quantity")),
        price=number(row.get("price")),
        at=instant(row.get("at")),
        raw=row,
    )


def _fields(reply: Reply) -> dict[str, Any]:
    try:
        document = reply.document()
    except Unreadable:
        return {}
    return document if isinstance(document, dict) else {}
