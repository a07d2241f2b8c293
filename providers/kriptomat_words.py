"""What Kriptomat's replies mean: the verdict on a purchase, and a listed row as a ``Report``.

Pure: bytes in, one of the port's answers out. Only the shape ``{"status": true, "data":
{"transaction_id": 12}}`` is documented; error envelopes are our reading (the vendor looks like
Laravel). Whatever is neither a documented success nor clearly the vendor's own refusal is
``Uncertain``, because behind a purchase a wrong "no" costs more than a question.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NoReturn

from providers.base import Progress, Refused, Report, Unavailable, Uncertain
from providers.kriptomat_paths import STATES
from providers.replies import (
    REFUSALS,
    Reply,
    Unreadable,
    clean,
    complaints,
    instant,
    number,
    reference,
)

KEY_NAMES = ("idempotency_key", "idempotency key")

REF = re.compile(r"[A-Za-z0-9]{1,64}", re.ASCII)

SEEN = re.compile(r"already|taken|used|duplicate|exist|seen", re.IGNORECASE)
"""Our reading of a complaint that a key was seen before; any other is about the key's shape."""


def payload(document: object) -> dict[str, Any]:
    """The fields of a flat or of a ``{"status": true, "data": {...}}`` document; empty if neither.

    Both are documented: flat on the older login page, wrapped on the buy page.
    """
    if not isinstance(document, dict) or document.get("status", True) is not True:
        return {}
    inner = document.get("data")
    return inner if isinstance(inner, dict) else document


def envelope_words(reply: Reply) -> str:
    """The vendor's own words of refusal, one clean line; empty when the body is not its envelope.

    Our reading: ``{"message": ..., "errors": {field: [...]}}``, ``{"status": false, ...}``.
    """
    document = reply.fields()
    if document.get("status") is True:
        return ""
    parts = [document[name] for name in ("message", "error") if name in document]
    errors = document.get("errors")
    if isinstance(errors, dict | list):
        parts += complaints(errors)
    return clean("; ".join(part for part in parts if isinstance(part, str) and part.strip()))


def read_purchase(reply: Reply, now: datetime) -> Report:
    """The answer to a buy: a Report under way, or Refused, Unavailable (429) or Uncertain."""
    if reply.status == 429:
        raise Unavailable("Kriptomat asks us to slow down", reply.retry_after(now))
    try:
        document = reply.document()
    except Unreadable:
        raise Uncertain(f"Kriptomat answered {reply.status} with an unreadable body") from None
    fields = document if isinstance(document, dict) else {}
    ref = _transaction_id(fields)
    if reply.status in (200, 201):
        if fields.get("status") is True and ref is not None and not fields.get("errors"):
            return Report(ref=ref, progress=Progress.UNDERWAY, word="", raw=fields)
        raise Uncertain(f"Kriptomat answered {reply.status} without a clear yes")
    words = envelope_words(reply)
    if reply.status in (409, 422) and any(name in words.lower() for name in KEY_NAMES):
        if ref is not None:
            return Report(ref=ref, progress=Progress.UNDERWAY, word="", raw=fields)
        if reply.status == 409 or SEEN.search(words):
            raise Uncertain(f"Kriptomat has seen this key already ({words})", exists=True)
    if reply.status in REFUSALS and words and ref is None:
        raise Refused(words)
    raise Uncertain(f"Kriptomat answered {reply.status}" + (f" ({words})" if words else ""))


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list. ``total``: rows on all pages, where the vendor says so."""

    rows: list[dict[str, Any]]
    more: bool
    total: int | None


def read_rows(reply: Reply, now: datetime) -> Page:
    """The rows of one page of the list, and whether there are more. Raises Unavailable.

    Our reading: a list under ``data``, or a Laravel page (``data.data`` with ``next_page_url``).
    """
    document = read_fields(reply, now)
    inner = document.get("data")
    page = inner if isinstance(inner, dict) else document
    rows = page.get("data")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unavailable("Kriptomat's transaction list has a shape that we cannot read")
    meta = _fields(page.get("meta")) or page
    current, last = number(meta.get("current_page")), number(meta.get("last_page"))
    further = current is not None and last is not None and current < last
    more = bool(page.get("next_page_url") or _fields(page.get("links")).get("next") or further)
    total = number(meta.get("total"))
    return Page(
        rows=rows,
        more=more,
        total=None if total is None else int(total),
    )


def read_fields(reply: Reply, now: datetime) -> dict[str, Any]:
    """The document of a successful read. Raises Unavailable for anything else."""
    if reply.status == 429:
        raise Unavailable("Kriptomat asks us to slow down", reply.retry_after(now))
    try:
        document = reply.document()
    except Unreadable:
        raise Unavailable(f"Kriptomat answered {reply.status} with an unreadable body") from None
    if reply.status != 200 or not isinstance(document, dict) or document.get("status") is False:
        words = envelope_words(reply)
        raise Unavailable(f"Kriptomat answered {reply.status}" + (f" ({words})" if words else ""))
    return document


def reports(page: Page) -> list[Report]:
    """The purchases on a page. Raises Unavailable for one that cannot be told from others."""
    buys = [row for row in page.rows if is_buy(row)]
    found = [one for one in map(report, buys) if one is not None]
    if len(found) < len(buys):
        raise Unavailable("Kriptomat lists a purchase whose id we cannot read")
    return found


def is_buy(row: dict[str, Any]) -> bool:
    """Whether a row is a purchase; one that does not say what it is may be."""
    return str(row.get("type") or "BUY").upper() == "BUY"


def report(row: dict[str, Any]) -> Report | None:
    """A listed row (documented: webhook page) as a Report; None for one without id, or no buy.

    ``amount`` is the quantity, ``total`` what was spent; ``date`` without zone is taken for UTC.
    """
    ref = reference(row.get("id"), REF)
    if ref is None or not is_buy(row):
        return None
    word = clean(str(row.get("state") or ""), 60)
    pair = "".join(filter(str.isalnum, str(row.get("pair") or "").lower()))
    return Report(
        ref=ref,
        progress=STATES.get(word.upper(), Progress.UNDERWAY),
        word=word,
        strange=word.upper() not in STATES,
        asset=pair.removesuffix("eur") or None,
        currency="EUR" if pair.endswith("eur") else None,
        total=number(row.get("total")),
        fee=number(row.get("fee")),
        quantity=number(row.get("amount")),
        price=number(row.get("price")),
        at=instant(row.get("date")),
        raw=row,
    )


def read_rate(document: dict[str, Any], pair: str) -> Decimal:
    """Our reading of exchange-rate: ``{"data": {"btceur": "64800.00"}}``. Raises Unavailable."""
    return _price(number(payload(document).get(pair)))


def read_public_price(document: dict[str, Any], asset: str) -> Decimal:
    """Seen: ``{"data": {"btc": {"price": "64,800.00B", ...}}}``. Raises Unavailable.

    A comma is a thousands separator only where that is beyond doubt: groups of three before a
    decimal point. ``64,800`` could be either, and ``64.800,00`` is neither; both are refused.
    """
    entry = payload(document).get(asset)
    price = entry.get("price") if isinstance(entry, dict) else None
    if isinstance(entry, dict) and str(entry.get("currency", "EUR")).upper() != "EUR":
        _no_price()
    if isinstance(price, str):
        whole, point, rest = price.strip().removesuffix("B").strip().partition(".")
        first, *groups = whole.split(",")
        if groups and not (point and 1 <= len(first) <= 3 and all(len(g) == 3 for g in groups)):
            _no_price()
        price = first + "".join(groups) + point + rest
    return _price(number(price))


def _price(price: Decimal | None) -> Decimal:
    return price if price is not None and price > 0 else _no_price()


def _no_price() -> NoReturn:
    raise Unavailable("Kriptomat's price is missing or can be read in two ways")


def _transaction_id(fields: dict[str, Any]) -> str | None:
    data = fields.get("data")
    return reference((data if isinstance(data, dict) else fields).get("transaction_id"), REF)


def _fields(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
