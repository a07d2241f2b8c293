"""Our own pace at a vendor: every attempt waits for its turn, and waiting is nobody's failure.

The limiter runs on real time, so these tests use high rates and count what has arrived.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.capabilities import Health
from providers.base import Unavailable
from providers.http import BURST, Call, Http
from tests.providers.conftest import KriptomatMaker
from tests.providers.stage import QUICK, Clock, RawServer, http_reply

FINE = http_reply(200, "{}")


def paced(
    raw: RawServer,
    calls_per_minute: int,
    *,
    turn: float = 5,
    observe: Callable[[Call], None] | None = None,
) -> Http:
    """The seam with a limit, and ``turn`` seconds of patience for it."""
    raw.replies = [FINE]
    return Http(
        raw.url,
        vendor="raw",
        now=Clock().now,
        calls_per_minute=calls_per_minute,
        deadlines=replace(QUICK, turn=turn),
        observe=observe,
    )


async def buy(http: Http) -> object:
    return await http.send_once("POST", "/buy", body=b"{}", headers={})


async def test_calls_after_the_burst_go_at_the_agreed_pace(raw: RawServer) -> None:
    """1200 a minute are 50 ms each: five after the burst take at least a fifth of a second."""
    http = paced(raw, 1200)
    began = time.perf_counter()
    await asyncio.gather(*(http.read("/list") for _ in range(BURST)))
    assert time.perf_counter() - began < 0.5
    await asyncio.gather(*(http.read("/list") for _ in range(5)))
    assert time.perf_counter() - began >= 0.2
    await http.aclose()


async def test_a_purchase_whose_turn_does_not_come_is_surely_not_sent(raw: RawServer) -> None:
    """It never left, so the same key may go later; the vendor is not to blame for it."""
    http = paced(raw, 60, turn=0.05)
    for _ in range(BURST):
        await http.read("/list")
    with pytest.raises(Unavailable, match="too many calls wait"):
        await buy(http)
    assert len(raw.requests) == BURST
    assert http.health == Health(answered_at=Clock().now())
    await http.aclose()


async def test_a_read_whose_turn_does_not_come_is_not_tried_again_at_once(raw: RawServer) -> None:
    """Trying again is what made the queue; it gives up after one turn's patience."""
    http = paced(raw, 60, turn=0.3)
    for _ in range(BURST):
        await http.read("/list")
    began = time.perf_counter()
    with pytest.raises(Unavailable, match="too many calls wait"):
        await http.read("/list")
    assert 0.3 <= time.perf_counter() - began < 0.6
    await http.aclose()


async def test_waiting_for_a_turn_is_not_the_vendors_slowness(raw: RawServer) -> None:
    """A call's deadline and the milliseconds in its log begin with its turn, a second later."""
    told: list[Call] = []
    http = paced(raw, 60, observe=told.append)
    for _ in range(BURST):
        await http.read("/list")
    await buy(http)
    assert told[-1].ms < 1000 * QUICK.total
    await http.aclose()


async def test_the_second_try_of_a_read_waits_for_its_turn_too(raw: RawServer) -> None:
    """What counts for the vendor is what arrives there."""
    http = paced(raw, 1, turn=0.05)
    raw.replies = [http_reply(503, "")]
    with pytest.raises(Unavailable, match="too many calls wait"):
        await http.read("/list")
    assert len(raw.requests) == 1
    await http.aclose()


async def test_kriptomat_keeps_to_one_call_a_second_unless_corrected(
    make_kriptomat: KriptomatMaker,
) -> None:
    """The vendor's limit is not known; ours is a careful reading that can be overridden."""
    usual = make_kriptomat(reading={})._http._pace
    assert usual is not None
    assert usual.max_rate / usual.time_period == 1
    assert make_kriptomat(reading={"calls_per_minute": None})._http._pace is None
