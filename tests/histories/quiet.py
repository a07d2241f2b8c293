"""The log of a history: nothing is written, but a task that failed is never overlooked."""

from collections.abc import MutableMapping
from typing import Any

import structlog

FAULTS: list[BaseException] = []
"""What background tasks raised, and what the workflow itself calls impossible."""


def _listen(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if event["event"] == "task failed":
        FAULTS.append(event["exc_info"])
    if event["event"] == "an order keeps asking for another step":
        FAULTS.append(AssertionError(f"{event['order']} keeps asking for another step"))
    raise structlog.DropEvent


def listen() -> None:
    """From now on, in this process."""
    structlog.configure(
        processors=[_listen],
        wrapper_class=structlog.make_filtering_bound_logger("ERROR"),
        logger_factory=structlog.ReturnLoggerFactory(),
        cache_logger_on_first_use=False,
    )
