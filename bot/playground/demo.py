"""``countersign demo``: open the playground and play, by the tour or line by line."""

from pathlib import Path

from rich.console import Console

from bot.playground.ground import NotReady, opened
from bot.playground.tour import play_tour
from bot.playground.typing import take_lines


async def play(*, port: int, data: Path | None, tour: bool) -> int:
    """Run until told to stop, or play the tour; the exit code of the program."""
    console = Console(width=100, highlight=False)
    try:
        async with opened(0 if tour else port, data, console) as playground:
            await (play_tour(playground) if tour else take_lines(playground))
    except (NotReady, OSError, TimeoutError) as error:
        console.print(f"countersign demo: {error}", style="red", markup=False)
        return 1
    return 0
