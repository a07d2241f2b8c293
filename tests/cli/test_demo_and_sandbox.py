"""``countersign demo`` and ``countersign sandbox``: what a newcomer runs first."""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.cli.program import run, start


def left_in(folder: Path) -> list[str]:
    """The names of what stands in the folder."""
    return [one.name for one in folder.iterdir()]


REAL = {"SLACK_BOT_TOKEN": "xoxb-real", "SLACK_API_URL": "http://127.0.0.1:9/"}
"""What stands in the shell of somebody with a real workspace; it must not reach the demo."""


async def test_the_tour_plays_a_purchase_at_each_provider_and_ends_with_0(tmp_path: Path) -> None:
    """It is the first command of the README; with ``--data`` one can look at what was written."""
    ended = await run("demo", "--tour", "--data", "kept", folder=tmp_path, environment=REAL)

    assert ended.code == 0, ended.err + ended.out
    assert "Ana types: /buy 250 EUR btc via kriptomat" in ended.out
    assert "Pending approval" in ended.out
    assert "✅ Completed" in ended.out
    assert "Kriptomat's own books: 1 purchase." in ended.out
    assert "Oak's own books: 1 purchase, 1 request." in ended.out
    assert "The books of Coins.ph: 1 order, paid and released." in ended.out
    assert left_in(tmp_path) == ["kept"]
    assert (tmp_path / "kept" / "countersign.db").exists()


@pytest.mark.parametrize("vendor", ["kriptomat", "coins_ph", "oak"])
async def test_the_sandbox_tells_its_address_and_stops_when_interrupted(
    tmp_path: Path, vendor: str
) -> None:
    """One can point another bot, or curl, at it."""
    process = await start("sandbox", vendor, "--port", "0", environment={}, folder=tmp_path)
    async with asyncio.timeout(20):
        first = await process.stdout.readline()
        while b"faults" not in await process.stdout.readline():
            pass
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(10):
        await process.communicate()

    assert process.returncode == 0
    assert b"http://127.0.0.1:" in first


async def test_a_sandbox_of_nobody_is_refused_with_a_sentence(tmp_path: Path) -> None:
    """A mistyped name; a traceback would read like a fault."""
    ended = await run("sandbox", "kraken", folder=tmp_path)

    assert ended.code == 2
    assert ended.err.startswith('countersign: there is no sandbox for "kraken"; there is one for')


async def test_a_doubt_can_be_settled_and_a_freeze_lifted_in_the_terminal(tmp_path: Path) -> None:
    """What a treasurer wants to have seen once before it happens: no account, two minutes."""
    process = await start("demo", "--port", "0", environment=REAL, folder=tmp_path)
    said = ""
    for line, then in (
        ("vendor silent", "the vendors buy and say nothing"),
        ("ana /buy 250 EUR btc via kriptomat", "0 of 1 approval"),
        ("ben approve", "Two approvers can settle it"),
        ("ben settle bought 1", "[ Confirm ]"),
        ("vendor well", "answer again"),
        ("cleo confirm", "✅ Completed"),
        ("ben /buy freeze trying", "[ Unfreeze ]"),
        ("ben unfreeze", "wants to lift it. People"),
        ("cleo unfreeze", "was lifted by @Ben and @Cleo"),
        ("ana /buy 250 EUR btc via kriptomat", "Do you want to ask for one more"),
        ("ana no", "Nothing was requested."),
        ("ana /buy every friday at 9:00 50 EUR btc runs 3 via kriptomat", "[ Create ]"),
        ("ana create", "[ Approve ]"),
        ("ana /buy", "a form has opened"),
        ("ana frown", "no card here has a button “frown”"),
        ("ana", "what does ana do?"),
        ("/buy help", "who types that? for example: ana /buy help"),
    ):
        process.stdin.write(f"{line}\n".encode())
        said = ""
        async with asyncio.timeout(30):
            while then not in " ".join(said.replace("│", " ").split()):
                said += (await process.stdout.readline()).decode()
    process.stdin.write(b"quit\n")
    async with asyncio.timeout(15):
        await process.communicate()

    assert process.returncode == 0
    assert left_in(tmp_path) == [], "a fresh folder is used and removed"
