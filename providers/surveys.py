"""Walk a vendor's list once for many purchases; each client brings its pages."""

from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing

from providers.base import ProviderError, Report, Survey

Pages = AsyncGenerator[Sequence[Report], None]
"""The pages of a list, one call each. Raises Unavailable rather than end before the list does."""


async def walk(pages: Pages, refs: Collection[str]) -> Survey:
    """Read until all of ``refs`` were seen. Raises what the first page raises, and nothing else."""
    wanted, found, read = frozenset(refs), dict[str, Report](), 0
    try:
        async with aclosing(pages):
            async for page in pages:
                read += 1
                for one in page:
                    if one.ref in wanted:
                        found.setdefault(one.ref, one)
                if len(found) == len(wanted):
                    break
    except ProviderError:
        if not read:
            raise
        return Survey(found=found, whole=False, pages=read)
    return Survey(found=found, whole=True, pages=read)
