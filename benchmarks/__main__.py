"""``python -m benchmarks``: measure, print the table, and write it into the documents if told."""

import asyncio
import platform
import sys
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from benchmarks import dates, lives, polling, reading, storing, talking, waking
from benchmarks.figures import Figure, in_markdown, on_terminal

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"

Measure = Callable[[int, float], Coroutine[Any, Any, list[Figure]]]

PARTS: Mapping[str, Measure] = {
    "talking": talking.measure,
    "lives": lives.measure,
    "storing": storing.measure,
    "waking": waking.measure,
    "dates": dates.measure,
    "polling": polling.measure,
    "reading": reading.measure,
}

Part = StrEnum("Part", {name.upper(): name for name in PARTS})  # type: ignore[misc]


def main(
    only: Annotated[list[Part] | None, typer.Option(help="Only this part; repeatable.")] = None,
    rounds: Annotated[int, typer.Option(help="Rounds; medians of them are shown.")] = 3,
    scale: Annotated[float, typer.Option(help="Smaller is quicker and noisier.")] = 1.0,
    *,
    write: Annotated[bool, typer.Option(help="Put the table into docs/performance.md.")] = False,
) -> None:
    """How fast Countersign is, against bare Bolt and the bot that people write from tutorials."""
    if not sys.platform.startswith("linux"):
        raise typer.BadParameter("the figures are read from Linux's /proc")
    console = Console(width=None if sys.stdout.isatty() else 170)
    figures: list[Figure] = []
    for name in [part.value for part in only] if only else PARTS:
        console.print(f"Measuring {name} ...", style="dim")
        figures += asyncio.run(PARTS[name](rounds, scale))
    console.print(on_terminal(figures))
    missed = [figure for figure in figures if figure.met is False]
    console.print(f"{len(figures) - len(missed)} of {len(figures)} within their aims.")
    if write:
        _write_down(figures, rounds)


def _write_down(figures: list[Figure], rounds: int) -> None:
    text = PAGE.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    tail = rest.partition(END)[2]
    libraries = ", ".join(f"{one} {version(one)}" for one in ("slack-bolt", "slack-sdk", "httpx"))
    note = (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()},"
        f" {libraries}; medians of {rounds} rounds."
    )
    PAGE.write_text(f"{head}{BEGIN}\n{note}\n\n{in_markdown(figures)}\n{END}{tail}", "utf-8")


if __name__ == "__main__":
    typer.run(main)
