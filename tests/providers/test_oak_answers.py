"""What Oak's words mean: pure, every documented field and every status word, and no guesses.

The reply to a buy is the one place where a wrong word costs money, so most of this is about what is
not believed.
"""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from providers.base import Progress, Refused, Report, Unavailable, Uncertain
from providers.oak_paths import OakReading, OakSettings
from providers.oak_words import read_purchase, report
from providers.replies import Reply
from tests.providers.stage import KEY

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
CUSTOMER = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
REF = "7d9f2c11-5b8e-4a53-9f0e-2f6a1c0b9d44"
SENT = (
    '{"amount":2500,"provider":"bridge","payment_method":"wallet","currency":"usd",'
    f'"customer_id":"{CUSTOMER}","metadata":{{"client_order_id":"{KEY}"}}}}'
).encode()
ROW: dict[str, Any] = {
    "id": REF,
    "status": "captured",
    "type": "buy",
    "provider": "bridge",
    "source": {
        "amount": 2500,
        "currency": "usd",
        "customer": {"id": CUSTOMER},
        "payment_method": {"id": "1f", "type": "wallet", "chain": "base"},
    },
    "destination": {
        "amount": 24750000,
        "currency": "usdc",
        "customer": {"id": CUSTOMER},
        "payment_method": {"id": "2f", "type": "customer_wallet", "chain": "polygon"},
    },
    "metadata": {"client_order_id": KEY},
    "created_at": "2026-11-21T08:59:58Z",
    "updated_at": "2026-11-21T08:59:59Z",
    "settlement_date": "2026-11-22T08:59:58Z",
}
"""A transaction with every field that is documented."""


def settings(**reading: Any) -> OakSettings:
    return OakSettings.model_validate(
        {
            "provider": "Bridge",
            "payment_method": "wallet",
            "customer_id": CUSTOMER,
            "amount_unit": "minor",
            "client_id": "c",
            "client_secret": "s",
            "reading": OakReading(**reading),
        }
    )


def answered(document: object, status: int = 200, **reading: Any) -> Report:
    """What a buy ends with when it is answered so."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return read_purchase(Reply(status, {}, body), SENT, settings(**reading), NOW)


def wrapped(**changes: Any) -> dict[str, Any]:
    return {"msg": "Buy trade initiated", "data": {**ROW, **changes}}


def source(**changes: Any) -> dict[str, Any]:
    return {**ROW["source"], **changes}


def test_every_documented_field_has_its_place() -> None:
    """The vendor's page, field by field; the quantity only once its unit has been said."""
    found = report(ROW, settings(destination_decimals=6))
    assert found == Report(
        ref=REF,
        progress=Progress.UNDERWAY,
        word="captured",
        asset="usdc",
        currency="USD",
        total=Decimal("25.00"),
        quantity=Decimal("24.750000"),
        at=datetime(2026, 11, 21, 8, 59, 58, tzinfo=UTC),
        outlet="wallet",
        wallet="2f",
        chain="polygon",
        settles_on="2026-11-22T08:59:58Z",
        raw=ROW,
    )


def test_a_quantity_whose_unit_nobody_documents_is_not_told() -> None:
    """24750000 of what? The row is kept as it came, for whoever knows."""
    found = report(ROW, settings())
    assert found is not None
    assert found.quantity is None
    assert found.raw["destination"]["amount"] == 24750000


@pytest.mark.parametrize("status", [200, 201, 202])
def test_every_2xx_with_the_transaction_is_a_yes(status: int) -> None:
    """Which of them is not documented."""
    assert answered(wrapped(), status).ref == REF


def test_both_words_are_shown() -> None:
    """People ask the vendor with the vendor's words."""
    found = report({**ROW, "status": "processing", "sub_status": "funds_received"}, settings())
    assert found is not None
    assert found.word == "processing / funds_received"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"source": source(amount=2600)}, "amount 2600 for 2500"),
        ({"source": source(amount="25.00")}, "amount 25.00 for 2500"),
        ({"source": source(currency="eur")}, "currency eur for usd"),
        ({"provider": "stripe"}, "provider stripe for bridge"),
        ({"metadata": {"client_order_id": "f" * 32}}, "other metadata"),
        ({"metadata": {"invoice": "7"}}, "other metadata"),
    ],
    ids=["amount", "unit", "currency", "provider", "key", "metadata"],
)
def test_a_reply_about_another_purchase_is_uncertain(changes: dict[str, Any], named: str) -> None:
    """A yes to something that was not asked is no yes; people are told what differs."""
    with pytest.raises(Uncertain, match=named) as caught:
        answered(wrapped(**changes))
    assert caught.value.exists is ("metadata" not in changes)


def test_another_customer_is_uncertain() -> None:
    """The vendor's pages put the customer on either side, so either may be right, not neither."""
    other = {"customer": {"id": "00000000-0d44-4b50-8888-8dd25736052a"}}
    moved = wrapped(source=source(**other))
    assert answered(moved).ref == REF
    moved["data"]["destination"] = {**ROW["destination"], **other}
    with pytest.raises(Uncertain, match="another customer"):
        answered(moved)


def test_casing_is_no_contradiction() -> None:
    """Requests are upper-cased inside, replies lower-cased: both are documented."""
    shouted = wrapped(
        id=REF.upper(),
        provider="BRIDGE",
        status="CAPTURED",
        source=source(currency="USD", customer={"id": CUSTOMER.upper()}),
        metadata={"client_order_id": KEY.upper()},
    )
    found = answered(shouted)
    assert (found.ref, found.currency, found.word) == (REF, "USD", "CAPTURED")


@pytest.mark.parametrize("field", [name for name in ROW if name != "id"])
@pytest.mark.parametrize("value", [..., None, 7, "", [], {}], ids=str)
def test_no_field_but_the_id_is_needed(field: str, value: object) -> None:
    """The purchase is there; what the reply does not tell is read later."""
    row = {name: one for name, one in ROW.items() if name != field}
    if value is not ...:
        row[field] = value
    found = answered({"msg": "ok", "data": row})
    assert found.ref == REF


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        "yes",
        {"id": ""},
        {"id": 7},
        {"id": "../7"},
        {"id": None},
        {"status": "created"},
    ],
    ids=str,
)
def test_a_yes_without_a_readable_id_is_uncertain(data: object) -> None:
    """Something may be there, and we do not know what."""
    with pytest.raises(Uncertain):
        answered({"msg": "Buy trade initiated", "data": data})


@pytest.mark.parametrize("status", [400, 402, 403, 404, 422])
def test_the_vendors_own_refusal_is_definitive(status: int) -> None:
    """The documented envelope with no data: nothing was bought, and the words are the vendor's."""
    with pytest.raises(Refused, match=r"^Not approved\.$"):
        answered({"msg": " Not approved.\n", "data": None}, status)


@pytest.mark.parametrize("status", [302, 400, 403, 404, 405, 408, 409, 418, 422, 500, 503])
@pytest.mark.parametrize(
    "document",
    [b"<html>", {}, {"message": "No"}, {"msg": "No"}, {"msg": "", "data": None}, wrapped(), []],
    ids=["page", "empty", "another's", "no data", "no words", "a transaction", "list"],
)
def test_any_other_no_is_uncertain(status: int, document: object) -> None:
    """It may come from a proxy, or from a vendor that has bought."""
    with pytest.raises(Uncertain):
        answered(document, status)


@pytest.mark.parametrize("status", [409, 500, 503])
def test_its_own_envelope_refuses_nothing_under_another_status(status: int) -> None:
    """What a conflict means is not documented, and a broken server knows nothing."""
    with pytest.raises(Uncertain, match="Busy"):
        answered({"msg": "Busy", "data": None}, status)


def test_too_many_requests_is_later() -> None:
    """Refused before it was looked at: the same bytes may go again."""
    with pytest.raises(Unavailable) as caught:
        read_purchase(Reply(429, {"retry-after": "7"}, b"{}"), SENT, settings(), NOW)
    assert caught.value.after == 7


@pytest.mark.parametrize(
    ("amount", "total"),
    [
        (2500, "25.00"),
        ("2500 ", "25.00"),
        (1, "0.01"),
        ("0.5", "0.005"),
        (Decimal("2500.0"), "25.000"),
        ("1" * 30 + "." + "1" * 30, None),
        ("many", None),
        (True, None),
    ],
    ids=str,
)
def test_an_amount_is_read_exactly_or_not_at_all(amount: object, total: str | None) -> None:
    """Numbers are documented, text is seen in the SDK; nothing is rounded."""
    found = report({**ROW, "source": source(amount=amount)}, settings())
    assert found is not None
    assert found.total == (None if total is None else Decimal(total))
