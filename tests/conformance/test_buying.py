"""Buying: what each trouble on the way may be called, judged by what really happened."""

import pytest

from bot.domain.capabilities import Health
from providers.base import Progress, ProviderError, Refused, Report, Unavailable, Uncertain
from providers.sandbox.faults import TRANSPORT
from tests.conformance.endings import ending
from tests.conformance.subjects import NOTES, Bench

DOUBT = {
    "hang before": 0,
    "hang after": 1,
    "slow after": 1,
    "reset": 0,
    "reply lost": 1,
    "500 before": 0,
    "500 after": 1,
    "503 before": 0,
    "504 after": 1,
    "redirect": 0,
    "redirect after": 1,
    "garbage after": 1,
    "truncated": 1,
    "endless after": 1,
    "error inside before": 0,
    "error inside after": 1,
    "proxy page": 0,
    "409": 0,
}
"""Faults that prove nothing when seen from here, and how many purchases there are behind each."""


def test_every_fault_of_the_wire_is_tried_here() -> None:
    """A fault that is added for one vendor must be thought about for all."""
    here = {*DOUBT, "slow before", "429", "429 retry-after"}
    assert here - NOTES == set(TRANSPORT)


async def test_a_purchase_that_is_accepted_is_reported_and_exists_once(bench: Bench) -> None:
    """The ordinary day: a reference of the vendor's, and exactly one purchase."""
    ended = await ending(bench)
    assert isinstance(ended, Report)
    assert ended.ref
    assert ended.progress is not Progress.FAILED
    assert (bench.bought(), len(bench.posts())) == (1, 1)


async def test_the_drafted_bytes_are_the_bytes_that_arrive(bench: Bench) -> None:
    """They were stored and hashed before; what differs could not be proved later."""
    draft = bench.provider.draft(bench.purchase())
    await ending(bench, draft)
    assert bench.posts() == [draft.body]


async def test_a_refusal_is_definitive_and_leaves_nothing(bench: Bench) -> None:
    """The vendor's own clear no: the order may end."""
    bench.break_next("refused")
    ended = await ending(bench)
    assert isinstance(ended, Refused)
    assert ended.reason
    assert bench.bought() == 0


@pytest.mark.parametrize(("fault", "effects"), DOUBT.items(), ids=DOUBT)
async def test_what_proves_nothing_is_uncertain_and_was_sent_once(
    bench: Bench, fault: str, effects: int
) -> None:
    """Bought and not bought look alike from here, so neither may be claimed, nor tried again."""
    bench.break_next(fault)
    ended = await ending(bench)
    assert isinstance(ended, Uncertain)
    assert not ended.exists
    assert (bench.bought(), len(bench.posts())) == (effects, 1)


@pytest.mark.parametrize(("fault", "after"), [("429", None), ("429 retry-after", 7)])
async def test_too_many_requests_means_not_bought_and_later(
    bench: Bench, fault: str, after: float | None
) -> None:
    """The order waits as long as the vendor asks, then sends the same again."""
    bench.break_next(fault)
    ended = await ending(bench)
    assert isinstance(ended, Unavailable)
    assert ended.after == after
    assert isinstance(await ending(bench), Report)
    assert bench.bought() == 1


async def test_slow_but_in_time_is_an_ordinary_purchase(bench: Bench) -> None:
    """Patience ends at the deadline, not before."""
    bench.break_next("slow before", seconds=0.1)
    assert isinstance(await ending(bench), Report)
    assert bench.bought() == 1


async def test_a_vendor_that_is_away_has_not_bought(bench: Bench) -> None:
    """No connection, no byte, no doubt; even in the middle of a session."""
    await bench.provider.ready()
    await bench.sandbox.stop()
    ended = await ending(bench)
    assert isinstance(ended, Unavailable)
    assert (bench.bought(), bench.posts()) == (0, [])


@pytest.mark.parametrize(
    "fault", ["login refused", "reply lost", "500 before", "hang before", "garbage after", "429"]
)
async def test_a_login_that_fails_sends_no_purchase(bench: Bench, fault: str) -> None:
    """Before the purchase left every trouble is harmless, whatever it would mean on a buy."""
    if not bench.logs_in:
        await bench.provider.ready()
        assert (bench.provider.health, bench.sandbox.logins) == (Health(), 0)
        return
    bench.break_all(fault, op="login")
    ended = await ending(bench)
    assert isinstance(ended, Unavailable)
    assert (bench.bought(), bench.posts()) == (0, [])
    with pytest.raises(ProviderError):
        await bench.provider.ready()


async def test_a_token_that_expires_in_flight_costs_one_login_and_no_purchase(
    bench: Bench,
) -> None:
    """A 401 comes before execution: one fresh login, the same bytes, one purchase."""
    await bench.provider.ready()
    logins = bench.sandbox.logins
    bench.break_next("expired token")
    assert isinstance(await ending(bench), Report)
    first, second = bench.posts()
    assert first == second
    assert (bench.bought(), bench.sandbox.logins) == (1, logins + bench.logs_in)


async def test_a_token_that_is_always_refused_is_not_asked_for_without_end(bench: Bench) -> None:
    """Nothing is executed, and a vendor locks an account that keeps knocking."""
    bench.break_all("expired token", op="buy")
    assert isinstance(await ending(bench), Unavailable)
    assert (bench.bought(), len(bench.posts())) == (0, 2)
    assert bench.sandbox.logins <= 3
