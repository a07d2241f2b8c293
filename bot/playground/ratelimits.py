"""How often each method may be called: token buckets per method and, for posts, per channel.

The figures are Slack's tiers per minute; a post is one a second and channel with a small burst, and
several hundred a minute in the workspace. Off in most tests, on in the demo.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket that holds ``burst`` calls and fills by ``per_second``."""

    burst: float
    per_second: float
    by_channel: bool = False
    altogether: "Rate | None" = None
    """A second bucket for all channels together."""


TIER_2 = Rate(20, 20 / 60)
TIER_3 = Rate(50, 50 / 60)
TIER_4 = Rate(100, 100 / 60)
SPECIAL = Rate(200, 200 / 60)
POSTING = Rate(3, 1.0, by_channel=True, altogether=Rate(300, 300 / 60))
"""Slack says "several hundred" of the workspace; this is the cautious end of it."""


class RateLimits:
    """The buckets of one app in one workspace."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def retry_after(self, method: str, rate: Rate, channel: str) -> int | None:
        """None and one call spent, or the whole seconds after which to come again."""
        buckets = [((method, channel if rate.by_channel else ""), rate)]
        if rate.altogether is not None:
            buckets.append(((method, ""), rate.altogether))
        now = self._clock().timestamp()
        left = {key: self._left(key, one, now) for key, one in buckets}
        waits = [
            max(1, math.ceil((1 - left[key]) / one.per_second))
            for key, one in buckets
            if left[key] < 1
        ]
        for key, calls in left.items():
            self._buckets[key] = (calls if waits else calls - 1, now)
        return max(waits, default=None)

    def _left(self, key: tuple[str, str], rate: Rate, now: float) -> float:
        """Calls that this bucket still holds."""
        left, seen = self._buckets.get(key, (rate.burst, now))
        return min(rate.burst, left + max(0.0, now - seen) * rate.per_second)
