"""What the Coins.ph sandbox demands of a call: a true signature, a fresh nonce, a sane order.

Documented: what is signed and how, both spellings of the headers, that a nonce is usable once and
grows, and the parameters of an order. The words of every complaint are our reading.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from providers.replies import number
from providers.sandbox.coins_ph_faults import Behaviour

OUTLETS = ("bdo_deposit", "bpi_deposit", "gcash_deposit", "7-eleven")
WALLET = re.compile(r"(bc1|[13])[0-9A-Za-z]{10,71}")
MINIMUM = Decimal(15)
"""PHP; seen in one outlet's limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the sandbox accepts; ``wallets`` are its Coins.ph accounts and what they hold."""

    api_key: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    api_secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    wallets: Mapping[str, str] = field(
        default_factory=lambda: {"1a2c3b4n": "BTC", "9z8y7x6w": "PBTC"}
    )


@dataclass(kw_only=True)
class Gate:
    """Who may come in; remembers which nonces are spent."""

    account: Account
    behaviour: Behaviour
    spent: list[int] = field(default_factory=list)
    """In the order of their arrival."""

    def problem(self, headers: Mapping[str, str], url: str, body: bytes) -> tuple[int, str] | None:
        """Status and words of a refusal; None for a call that is let in, whose nonce is spent."""
        bearer = headers.get("Authorization")
        if bearer is not None:
            right = hmac.compare_digest(bearer.encode(), f"Bearer {self.account.token}".encode())
            return None if right else (401, "Invalid token.")
        key, signed, nonce = (_header(headers, name) for name in ("KEY", "SIGNATURE", "NONCE"))
        if not hmac.compare_digest(key.encode(), self.account.api_key.encode()):
            return 401, "Unknown key."
        message = nonce.encode() + url.encode() + body
        expected = hmac.new(self.account.api_secret.encode(), message, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signed.encode(), expected.encode()):
            return 401, "Invalid signature."
        if not self._fresh(nonce):
            return self.behaviour.nonce_status, "Invalid nonce."
        self.spent.append(int(nonce))
        return None

    def _fresh(self, nonce: str) -> bool:
        if not (nonce.isascii() and nonce.isdecimal()):
            return False
        if self.behaviour.nonces == "once":
            return int(nonce) not in self.spent
        return int(nonce) > max(self.spent, default=0)


def order_problems(
    fields: dict[str, Any], accounts: Collection[str], ask: Decimal, behaviour: Behaviour
) -> list[str]:
    """Complaints about the body of a create, empty when it is as documented."""
    problems = []
    amounts = [fields[name] for name in ("btc_amount", "currency_amount") if name in fields]
    told = [number(amount) for amount in amounts]
    if len(told) != 1:
        problems.append("Provide either btc_amount or currency_amount.")
    elif told[0] is None or told[0] <= 0:
        problems.append("The amount must be a number above zero.")
    elif told[0] * (ask if "btc_amount" in fields else 1) < MINIMUM:
        problems.append("The amount is below the minimum of the payment method.")
    if fields.get("payment_method") not in OUTLETS:
        problems.append("Unknown payment_method.")
    if fields.get("currency") != "PHP":
        problems.append("Unknown currency.")
    account, wallet = fields.get("target_account_id"), fields.get("target_wallet")
    if account is None and wallet is None:
        problems.append("Provide target_account_id or target_wallet.")
    if account is not None and account not in accounts:
        problems.append("Unknown target_account_id.")
    if wallet is not None and not (isinstance(wallet, str) and WALLET.fullmatch(wallet)):
        problems.append("Invalid target_wallet.")
    if "rate" in fields and behaviour.rate == "held against":
        rate = number(fields["rate"])
        if rate is None or abs(rate - ask) * 100 > ask * behaviour.rate_tolerance_percent:
            problems.append("Rate has changed.")
    return problems


def _header(headers: Mapping[str, str], name: str) -> str:
    """Either spelling: ``ACCESS_KEY`` or ``Access-Key``; names of headers have no case."""
    return headers.get(f"ACCESS_{name}") or headers.get(f"ACCESS-{name}") or ""
