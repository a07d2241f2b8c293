"""Many purchases in one walk over the list: what it shows is true, what it does not, unproven."""

import pytest

from providers.base import Refused, Report, Survey, Surveyor, Unavailable
from tests.conformance.endings import ending
from tests.conformance.subjects import Bench


async def several(bench: Bench, count: int) -> list[str]:
    """References of so many purchases of ours, oldest first."""
    refs = []
    for one in range(count):
        wish = bench.provider.draft(bench.purchase(key=f"{one:032x}"))
        ended = await ending(bench, wish)
        assert isinstance(ended, Report)
        refs.append(ended.ref)
        bench.clock.advance(1)
    return refs


async def survey(bench: Bench, refs: list[str]) -> Survey | None:
    """The walk; None for a vendor whose sheet does not promise one."""
    provider: object = bench.provider
    if bench.provider.sheet.survey_from is None:
        assert not isinstance(provider, Surveyor)
        return None
    assert isinstance(provider, Surveyor), "the sheet promises it"
    return await provider.survey(refs)


async def test_a_walk_shows_what_the_look_at_each_one_shows(bench: Bench) -> None:
    """Whichever way an order is read, its card must tell the same."""
    refs = await several(bench, 3)
    walked = await survey(bench, [refs[0], refs[2], "999999"])
    if walked is None:
        return
    assert walked.whole
    assert set(walked.found) == {refs[0], refs[2]}
    for ref, report in walked.found.items():
        alone = await bench.provider.status(ref)
        assert alone is not None
        told = (report.progress, report.word, report.total, report.quantity)
        assert told == (alone.progress, alone.word, alone.total, alone.quantity)


async def test_a_walk_ends_where_the_last_wanted_purchase_was_seen(bench: Bench) -> None:
    """The newest purchases are the unfinished ones: old pages cost nothing."""
    bench.page(1)
    refs = await several(bench, 4)
    if (walked := await survey(bench, refs[-2:])) is not None:
        assert set(walked.found) == set(refs[-2:])
        assert walked.pages == 2


async def test_a_walk_that_breaks_off_keeps_what_it_has_seen_and_claims_no_end(
    bench: Bench,
) -> None:
    """Absence in a part of a list proves nothing, presence everything."""
    bench.page(1)
    refs = await several(bench, 3)
    bench.break_all("ends early", op="list")
    if (walked := await survey(bench, [*refs, "999999"])) is not None:
        assert not walked.whole
        assert refs[-1] in walked.found


@pytest.mark.parametrize("fault", ["500 before", "hang before", "truncated"])
async def test_a_walk_that_cannot_begin_says_so(bench: Bench, fault: str) -> None:
    """No news of nobody would look like no news."""
    refs = await several(bench, 1)
    bench.break_all(fault, op="list")
    if bench.provider.sheet.survey_from is not None:
        with pytest.raises((Unavailable, Refused)):
            await survey(bench, refs)
