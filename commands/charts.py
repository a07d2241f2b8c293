"""A month's report as a description of bars, from which ``bot.chart`` draws a picture.

Amounts are text: the one that draws makes pixels of them, and nothing else does anything with them.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.domain.reports import Report
from commands.words import reports as words

PANELS_AT_MOST = 4
"""Currencies in one picture."""

ASSETS_AT_MOST = 8
"""Colours in one panel; what is beyond them is drawn as one."""

Days = Mapping[str, Sequence[Decimal]]


def chart(told: Report) -> dict[str, Any]:
    """One panel for each currency, stacked by asset; days are numbered from 1."""
    panels = [
        {
            "title": words.chart_title(told.month, currency),
            "series": [
                {"name": name, "values": [format(each, "f") for each in days]}
                for name, days in _named(assets)
            ],
        }
        for currency, assets in list(told.days.items())[:PANELS_AT_MOST]
    ]
    return {"panels": panels}


def _named(assets: Days) -> Iterator[tuple[str, Sequence[Decimal]]]:
    """The assets on which most was spent, and all others as one: nothing is left out."""
    most_first = sorted(assets.items(), key=lambda one: (-sum(one[1]), one[0]))
    alone = len(assets) if len(assets) <= ASSETS_AT_MOST else ASSETS_AT_MOST - 1
    for asset, days in most_first[:alone]:
        yield asset.upper(), days
    if rest := [days for _, days in most_first[alone:]]:
        yield words.OTHERS, [sum(day, Decimal(0)) for day in zip(*rest, strict=True)]
