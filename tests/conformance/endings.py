"""How an attempt to buy ended, and the one law that binds its ending to the vendor's ledger."""

from providers.base import Draft, ProviderError, Refused, Report, Unavailable, Uncertain
from tests.conformance.subjects import Bench

Ending = Report | ProviderError

EFFECTS: dict[type[Ending], set[int]] = {
    Report: {1},
    Refused: {0},
    Unavailable: {0},
    Uncertain: {0, 1},
}
"""How many purchases there may be behind one attempt that ended so."""


async def ending(bench: Bench, draft: Draft | None = None) -> Ending:
    """Buy once; an error is returned. Whatever it is, the ledger must agree with it."""
    before = bench.bought()
    try:
        ended: Ending = await bench.provider.buy(draft or bench.provider.draft(bench.purchase()))
    except ProviderError as error:
        ended = error
    kind = next(kind for kind in EFFECTS if isinstance(ended, kind))
    effects = bench.bought() - before
    seen = before > 0 and bench.provider.sheet.has_native_key
    assert effects in EFFECTS[kind] or (seen and effects == 0), (ended, effects)
    return ended
