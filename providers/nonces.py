"""Nonces in memory: for one run of a command, where the clock alone keeps them above the last."""


class MemoryNonces:
    """Implements ``providers.base.Nonces`` for as long as the process lives."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    async def next(self, account: str, at_least: int) -> int:
        """A number above every one given for this account before, and not below ``at_least``."""
        self._last[account] = max(self._last.get(account, 0) + 1, at_least)
        return self._last[account]
