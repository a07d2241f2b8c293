"""The time, as something passed in: ``countersign run`` gets the system's, others their own."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """``now`` is aware UTC; ``seconds_until`` is how long to really wait for a moment."""

    def now(self) -> datetime: ...

    def seconds_until(self, at: datetime) -> float: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def seconds_until(self, at: datetime) -> float:
        return max(0.0, (at - self.now()).total_seconds())
