"""How the budgets that people were shown differ from those of today: what a vote is void for."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.budgets import Budget
from bot.domain.names import Names, told


class Part(StrEnum):
    """What of a budget is not as it was."""

    COVERS = "covers"
    """The order draws on it now and did not before."""
    LEFT = "left"
    """The order drew on it and does not any more."""
    LIMIT = "limit"
    WINDOW = "window"
    ZONE = "zone"
    REQUESTERS = "requesters"
    PROVIDERS = "providers"
    ASSETS = "assets"


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetChange:
    """One part of one budget, as people would say it; ``before`` and ``after`` may be empty."""

    name: str
    part: Part
    before: str = ""
    after: str = ""

    @property
    def phrase(self) -> str:
        """For the card: ``the limit of the budget "monthly" changed from 2 EUR to 1 EUR``."""
        match self.part:
            case Part.COVERS:
                return f'it draws on the budget "{self.name}" now ({self.after})'
            case Part.LEFT:
                return f'it does not draw on the budget "{self.name}" any more'
            case _:
                what = f'the {self.part} of the budget "{self.name}"'
                return f"{what} changed from {self.before} to {self.after}"


def changed(before: tuple[Budget, ...], after: tuple[Budget, ...]) -> tuple[BudgetChange, ...]:
    """Everything that differs, by the budget's name; empty when a vote for the one is a vote for
    the other."""
    old, new = ({one.name: one for one in some} for some in (before, after))
    return tuple(
        change
        for name in sorted({*old, *new})
        for change in _of(name, old.get(name), new.get(name))
    )


def _of(name: str, before: Budget | None, after: Budget | None) -> Iterator[BudgetChange]:
    if before is None and after is not None:
        limit = f"{after.limit.human} per {after.per}"
        yield BudgetChange(name=name, part=Part.COVERS, after=limit)
    elif after is None:
        yield BudgetChange(name=name, part=Part.LEFT)
    elif before is not None:
        for part, was, now in (
            (Part.LIMIT, before.limit.human, after.limit.human),
            (Part.WINDOW, before.per, after.per),
            (Part.ZONE, before.zone, after.zone),
            (Part.REQUESTERS, _names(before.requesters), _names(after.requesters)),
            (Part.PROVIDERS, _names(before.providers), _names(after.providers)),
            (Part.ASSETS, _names(before.assets), _names(after.assets)),
        ):
            if was != now:
                yield BudgetChange(name=name, part=part, before=was, after=now)


def _names(names: Names) -> str:
    return told(names, "all")
