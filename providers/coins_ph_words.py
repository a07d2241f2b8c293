"""What Coins.ph's replies mean: the verdict on a purchase, and an order of theirs as a ``Report``.

Pure: bytes in, one of the port's answers out. Documented is ``{"order": {...}, "success": true}``
with money as decimal text and times as unix seconds in text; numbers are read as well. The error
envelope ``{"errors": [...]}`` was seen in other people's programs. Whatever is neither a documented
success nor clearly the vendor's own refusal is ``Uncertain``.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from providers.base import Progress, Refused, Report, Unavailable, Uncertain
from providers.coins_ph_paths import STATES
from providers.replies import REFUSALS, Reply, clean, complaints, instant, number, reference

REF = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
"""Documented: an opaque id; 32 hex digits in real samples."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = 10**11
"""Seconds: no time of an order is later; a larger number is no unix seconds."""


def envelope_words(reply: Reply) -> str:
    """The vendor's own words of refusal, one clean line; empty when the body is not its envelope.

    Seen: ``{"errors": ["message"]}``. Our reading: an object by field, or one text.
    """
    return clean("; ".join(complaints(reply.fields().get("errors"))))


def complains_of_nonce(reply: Reply) -> bool:
    """Our reading: how a nonce is refused is not documented; its name must be in the words."""
    return reply.status >= 400 and "nonce" in envelope_words(reply).lower()


def read_purchase(reply: Reply, now: datetime) -> Report:
    """The answer to a buy: a Report, or Refused, Unavailable (429) or Uncertain."""
    if reply.status == 429:
        raise Unavailable("Coins.ph asks us to slow down", reply.retry_after(now))
    order = accepted(reply)
    if order is not None:
        return order
    words = envelope_words(reply)
    if complains_of_nonce(reply):
        raise Uncertain(f"Coins.ph has perhaps seen this call already ({words})")
    if is_refusal(reply):
        raise Refused(words)
    raise Uncertain(f"Coins.ph answered {reply.status}" + (f" ({words})" if words else ""))


def accepted(reply: Reply) -> Report | None:
    """The order that a successful call answers with; None for any other answer."""
    fields = reply.fields()
    if reply.status not in (200, 201) or fields.get("success", True) is not True:
        return None
    return report(fields.get("order")) if not fields.get("errors") else None


def is_refusal(reply: Reply) -> bool:
    """A definitive no, in the vendor's own words."""
    order = reply.fields().get("order")
    return reply.status in REFUSALS and bool(envelope_words(reply)) and not order


def read_fields(reply: Reply, now: datetime) -> dict[str, Any]:
    """The document of a successful read. Raises Unavailable for anything else."""
    if reply.status == 429:
        raise Unavailable("Coins.ph asks us to slow down", reply.retry_after(now))
    fields = reply.fields()
    if reply.status != 200 or not fields or fields.get("success") is False or fields.get("errors"):
        words = envelope_words(reply)
        raise Unavailable(f"Coins.ph answered {reply.status}" + (f" ({words})" if words else ""))
    return fields


def read_order(reply: Reply, now: datetime) -> Report:
    """The one order that was asked for. Raises Unavailable."""
    found = report(read_fields(reply, now).get("order"))
    if found is None:
        raise Unavailable("Coins.ph shows an order that we cannot read")
    return found


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. ``total``: rows on all pages, where the vendor says so."""

    rows: list[dict[str, Any]]
    total: int | None
    more: bool


def read_page(reply: Reply, key: str, now: datetime) -> Page:
    """The rows under ``key``. Raises Unavailable.

    Documented for other lists of the vendor: ``"meta": {"total_count", "next_page"}``.
    """
    fields = read_fields(reply, now)
    rows, meta = fields.get(key), fields.get("meta")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unavailable(f"Coins.ph's list of {key} has a shape that we cannot read")
    meta = meta if isinstance(meta, dict) else {}
    total = number(meta.get("total_count"))
    return Page(rows, None if total is None else int(total), bool(meta.get("next_page")))


def reports(page: Page) -> list[Report]:
    """The orders on a page. Raises Unavailable for one that cannot be told from others."""
    found = [one for one in map(report, page.rows) if one is not None]
    if len(found) < len(page.rows):
        raise Unavailable("Coins.ph lists an order whose id we cannot read")
    return found


def report(row: object) -> Report | None:
    """An order (documented: every field) as a Report; None for one without an id.

    ``quantity`` is what was released once it was, and what was ordered before that. The reply names
    no currency; there is only the one that we buy with.
    """
    ref = reference(row.get("id"), REF) if isinstance(row, dict) else None
    if not isinstance(row, dict) or ref is None:
        return None
    progress, word = _progress(row)
    known = word.lower() in STATES or _told(row.get("marked_paid_time"))
    released, ordered = number(row.get("btc_released")), number(row.get("btc_amount"))
    return Report(
        ref=ref,
        progress=progress,
        word=word,
        strange=progress is Progress.UNDERWAY and not known,
        asset="btc",
        currency=(_text(row.get("currency")) or "PHP").upper(),
        total=number(row.get("currency_amount")),
        quantity=released if progress is Progress.COMPLETED else ordered,
        ordered=ordered,
        price=number(row.get("rate")),
        at=moment(row.get("created_at")),
        outlet=_text(row.get("payment_method")),
        wallet=_text(row.get("wallet_address")),
        pay_by=moment(row.get("expiration_time")),
        raw=row,
    )


def _progress(row: dict[str, Any]) -> tuple[Progress, str]:
    """The progress and the word; a time of cancelling counts whatever the word (our reading).

    Documented samples: a cancelled order may still say ``pending_payment``, and so does a paid one.
    """
    word = clean(str(row.get("status") or ""), 60)
    progress = STATES.get(word.lower(), Progress.UNDERWAY)
    if progress in (Progress.COMPLETED, Progress.FAILED):
        return progress, word
    if _told(row.get("canceled_time")):
        return Progress.FAILED, f"{word}, canceled" if word else "canceled"
    if progress is Progress.AWAITING_PAYMENT and _told(row.get("marked_paid_time")):
        return Progress.UNDERWAY, word
    return progress, word


def _told(time: object) -> bool:
    """Whether there is a time at all; unset is null (documented), and ``"0"`` may be (ours)."""
    return bool(time) and number(time) != 0


def is_paid(told: Report) -> bool:
    """Whether the vendor has taken note of a payment."""
    paid = ("payment_received", "released")
    return _told(told.raw.get("marked_paid_time")) or told.word.lower() in paid


def read_market(fields: dict[str, Any]) -> Decimal:
    """What a buyer pays for one BTC: the ask. Raises Unavailable.

    Seen: ``{"market": {...}}``; documented: ``{"markets": [{"symbol": "BTC-PHP", ...}]}``.
    """
    rows = fields.get("markets")
    known = rows if isinstance(rows, list) else [fields.get("market")]
    for row in known:
        if not isinstance(row, dict):
            continue
        pair = (row.get("product", "BTC"), row.get("currency", "PHP"))
        if row.get("symbol", "BTC-PHP") == "BTC-PHP" and pair == ("BTC", "PHP"):
            ask = number(row.get("ask"))
            if ask is not None and ask > 0:
                return ask
    raise Unavailable("Coins.ph's price of BTC in PHP is missing")


def moment(value: object) -> datetime | None:
    """An aware UTC time from unix seconds in text (documented) or as a number; else ISO text."""
    seconds = number(value)
    if seconds is None:
        return instant(value)
    return EPOCH + timedelta(seconds=int(seconds)) if 0 < seconds < LATEST else None


def words_of(value: object) -> str:
    """Instructions as they came, line by line, without what cannot be printed."""
    lines = value[:4000].splitlines() if isinstance(value, str) else []
    return "\n".join(clean(line, 500) for line in lines if line.strip())


def _text(value: object) -> str | None:
    return clean(value, 120) or None if isinstance(value, str) else None
