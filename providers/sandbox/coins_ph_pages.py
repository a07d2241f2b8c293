"""The pages of the Coins.ph sandbox that do not change: outlets, accounts, prices, and an order.

Documented are all field names here; the values are this sandbox's own.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from providers.replies import number
from providers.sandbox.coins_ph_checks import MINIMUM, OUTLETS
from providers.sandbox.coins_ph_faults import Behaviour
from providers.sandbox.coins_ph_ledger import PESO, SATOSHI, Ledger, Order

TITLES = {
    "bdo_deposit": "BDO deposit",
    "bpi_deposit": "BPI deposit",
    "gcash_deposit": "GCash",
    "7-eleven": "7-Eleven",
}
BID = Decimal("0.99")
"""Of the ask."""


def order_row(order: Order, behind: timedelta, *, numbers: bool, whole: bool) -> dict[str, object]:
    """Documented (buyorder page): money is decimal text, times are unix seconds in text.

    ``whole``: with the two fields that only the samples of GET, PUT and DELETE have.
    """
    times = {
        "canceled_time": order.canceled_time,
        "created_at": order.created_at,
        "marked_paid_time": order.marked_paid_time,
    }
    row: dict[str, object] = {
        "id": order.id,
        "btc_amount": order.btc_amount,
        "btc_released": order.btc_released,
        "currency_amount": order.currency_amount,
        "payment_method": order.payment_method,
        "rate": order.rate,
        "status": order.status,
        "wallet_address": order.wallet_address,
        **{name: _seconds(at, behind) for name, at in times.items()},
    }
    if whole:
        row["expiration_time"] = _seconds(order.expiration_time, behind)
        row["instructions"] = order.instructions
    if numbers:
        return row
    return {name: _text(value) for name, value in row.items()}


def payin_outlets(disabled: set[str]) -> dict[str, object]:
    """Documented (payin-outlets page)."""
    rows: list[object] = [
        {
            "id": outlet,
            "name": TITLES[outlet],
            "outlet_category": "bank_deposit",
            "amount_limits": [
                {"currency": "PHP", "minimum": MINIMUM, "maximum": 500_000, "increment": 1}
            ],
            "region": "PH",
            "disabled_notice": "Closed for maintenance" if outlet in disabled else "",
            "instructions": f"Pay over the counter of {TITLES[outlet]}.",
        }
        for outlet in OUTLETS
    ]
    return {"payin-outlets": rows, "meta": _meta(len(rows))}


def crypto_accounts(accounts: dict[str, str], currency: str | None) -> dict[str, object]:
    """Documented (account balance page): ``PBTC`` is the peso wallet."""
    rows: list[object] = [
        {
            "id": name,
            "name": "Default Account",
            "currency": held,
            "balance": "0",
            "is_default": True,
        }
        for name, held in accounts.items()
        if currency in (None, held)
    ]
    return {"crypto-accounts": rows, "meta": _meta(len(rows))}


def market(ask: Decimal) -> dict[str, object]:
    """Documented (market rates page): text, good for 30 seconds."""
    return {
        "symbol": "BTC-PHP",
        "currency": "PHP",
        "product": "BTC",
        "bid": f"{ask * BID:.0f}",
        "ask": f"{ask:f}",
        "expires_in_seconds": 30,
    }


def buy_quote(
    query: Mapping[str, str], book: Ledger, behaviour: Behaviour, disabled: Collection[str]
) -> dict[str, object]:
    """Documented: what an amount of bitcoin costs at each outlet, fees apart; without one, 1 BTC.

    What an amount in pesos is taken for is ``Behaviour.quote_of_pesos``.
    """
    ask, percent = book.ask, book.fee_percent
    btc, pesos = (number(query.get(name)) for name in ("btc_amount", "currency_amount"))
    if btc is None and pesos is not None and behaviour.quote_of_pesos != "ignored":
        within = behaviour.quote_of_pesos == "fees within"
        subtotal = pesos * 100 / (100 + percent) if within else pesos
        btc = (subtotal / ask).quantize(SATOSHI)
    else:
        btc = btc or Decimal(1)
        subtotal = btc * ask
    whole = subtotal.quantize(PESO)
    fee = (subtotal * percent / 100).quantize(PESO)
    row = {
        "coins_fee": f"{fee:f}",
        "fee": "0",
        "subtotal": f"{whole:f}",
        "total": f"{whole + fee:f}",
        "outlet_type_id": "bank_deposit",
        "help_text": "",
        "required_fields": [],
        "collections_outlet": True,
    }
    outlets = {
        outlet: {
            "available": outlet not in disabled,
            "outlet_id": outlet,
            "name": TITLES[outlet],
            **row,
        }
        for outlet in OUTLETS
    }
    quote = {"btc_amount": btc, "currency": "PHP", "rate": ask, "outlets": outlets}
    return {"quote": quote, "success": True}


def payin_outlet_fees(percent: Decimal) -> dict[str, object]:
    """Documented (payin-outlet-fees page): ``fee_percent`` is a fraction (our reading)."""
    rows: list[object] = [
        {
            "payment_outlet": outlet,
            "currency": "PHP",
            "from_amount": "0",
            "until_amount": "100000000",
            "fee_amount": "0",
            "fee_percent": f"{percent / 100:f}",
        }
        for outlet in OUTLETS
    ]
    return {"payin-outlet-fees": rows, "meta": _meta(len(rows))}


def _meta(count: int) -> dict[str, object]:
    return {"total_count": count, "next_page": None, "previous_page": None}


def _seconds(moment: datetime | None, behind: timedelta) -> int | None:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return None if moment is None else (moment - behind - epoch) // timedelta(seconds=1)


def _text(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    return None if value is None else str(value)
