"""What is done with a vendor's list, whoever it is: one walk for many purchases, and since when.

Each client brings its pages.
"""

from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing
from datetime import datetime

from bot.domain.evidence import SKEW
from providers.base import ProviderError, Report, Survey

Pages = AsyncGenerator[Sequence[Report], None]
"""The pages of a list, one call each. Raises Unavailable rather than end before the list does."""


def is_since(row: Report, since: datetime) -> bool:
    """Not older than that, as far as the clock of the vendor may be behind ours; one whose time is
    not told may be."""
    return row.at is None or row.at >= since - SKEW


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
