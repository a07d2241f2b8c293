"""What each answer of Coins.ph lets us believe; the order of the documented page stands here whole.

Pure tables: bytes in, a verdict or a report out.
"""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from providers.base import Progress, Refused, Report, Unavailable, Uncertain
from providers.coins_ph_words import (
    envelope_words,
    is_paid,
    moment,
    read_market,
    read_purchase,
    report,
    words_of,
)
from providers.replies import Reply

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

SAMPLE: dict[str, Any] = {
    "btc_amount": "0.1",
    "btc_released": "0",
    "canceled_time": None,
    "created_at": "1408420128",
    "currency_amount": "1050",
    "id": "dsff1434143",
    "marked_paid_time": None,
    "payment_method": "bpi_deposit",
    "rate": "10501",
    "status": "pending_payment",
    "wallet_address": "ea231324a",
}
"""The documented reply to a create."""


def reply(status: int, document: object, **headers: str) -> Reply:
    body = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def told(**changes: object) -> Report:
    found = report({**SAMPLE, **changes})
    assert found is not None
    return found


@pytest.mark.parametrize("status", [200, 201])
def test_the_documented_reply_is_read_to_its_last_field(status: int) -> None:
    """Every field of the page has a place in the report, or stays in its raw words."""
    found = read_purchase(reply(status, {"order": SAMPLE, "success": True}), NOW)
    assert found == Report(
        ref="dsff1434143",
        progress=Progress.AWAITING_PAYMENT,
        word="pending_payment",
        asset="btc",
        currency="PHP",
        total=Decimal(1050),
        quantity=Decimal("0.1"),
        ordered=Decimal("0.1"),
        price=Decimal(10501),
        at=datetime(2014, 8, 19, 3, 48, 48, tzinfo=UTC),
        outlet="bpi_deposit",
        wallet="ea231324a",
        raw=SAMPLE,
    )
    assert (found.pay_by, found.fee) == (None, None)


def test_numbers_and_text_mean_the_same() -> None:
    """Documented is text, but one sample shows a number; a float would change an amount."""
    numbers = '{"order":{"id":"a1","currency_amount":1050.10,"btc_amount":0.00000001,"rate":10501,'
    numbers += '"created_at":1408420128,"expiration_time":1409211066},"success":true}'
    texts = '{"order":{"id":"a1","currency_amount":"1050.10","btc_amount":"0.00000001",'
    texts += '"rate":"10501","created_at":"1408420128","expiration_time":"1409211066"},'
    texts += '"success":true}'
    one, other = (read_purchase(reply(201, text), NOW) for text in (numbers, texts))
    assert (one.total, one.quantity, one.price) == (other.total, other.quantity, other.price)
    assert (one.at, one.pay_by) == (other.at, other.pay_by)
    assert one.total == Decimal("1050.10")
    assert one.pay_by == datetime(2014, 8, 28, 7, 31, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "progress", "word"),
    [
        ({}, Progress.AWAITING_PAYMENT, "pending_payment"),
        ({"marked_paid_time": "1408420200"}, Progress.UNDERWAY, "pending_payment"),
        ({"marked_paid_time": 1408420200}, Progress.UNDERWAY, "pending_payment"),
        ({"status": "payment_received"}, Progress.UNDERWAY, "payment_received"),
        ({"status": "released", "btc_released": "0.1"}, Progress.COMPLETED, "released"),
        ({"status": "RELEASED"}, Progress.COMPLETED, "RELEASED"),
        ({"status": "canceled"}, Progress.FAILED, "canceled"),
        ({"canceled_time": "1408420200"}, Progress.FAILED, "pending_payment, canceled"),
        ({"status": "released", "canceled_time": "1"}, Progress.COMPLETED, "released"),
        ({"status": "escrow_expired"}, Progress.FAILED, "escrow_expired"),
        ({"status": "under_review"}, Progress.UNDERWAY, "under_review"),
        (
            {"canceled_time": "0", "marked_paid_time": "0"},
            Progress.AWAITING_PAYMENT,
            "pending_payment",
        ),
        (
            {"canceled_time": 0, "marked_paid_time": ""},
            Progress.AWAITING_PAYMENT,
            "pending_payment",
        ),
        ({"canceled_time": "yesterday"}, Progress.FAILED, "pending_payment, canceled"),
        ({"status": None}, Progress.UNDERWAY, ""),
        ({"status": "", "canceled_time": "1"}, Progress.FAILED, "canceled"),
    ],
)
def test_every_word_has_its_meaning_and_is_kept(
    changes: dict[str, object], progress: Progress, word: str
) -> None:
    """Four words are documented and one is in the samples; an unknown one ends nothing."""
    found = told(**changes)
    assert (found.progress, found.word) == (progress, word)


@pytest.mark.parametrize(
    ("changes", "strange"),
    [
        ({"status": "under_review"}, True),
        ({"status": None}, True),
        ({"status": "under_review", "marked_paid_time": "1408420200"}, False),
        ({"status": "under_review", "canceled_time": "1408420200"}, False),
        ({"status": "payment_received"}, False),
        ({}, False),
    ],
    ids=range(6),
)
def test_a_word_that_nobody_documents_is_no_proof_of_a_payment(
    changes: dict[str, object], strange: bool
) -> None:
    """An order that was taken for paid would never be marked as paid, and so never processed."""
    assert told(**changes).strange is strange


@pytest.mark.parametrize(("released", "quantity"), [("0.09", "0.09"), ("0.2", "0.2"), ("0", "0")])
def test_what_was_released_counts_and_not_what_was_ordered(released: str, quantity: str) -> None:
    """Less, more or nothing: a person must see it, so nothing is smoothed."""
    found = told(status="released", btc_released=released)
    assert (found.quantity, found.ordered) == (Decimal(quantity), Decimal("0.1"))
    assert told(btc_released=released).quantity == Decimal("0.1")


@pytest.mark.parametrize("field", [name for name in SAMPLE if name != "id"])
def test_a_missing_field_is_never_fatal(field: str) -> None:
    """The documents are old: what is not told is None, and the rest is still read."""
    row = {name: value for name, value in SAMPLE.items() if name != field}
    for shown in (row, {**row, field: {"strange": True}}, {**row, field: [1]}):
        found = report(shown)
        assert found is not None
        assert found.ref == "dsff1434143"
        assert found.progress is not Progress.COMPLETED


@pytest.mark.parametrize("ref", [None, "", "../../markets", "a b", "ä", "x" * 65, 0, -1, True, {}])
def test_an_order_without_a_usable_id_is_no_order(ref: object) -> None:
    """The id goes into a path, and an empty one would ask for the whole history."""
    assert report({**SAMPLE, "id": ref}) is None
    with pytest.raises(Uncertain):
        read_purchase(reply(201, {"order": {**SAMPLE, "id": ref}, "success": True}), NOW)


@pytest.mark.parametrize("status", [400, 402, 403, 404, 422])
@pytest.mark.parametrize(
    "errors", [["Too small."], {"amount": ["Too small."]}, {"amount": "Too small."}, "Too small."]
)
def test_an_error_envelope_is_a_refusal_in_the_words_of_the_vendor(
    status: int, errors: object
) -> None:
    """A list was seen; an object or one text may be. All are a clear no."""
    with pytest.raises(Refused, match="Too small"):
        read_purchase(reply(status, {"errors": errors}), NOW)


@pytest.mark.parametrize(
    ("status", "document"),
    [
        (200, {"errors": ["No."], "success": False}),
        (201, {"order": SAMPLE, "success": False}),
        (201, {"order": SAMPLE, "success": True, "errors": ["Half done."]}),
        (201, {"success": True}),
        (201, {"order": [SAMPLE], "success": True}),
        (201, "<html>"),
        (202, {"order": SAMPLE, "success": True}),
        (302, ""),
        (400, "<html>"),
        (403, {"message": "Forbidden"}),
        (404, "<html>The page is gone</html>"),
        (400, {"errors": []}),
        (422, {"errors": ["No."], "order": SAMPLE}),
        (409, {"errors": ["Conflict."]}),
        (500, {"errors": ["No."]}),
        (503, ""),
        (400, {"errors": ["Invalid nonce."]}),
        (403, {"errors": ["Nonce was used before."]}),
    ],
)
def test_what_is_neither_yes_nor_no_is_uncertain(status: int, document: object) -> None:
    """A wrong no would buy twice; a spent nonce may mean that the first sending arrived."""
    with pytest.raises(Uncertain) as caught:
        read_purchase(reply(status, document), NOW)
    assert not caught.value.exists


def test_too_many_requests_bought_nothing() -> None:
    """429 is given before anything is done; the vendor may say for how long."""
    with pytest.raises(Unavailable) as caught:
        read_purchase(reply(429, "", retry_after="7"), NOW)
    assert caught.value.after == 7


def test_words_of_refusal_are_one_clean_short_line() -> None:
    """They are shown in a channel, where a line break or a control character could deceive."""
    words = envelope_words(reply(422, {"errors": ["a\n\u202eb", 7, "", "x" * 500]}))
    assert words.startswith("a b; xxx")
    assert len(words) <= 200
    assert words.isprintable()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1408420128", datetime(2014, 8, 19, 3, 48, 48, tzinfo=UTC)),
        (1408420128, datetime(2014, 8, 19, 3, 48, 48, tzinfo=UTC)),
        (Decimal("1408420128.7"), datetime(2014, 8, 19, 3, 48, 48, tzinfo=UTC)),
        ("2014-08-19T03:48:48Z", datetime(2014, 8, 19, 3, 48, 48, tzinfo=UTC)),
        ("1408420128000", None),
        ("0", None),
        (-1, None),
        (True, None),
        ("soon", None),
        (None, None),
        (10**29, None),
    ],
)
def test_times_are_unix_seconds_or_none(value: object, expected: datetime | None) -> None:
    """A time that we guess wrong would hide an order from a look-up."""
    assert moment(value) == expected


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"market": {}},
        {"market": {"ask": "0"}},
        {"market": {"ask": "-1"}},
        {"market": {"ask": "cheap"}},
        {"market": {"ask": "1", "currency": "THB"}},
        {"market": {"ask": "1", "product": "ETH"}},
        {"market": {"ask": "1", "symbol": "ETH-PHP"}},
        {"markets": [{"symbol": "ETH-PHP", "ask": "1"}, "BTC-PHP"]},
    ],
)
def test_a_price_of_something_else_is_no_price(fields: dict[str, Any]) -> None:
    """People approve a band around it."""
    with pytest.raises(Unavailable):
        read_market(fields)


def test_a_buyer_pays_the_ask() -> None:
    """One market or a list of them, as the two versions of the page answer."""
    row = {"symbol": "BTC-PHP", "currency": "PHP", "product": "BTC", "bid": "9", "ask": "10.5"}
    other = {**row, "symbol": "ETH-PHP", "product": "ETH", "ask": "3"}
    assert read_market({"market": row}) == Decimal("10.5")
    assert read_market({"markets": [other, row]}) == Decimal("10.5")


def test_instructions_keep_their_lines_and_lose_what_cannot_be_printed() -> None:
    """A payer follows them step by step; a hidden character could turn an account number round."""
    assert words_of("1. Go\r\n\r\n2. Pay\u202e 12\x07") == "1. Go\n2. Pay 12"
    assert words_of(None) == words_of(7) == ""
    assert len(words_of("x" * 10_000)) <= 4000


def test_paid_is_what_the_vendor_has_noted() -> None:
    """A word that nobody knows is no proof that a payment was noted."""
    assert is_paid(told(marked_paid_time=1408420200))
    assert is_paid(told(status="payment_received"))
    assert is_paid(told(status="released"))
    assert not is_paid(told())
    assert not is_paid(told(marked_paid_time="0"))
    assert not is_paid(told(status="under_review"))
