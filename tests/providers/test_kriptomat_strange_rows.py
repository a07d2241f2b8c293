"""Rows that nobody documents: what may be ours and cannot be read is not absence.

The shape of the list is our reading. Should it be wrong on the first live day, every look-up would
find nothing, and nothing found would be believed.
"""

import json
from typing import Any

import pytest

from providers.base import Unavailable
from providers.kriptomat import Kriptomat
from tests.providers.stage import TOKEN, Clock, RawServer, http_reply, purchase

OURS = {
    "id": 7,
    "type": "BUY",
    "pair": "btceur",
    "total": 250,
    "date": "2026-11-21T09:00:05",
    "state": "SUCCESS",
}


async def find(raw: RawServer, client: Kriptomat, clock: Clock, row: object) -> list[str]:
    """The references that are found in a list of one row."""
    raw.replies = [TOKEN, http_reply(200, json.dumps({"status": True, "data": [row]}))]
    found = await client.find(purchase(), since=clock.now())
    return [one.report.ref for one in found]


@pytest.mark.parametrize("pair", ["btceur", "BTCEUR", "BTC-EUR", "btc/eur", "BTC_EUR"])
async def test_a_pair_is_read_however_it_is_written(
    raw: RawServer, lied_to: Kriptomat, clock: Clock, pair: str
) -> None:
    """Only one spelling is documented, and that for the request."""
    assert await find(raw, lied_to, clock, {**OURS, "pair": pair}) == ["7"]


@pytest.mark.parametrize(
    "row",
    [
        {**OURS, "date": None},
        {**OURS, "date": "21 November"},
        {**OURS, "total": None},
        {**OURS, "total": "two hundred and fifty"},
        {**OURS, "pair": None},
        {**OURS, "pair": "btc"},
        {**OURS, "id": None},
        {**OURS, "id": "../7"},
        {**OURS, "type": None, "id": None},
        {},
        "7",
        None,
    ],
    ids=str,
)
async def test_a_row_that_may_be_ours_and_cannot_be_read_is_unavailable(
    raw: RawServer, lied_to: Kriptomat, clock: Clock, row: Any
) -> None:
    """Neither found nor absent: the doubt stays open, and a person is asked in the end."""
    with pytest.raises(Unavailable, match="cannot read"):
        await find(raw, lied_to, clock, row)


@pytest.mark.parametrize(
    "row",
    [
        {**OURS, "type": "SELL", "id": None},
        {**OURS, "pair": "etheur", "date": None},
        {**OURS, "total": 251, "date": None},
        {**OURS, "total": None, "date": "2026-11-21T08:00:00"},
        {**OURS, "pair": None, "total": 99},
        {**OURS, "pair": "btcusd"},
    ],
    ids=str,
)
async def test_a_strange_row_that_cannot_be_ours_does_not_stand_in_the_way(
    raw: RawServer, lied_to: Kriptomat, clock: Clock, row: Any
) -> None:
    """Some old row is always strange; it must not keep every look-up from ever ending."""
    assert await find(raw, lied_to, clock, row) == []
