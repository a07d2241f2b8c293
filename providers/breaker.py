"""When a vendor fails again and again, new purchases wait: a pause, then one attempt that may try.

Only purchases wait. A look-up is how doubt is settled and a login is harmless, so both go on. Their
answer ends a pause only if they had failed as well: each purchase that fails is looked up at once,
and a list that can be read says nothing of a buy call that is broken. Nothing here sleeps; who is
refused is told when to come again.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.capabilities import Health
from providers.base import Unavailable

log = structlog.get_logger(__name__)

TRIAL_SECONDS = 5.0
"""How long the others wait, while one purchase tries, before they ask again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How much failure is borne, and how long a pause is: doubled each time up to the longest."""

    failures: int = 5
    pause: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(minutes=10)


class Breaker:
    """Counts a vendor's failures in a row and pauses purchases."""

    def __init__(
        self, *, vendor: str, host: str, now: Callable[[], datetime], patience: Patience
    ) -> None:
        """``now`` is aware UTC; ``host`` is for operators."""
        self._vendor = vendor
        self._host = host
        self._now = now
        self._patience = patience
        self._failures = 0
        self._errors = 0
        self._pauses = 0
        """Since the last sane answer; 0 is closed: everything goes through."""
        self._until: datetime | None = None
        self._trying = False
        self._others_failed = False
        """Something else than a purchase has failed since the last sane answer to any."""
        self._answered_at: datetime | None = None
        self._trouble: str | None = None

    @property
    def health(self) -> Health:
        paused = self._until is not None and self._left(self._until) > 0
        return Health(
            failures=self._failures,
            errors=self._errors,
            paused_until=self._until if paused else None,
            answered_at=self._answered_at,
            trouble=self._trouble,
        )

    def admit(self) -> bool:
        """Ask to send a purchase: True when it is the one that tries after a pause.

        Raises Unavailable while purchases are paused, or while another one tries.
        """
        if self._until is None:
            return False
        left = self._left(self._until)
        if left > 0:
            raise Unavailable(
                f"purchases there are paused until {_minute(self._until)} UTC"
                f" after {self._failures} failures",
                after=left,
                detail=self._host,
            )
        if self._trying:
            raise Unavailable(
                "another purchase is just trying whether it answers again",
                after=TRIAL_SECONDS,
                detail=self._host,
            )
        self._trying = True
        return True

    def _left(self, until: datetime) -> float:
        """Seconds; none of a pause that is longer than any: the clock was set back meanwhile."""
        left = until - self._now()
        return left.total_seconds() if left <= self._patience.longest else 0.0

    def answered(self, *, sent: bool = False) -> None:
        """A sane answer came; ``sent``: to a purchase."""
        self._answered_at = self._now()
        if self._failures and not sent and not self._others_failed:
            return
        if self._until is not None:
            log.info("provider.resumed", vendor=self._vendor, failures=self._failures)
        self._failures = self._pauses = 0
        self._until = self._trouble = None
        self._trying = self._others_failed = False

    def failed(self, trouble: str, *, sent: bool = False, trial: bool = False) -> None:
        """No sane answer came; ``sent``: to a purchase; ``trial``: to the one that was let try."""
        self._failures += 1
        self._errors += 1
        self._others_failed = self._others_failed or not sent
        self._trouble = trouble
        enough = self._failures >= self._patience.failures
        if self._until is None and enough:
            log.warning("provider.paused", vendor=self._vendor, failures=self._failures)
            self._pause()
        elif trial and self._until is not None:
            self._pause()

    def abandoned(self, *, trial: bool = False) -> None:
        """The call was cancelled: it says nothing, and the next purchase may try instead."""
        if trial:
            self._trying = False

    def _pause(self) -> None:
        longest = self._patience.longest
        doubled = self._patience.pause * 2 ** min(self._pauses, 20)
        self._until = self._now() + min(doubled, longest)
        self._pauses += 1
        self._trying = False


def _minute(moment: datetime) -> str:
    """The minute in which the pause is over for certain."""
    whole = math.ceil(moment.timestamp() / 60) * 60
    return datetime.fromtimestamp(whole, moment.tzinfo).strftime("%H:%M")
