"""The cases of the reliability table: a vendor's promises, a fault, the step at which we die.

What a case must end in follows from what the vendor promises and is told before it is played, so a
case that ends otherwise is a defect even when no money is lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.vendors.kinds import Kind

KRIPTOMAT, OAK, COINS_PH = "kriptomat", "oak", "coins_ph"
VENDORS = (KRIPTOMAT, OAK, COINS_PH, *Kind)
KEYED = frozenset({KRIPTOMAT, Kind.NATIVE_KEY})
"""Where the vendor's own key makes sending again harmless."""
REFERRED = frozenset({OAK, Kind.REFERENCE})
"""Where nothing is sent again, and our reference in the list tells for certain what is there."""
FREE = frozenset({COINS_PH, Kind.FREE_UNTIL_PAID})
"""Where an order costs nothing until it is paid, and can be paid for some time only."""

BUY, PAY, CANCEL = "buy", "pay", "cancel"
"""The request that the fault meets. CANCEL: people take the order back instead of paying it."""

KEPT = "kept"
AFTER = ("reply lost", "500 after", "hang after")
BEFORE = ("reset", "500 before", "hang before")
FAULTS = (KEPT, *AFTER, *BEFORE)
"""What happens to the first such request that arrives: done or not, answered or not."""

NOWHERE = "nowhere"
WAITING = "waiting for the reply"
PROPOSED, CONFIRMED = "settlement proposed", "settlement confirmed"
TOLD = "payer told how"
OUTSIDE = frozenset({WAITING, PROPOSED, CONFIRMED, TOLD})
"""Moments at which the process is killed from outside, when others have seen that it is so far."""

STEPS = (
    "request received", "request committed", "before ack", "before post", "posted", "post marked",
    "vote received", "vote committed", "before intent", "intent committed", "reply received",
    "outcome committed", "before poll", "poll answered", "poll committed", "before edit", "edited",
)  # fmt: skip
"""Every named step of a purchase that goes well."""

OF_MONEY = (
    NOWHERE, "request committed", "vote committed", "before intent", "intent committed", WAITING,
    "reply received", "outcome committed", "looked up", "before poll", "poll answered",
    PROPOSED, CONFIRMED,
)  # fmt: skip
"""Where a death could cost a purchase or a vote; played with every vendor and every fault."""

PASSED_TWICE = ("before ack", "before edit", "edited")
"""Steps of every purchase that are passed more than once."""

WHILE_SENT = frozenset(
    {"intent committed", WAITING, "reply received", "outcome committed", "looked up"}
)
"""From the first byte on until an unknown outcome is looked up."""

SENT_TWICE = ("before intent", "intent committed", "reply received", "outcome committed")
"""Steps that are passed again when the same key is sent again."""

OF_INSTRUCTING = (
    ("before ack", 3), ("before instructions", 1), ("instructions read", 1), (TOLD, 1),
    ("before ack", 4), ("before ack", 5),
)  # fmt: skip
"""From the commit of "I will pay" to that of "I have paid", each with its passage: both presses
and the form are acked once they are on the disk, the third to fifth time that anything is."""

OF_CALL = {PAY: ("before payment told", "payment told"), CANCEL: ("before cancel", "cancel told")}
"""Around the request itself: nothing has left yet, and the client knows how it was answered."""

ACK_OF_CANCELLING = 3
"""After those of the request and the approval."""

ACK_OF_CONFIRMING = 4
"""Which passage of "before ack" it is, after those of the request, the approval and the form."""


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the table."""

    vendor: str
    fault: str
    dies: str
    passage: int = 1
    call: str = BUY

    def __str__(self) -> str:
        again = "" if self.passage == 1 else f" {self.passage}"
        return f"{self.vendor}, {self.fate}, {self.dies}{again}"

    @property
    def fate(self) -> str:
        """The fault, and of which request if it is not the purchase."""
        return self.fault if self.call == BUY else f"{self.fault} ({self.call})"

    @property
    def deaths(self) -> int:
        return 0 if self.dies == NOWHERE else 1

    @property
    def keyed(self) -> bool:
        return self.vendor in KEYED

    @property
    def strikes(self) -> bool:
        """The first request arrives: without a key, an intent that was not sent never is."""
        return self.keyed or self.dies != "intent committed"

    @property
    def buys(self) -> bool:
        """It must end in a purchase. What was created is paid for, if not taken back."""
        if self.call != BUY:
            return self.call == PAY
        return self.keyed or (self.strikes and self.fault not in BEFORE)

    @property
    def doubted(self) -> bool:
        """The first outcome of its purchase stays unknown."""
        if self.call != BUY:
            return False
        return self.fault != KEPT or self.dies in {"intent committed", WAITING, "reply received"}

    @property
    def asked_again(self) -> bool:
        """Approved before a restart at a vendor that cannot be looked at: people decide anew."""
        return self.vendor == Kind.NONE and self.dies in {"vote committed", "before intent"}

    @property
    def settled(self) -> bool:
        """No automatic way is left, so that two people have to say what became of it."""
        if self.keyed or not self.doubted:
            return False
        if self.vendor in REFERRED:
            return not self.buys
        if self.vendor in FREE:
            # The process that sent it takes the only unpaid order of its moment for ours.
            return self.buys and self.dies in WHILE_SENT
        return True

    @property
    def lapses(self) -> bool:
        """Nothing was ever there to be paid: it ends when the time to pay is over."""
        return self.vendor in FREE and self.call == BUY and not self.buys

    @property
    def hangs(self) -> bool:
        return self.fault.startswith("hang")

    @property
    def makes_sense(self) -> bool:
        """The step is reached, and the fault makes a difference."""
        match self.dies:
            case "intent committed":
                return self.keyed or self.fault == KEPT
            case "looked up":
                return self.fault != KEPT
            case "before poll" | "poll answered":
                return self.buys
            case "settlement proposed" | "settlement confirmed":
                return self.settled
            case "waiting for the reply":
                return self.hangs
            case _:
                return True


def _whole() -> Iterator[Case]:
    for vendor in VENDORS:
        for dies in OF_MONEY:
            yield from (Case(vendor, fault, dies) for fault in FAULTS)
        cases = (Case(vendor, fault, "before ack", ACK_OF_CONFIRMING) for fault in FAULTS)
        yield from (case for case in cases if case.settled)
    brief = [fault for fault in FAULTS if not fault.startswith("hang")]
    for fault in brief:
        yield from (Case(KRIPTOMAT, fault, step) for step in STEPS if step not in OF_MONEY)
        yield from (Case(KRIPTOMAT, fault, step, 2) for step in PASSED_TWICE)
        if fault != KEPT:
            yield from (Case(KRIPTOMAT, fault, step, 2) for step in (*SENT_TWICE, "looked up"))
    yield from _payments()


def _payments() -> Iterator[Case]:
    """An order that waits to be paid: paid, or taken back, with the fault at that request."""
    yield from (Case(COINS_PH, KEPT, step, nth, PAY) for step, nth in OF_INSTRUCTING)
    yield Case(COINS_PH, KEPT, "poll committed", call=PAY)
    yield Case(COINS_PH, KEPT, "before ack", ACK_OF_CANCELLING, CANCEL)
    for call, steps in OF_CALL.items():
        for fault in FAULTS:
            yield from (Case(COINS_PH, fault, step, call=call) for step in (*steps, WAITING))
            if call == CANCEL or fault != KEPT:
                yield Case(COINS_PH, fault, NOWHERE, call=call)
            if fault in BEFORE:
                yield Case(COINS_PH, fault, steps[0], 2, call)


WHOLE = tuple(
    sorted((case for case in _whole() if case.makes_sense), key=lambda c: VENDORS.index(c.vendor))
)
"""The table of ``make proof``."""

QUICK = (
    *(Case(KRIPTOMAT, KEPT, step) for step in STEPS),
    Case(KRIPTOMAT, "reset", "looked up"),
    Case(OAK, "reply lost", "looked up"),
    Case(COINS_PH, KEPT, "before instructions", call=PAY),
    Case(COINS_PH, KEPT, "before payment told", call=PAY),
    Case(COINS_PH, "hang after", WAITING, call=PAY),
    Case(COINS_PH, "reset", "cancel told", call=CANCEL),
    Case(Kind.NATIVE_KEY, "reply lost", "reply received"),
    Case(Kind.REFERENCE, "reset", PROPOSED),
    Case(Kind.ATTRIBUTES, "500 after", CONFIRMED),
    Case(Kind.NONE, KEPT, "reply received"),
    Case(Kind.NONE, "reply lost", "before ack", ACK_OF_CONFIRMING),
    Case(Kind.FREE_UNTIL_PAID, "reset", "looked up"),
)
"""The fixed part that the suite plays: every step once, and what is peculiar to each kind."""
