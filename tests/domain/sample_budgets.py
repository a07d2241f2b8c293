"""Budgets for tests: one that covers everything, and any that the types allow."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from bot.domain.budgets import Budget
from bot.domain.money import DECIMALS, Money

ZONES = ("UTC", "Europe/Ljubljana", "Asia/Manila", "America/Sao_Paulo", "Australia/Lord_Howe")
PERIODS = ("day", "week", "month", "1d", "30d", "365d")

_NAMES = st.none() | st.lists(st.text(max_size=20), min_size=1, max_size=3).map(tuple)


def budget(**changes: Any) -> Budget:
    """10,000 EUR a month for everybody and everything."""
    given: dict[str, Any] = {"name": "monthly", "limit": Money.of(10000, "EUR"), "per": "month"}
    return Budget(**{**given, **changes})


@st.composite
def budgets(draw: st.DrawFn, currency: str) -> Budget:
    """Any budget of one currency."""
    units = Decimal(draw(st.integers(0, 10**14))).scaleb(-DECIMALS[currency])
    return Budget(
        name=draw(st.text(max_size=40)),
        limit=Money.of(units, currency),
        per=draw(st.sampled_from(PERIODS)),
        zone=draw(st.sampled_from(ZONES)),
        requesters=draw(_NAMES),
        providers=draw(_NAMES),
        assets=draw(_NAMES),
    )
