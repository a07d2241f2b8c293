"""Is this process well? Judged by what it does, not by what it believes of itself.

The clock reports each of its looks; after a look the writer is asked to answer, and its answer
feeds the supervisor's watchdog. So a clock that stopped and a writer that is stuck both end the
feeding, and ``complaints`` names which. A lost connection to Slack is a complaint and no reason to
be restarted: the watchdog of the connection sees to it.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from bot.domain.states import Event
from bot.workflow.desk import Desk
from storage import audit, vitals
from storage.database import DatabaseClosed
from storage.files import BrokenFile

log = structlog.get_logger()

BATCH = 10_000
"""Audit rows counted in one read; other reads get their turn between two of them."""

PROBE_SECONDS = 1.0
"""The writer is asked at most that often, however busy the clock is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds after which something is not well. The clock looks every five seconds at least."""

    clock: float = 30.0
    writer: float = 10.0
    slack: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """What is known without asking anybody; ages in seconds, None: not yet."""

    ready: bool
    looked_ago: float | None
    lag: float
    writer_waits: float
    queued: int
    slack_silent: float
    slack_connected: bool


class Health:
    """One for each process. ``monotonic`` in seconds; ``feed`` is called while all is well."""

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        feed: Callable[[], None] = lambda: None,
    ) -> None:
        self._limits = limits or Limits()
        self._monotonic = monotonic
        self._feed = feed
        self._desk: Desk | None = None
        self._silence: Callable[[], float] = lambda: 0.0
        self._announces: Callable[[], bool] = lambda: True
        self._stage = "starting: Slack has not been reached yet"
        self._looked_at: float | None = None
        self._lag = 0.0
        self._asked_at: float | None = None
        """When the writer was asked what it has not answered yet."""
        self._answered_at = float("-inf")
        self._probing = False
        self._counted = 0
        self._events = Counter({event.value: 0 for event in Event})

    @property
    def desk(self) -> Desk | None:
        """What the workflow stands on, once it runs."""
        return self._desk

    async def begin(
        self, desk: Desk, *, silence: Callable[[], float], announces: Callable[[], bool]
    ) -> None:
        """All parts run. ``silence``: seconds since Slack was heard; ``announces``: somebody
        still sends what is owed."""
        self._counted = (await desk.db.read(audit.head)).number
        self._silence, self._announces = silence, announces
        self._desk = desk
        self._looked_at = self._looked_at or self._monotonic()
        self._stage = ""

    def end(self) -> None:
        """No new work is taken."""
        self._stage = "stopping"

    def looked(self, desk: Desk, lag: float) -> None:
        """The clock has looked at what is due, ``lag`` seconds later than it meant to."""
        self._looked_at, self._lag = self._monotonic(), lag
        if not self._probing and self._looked_at - self._answered_at >= PROBE_SECONDS:
            self._probing = True
            desk.spawn(self._probe(desk), name="ask the writer")

    async def _probe(self, desk: Desk) -> None:
        """An empty write: it waits for its turn as every other does, and costs no disk access."""
        if self._asked_at is None:
            self._asked_at = self._monotonic()
        try:
            await desk.db.write(lambda _tx: None)
        except DatabaseClosed:
            return
        except BrokenFile as error:
            log.warning("the database cannot be written", reason=str(error))
            return
        finally:
            self._probing = False
        self._asked_at, self._answered_at = None, self._monotonic()
        self._feed()

    @property
    def pulse(self) -> Pulse:
        now, desk, silent = self._monotonic(), self._desk, self._silence()
        return Pulse(
            ready=not self._stage,
            looked_ago=None if self._looked_at is None else now - self._looked_at,
            lag=self._lag,
            writer_waits=0.0 if self._asked_at is None else now - self._asked_at,
            queued=0 if desk is None else desk.db.queued,
            slack_silent=silent,
            slack_connected=silent <= self._limits.slack,
        )

    def complaints(self) -> list[str]:
        """A line for each reason why it is not well; none: it is."""
        if self._stage:
            return [self._stage]
        pulse, limits, told = self.pulse, self._limits, []
        if (ago := pulse.looked_ago or 0.0) > limits.clock:
            told.append(f"clock: has not looked at what is due for {ago:.0f} seconds")
        if pulse.writer_waits > limits.writer:
            told.append(f"database: no write has ended for {pulse.writer_waits:.0f} seconds")
        if not pulse.slack_connected:
            told.append(f"slack: nothing has been heard for {pulse.slack_silent:.0f} seconds")
        if not self._announces():
            told.append("announcer: has ended; nothing is told in Slack any more")
        return told

    async def events(self) -> Mapping[str, int]:
        """How often what has happened since ``begin``, whoever did it."""
        assert self._desk is not None, "begin first"
        full = True
        while full:
            after = self._counted
            last, news = await self._desk.db.read(
                lambda tx: vitals.news(tx, after=after, limit=BATCH)  # noqa: B023 - awaited here
            )
            if self._counted == after:
                # Nobody else who asks at the same moment has counted these rows.
                self._counted = last
                self._events.update(news)
            full = last - after >= BATCH
        return dict(self._events)
