"""Reading what came from outside: exact, or nothing.

These readers stand between every vendor and every amount we show or count.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from providers.replies import (
    Reply,
    Unreadable,
    clean,
    complaints,
    instant,
    number,
    reference,
)

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def reply(body: bytes = b"", **headers: str) -> Reply:
    return Reply(200, {k.replace("_", "-"): v for k, v in headers.items()}, body)


def test_fractions_are_exact_and_whole_numbers_are_whole() -> None:
    """0.1 as a float is not 0.1, and a satoshi is money."""
    assert reply(b'{"a":0.0623414132,"b":12}').document() == {"a": Decimal("0.0623414132"), "b": 12}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"a":1',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"status":true,"status":false}',
        b"\xff\xfe{}",
        b"[" * 100_000,
        b"9" * 10_000,
        b'{"a":1}{"a":1}',
    ],
    ids=range(10),
)
def test_what_is_not_one_strict_document_is_unreadable(body: bytes) -> None:
    """Half a document, two answers in one, or a bomb: none may crash us or be believed."""
    with pytest.raises(Unreadable):
        reply(body).document()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12, "12"),
        (Decimal("0.05"), "0.05"),
        ("100.00", "100.00"),
        (" 7 ", "7"),
        ("-3", "-3"),
        ("1e3", None),
        ("1,000", None),
        ("", None),
        (True, None),
        (None, None),
        ({}, None),
        (Decimal("1e999999"), None),
        (10**40, None),
        ("١٢", None),
    ],
    ids=str,
)
def test_a_number_is_plain_or_it_is_none(value: object, expected: str | None) -> None:
    """A guess at a number is a guess at money."""
    assert number(value) == (None if expected is None else Decimal(expected))


def test_a_time_without_zone_is_utc_and_nonsense_is_none() -> None:
    """The vendor's dates carry no zone; our reading is UTC."""
    told = datetime(2018, 11, 27, 13, 46, 22, 658000, tzinfo=UTC)
    assert instant("2018-11-27T13:46:22.658") == told
    assert instant("2018-11-27T15:46:22.658+02:00") == told
    assert instant("yesterday") is None
    assert instant(1543326382) is None


def test_retry_after_is_read_as_seconds_and_as_a_date() -> None:
    """Both are allowed by HTTP; a past date means now, nonsense means no advice."""
    assert reply(retry_after="7").retry_after(NOW) == 7
    assert reply(retry_after="Sat, 21 Nov 2026 09:00:30 GMT").retry_after(NOW) == 30
    assert reply(retry_after="Sat, 21 Nov 2026 08:00:00 GMT").retry_after(NOW) == 0
    assert reply(retry_after="soon").retry_after(NOW) is None
    assert reply().retry_after(NOW + timedelta(days=1)) is None


def test_only_an_object_has_fields() -> None:
    """Whoever asks for fields wants none of a page, a list or half a document."""
    assert reply(b'{"a":1}').fields() == {"a": 1}
    assert [reply(body).fields() for body in (b"[1]", b'"a"', b"<html>", b"")] == [{}] * 4


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12, "12"),
        ("a-1", "a-1"),
        (0, None),
        (-1, None),
        (10**18, None),
        (True, None),
        ("", None),
        ("a/b", None),
        (Decimal("1.5"), None),
        (None, None),
    ],
    ids=str,
)
def test_a_reference_is_safe_in_a_path_or_it_is_none(value: object, expected: str | None) -> None:
    """It is put into URLs, and a truth value is no number of a purchase."""
    assert reference(value, re.compile("[a-z0-9-]+")) == expected


def test_complaints_are_read_in_every_form_that_was_seen() -> None:
    """An object by field, a list, one text; what is no text of a list tells nothing."""
    assert complaints({"amount": ["too low", "odd"], "pair": "unknown"}) == [
        "amount: too low",
        "amount: odd",
        "pair: unknown",
    ]
    assert complaints(["no", " ", 7]) == ["no"]
    assert complaints("no") == ["no"]
    assert complaints(None) == []


def test_words_from_outside_become_one_short_printable_line() -> None:
    """They go to cards and logs."""
    assert clean("no\r\n\x1b[31m  balance\u202e") == "no [31m balance"
    assert clean("x" * 500) == "x" * 199 + "…"
