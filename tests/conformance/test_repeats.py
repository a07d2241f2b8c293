"""Sending again: harmless where the sheet promises a key, and never taken for nothing bought."""

import pytest

from bot.domain.capabilities import Lookup
from providers.base import Draft, Refused, Report, Unavailable, Uncertain
from tests.conformance.endings import ending
from tests.conformance.subjects import Bench


async def test_a_key_on_the_sheet_makes_a_second_send_harmless(bench: Bench) -> None:
    """The sheet decides whether the workflow may send again, so it must tell the truth."""
    draft = bench.provider.draft(bench.purchase())
    first, second = await ending(bench, draft), await ending(bench, draft)
    assert isinstance(first, Report)
    assert isinstance(second, Report)
    keyed = bench.provider.sheet.has_native_key
    assert bench.bought() == (1 if keyed else 2)
    assert (first.ref == second.ref) is keyed


async def test_after_a_lost_reply_the_same_key_finds_the_same_purchase(bench: Bench) -> None:
    """Whatever the vendor answers to a key that it has seen, it is never nothing bought."""
    for switch in bench.repeats.values():
        switch()
        draft = bench.provider.draft(bench.purchase(key=f"{bench.bought():032x}"))
        before = bench.bought()
        bench.break_next("reply lost")
        assert isinstance(await ending(bench, draft), Uncertain)
        again = await ending(bench, draft)
        assert not isinstance(again, Refused | Unavailable)
        assert isinstance(again, Report) or (isinstance(again, Uncertain) and again.exists)
        assert bench.bought() == before + 1
    assert bool(bench.repeats) is bench.provider.sheet.has_native_key


async def test_another_body_under_a_seen_key_is_never_nothing_bought(bench: Bench) -> None:
    """It would be a defect of ours; even then the first purchase is there."""
    for switch in bench.repeats.values():
        switch()
        key = f"{bench.bought():032x}"
        draft = bench.provider.draft(bench.purchase(key=key))
        await ending(bench, draft)
        changed = bench.provider.draft(bench.purchase("260", key=key))
        before = bench.bought()
        again = await ending(bench, changed)
        assert isinstance(again, Uncertain)
        assert again.exists
        assert bench.bought() == before


@pytest.mark.parametrize("fault", ["reset", "500 before", "hang before", "error inside before"])
async def test_a_doubt_without_effect_is_cured_by_sending_the_same_bytes(
    bench: Bench, fault: str
) -> None:
    """Nothing had happened, so the next send is the first that does."""
    draft: Draft = bench.provider.draft(bench.purchase())
    bench.break_next(fault)
    assert isinstance(await ending(bench, draft), Uncertain)
    assert isinstance(await ending(bench, draft), Report)
    assert bench.bought() == 1
    assert bench.posts() == [draft.body, draft.body]


async def test_two_purchases_under_one_reference_are_both_found(bench: Bench) -> None:
    """Without a key every send buys; the truth about a mistake must come out whole."""
    draft = bench.provider.draft(bench.purchase())
    began = bench.clock.now()
    await ending(bench, draft)
    await ending(bench, draft)
    found = await bench.provider.find(bench.purchase(), since=began)
    assert len(found) == bench.listed(bench.bought())
    exact = bench.provider.sheet.lookup is Lookup.REFERENCE
    assert {one.exact for one in found} <= {exact}
