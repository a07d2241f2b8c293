"""Being asked to stop: SIGTERM (systemd, containers) and Ctrl-C are the same to us."""

import asyncio
import signal


def asked_to_stop() -> asyncio.Event:
    """Set by the first of these signals; from now on they end nothing by themselves."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    return told
