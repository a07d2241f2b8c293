"""The switches behind the curtain do to the playground what they say, and to nothing else."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.playground.ground import Playground
from bot.playground.page.booths import booths
from bot.playground.page.curtain import Curtain
from bot.playground.page.deeds import NotDone
from bot.playground.page.hints import HINTS
from commands.parse import parse
from tests.page.place import botless


@pytest.fixture
async def ground(tmp_path: Path) -> AsyncIterator[Playground]:
    """Everything but the bot, with the vendors listening."""
    async with botless(tmp_path) as one:
        vendors = (one.kriptomat, one.coins_ph, one.oak)
        for vendor in vendors:
            await vendor.start()
        yield one
        for vendor in vendors:
            await vendor.stop()


@pytest.fixture
def curtain(ground: Playground) -> Curtain:
    """All switches."""
    return Curtain(ground, booths(ground))


async def test_a_switch_stands_until_it_is_off(ground: Playground, curtain: Curtain) -> None:
    """One switch for each kind of call: the second takes the place of the first."""
    flip = {"do": "switch", "vendor": "kriptomat", "on": True}
    said = await curtain.do({**flip, "switch": "buy/reply lost"})
    assert said == "Kriptomat: buy, reply lost is on."
    assert ground.kriptomat.faults.armed()["buy"]["standing"] == "reply lost"

    await curtain.do({**flip, "switch": "buy/hang after"})
    assert ground.kriptomat.faults.armed()["buy"]["standing"] == "hang after"
    await curtain.do({**flip, "switch": "buy/reply lost", "on": False})
    assert ground.kriptomat.faults.armed()["buy"]["standing"] == "hang after", "it was off already"
    await curtain.do({**flip, "switch": "buy/hang after", "on": False})
    assert ground.kriptomat.faults.armed()["buy"]["standing"] is None


async def test_a_vendor_can_be_taken_away_and_comes_back_under_its_address(
    ground: Playground, curtain: Curtain
) -> None:
    """The bot was told the address once; pressing twice is no fault."""
    address, seen = ground.oak.base_url, []
    for down in (True, True, False, False):
        said = await curtain.do({"do": "vendor", "vendor": "oak", "down": down})
        seen.append((said, ground.oak.running))

    away, back = "Oak Network cannot be reached.", "Oak Network is back."
    assert seen == [(away, False), (away, False), (back, True), (back, True)]
    assert ground.oak.base_url == address


async def test_everything_is_mended_at_once(ground: Playground, curtain: Curtain) -> None:
    """The way out for whoever has lost count."""
    await curtain.do({"do": "slack", "down": True})
    await curtain.do({"do": "vendor", "vendor": "oak", "down": True})
    await curtain.do({"do": "switch", "vendor": "coins_ph", "switch": "buy/500 before", "on": True})
    assert await curtain.do({"do": "calm"}) == "Everything works again."

    assert not ground.slack.faults.web_down
    assert ground.oak.running
    assert ground.coins_ph.faults.armed()["buy"]["standing"] is None


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({}, "There is no such switch."),
        ({"do": "explode"}, "There is no such switch."),
        ({"do": "slack"}, "Say whether it is down: true or false."),
        ({"do": "slack", "down": "yes"}, "Say whether it is down: true or false."),
        ({"do": "vendor", "vendor": "kraken", "down": True}, "There is no such provider."),
        ({"do": "switch", "vendor": "oak", "on": 1}, "Say whether it is on: true or false."),
        ({"do": "switch", "vendor": "oak", "on": True, "switch": "buy/boom"}, "has no switch"),
        ({"do": "switch", "vendor": "oak", "on": True}, "has no switch"),
    ],
)
async def test_a_switch_that_does_not_exist_is_refused_with_a_sentence(
    curtain: Curtain, wish: dict[str, Any], says: str
) -> None:
    """A script with a slip must not look as if it had worked."""
    with pytest.raises(NotDone, match=says):
        await curtain.do(wish)


@pytest.mark.parametrize("hint", HINTS, ids=lambda hint: hint["words"])
def test_every_hint_is_understood_by_the_bot(hint: dict[str, str]) -> None:
    """What the page offers while somebody types must never be answered with a complaint."""
    assert parse(hint["words"]) is not None
    assert hint["says"]
