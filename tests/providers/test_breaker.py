"""The pause of purchases after a vendor's repeated failures, over real loopback connections.

``reset`` is a connection that the server cuts after it has read the request: no answer.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import structlog

from bot.domain.capabilities import Health
from providers.base import ProviderError, Unavailable, Uncertain
from providers.http import Http
from providers.replies import Reply
from tests.providers.stage import PATIENT, Clock, RawServer, http_reply

FINE = http_reply(200, "{}")


@pytest.fixture
async def http(raw: RawServer, clock: Clock) -> AsyncIterator[Http]:
    """The seam on a clock that is told the time, pointed at the server that lies."""
    seam = Http(raw.url, vendor="raw", now=clock.now, deadlines=PATIENT)
    yield seam
    await seam.aclose()


async def buy(http: Http) -> Reply:
    return await http.send_once("POST", "/buy", body=b"{}", headers={})


async def fail(http: Http, raw: RawServer, times: int = 5) -> None:
    """So many purchases that get no answer."""
    raw.replies = [None]
    for _ in range(times):
        with pytest.raises(Uncertain):
            await buy(http)


async def refusal(http: Http, raw: RawServer) -> Unavailable:
    """The error of a purchase of which no byte may leave."""
    before = len(raw.requests)
    with pytest.raises(Unavailable) as caught:
        await buy(http)
    assert len(raw.requests) == before
    return caught.value


async def test_the_sixth_purchase_after_five_failures_is_not_sent(
    http: Http, raw: RawServer
) -> None:
    """Each further one would only be another order in doubt; whoever asks is told until when."""
    await fail(http, raw)
    refused = await refusal(http, raw)
    assert refused.reason == "purchases there are paused until 09:01 UTC after 5 failures"
    assert refused.after == 30


async def test_a_server_error_counts_as_much_as_silence(http: Http, raw: RawServer) -> None:
    """A 5xx says that the vendor is ill; a 4xx says that it is well and means us."""
    raw.replies = [http_reply(400, "{}")]
    for _ in range(6):
        await buy(http)
    assert http.health.failures == 0
    raw.replies = [http_reply(503, "")]
    for _ in range(5):
        await buy(http)
    assert (http.health.failures, http.health.trouble) == (5, "it answered with error 503")
    await refusal(http, raw)


async def test_a_refused_connection_counts_too(http: Http, raw: RawServer) -> None:
    """Nobody listens: that is as ill as a vendor gets, and no purchase needs to find out again."""
    await raw.stop()
    for _ in range(5):
        with pytest.raises(Unavailable, match="nothing was sent"):
            await buy(http)
    with pytest.raises(Unavailable, match="paused"):
        await buy(http)


async def test_look_ups_and_logins_go_on_and_end_the_pause(http: Http, raw: RawServer) -> None:
    """Doubt is settled by look-ups, so they are never paused; their answer proves recovery."""
    await fail(http, raw)
    with pytest.raises(Unavailable, match="before the answer came"):
        await http.read("/list")
    with pytest.raises(Unavailable, match="before the answer came"):
        await http.ask_once("POST", "/login", body=b"{}", headers={})
    assert len(raw.requests) == 5 + 3 + 1
    await refusal(http, raw)
    raw.replies = [FINE]
    await http.read("/list")
    assert (await buy(http)).status == 200


async def test_a_list_that_can_be_read_does_not_hide_a_buy_call_that_is_broken(
    http: Http, raw: RawServer
) -> None:
    """Each doubt is looked up at once: without this, order after order would be sent into doubt."""
    for number in range(5):
        raw.replies = [http_reply(500, "{}")]
        await buy(http)
        raw.replies = [FINE]
        await http.read("/list")
        assert http.health.failures == number + 1
    await refusal(http, raw)


async def test_an_answer_between_the_failures_starts_the_count_anew(
    http: Http, raw: RawServer
) -> None:
    """A vendor that is shaky is not one that is down."""
    for _ in range(2):
        await fail(http, raw, 4)
        raw.replies = [FINE]
        await buy(http)
    assert http.health.failures == 0


async def test_after_the_pause_one_purchase_tries_and_the_others_wait(
    http: Http, raw: RawServer, clock: Clock
) -> None:
    """A vendor that has just come back is not met by everything that has piled up."""
    await fail(http, raw)
    clock.advance(30)
    assert http.health.paused_until is None
    raw.arrived.clear()
    raw.replies, raw.drip = [FINE], 0.002
    trying = asyncio.create_task(buy(http))
    await raw.arrived.wait()
    refused = await refusal(http, raw)
    assert refused.reason == "another purchase is just trying whether it answers again"
    assert refused.after == 5
    assert (await trying).status == 200
    assert (await buy(http)).status == 200


async def test_a_pause_doubles_with_each_failed_try_up_to_ten_minutes(
    http: Http, raw: RawServer, clock: Clock
) -> None:
    """A long outage is asked about rarely, and never forgotten."""
    await fail(http, raw)
    pauses = []
    for _ in range(7):
        until = http.health.paused_until
        assert until is not None
        pauses.append((until - clock.now()).total_seconds())
        clock.advance(pauses[-1])
        await fail(http, raw, 1)
    assert pauses == [30, 60, 120, 240, 480, 600, 600]


async def test_a_pause_after_a_recovery_is_short_again(
    http: Http, raw: RawServer, clock: Clock
) -> None:
    """Yesterday's outage is no reason to wait longer today."""
    await fail(http, raw)
    clock.advance(30)
    await fail(http, raw, 1)
    clock.advance(60)
    raw.replies = [FINE]
    await buy(http)
    await fail(http, raw)
    assert (await refusal(http, raw)).after == 30


async def test_failing_look_ups_do_not_lengthen_the_pause(
    http: Http, raw: RawServer, clock: Clock
) -> None:
    """A list that is broken for good must not keep purchases from being tried."""
    await fail(http, raw)
    clock.advance(30)
    with pytest.raises(Unavailable):
        await http.read("/list")
    raw.replies = [FINE]
    assert (await buy(http)).status == 200


async def test_a_try_that_was_cancelled_leaves_the_turn_to_the_next(
    http: Http, raw: RawServer, clock: Clock
) -> None:
    """A stopped task proves nothing about the vendor and must not block it for good."""
    await fail(http, raw)
    clock.advance(30)
    raw.replies = []
    raw.arrived.clear()
    task = asyncio.create_task(buy(http))
    await raw.arrived.wait()
    task.cancel()
    await asyncio.wait({task})
    raw.replies = [FINE]
    assert (await buy(http)).status == 200


async def test_health_tells_failures_pause_and_last_answer(
    http: Http, raw: RawServer, clock: Clock
) -> None:
    """Operators ask it; asking makes no call and shows no secret."""
    assert http.health == Health()
    raw.replies = [FINE]
    await http.read("/list?token=s3cr3t")
    first = clock.now()
    clock.advance(9)
    await fail(http, raw)
    assert http.health == Health(
        failures=5,
        errors=5,
        paused_until=clock.now() + timedelta(seconds=30),
        answered_at=first,
        trouble="the connection broke before the answer came",
    )
    assert len(raw.requests) == 6


async def test_a_pause_is_logged_once_when_it_begins_and_once_when_it_ends(
    http: Http, raw: RawServer, clock: Clock
) -> None:
    """One line for an alarm, one for its end, and none for every order in between."""
    with structlog.testing.capture_logs() as logged:
        await fail(http, raw, 5)
        for _ in range(3):
            with pytest.raises(ProviderError):
                await buy(http)
        clock.advance(30)
        await fail(http, raw, 1)
        clock.advance(60)
        raw.replies = [FINE]
        await buy(http)
        await buy(http)
    told = [line["event"] for line in logged if line["event"] != "provider.call"]
    assert told == ["provider.paused", "provider.resumed"]


async def test_a_pause_does_not_wait_for_a_month_that_a_wrong_clock_has_shown(
    http: Http, raw: RawServer, clock: Clock
) -> None:
    """The clock stood ahead and is set right: the pause would end when it is there again."""
    await fail(http, raw)
    await refusal(http, raw)
    clock.advance(-30 * 24 * 3600)

    raw.replies = [FINE]
    assert (await buy(http)).status == 200
    assert http.health.paused_until is None
