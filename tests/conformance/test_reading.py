"""Reads can fail, and then they say so; they can never buy, so they are never uncertain."""

from collections.abc import Awaitable, Callable

import pytest

from bot.domain.capabilities import Health
from providers.base import Refused, Unavailable
from providers.sandbox.faults import TRANSPORT
from tests.conformance.subjects import Bench

Read = Callable[[Bench], Awaitable[object]]

READS: dict[str, Read] = {
    "find": lambda bench: bench.provider.find(bench.purchase(), since=bench.clock.now()),
    "list since": lambda bench: bench.provider.list_since(bench.clock.now()),
    "status": lambda bench: bench.provider.status("1"),
    "quote": lambda bench: bench.provider.quote(bench.purchase()),
    "check": lambda bench: bench.provider.check(),
}


async def failed(bench: Bench, name: str, fault: str) -> bool:
    """Make a read while every list and price fails so; only Unavailable may come out."""
    await bench.provider.ready()
    for op in {"list", "price"} & bench.sandbox.faults.ops:
        bench.break_all(fault, op=op)
    try:
        await READS[name](bench)
    except Unavailable:
        return True
    return False


@pytest.mark.parametrize("fault", sorted(TRANSPORT))
async def test_a_read_by_id_that_fails_is_unavailable(bench: Bench, fault: str) -> None:
    """Every fault there is, at the one read that every vendor has; two seconds are too slow."""
    assert await failed(bench, "status", fault)


@pytest.mark.parametrize("name", READS)
async def test_every_read_is_unavailable_when_the_vendor_is_ill(bench: Bench, name: str) -> None:
    """An empty answer would be taken for the truth. What makes no call cannot fail."""
    silent = not bench.listed(1) and name in ("find", "list since", "check")
    if name == "quote" and not bench.provider.sheet.quotes:
        with pytest.raises(Refused):
            await READS[name](bench)
        return
    assert await failed(bench, name, "500 before") is not silent
    assert bench.bought() == 0


@pytest.mark.parametrize(("fault", "after"), [("429", None), ("429 retry-after", 7)])
async def test_a_read_that_comes_too_often_tells_when_to_come_again(
    bench: Bench, fault: str, after: float | None
) -> None:
    """Look-ups wait as long as the vendor asks, like purchases."""
    bench.break_all(fault, op="list")
    with pytest.raises(Unavailable) as caught:
        await bench.provider.status("1")
    assert caught.value.after == after


async def test_a_token_that_expired_before_a_read_costs_one_login(bench: Bench) -> None:
    """Reading goes on by itself; a look-up in doubt must not wait for a person."""
    report = await bench.provider.buy(bench.provider.draft(bench.purchase()))
    bench.expire()
    assert await bench.provider.status(report.ref)
    bench.expire()
    assert await READS["find"](bench) or not bench.listed(1)
    assert bench.sandbox.logins == (2 + bench.listed(1) if bench.logs_in else 0)


async def test_a_quote_is_a_price_of_what_was_asked(bench: Bench) -> None:
    """The sheet says whether there is one; a vendor without says so and makes no call."""
    if not bench.provider.sheet.quotes:
        with pytest.raises(Refused):
            await bench.provider.quote(bench.purchase())
        assert bench.provider.health == Health()
        return
    quote = await bench.provider.quote(bench.purchase())
    assert (quote.asset, quote.currency) == (bench.asset, bench.currency)
    assert quote.provider == bench.provider.sheet.provider
    assert quote.price > 0
    assert quote.at == bench.clock.now()


async def test_a_check_says_one_short_sentence(bench: Bench) -> None:
    """It is read in a terminal by somebody who wants to know whether it works."""
    told = await bench.provider.check()
    assert 0 < len(told) <= 160
    assert "\n" not in told
    assert bench.posts() == []
