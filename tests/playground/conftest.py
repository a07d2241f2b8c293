"""A pretend Slack with people in it, and a real bolt bot that talks to it."""

from collections.abc import AsyncIterator

import pytest

from bot.playground.slack import PretendSlack
from tests.playground.realbot import EVERYTHING, MovableClock, RealBot, people


@pytest.fixture
async def slack() -> AsyncIterator[PretendSlack]:
    """A started workspace; tests of timeouts shorten ``slack.socket.ack_seconds`` themselves."""
    async with PretendSlack(installed=EVERYTHING) as pretend:
        people(pretend)
        yield pretend


@pytest.fixture
async def bot(slack: PretendSlack) -> AsyncIterator[RealBot]:
    """A bot that is not connected yet: listeners first, then ``await bot.connect()``."""
    async with RealBot(slack) as real:
        yield real


@pytest.fixture
def clock() -> MovableClock:
    """A clock for the rules that span minutes."""
    return MovableClock()
