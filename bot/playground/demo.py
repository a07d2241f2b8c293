"""``countersign demo``: open the playground and play; by the page, line by line, or by the tour."""

import asyncio
from pathlib import Path

from rich.console import Console

from bot.playground.ground import NotReady, Playground, opened
from bot.playground.page.site import Site
from bot.playground.terminal import take_lines
from bot.playground.tour import play_tour
from bot.signals import asked_to_stop


async def play(*, port: int, data: Path | None, tour: bool) -> int:
    """Run until told to stop, or play the tour; the exit code of the program."""
    console = Console(width=100, highlight=False)
    try:
        async with opened(data, console) as playground:
            await (play_tour(playground) if tour else _play(playground, port))
    except (NotReady, OSError, TimeoutError) as error:
        console.print(f"countersign demo: {error}", style="red", markup=False)
        return 1
    return 0


async def _play(playground: Playground, port: int) -> None:
    """Serve the page, and take typed lines, until ``quit`` or a signal."""
    site = Site(playground)
    try:
        await site.start(port)
    except OSError:
        message = f"port {port} is taken; try another: countersign demo --port {port + 1}"
        raise NotReady(message) from None
    told = asked_to_stop()
    playground.console.print(f"Open [bold]{site.url}[/bold] in a browser.", soft_wrap=True)
    playground.console.print(
        "Nothing here is real and no account is needed. Ctrl-C stops it; type help to play here.",
        markup=False,
    )
    typing = asyncio.create_task(take_lines(playground), name="typed lines")
    waiting = asyncio.create_task(told.wait(), name="signal")
    try:
        await asyncio.wait({typing, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if typing.done() and not await typing:
            # The end of the input is no wish to stop: it may have been started without a terminal.
            await waiting
    finally:
        for task in (typing, waiting):
            task.cancel()
        await asyncio.gather(typing, waiting, return_exceptions=True)
        await site.stop()
