"""Structured log lines for operators: JSON in production, one line each, with no secret in it.

Whatever a line contains is searched for the values of all secrets just before it is written, so a
secret cannot leave through an exception's text or a vendor's reply either.
"""

import logging
import sys
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any, TextIO

import structlog

HIDDEN = "[hidden]"

QUIET = ("httpx", "httpcore", "slack_bolt", "slack_sdk", "apscheduler", "asyncio", "aiohttp")
"""Libraries that log whole requests, with what is in them, at INFO or DEBUG."""


class Redactor:
    """A structlog processor that hides the given values wherever they stand."""

    def __init__(self, secrets: Iterable[str]) -> None:
        # Longest first, so that a secret that contains another is hidden whole.
        self._secrets = sorted({one for one in secrets if len(one) >= 4}, key=len, reverse=True)

    def __call__(
        self, _logger: Any, _name: str, event: MutableMapping[str, Any]
    ) -> Mapping[str, Any]:
        return {key: self.hide(value) for key, value in event.items()}

    def hide(self, value: Any) -> Any:
        """The same value without secrets."""
        match value:
            case str():
                for secret in self._secrets:
                    value = value.replace(secret, HIDDEN)
                return value
            case Mapping():
                return {key: self.hide(item) for key, item in value.items()}
            case list() | tuple():
                return [self.hide(item) for item in value]
            case None | bool() | int():
                return value
            case _:
                return self.hide(str(value))


def configure(secrets: Iterable[str], *, stream: TextIO | None = None, level: str = "INFO") -> None:
    """Set logging up for this process; every line goes to ``stream`` (standard error)."""
    redactor = Redactor(secrets)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=20)
        ),
    ]
    out: list[Any] = [redactor, structlog.processors.JSONRenderer(ensure_ascii=False)]
    structlog.configure(
        processors=[*shared, *out],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *out],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
