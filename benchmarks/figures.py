"""Figures of one run, and the table that is made of them."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.table import Table


def quantile(values: Iterable[float], share: float) -> float:
    """The value that ``share`` of all are not above: 0.5 is the median."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def middle(values: Sequence[float]) -> float:
    """The median of several rounds."""
    return statistics.median(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line: what was timed, ours, and what it is held against.

    ``aim`` is for the ratio ours / yardstick where there is a yardstick, else for ``ours`` itself;
    ``at_least``: more is better.
    """

    what: str
    ours: float
    unit: str
    aim: float | None
    than: str = ""
    yardstick: float | None = None
    at_least: bool = False

    @property
    def held(self) -> float:
        """What is compared with the aim."""
        return self.ours if self.yardstick is None else self.ours / self.yardstick

    @property
    def met(self) -> bool | None:
        """None: there is no aim."""
        if self.aim is None:
            return None
        return self.held >= self.aim if self.at_least else self.held <= self.aim

    def cells(self) -> tuple[str, ...]:
        """Ratio first, then the aim, then the absolute figures."""
        sign = ">=" if self.at_least else "<="
        times = "x" if self.yardstick is not None else f" {self.unit}"
        ratio = "-" if self.yardstick is None else f"{self.held:.3g}x"
        aim = "-" if self.aim is None else f"{sign} {self.aim:g}{times}"
        verdict = {True: "met", False: "missed", None: ""}[self.met]
        against = "-" if self.yardstick is None else f"{self.yardstick:,.4g} {self.unit}"
        return self.what, self.than, ratio, aim, verdict, f"{self.ours:,.4g} {self.unit}", against


HEADS = ("what", "against", "ratio", "aim", "", "Countersign", "yardstick")


def on_terminal(figures: Sequence[Figure]) -> Table:
    """For people who watch."""
    table = Table(*HEADS)
    for figure in figures:
        table.add_row(*figure.cells(), style=None if figure.met is not False else "yellow")
    return table


def in_markdown(figures: Sequence[Figure]) -> str:
    """For ``docs/performance.md``."""
    rows = [HEADS, ("---",) * len(HEADS), *(figure.cells() for figure in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
