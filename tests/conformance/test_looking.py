"""Looking: what is found is ours or may be, and absence is claimed only from a whole list."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.capabilities import Lookup
from providers.base import Progress, Report, Unavailable, Uncertain
from tests.conformance.endings import ending
from tests.conformance.subjects import Bench


def strangers(bench: Bench, count: int) -> None:
    """So many other purchases in the list, of other amounts and under other keys."""
    for one in range(count):
        bench.put(bench.money(f"{10 + one}"), f"stranger{one}")


async def bought(bench: Bench) -> Report:
    """An accepted purchase of ours."""
    ended = await ending(bench)
    assert isinstance(ended, Report)
    return ended


@pytest.mark.parametrize("fault", ["reply lost", "hang after", "504 after", "endless after"])
async def test_a_purchase_whose_reply_was_lost_is_found(bench: Bench, fault: str) -> None:
    """The look-up that the sheet promises settles the doubt; exact only by a reference of ours."""
    began = bench.clock.now()
    strangers(bench, 2)
    bench.break_next(fault)
    assert isinstance(await ending(bench), Uncertain)
    found = await bench.provider.find(bench.purchase(), since=began)
    exact = bench.provider.sheet.lookup is Lookup.REFERENCE
    assert [one.exact for one in found] == [exact] * bench.listed(1)
    assert all(one.report.ref for one in found)


@pytest.mark.parametrize("fault", ["reset", "hang before", "503 before", "redirect"])
async def test_what_never_happened_is_not_found(bench: Bench, fault: str) -> None:
    """Strangers' purchases beside it must not be taken for it."""
    began = bench.clock.now()
    strangers(bench, 2)
    bench.break_next(fault)
    assert isinstance(await ending(bench), Uncertain)
    assert await bench.provider.find(bench.purchase(), since=began) == []


async def test_the_same_amount_under_another_reference_is_never_exact(bench: Bench) -> None:
    """Two people may want the same; only a reference tells them apart."""
    began = bench.clock.now()
    bench.put(bench.money("250"), "f" * 32)
    found = await bench.provider.find(bench.purchase(), since=began)
    by_looks = bench.provider.sheet.lookup is Lookup.ATTRIBUTES
    assert [one.exact for one in found] == ([False] if by_looks else [])


@pytest.mark.parametrize("late", [{"seconds": 30}, {"reads": 1}], ids=["seconds", "reads"])
async def test_a_purchase_that_is_listed_late_is_found_late(
    bench: Bench, late: dict[str, Any]
) -> None:
    """Until then it is missing, not absent: neither the look nor the status invents anything."""
    began = bench.clock.now()
    bench.break_next("listed late", **late)
    report = await bought(bench)
    assert await bench.provider.status(report.ref) is None
    bench.clock.advance(30)
    shown = await bench.provider.status(report.ref)
    assert shown is not None
    assert shown.ref == report.ref
    assert len(await bench.provider.find(bench.purchase(), since=began)) == bench.listed(1)


async def test_a_vendor_whose_clock_is_behind_is_still_understood(bench: Bench) -> None:
    """A minute and a half between two clocks is ordinary, and no reason to buy twice."""
    bench.skew(timedelta(seconds=90))
    began = bench.clock.now()
    await bought(bench)
    assert len(await bench.provider.find(bench.purchase(), since=began)) == bench.listed(1)
    assert len(await bench.provider.list_since(began)) == bench.listed(1)


@pytest.mark.parametrize("others", [0, 2, 3, 6], ids=["one", "a page", "one more", "last page"])
async def test_a_list_is_read_to_its_last_row(bench: Bench, others: int) -> None:
    """Pages of three, newest first, ours the oldest: exactly a page, one more, the last of all."""
    bench.page(3)
    began = bench.clock.now()
    report = await bought(bench)
    strangers(bench, others)
    rows = await bench.provider.list_since(began)
    assert len({row.ref for row in rows}) == len(rows) == bench.listed(1 + others)
    found = await bench.provider.find(bench.purchase(), since=began)
    assert [one.report.ref for one in found] == [report.ref] * bench.listed(1)
    assert await bench.provider.status(report.ref) is not None


async def test_a_list_that_ends_early_is_unavailable_and_no_proof_of_absence(
    bench: Bench,
) -> None:
    """Half a list without our purchase would send the order again."""
    bench.page(3)
    began = bench.clock.now()
    await bought(bench)
    strangers(bench, 5)
    bench.break_all("ends early", op="list")
    if bench.listed(1):
        with pytest.raises(Unavailable):
            await bench.provider.find(bench.purchase(), since=began)
    else:
        assert await bench.provider.find(bench.purchase(), since=began) == []


async def test_a_word_that_nobody_documents_is_underway_and_kept(bench: Bench) -> None:
    """Not final, so the order goes on being watched, and people are shown the word."""
    report = await bought(bench)
    bench.break_next("unknown word", op="list")
    shown = await bench.provider.status(report.ref)
    assert shown is not None
    assert shown.progress is Progress.UNDERWAY
    assert shown.strange or not bench.provider.sheet.payment_step
    assert shown.word
    told = await bench.provider.status(report.ref)
    assert told is not None
    assert told.word != shown.word


@pytest.mark.parametrize("quantity", ["0.00100000", "9.00000000"], ids=["less", "more"])
async def test_what_was_released_is_reported_as_the_vendor_tells_it(
    bench: Bench, quantity: str
) -> None:
    """Less or more than ordered is for people to judge; a client must not smooth it."""
    report = await bought(bench)
    bench.release(Decimal(quantity))
    shown = await bench.provider.status(report.ref)
    assert shown is not None
    assert shown.quantity == Decimal(quantity)
    assert shown.total == Decimal(250)


async def test_a_reference_that_the_vendor_does_not_know_is_none(bench: Bench) -> None:
    """Not listed is an answer, not an error; and no other purchase may stand in for it."""
    await bought(bench)
    assert await bench.provider.status("999") is None
    assert await bench.provider.status("") is None


async def test_a_listed_time_is_aware(bench: Bench) -> None:
    """A naive time compared with ours would be a crash in the middle of a doubt."""
    report = await bought(bench)
    shown = await bench.provider.status(report.ref)
    assert shown is not None
    assert shown.at is not None
    assert shown.at.utcoffset() == timedelta(0)
