"""The figures that operators watch, in the text that Prometheus reads. Pure.

Ages are in seconds and 0 while nothing waits, moments are seconds since 1970; a line that an alert
stands on is there from the start, with its zero.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from bot.domain.capabilities import Health as ProviderHealth
from storage.vitals import Vitals

PREFIX = "countersign_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything that is told, as of ``now``."""

    now: datetime
    about: Mapping[str, str]
    ready: bool
    clock_looked_ago: float
    clock_lag: float
    writer_queue: int
    writer_waits: float
    slack_silent: float
    slack_connected: bool
    disk_free: int
    vitals: Vitals
    events: Mapping[str, int]
    providers: Mapping[str, ProviderHealth]
    listing: Collection[str]
    """Those whose list our records can be held against."""


class _Once(Collector):
    """What one answer consists of."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        return self._families


def exposition(figures: Figures, accept: str) -> tuple[bytes, str]:
    """The page and its content type, in the form that ``accept`` (a header) asks for."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Once(_families(figures)))
    ProcessCollector(registry=registry)
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


def _families(figures: Figures) -> Iterator[Metric]:
    yield InfoMetricFamily(PREFIX.rstrip("_"), "What runs.", dict(figures.about))
    yield _gauge("ready", "1: commands are taken and the clock runs.", float(figures.ready))
    yield from _orders(figures)
    yield from _messages(figures)
    yield from _machine(figures)
    yield from _providers(figures)
    yield from _comparisons(figures)


def _orders(figures: Figures) -> Iterator[Metric]:
    found, now = figures.vitals.orders, figures.now
    count = _labelled("orders", "Open orders.", "state")
    age = _labelled("order_oldest_seconds", "How long the oldest has been in this state.", "state")
    for state, waiting in sorted(found.items()):
        count.add_metric([state], waiting.count)
        age.add_metric([state], _age(now, waiting.since))
    yield count
    yield age
    name, what = PREFIX + "events", "What has happened since the start, in Slack or on the machine."
    events = CounterMetricFamily(name, what, labels=["event"])
    for event, times in sorted(figures.events.items()):
        events.add_metric([event.replace(" ", "_")], times)
    yield events
    yield _gauge("freezes", "Freezes that stand.", figures.vitals.freezes)
    yield _gauge("audit_rows", "Rows of the audit log.", figures.vitals.audit_rows)


def _messages(figures: Figures) -> Iterator[Metric]:
    found = figures.vitals
    yield _gauge("messages_unsent", "Messages that are due and owed to Slack.", found.unsent.count)
    oldest = _age(figures.now, found.unsent.since)
    yield _gauge("message_oldest_seconds", "How long the oldest of them has been owed.", oldest)
    yield _gauge("messages_refused", "Those that Slack has refused so far.", found.refused)


def _machine(figures: Figures) -> Iterator[Metric]:
    looked = figures.now.timestamp() - figures.clock_looked_ago
    yield _gauge("clock_looked_timestamp_seconds", "When the clock last looked.", looked)
    yield _gauge("clock_lag_seconds", "How late that look was.", figures.clock_lag)
    overdue = _age(figures.now, figures.vitals.overdue_since)
    yield _gauge("clock_overdue_seconds", "How long the order longest due has waited.", overdue)
    yield _gauge("writer_queue", "Writes that wait for the writer.", figures.writer_queue)
    yield _gauge(
        "writer_wait_seconds", "How long the writer has not answered.", figures.writer_waits
    )
    connected = float(figures.slack_connected)
    yield _gauge("slack_connected", "1: Slack is heard over the socket.", connected)
    silent = figures.slack_silent
    yield _gauge("slack_silent_seconds", "Since anything was heard from Slack.", silent)
    yield _gauge("disk_free_bytes", "Left on the disk of the database.", figures.disk_free)


def _providers(figures: Figures) -> Iterator[Metric]:
    errors = CounterMetricFamily(
        PREFIX + "provider_errors", "Calls without a sane answer.", labels=["provider"]
    )
    row = _labelled("provider_failures", "Of those, in a row until now.", "provider")
    paused = _labelled("provider_paused", "1: purchases there wait.", "provider")
    answered = _labelled("provider_answered_timestamp_seconds", "The last sane answer.", "provider")
    for name, health in figures.providers.items():
        until = health.paused_until
        errors.add_metric([name], health.errors)
        row.add_metric([name], health.failures)
        paused.add_metric([name], float(until is not None and until > figures.now))
        if health.answered_at is not None:
            answered.add_metric([name], health.answered_at.timestamp())
    yield from (errors, row, paused, answered)


def _comparisons(figures: Figures) -> Iterator[Metric]:
    """What was never compared is not a number: zero would say that the books are equal."""
    what = "Found when last compared with the list; not a number before the first time."
    count = _labelled("unexplained", what, "provider")
    since = "When that was; before the first time, since when the database has kept records."
    moment = _labelled("compared_timestamp_seconds", since, "provider")
    last = {one.provider: one for one in figures.vitals.comparisons}
    began = figures.vitals.began_at or figures.now
    for name in figures.listing:
        at = last[name].compared_at if name in last else None
        count.add_metric([name], last[name].unexplained if at else math.nan)
        moment.add_metric([name], (at or began).timestamp())
    yield from (count, moment)


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(PREFIX + name, what, value=value)


def _labelled(name: str, what: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(PREFIX + name, what, labels=[label])


def _age(now: datetime, since: datetime | None) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
