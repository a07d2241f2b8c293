"""What we ask of Coins.ph, byte for byte, and how an order is known again that has no key of ours.

Pure. Each parameter of the documented page is sent; ``rate`` only when it is configured, because
what it does at the vendor is not documented: nothing, a refusal when it is stale, or a lock.
"""

import json
from decimal import Decimal

from bot.domain.money import Money
from providers.base import Purchase, Refused, Report
from providers.coins_ph_paths import CoinsPhSettings


def body_of(settings: CoinsPhSettings, purchase: Purchase) -> bytes:
    """Documented (buyorder page): one of two amounts, the outlet, PHP, and who is credited.

    Always the same bytes for a purchase. Raises Refused for what that page has no field for.
    """
    _can_be_asked(purchase)
    amount = purchase.spend.text
    literal = amount if settings.reading.amount_form == "number" else json.dumps(amount)
    body = {
        "currency_amount" if isinstance(purchase.spend, Money) else "btc_amount": literal,
        "payment_method": json.dumps(outlet_of(settings, purchase)),
        "currency": '"PHP"',
    }
    wallet = _wallet(settings, purchase)
    if wallet is not None:
        body["target_wallet"] = json.dumps(wallet)
    elif settings.target_account_id is not None:
        body["target_account_id"] = json.dumps(settings.target_account_id)
    else:
        raise Refused(f"say who is credited: to {' or '.join(sorted(settings.targets))}")
    if settings.send_rate:
        body["rate"] = _rate(purchase)
    text = ",".join(f'"{name}":{value}' for name, value in body.items())
    return f"{{{text}}}".encode()


def may_be(settings: CoinsPhSettings, listed: Report, purchase: Purchase) -> bool:
    """Whether a listed order may be this purchase; what a row does not tell is no difference."""
    wallet = _wallet(settings, purchase)
    return (
        _near(settings, ordered(listed, purchase), purchase)
        and listed.outlet in (None, outlet_of(settings, purchase))
        and listed.currency in (None, "PHP")
        and (wallet is None or listed.wallet in (None, wallet))
    )


def ordered(listed: Report, purchase: Purchase) -> Decimal | None:
    """What the order says of the amount that we sent: pesos or bitcoin."""
    in_pesos = isinstance(purchase.spend, Money)
    return listed.total if in_pesos else listed.ordered


def _near(settings: CoinsPhSettings, told: Decimal | None, purchase: Purchase) -> bool:
    if told is None or told == purchase.spend.amount:
        return True
    slack = settings.reading.amount_slack
    return isinstance(purchase.spend, Money) and abs(told - purchase.spend.amount) < slack


def _can_be_asked(purchase: Purchase) -> None:
    spend = purchase.spend
    if purchase.asset != "btc":
        raise Refused(f"Coins.ph sells btc, not {purchase.asset}")
    if purchase.currency != "PHP" or (isinstance(spend, Money) and spend.currency != "PHP"):
        raise Refused("Coins.ph takes PHP only")
    if not isinstance(spend, Money) and spend.asset != "btc":
        raise Refused("Coins.ph takes a quantity of btc only")
    if spend.amount <= 0:
        raise Refused("Coins.ph takes amounts above zero")


def outlet_of(settings: CoinsPhSettings, purchase: Purchase) -> str:
    """The payin outlet that was named, else the configured one."""
    return settings.payment_method if purchase.outlet is None else purchase.outlet


def _rate(purchase: Purchase) -> str:
    """Documented as a whole number. Cut down, so that it never offers more than was quoted."""
    if purchase.rate is None or purchase.rate < 1:
        raise Refused("Coins.ph is to be sent the rate, and none was read")
    return f"{int(purchase.rate)}"


def _wallet(settings: CoinsPhSettings, purchase: Purchase) -> str | None:
    """The address of the named target; None where none is named. Raises Refused."""
    if purchase.target is None:
        return None
    if purchase.target not in settings.targets:
        raise Refused(f"{purchase.target} is not in the address book of Coins.ph")
    return settings.targets[purchase.target]
