"""Many ids, some at a time: other readers, such as a click's, get their turn in between."""

from collections.abc import Iterator, Sequence

PORTION = 200
"""Orders read in one go."""


def portions(ids: Sequence[str], size: int = PORTION) -> Iterator[Sequence[str]]:
    """So many at a time."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
