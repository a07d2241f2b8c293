"""What the clock does once is done once, at whatever step of it the process dies."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.crash.drama import Death, Drama, drama
from tests.journeys.clockwork import LJUBLJANA, digests
from tests.stage import TOML

REPEATED = "may stand here twice"
COPIES = {"before digest": 1, "digest posted": 2, "digest marked": 1}
"""Digests in the channel after a death at this step. Between Slack's yes and our mark nobody can
know that it has arrived, so there it stands twice, and the second says so."""


def due_now() -> str:
    """A configuration with a digest that was due a moment ago."""
    local = datetime.now(UTC).astimezone(LJUBLJANA)
    channel = 'channel = "C0TREASURY"'
    return TOML.replace(channel, f'{channel}\ndigest = "daily {local:%H:%M}"')


async def settled(one: Drama, deaths: int) -> None:
    """It has died so often, the digest is marked as done, and nothing is owed any more."""
    sql = (
        "SELECT (SELECT count(*) FROM routines WHERE done_at NOTNULL) AS done,"
        " (SELECT count(*) FROM outbox WHERE wanted > paid) AS owed"
    )
    await one.stage.eventually(lambda: one.died == deaths, timeout=60)
    await one.stage.eventually(lambda: tuple(one.rows(sql)[0]) == (1, 0), timeout=30)


@pytest.mark.parametrize("step", COPIES)
async def test_a_death_at_any_step_leaves_one_digest_that_is_believed(
    tmp_path: Path, step: str
) -> None:
    """One row, one mark, and a copy only where nobody could know, which says that it may be one."""
    async with drama(tmp_path, [Death(step)], toml=due_now()) as one:
        await settled(one, 1)
        posted = digests(one.stage)

        assert len(posted) == COPIES[step]
        # A death before the post leaves the same mark as one after it: what is said is "may".
        assert [REPEATED in message.plain() for message in posted[1:]] == [True] * (len(posted) - 1)
        assert len(one.rows("SELECT * FROM routines")) == 1
        assert len(one.rows("SELECT * FROM outbox WHERE kind = 'digest'")) == 1


async def test_three_deaths_in_a_row_post_no_more_than_three_copies(tmp_path: Path) -> None:
    """Each death may hide one copy, and never more than one."""
    deaths = [Death("before digest"), Death("digest posted"), Death("before digest")]
    async with drama(tmp_path, deaths, toml=due_now()) as one:
        await settled(one, 3)

        assert len(digests(one.stage)) == 2
