"""What the tests of Oak stand on: settings that fit its sandbox, and what they want to buy."""

from dataclasses import replace
from typing import Any

from bot.domain.money import Money
from providers.base import Purchase
from providers.oak_paths import OakReading, OakSettings
from providers.sandbox.oak import OakSandbox
from tests.providers import stage

READING = OakReading(calls_per_minute=None, destination_decimals=6)


def oak_settings(sandbox: OakSandbox, **changes: Any) -> OakSettings:
    """Settings that fit the sandbox, but for ``changes``."""
    known = {
        name.removeprefix("OAK_").lower(): value for name, value in sandbox.credentials.items()
    }
    return OakSettings.model_validate(
        {
            "base_url": sandbox.base_url,
            "provider": sandbox.account.provider,
            "payment_method": "customer_wallet",
            "customer_id": sandbox.account.customer_id,
            "amount_unit": sandbox.behaviour.amount_unit,
            "reading": READING,
            **known,
            **changes,
        }
    )


def oak_purchase(amount: str = "25", key: str = stage.KEY) -> Purchase:
    """25 USD of usdc unless told otherwise."""
    wish = stage.purchase(Money.of(amount, "USD"), asset="usdc", key=key)
    return replace(wish, currency="USD")
