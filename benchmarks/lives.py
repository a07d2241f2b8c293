"""A whole life: words, card, a click two seconds later, the purchase, the card that says so.

The two seconds of the person are left out of the figures. The vendor settles at once.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from benchmarks.figures import Figure, middle, quantile
from benchmarks.workplace import COUNTERSIGN, TUTORIAL, Workplace, workplace
from bot.playground.furniture import ANA, BEN, CHANNEL
from bot.playground.messages import Message

HUMAN_SECONDS = 2.0

CARD, PURCHASE, LIFE = "command to card at Slack", "click to purchase at the vendor", "whole life"

AIMS = {(CARD, 1): 0.8, (PURCHASE, 1): 0.8, (LIFE, 1): 0.8, (LIFE, 20): 0.6}
"""What is held against the tutorial bot, by part and lives in flight."""


@dataclass(slots=True)
class Lives:
    """Seconds of each part, one entry a life."""

    parts: dict[str, list[float]] = field(
        default_factory=lambda: {CARD: [], PURCHASE: [], LIFE: []}
    )


class Watcher:
    """Sees each new card and each completed one at the moment at which it arrives."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._seen = 0
        self._expected: set[str] = set()
        self._cards: dict[str, tuple[Message, float]] = {}
        self._done: dict[str, float] = {}

    async def card(self, amount: str) -> tuple[Message, float]:
        """The card of the order for this amount, and when it arrived."""
        self._expected.add(amount)
        bell = self._place.slack.workspace.changed

        def there() -> tuple[Message, float] | None:
            self._look()
            return self._cards.get(amount)

        found = await bell.wait_until(there, 60, f"the card of {amount}")
        assert found is not None, "waited for"
        return found

    async def completed(self, amount: str) -> float:
        """When its card said that it is completed."""
        bell = self._place.slack.workspace.changed

        def there() -> float | None:
            self._look()
            return self._done.get(amount)

        found = await bell.wait_until(there, 60, f"the end of {amount}")
        assert found is not None, "waited for"
        return found

    def _look(self) -> None:
        now, posted = time.perf_counter(), self._place.slack.workspace.posted
        for message in posted[self._seen :]:
            for amount in self._expected:
                if message.metadata and f" {amount} EUR" in message.text:
                    self._cards[amount] = (message, now)
        self._seen = len(posted)
        for amount in self._cards.keys() - self._done.keys():
            metadata = self._cards[amount][0].metadata
            if metadata and metadata["event_payload"]["state"] == "completed":
                self._done[amount] = now
                self._expected.discard(amount)


async def live(place: Workplace, watcher: Watcher, amount: str, lives: Lives) -> None:
    """One order from its words to its end."""
    began = time.perf_counter()
    words = f"{amount} EUR btc via kriptomat"
    asking = asyncio.create_task(place.slack.slash(ANA, "/buy", words, channel=CHANNEL))
    card, arrived = await watcher.card(amount)
    await asking
    await asyncio.sleep(HUMAN_SECONDS)
    clicked, clicked_at = time.perf_counter(), datetime.now(UTC)
    clicking = asyncio.create_task(place.slack.click(BEN, card, "Approve"))
    done = await watcher.completed(amount)
    await clicking
    post = next(p for p in reversed(place.kriptomat.posts) if f'"{amount}"'.encode() in p.body)
    lives.parts[CARD].append(arrived - began)
    lives.parts[PURCHASE].append((post.at - clicked_at).total_seconds())
    lives.parts[LIFE].append(arrived - began + done - clicked)


async def round_of(program: str, *, in_flight: int, count: int) -> Lives:
    """So many lives, so many at a time, after as many as fit in one go to warm up."""
    async with workplace() as place, place.working(program):
        watcher = Watcher(place)
        await _live_all(place, watcher, iter(range(in_flight)), in_flight, Lives())
        lives = Lives()
        await _live_all(place, watcher, iter(range(1000, 1000 + count)), in_flight, lives)
        return lives


async def _live_all(
    place: Workplace, watcher: Watcher, numbers: Iterator[int], in_flight: int, lives: Lives
) -> None:
    async def worker() -> None:
        for number in numbers:
            await live(place, watcher, f"{(1000 + number) / 100:.2f}", lives)

    await asyncio.gather(*(worker() for _ in range(in_flight)))


async def measure(rounds: int, scale: float) -> list[Figure]:
    """Both programs in turn, so many rounds; medians of the rounds."""
    counts = {1: max(3, int(8 * scale)), 20: max(20, int(100 * scale))}
    found: dict[tuple[str, int], list[Lives]] = {}
    for _ in range(rounds):
        for in_flight, count in counts.items():
            for program in (TUTORIAL, COUNTERSIGN):
                lives = await round_of(program, in_flight=in_flight, count=count)
                found.setdefault((program, in_flight), []).append(lives)

    def ms(program: str, in_flight: int, part: str) -> float:
        done = found[program, in_flight]
        return middle([quantile(lives.parts[part], 0.5) for lives in done]) * 1000

    return [
        Figure(
            what=f"{part}, {in_flight} in flight, p50",
            than="tutorial bot",
            ours=ms(COUNTERSIGN, in_flight, part),
            yardstick=ms(TUTORIAL, in_flight, part),
            unit="ms",
            aim=aim,
        )
        for (part, in_flight), aim in AIMS.items()
    ]
