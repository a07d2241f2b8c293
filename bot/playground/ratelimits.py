"""How often each method may be called: token buckets per method and, for posts, per channel.

The figures are Slack's tiers per minute; a post is one a second and channel with a small burst. Off
in most tests, on in the demo.
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


TIER_1 = Rate(1, 1 / 60)
TIER_2 = Rate(20, 20 / 60)
TIER_3 = Rate(50, 50 / 60)
TIER_4 = Rate(100, 100 / 60)
SPECIAL = Rate(200, 200 / 60)
POSTING = Rate(3, 1.0, by_channel=True)


class RateLimits:
    """The buckets of one app in one workspace."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def retry_after(self, method: str, rate: Rate, channel: str) -> int | None:
        """None and one call spent, or the whole seconds after which to come again."""
        key = (method, channel if rate.by_channel else "")
        now = self._clock().timestamp()
        left, seen = self._buckets.get(key, (rate.burst, now))
        left = min(rate.burst, left + max(0.0, now - seen) * rate.per_second)
        if left < 1:
            self._buckets[key] = (left, now)
            return max(1, math.ceil((1 - left) / rate.per_second))
        self._buckets[key] = (left - 1, now)
        return None
