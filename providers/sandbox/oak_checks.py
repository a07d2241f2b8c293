"""What the Oak sandbox demands of requests, as one complaint each.

Documented: the five required fields of a buy with their types, ``metadata``, and the list's
parameters. That unknown fields are refused, and the words of all complaints, is our reading.
"""

import re
from collections.abc import Mapping
from typing import Any

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
TEXTS = ("provider", "payment_method", "currency", "customer_id")
FIELDS = frozenset({"amount", *TEXTS, "metadata"})
FILTERS = frozenset(
    {
        "limit",
        "offset",
        "type_list",
        "status",
        "payment_method",
        "source_currency",
        "destination_currency",
        "customer_id",
    }
)
"""Documented, but for the last, which the SDK has."""


def buy_complaint(
    fields: dict[str, Any], *, providers: frozenset[str], currencies: frozenset[str]
) -> str:
    """What is wrong with a buy request; empty when it is as documented."""
    unknown, amount = fields.keys() - FIELDS, fields.get("amount")
    if unknown:
        return f"unknown field {min(unknown)}"
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 1:
        return "amount must be an integer not less than 1"
    for name in TEXTS:
        if not isinstance(fields.get(name), str) or not fields[name]:
            return f"{name} must be a string"
    if not UUID.fullmatch(fields["customer_id"]):
        return "customer_id must be a UUID"
    if fields["provider"].lower() not in providers:
        return "provider is not supported"
    if fields["currency"].lower() not in currencies:
        return "currency is not supported"
    if not isinstance(fields.get("metadata", {}), dict):
        return "metadata must be an object"
    return ""


def list_complaint(query: Mapping[str, str]) -> str:
    """What is wrong with a look at the list; empty when it is as documented."""
    if query.keys() - FILTERS:
        return f"unknown parameter {min(query.keys() - FILTERS)}"
    if not re.fullmatch(r"[1-9][0-9]{0,5}", query.get("limit", "10")):
        return "limit must be at least 1"
    if not re.fullmatch(r"[0-9]{1,9}", query.get("offset", "0")):
        return "offset must be at least 0"
    return ""


def matches(row: dict[str, Any], query: Mapping[str, str]) -> bool:
    """Whether a row passes the filters, in any casing; several words are separated by commas."""
    told = {
        "type_list": row["type"],
        "status": row["status"],
        "payment_method": row["source"]["payment_method"]["type"],
        "source_currency": row["source"]["currency"],
        "destination_currency": row["destination"]["currency"],
        "customer_id": row["source"]["customer"]["id"],
    }
    return all(
        word.lower() in query[name].lower().split(",")
        for name, word in told.items()
        if name in query
    )
