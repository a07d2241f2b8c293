"""What stands on a card that asks nothing any more, because another one does."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Closed:
    """In a word, and in sentences that follow the headline."""

    state: str
    says: str

    @property
    def block(self) -> str:
        """Sign, word and sentences."""
        return f"⚪️ *{self.state}*\n{self.says}"


REPLACED = Closed(
    "Replaced",
    "It was asked about anew: please look for the newer card below. Votes on this one are void.",
)
SPARE = Closed(
    "Closed",
    "This is a spare copy; the other one in this channel is kept up to date.",
)
