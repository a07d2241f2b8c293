"""What people feel: the answer to ``/buy ...``, one at a time and fifty at once.

The acknowledgement is timed at the pretend Slack, from the envelope that leaves to the ack that
arrives; for Countersign the order is on the disk by then.
"""

import asyncio
from dataclasses import dataclass, field

from benchmarks.figures import Figure, middle, quantile
from benchmarks.workplace import BARE_BOLT, COUNTERSIGN, TUTORIAL, Workplace, workplace
from bot.playground.furniture import ANA, CHANNEL
from bot.playground.traffic import Passage

IN_FLIGHT = 50

CALLED = 100
"""Commands over which the calls to Slack's Web API are counted."""


@dataclass(slots=True)
class Talk:
    """One program in one round; seconds."""

    ack: dict[int, list[float]] = field(default_factory=dict)
    cpu: float = 0.0
    """For one command, fifty in flight, everything that it caused included."""
    late: list[float] = field(default_factory=list)
    calls: float = 0.0
    """Web API calls for one command."""


def amounts(start: int, count: int) -> list[str]:
    """Commands that differ, since a repeated request would be asked back."""
    return [f"{(1000 + start + nth) / 100:.2f} EUR btc via kriptomat" for nth in range(count)]


async def say(place: Workplace, words: list[str], in_flight: int) -> list[float]:
    """Type all of them, so many at a time; the seconds until each was acknowledged."""
    waiting, took = iter(words), []

    async def worker() -> None:
        for text in waiting:
            outcome = await place.slack.slash(ANA, "/buy", text, channel=CHANNEL)
            assert outcome.ack_seconds is not None, f"{text}: {outcome.error}"
            took.append(outcome.ack_seconds)

    await asyncio.gather(*(worker() for _ in range(in_flight)))
    return took


async def round_of(program: str, *, few: int, many: int) -> Talk:
    """Warm up, then one at a time, then fifty at once."""
    async with workplace() as place, place.working(program) as (child, _):
        talk = Talk()
        posts = program != BARE_BOLT
        await say(place, amounts(0, 50), 5)
        talk.ack[1] = await say(place, amounts(50, few), 1)
        await _quiet(place, 50 + few if posts else 0)
        before = child.cpu
        talk.ack[IN_FLIGHT] = await say(place, amounts(50 + few, many), IN_FLIGHT)
        await _quiet(place, 50 + few + many if posts else 0)
        talk.cpu = (child.cpu - before) / many
        place.slack.traffic.clear()
        await say(place, amounts(50 + few + many, CALLED), 5)
        await _quiet(place, 50 + few + many + CALLED if posts else 0)
        talk.calls = sum(_is_call(one) for one in place.slack.traffic) / CALLED
        if program == COUNTERSIGN:
            child.watch_lateness()
            await say(place, amounts(50 + few + many + CALLED, many), IN_FLIGHT)
            talk.late = [late for late, _ in await child.lateness()]
        return talk


def _is_call(passage: Passage) -> bool:
    return passage.kind == "api" and passage.direction == "from bot"


async def _quiet(place: Workplace, cards: int) -> None:
    """Until every card stands in the channel."""
    posted = place.slack.workspace.posted
    await place.slack.wait_for(lambda _: len(posted) >= cards, timeout=120)


async def measure(rounds: int, scale: float) -> list[Figure]:
    """All programs in turn, so many rounds; medians of the rounds."""
    few, many = max(60, int(300 * scale)), max(200, int(2000 * scale))
    talks: dict[str, list[Talk]] = {BARE_BOLT: [], TUTORIAL: [], COUNTERSIGN: []}
    for _ in range(rounds):
        for program, done in talks.items():
            done.append(await round_of(program, few=few, many=many))

    def ms(program: str, in_flight: int, share: float) -> float:
        every = [quantile(talk.ack[in_flight], share) for talk in talks[program]]
        return middle(every) * 1000

    def ack(in_flight: int, share: float, aim: float) -> Figure:
        return Figure(
            what=f"ack of /buy with its commit, {in_flight} in flight, p{share * 100:.0f}",
            than="bare Bolt",
            ours=ms(COUNTERSIGN, in_flight, share),
            yardstick=ms(BARE_BOLT, in_flight, share),
            unit="ms",
            aim=aim,
        )

    late = [quantile(talk.late, 0.99) for talk in talks[COUNTERSIGN]]
    return [
        ack(1, 0.5, 0.1),
        ack(1, 0.99, 0.2),
        ack(IN_FLIGHT, 0.5, 0.8),
        ack(IN_FLIGHT, 0.99, 1.2),
        Figure(
            what="CPU for one command with its card, busy",
            than="tutorial bot",
            ours=middle([talk.cpu for talk in talks[COUNTERSIGN]]) * 1000,
            yardstick=middle([talk.cpu for talk in talks[TUTORIAL]]) * 1000,
            unit="ms",
            aim=0.6,
        ),
        Figure(
            what=f"event loop late, {IN_FLIGHT} in flight, p99",
            ours=middle(late) * 1000,
            unit="ms",
            aim=10,
        ),
        Figure(
            what="Web API calls for one command",
            ours=middle([talk.calls for talk in talks[COUNTERSIGN]]),
            unit="calls",
            aim=1,
        ),
    ]
