"""How anything here waits: for the next change, never by sleeping and looking again.

Whoever changes the workspace rings; whoever waits looks once per ring. Ringing is an ordinary call,
so that plain state needs no event loop of its own.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class Bell:
    """One bell for the whole workspace: changes are few and looking is cheap."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    @property
    def next(self) -> asyncio.Event:
        """Set by the next ring; for whoever wants to look first and wait then."""
        return self._next

    def ring(self) -> None:
        """Wake everybody who waits; they look, and wait again if it was not for them."""
        rung, self._next = self._next, asyncio.Event()
        rung.set()

    async def wait_until(self, look: Callable[[], Found], timeout: float, what: str) -> Found:  # noqa: ASYNC109 - this is the one place that turns it into a deadline
        """The first truthy value of ``look``; ``TimeoutError`` naming ``what`` if none came.

        A ``LookupError`` means "not there yet", so that ``messages(channel)[0].button("approve")``
        can be waited for as it stands; the last one is told when time is up.
        """
        missing: LookupError | None = None
        try:
            async with asyncio.timeout(timeout):
                while True:
                    try:
                        if found := look():
                            return found
                    except LookupError as error:
                        missing = error
                    await self._next.wait()
        except TimeoutError:
            hint = f" (still: {missing!r})" if missing else ""
            raise TimeoutError(f"waited {timeout} s for {what}{hint}") from None
