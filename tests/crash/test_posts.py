"""What is posted beside the cards, with ``kill -9`` around the post: reminders and files.

A second reminder a minute later is noise, so after a death it is left to the next round; a file
that somebody waits for is sent again, though it may stand there twice.
"""

from pathlib import Path

from tests.crash.claims import audit_broken
from tests.crash.drama import Death, Drama, drama
from tests.crash.people import People
from tests.stage import ANA, TOML

SOON = TOML.replace('expires_after = "8h"', 'expires_after = "8h"\nremind_after = "2m"')
"""The rounds begin 2, 6 and 14 minutes after the request."""

OWED = "SELECT 1 FROM outbox WHERE wanted > paid AND kind IN ('reminder', 'file')"


def reminders(one: Drama) -> int:
    """How many stand in the channel."""
    found = one.stage.slack.messages("C0TREASURY")
    return sum("waits for your decision" in message.text for message in found)


def rounds(one: Drama) -> int:
    """How many the records know of."""
    (row,) = one.rows("SELECT reminders FROM orders")
    return int(row["reminders"])


def files(one: Drama) -> list[str]:
    """What has come to Ana's direct messages."""
    return [file.name for message in one.stage.slack.dms(ANA) for file in message.files]


async def test_a_death_around_a_reminder_repeats_none_and_the_next_round_comes(
    tmp_path: Path,
) -> None:
    """Killed once before the post and once after it: the first is left out, no other is doubled."""
    deaths = [Death("reminder marked"), Death("reminder posted")]
    async with drama(tmp_path, deaths, rate=120.0, toml=SOON) as one:
        await People(one).ask()
        await one.stage.slack.wait_for(lambda _: reminders(one) == 2, timeout=60)
        await one.stage.eventually(lambda: not one.rows(OWED))
        await one.stop()

        assert one.died == 2
        assert rounds(one) == 3
        assert reminders(one) == 2
        assert await audit_broken(one) == []


async def test_a_death_around_a_file_sends_it_all_the_same(tmp_path: Path) -> None:
    """Killed once before it is sent and once before that is noted: only then it comes twice."""
    deaths = [Death("before file"), Death("file sent")]
    async with drama(tmp_path, deaths, rate=200.0) as one:
        await one.stage.say(ANA, "export")
        await one.stage.eventually(lambda: one.died == 2, timeout=60)
        await one.stage.eventually(lambda: not one.rows(OWED), timeout=60)

        assert len(files(one)) == 2
        assert len(set(files(one))) == 1
