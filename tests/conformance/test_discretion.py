"""No secret in any error or log line, and health that tells how the vendor has been."""

import logging

import pytest
import structlog

from bot.domain.capabilities import Health
from providers.base import ProviderError, Unavailable
from tests.conformance.endings import ending
from tests.conformance.subjects import Bench

FAULTS = ("refused", "reset", "500 after", "garbage after", "proxy page", "429", "409", "truncated")


async def test_no_secret_is_in_an_error_or_a_log_line(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """Logs are shipped and reasons are shown in a channel; tokens are fresh, so none is excused."""
    caplog.set_level(logging.DEBUG)
    said: list[object] = []
    with structlog.testing.capture_logs() as logged:
        for fault in FAULTS:
            bench.break_next(fault)
            ended = await ending(bench)
            said += [ended, repr(ended), getattr(ended, "__cause__", None)]
        bench.break_next("expired token")
        said.append(await ending(bench))
        bench.break_all("500 before", op="list")
        with pytest.raises(ProviderError) as caught:
            await bench.provider.status("1")
        said += [caught.value.reason, repr(bench.provider.sheet), repr(bench.provider.health)]
    secrets = bench.secrets()
    assert secrets
    assert logged
    text = f"{said} {logged} {caplog.text}"
    assert [secret for secret in secrets if secret in text] == []
    assert "Bearer" not in text


async def test_a_refused_login_tells_no_secret(bench: Bench) -> None:
    """The likeliest mistake of all is a wrong secret, and its message is read by everybody."""
    bench.break_all("login refused", op="login")
    with structlog.testing.capture_logs() as logged, pytest.raises(Unavailable) as caught:
        await bench.provider.check()
    text = f"{caught.value!r} {caught.value.reason} {logged}"
    assert [secret for secret in bench.secrets() if secret in text] == []


async def test_health_is_empty_before_the_first_call(bench: Bench) -> None:
    """Asking makes no call, and nothing is claimed that was not seen."""
    assert bench.provider.health == Health()
    assert bench.sandbox.logins == 0


async def test_health_counts_failures_and_shows_the_pause(bench: Bench) -> None:
    """After five the sixth purchase does not leave; a look-up does, and excuses no purchase."""
    await bench.provider.status("1")
    bench.break_all("reset", op="buy")
    for count in range(1, 6):
        await ending(bench)
        assert bench.provider.health.failures == count
    health = bench.provider.health
    assert health.trouble
    assert health.answered_at == bench.clock.now()
    assert health.paused_until is not None
    paused = await ending(bench)
    assert isinstance(paused, Unavailable)
    assert paused.after == (health.paused_until - bench.clock.now()).total_seconds()
    assert (len(bench.posts()), bench.bought()) == (5, 0)
    await bench.provider.status("1")
    assert bench.provider.health.failures == 5
    assert bench.provider.health.paused_until == health.paused_until
    bench.sandbox.faults.clear()
    bench.clock.advance(paused.after or 0)
    await ending(bench)
    assert bench.provider.health == Health(errors=health.errors, answered_at=bench.clock.now())
    assert bench.bought() == 1


async def test_after_the_pause_one_purchase_tries(bench: Bench) -> None:
    """It is sent when its time has come, without anybody's help, and if it is well all is well."""
    await bench.provider.ready()
    bench.break_next("503 before", times=5)
    for _ in range(5):
        await ending(bench)
    paused = await ending(bench)
    assert isinstance(paused, Unavailable)
    assert paused.after is not None
    bench.clock.advance(paused.after)
    await ending(bench)
    assert (bench.bought(), bench.provider.health.failures) == (1, 0)
