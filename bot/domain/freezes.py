"""A freeze: nothing is sent to the vendors that it names until two people lift it.

It is looked at in the very transaction that writes ``submitting``, resends included. Asking, voting
and looking up go on: none of them moves money.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.orders import Terms


class Scope(StrEnum):
    """What a freeze stops."""

    EVERYTHING = "everything"
    PROVIDER = "provider"
    ASSET = "asset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """One freeze that stands. ``name`` is the provider or the asset, empty for everything."""

    id: int
    scope: Scope
    name: str
    reason: str
    set_by: str
    """A user id, or ``operator NAME`` for somebody on the machine."""
    set_at: datetime
    lift_asked_by: str | None = None
    """The first of the two people who lift it."""
    lift_asked_at: datetime | None = None

    def stops(self, terms: Terms) -> bool:
        """Nothing of these terms may be sent."""
        match self.scope:
            case Scope.EVERYTHING:
                return True
            case Scope.PROVIDER:
                return terms.provider == self.name
            case Scope.ASSET:
                return terms.asset == self.name


def stopped_by(freezes: Iterable[Freeze], terms: Terms) -> Freeze | None:
    """The freeze that stops these terms, the oldest if there are several; None: they may go."""
    return next((one for one in freezes if one.stops(terms)), None)
