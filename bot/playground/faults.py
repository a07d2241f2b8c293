"""What goes wrong with Slack, on request.

An outage takes everything away until it is lifted. A trouble befalls the next calls of one method,
or of any: the connection is reset before or (the nasty one) after the call took effect, the reply
is a 500, a 429, late, never, or garbage. Order of asking is order of happening.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["reset", "status", "error", "slow", "hang", "garbage", "cut short"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that happens to one call; ``after`` means that the call takes effect first."""

    kind: Kind
    after: bool = False
    status: int = 500
    error: str = ""
    seconds: float = 0.0


class Faults:
    """Everything that can be broken from outside; nothing is broken until somebody asks."""

    def __init__(self) -> None:
        self.web_down = False
        self.sockets_down = False
        self.lifted = asyncio.Event()
        """Set when the server stops: calls that hang are let go."""
        self.on_cut: Callable[[], None] = lambda: None
        self._planned: list[tuple[str | None, Trouble]] = []

    def outage(self, on: bool = True) -> None:  # noqa: FBT001, FBT002 - reads as a switch
        """Slack is gone altogether: calls are reset, sockets are cut and refused."""
        self.web_down = self.sockets_down = on
        if on:
            self.on_cut()

    def web_outage(self, on: bool = True) -> None:  # noqa: FBT001, FBT002 - reads as a switch
        """Only the Web API is gone; sockets that are open stay open."""
        self.web_down = on

    def reset(self, method: str | None = None, times: int = 1) -> None:
        """The connection is reset and nothing has happened."""
        self.plan(Trouble(kind="reset"), method, times)

    def reset_after(self, method: str | None = None, times: int = 1) -> None:
        """The call took effect and its reply is lost."""
        self.plan(Trouble(kind="reset", after=True), method, times)

    def status(
        self, status: int, method: str | None = None, times: int = 1, *, after: bool = False
    ) -> None:
        """Slack answers 500 or 503 with a page instead of JSON."""
        self.plan(Trouble(kind="status", status=status, after=after), method, times)

    def error(self, error: str, method: str | None = None, times: int = 1) -> None:
        """Slack answers ``{"ok": false, "error": ...}``, for example ``internal_error``."""
        self.plan(Trouble(kind="error", error=error), method, times)

    def rate_limited(self, retry_after: int, method: str | None = None, times: int = 1) -> None:
        """Slack answers 429 and names the seconds to wait."""
        self.plan(Trouble(kind="status", status=429, seconds=retry_after), method, times)

    def slow(
        self, seconds: float, method: str | None = None, times: int = 1, *, after: bool = False
    ) -> None:
        """The call is held up, before or after it takes effect."""
        self.plan(Trouble(kind="slow", seconds=seconds, after=after), method, times)

    def hang(self, method: str | None = None, times: int = 1, *, after: bool = False) -> None:
        """No reply ever comes, until the caller gives up or the server stops."""
        self.plan(Trouble(kind="hang", after=after), method, times)

    def garbage(self, method: str | None = None, times: int = 1, *, after: bool = True) -> None:
        """The reply says 200 and cannot be read."""
        self.plan(Trouble(kind="garbage", after=after), method, times)

    def cut_short(self, method: str | None = None, times: int = 1, *, after: bool = True) -> None:
        """The reply says 200 and JSON, and ends in the middle of it."""
        self.plan(Trouble(kind="cut short", after=after), method, times)

    def plan(self, trouble: Trouble, method: str | None, times: int) -> None:
        """Let this befall the next ``times`` calls of a method; None means any method."""
        self._planned += [(method, trouble)] * times

    def take(self, method: str) -> Trouble | None:
        """The trouble for the call that is being made now, if there is one."""
        for index, (wanted, trouble) in enumerate(self._planned):
            if wanted in {None, method}:
                del self._planned[index]
                return trouble
        return None

    def clear(self) -> None:
        """Everything works again."""
        self.outage(on=False)
        self._planned.clear()
