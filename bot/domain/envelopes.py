"""One person's yes, and the votes for a whole recurring purchase that approve each of its dates."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One person's yes to one digest."""

    voter: str
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The recurring purchase that an order is one of: its people have agreed to the whole of it."""

    schedule: str
    digest: str
    """What they voted on."""
    total: Money
    """Which the order's rule fits."""
    votes: tuple[Vote, ...]

    @property
    def voters(self) -> frozenset[str]:
        """Whose yes stands for exactly this envelope."""
        return frozenset(vote.voter for vote in self.votes if vote.digest == self.digest)
