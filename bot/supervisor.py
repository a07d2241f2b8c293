"""Tell systemd how we are, if it has asked to be told (``Type=notify``, ``WatchdogSec``).

One datagram a message, as sd_notify(3) describes. Whoever supervises is not needed for buying: what
cannot be told is logged once and the bot goes on.
"""

import socket

import structlog

log = structlog.get_logger()


class Supervisor:
    """``address`` is ``$NOTIFY_SOCKET``: a path, or ``@name`` for an abstract one; None: nobody
    listens, and nothing is told."""

    def __init__(self, address: str | None) -> None:
        self._address = address

    def ready(self) -> None:
        """Commands are taken from now on."""
        self._tell("READY=1\nSTATUS=Connected to Slack")

    def alive(self) -> None:
        """Feed the watchdog."""
        self._tell("WATCHDOG=1")

    def waiting(self, why: str) -> None:
        """Not ready yet; ``why`` is one line for ``systemctl status``."""
        self._tell(f"STATUS={why}")

    def stopping(self) -> None:
        """No new work is taken."""
        self._tell("STOPPING=1\nSTATUS=Finishing what is under way")

    def _tell(self, message: str) -> None:
        if not self._address:
            return
        # An abstract name begins with a zero byte, which no environment variable can hold.
        place = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as one:
                one.sendto(message.encode(), place)
        except OSError as error:
            log.warning("systemd cannot be told how we are", reason=error.strerror)
            self._address = None
