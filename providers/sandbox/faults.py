"""Misbehaviour as data: what can go wrong, when it strikes, and the switches that arm it.

A fault strikes before the effect, after it, or is a note for the vendor's own sandbox to act upon.
It can be queued for the next calls of an operation or stand until it is cleared. The faults in
``TRANSPORT`` fit every vendor; a vendor adds its own. Each says whether the behaviour is documented
by the vendor or our reading of how such services fail.
"""

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from providers.http import BODY_CAP


class Moment(StrEnum):
    """When a fault strikes, seen from the vendor's ledger."""

    BEFORE = "before the effect"
    AFTER = "after the effect"
    NOTE = "inside, by the vendor's own rules"


class Act(StrEnum):
    """What is done to the caller."""

    RESET = "reset"
    """The TCP connection is reset; no byte of a reply is sent."""
    ANSWER = "answer"
    """The fault's own status, headers and body are sent instead."""
    TRUNCATE = "truncate"
    """Half of the true reply is sent, then the connection closes."""
    SLOW = "slow"
    """The call waits for ``seconds``, then goes on as if nothing had happened."""
    HANG = "hang"
    """No reply until the sandbox stops."""
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to misbehave. ``says`` is one sentence for people; ``seconds`` the default wait."""

    says: str
    source: Literal["documented", "our reading"]
    moment: Moment
    act: Act
    ops: frozenset[str] | None = None
    """Operations it makes sense for; None is all."""
    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Armed:
    """A fault that is about to strike one call."""

    name: str
    fault: Fault
    seconds: float
    reads: int
    """For faults that last for a number of look-ups."""


class UnknownFault(ValueError):
    """No such fault for this operation; the text names those that exist."""


class Faults:
    """The switches of one sandbox."""

    def __init__(self, catalogue: Mapping[str, Fault], ops: frozenset[str]) -> None:
        self.catalogue = catalogue
        self.ops = ops
        self._queued: defaultdict[str, deque[Armed]] = defaultdict(deque)
        self._standing: dict[str, Armed] = {}

    def next(
        self, op: str, name: str, *, times: int = 1, seconds: float | None = None, reads: int = 0
    ) -> None:
        """Strike the next ``times`` calls of ``op``, after those queued before. UnknownFault."""
        self._queued[op].extend([self._arm(op, name, seconds, reads)] * times)

    def standing(self, op: str, name: str, *, seconds: float | None = None, reads: int = 0) -> None:
        """Strike every call of ``op`` that no queued fault strikes, until ``clear``."""
        self._standing[op] = self._arm(op, name, seconds, reads)

    def lift(self, op: str) -> None:
        """End what strikes one operation, queued or standing."""
        self._queued.pop(op, None)
        self._standing.pop(op, None)

    def clear(self) -> None:
        self._queued.clear()
        self._standing.clear()

    def take(self, op: str) -> Armed | None:
        """The fault for the call that has just arrived."""
        queue = self._queued[op]
        return queue.popleft() if queue else self._standing.get(op)

    def armed(self) -> dict[str, dict[str, object]]:
        """What would strike: by operation, the queued names in order and the standing one."""
        return {
            op: {
                "next": [armed.name for armed in self._queued[op]],
                "standing": self._standing[op].name if op in self._standing else None,
            }
            for op in sorted(self.ops)
        }

    def _arm(self, op: str, name: str, seconds: float | None, reads: int) -> Armed:
        fault = self.catalogue.get(name)
        fits = fault is not None and (fault.ops is None or op in fault.ops)
        if op not in self.ops or fault is None or not fits:
            raise UnknownFault(
                f"no fault {name!r} for {op!r}; operations: {', '.join(sorted(self.ops))}; "
                f"faults: {', '.join(sorted(self.catalogue))}"
            )
        wait = fault.seconds if seconds is None else seconds
        return Armed(name=name, fault=fault, seconds=wait, reads=reads)


def answers(
    says: str,
    status: int,
    body: str,
    moment: Moment = Moment.BEFORE,
    *,
    ops: frozenset[str] | None = None,
    **headers: str,
) -> Fault:
    """The vendor says this instead of its true reply; a header's name is given with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(
        says=says,
        source="our reading",
        moment=moment,
        act=Act.ANSWER,
        ops=ops,
        status=status,
        body=body,
        headers=MappingProxyType({"Content-Type": "application/json", **named}),
    )


def note(
    ops: frozenset[str],
    says: str,
    seconds: float = 0,
    *,
    source: Literal["documented", "our reading"] = "our reading",
) -> Fault:
    """The vendor's own sandbox knows what to make of it."""
    return Fault(
        says=says, source=source, moment=Moment.NOTE, act=Act.NOTE, ops=ops, seconds=seconds
    )


def _wire(says: str, moment: Moment, act: Act, seconds: float = 0) -> Fault:
    return Fault(says=says, source="our reading", moment=moment, act=act, seconds=seconds)


_PAGE = "<html><body><h1>Something went wrong</h1></body></html>"
_SERVER_ERROR = '{"message":"Server Error"}'

TRANSPORT: Mapping[str, Fault] = MappingProxyType(
    {
        "reply lost": _wire("Done, then the connection is reset.", Moment.AFTER, Act.RESET),
        "reset": _wire("The connection is reset, nothing is done.", Moment.BEFORE, Act.RESET),
        "truncated": _wire("Done; half of the reply arrives.", Moment.AFTER, Act.TRUNCATE),
        "slow before": _wire("Waits, then does it and replies.", Moment.BEFORE, Act.SLOW, 2),
        "slow after": _wire("Does it, waits, then replies.", Moment.AFTER, Act.SLOW, 2),
        "hang before": _wire("Never replies, nothing is done.", Moment.BEFORE, Act.HANG),
        "hang after": _wire("Does it and never replies.", Moment.AFTER, Act.HANG),
        "500 before": answers("500, nothing is done.", 500, _SERVER_ERROR, Moment.BEFORE),
        "500 after": answers("Done, and answers 500.", 500, _SERVER_ERROR, Moment.AFTER),
        "503 before": answers("503, nothing is done.", 503, _PAGE, Moment.BEFORE),
        "504 after": answers("Done; the gateway gave up.", 504, _PAGE, Moment.AFTER),
        "garbage after": answers("Done, and answers 200 with a page.", 200, _PAGE, Moment.AFTER),
        "endless after": answers(
            "Done, and the reply is longer than anybody reads.",
            200,
            " " * (BODY_CAP + 1),
            Moment.AFTER,
        ),
        "proxy page": answers(
            "A proxy answers 403 with a page, nothing is done.",
            403,
            _PAGE,
            Content_Type="text/html",
        ),
        "redirect": answers(
            "302 to elsewhere, nothing is done.",
            302,
            "",
            Location="http://127.0.0.1:9/elsewhere",
        ),
        "redirect after": answers(
            "Done, and answers 302.", 302, "", Moment.AFTER, Location="http://127.0.0.1:9/done"
        ),
        "429": answers("Too many requests, no word of when.", 429, "{}", Moment.BEFORE),
        "429 retry-after": answers(
            "Too many requests, again in 7 seconds.", 429, "{}", Retry_After="7"
        ),
        "409": answers(
            "A conflict that nobody explains, nothing is done.",
            409,
            '{"message":"Conflict"}',
        ),
    }
)
"""Faults of networks, proxies and servers; every vendor's sandbox has them for every operation."""
