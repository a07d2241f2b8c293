"""A nonce that was given out is never given out again, whatever happens in between."""

import asyncio
from pathlib import Path

from storage.database import Database
from storage.nonces import StoredNonces


async def test_numbers_only_grow_under_many_calls_at_once(path: Path) -> None:
    """Two equal ones would make the vendor refuse a purchase."""
    db = await Database.open(path)
    nonces = StoredNonces(db)
    given = await asyncio.gather(*(nonces.next("a", 1000) for _ in range(50)))
    await db.close()
    assert sorted(given) == list(range(1000, 1050))


async def test_they_go_on_after_a_restart_even_if_the_clock_went_back(path: Path) -> None:
    """The vendor remembers the highest one for ever."""
    for at_least, expected in ((1000, 1000), (500, 1001), (2000, 2000)):
        db = await Database.open(path)
        assert await StoredNonces(db).next("a", at_least) == expected
        await db.close()


async def test_each_account_has_its_own(path: Path) -> None:
    """Another key knows nothing of them."""
    db = await Database.open(path)
    nonces = StoredNonces(db)
    assert await nonces.next("a", 7) == 7
    assert await nonces.next("b", 3) == 3
    await db.close()
