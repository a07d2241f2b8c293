"""The states of an order and what may follow what, as a table: a missing key is the error.

The pictures in the documents, the tests and ``bot.domain.orders.apply`` are all made from it.
"""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where an order stands. The words that people read are ``state.words``."""

    PENDING_APPROVAL = "pending_approval"
    APPROVED = "approved"
    SUBMITTING = "submitting"
    IN_DOUBT = "in_doubt"
    ACCEPTED = "accepted"
    AWAITING_PAYMENT = "awaiting_payment"
    COMPLETED = "completed"
    REVERSED = "reversed"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REJECTED = "rejected"
    FAILED = "failed"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")

    @property
    def is_open(self) -> bool:
        """Something may still happen by itself or by a click."""
        return self in OPEN


OPEN = frozenset(
    {
        State.PENDING_APPROVAL,
        State.APPROVED,
        State.SUBMITTING,
        State.IN_DOUBT,
        State.ACCEPTED,
        State.AWAITING_PAYMENT,
    }
)


class Event(StrEnum):
    """What can happen to an order, in the past tense."""

    PRICED = "priced"
    VOTED = "voted"
    APPROVED = "approved"
    OVER_BUDGET = "over_budget"
    """Enough people agree, and a budget has not enough left: it cannot be approved now."""
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    ASKED_AGAIN = "asked_again"
    HELD = "held"
    SENT = "sent"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    DOUBTED = "doubted"
    LOOKED_UP = "looked_up"
    ACCEPTED = "accepted"
    MUST_PAY = "must_pay"
    COMPLETED = "completed"
    POLLED = "polled"
    FAILED = "failed"
    PAYER = "payer"
    """Somebody will pay it."""
    INSTRUCTED = "instructed"
    REMINDED = "reminded"
    SNOOZED = "snoozed"
    """Somebody does not want to be reminded for a while."""
    SAID_PAID = "said_paid"
    CANCEL_ASKED = "cancel_asked"
    """It is to be taken back at the vendor, unpaid."""
    PAID = "paid"
    LAPSED = "lapsed"
    """Nothing was found, and what was never paid can no longer be paid."""
    PROPOSED = "proposed"
    """One person says what became of it."""
    OBJECTED = "objected"
    """Somebody takes that proposal off the table."""
    SETTLED_BOUGHT = "settled_bought"
    SETTLED_NOT_BOUGHT = "settled_not_bought"
    REVERSED = "reversed"
    REOPENED = "reopened"
    """Something was found after the order had ended; what it is has to be settled."""
    LATE_EVIDENCE = "late_evidence"


_S, _E = State, Event

TRANSITIONS: Mapping[tuple[State, Event], State] = {
    (_S.PENDING_APPROVAL, _E.PRICED): _S.PENDING_APPROVAL,
    (_S.PENDING_APPROVAL, _E.VOTED): _S.PENDING_APPROVAL,
    (_S.PENDING_APPROVAL, _E.APPROVED): _S.APPROVED,
    (_S.PENDING_APPROVAL, _E.OVER_BUDGET): _S.PENDING_APPROVAL,
    (_S.PENDING_APPROVAL, _E.DENIED): _S.DENIED,
    (_S.PENDING_APPROVAL, _E.CANCELLED): _S.CANCELLED,
    (_S.PENDING_APPROVAL, _E.EXPIRED): _S.EXPIRED,
    (_S.PENDING_APPROVAL, _E.ASKED_AGAIN): _S.PENDING_APPROVAL,
    (_S.PENDING_APPROVAL, _E.REMINDED): _S.PENDING_APPROVAL,
    (_S.PENDING_APPROVAL, _E.SNOOZED): _S.PENDING_APPROVAL,
    (_S.APPROVED, _E.HELD): _S.APPROVED,
    (_S.APPROVED, _E.ASKED_AGAIN): _S.PENDING_APPROVAL,
    (_S.APPROVED, _E.CANCELLED): _S.CANCELLED,
    (_S.APPROVED, _E.SENT): _S.SUBMITTING,
    # Evidence of a purchase before our first send: a restored backup. Nothing is sent then.
    (_S.APPROVED, _E.DOUBTED): _S.IN_DOUBT,
    # The vendor cannot express the order at all (found when its bytes are drafted).
    (_S.APPROVED, _E.REFUSED): _S.REJECTED,
    (_S.SUBMITTING, _E.UNAVAILABLE): _S.APPROVED,
    (_S.SUBMITTING, _E.REFUSED): _S.REJECTED,
    (_S.SUBMITTING, _E.DOUBTED): _S.IN_DOUBT,
    (_S.SUBMITTING, _E.ACCEPTED): _S.ACCEPTED,
    (_S.SUBMITTING, _E.MUST_PAY): _S.AWAITING_PAYMENT,
    (_S.SUBMITTING, _E.COMPLETED): _S.COMPLETED,
    (_S.SUBMITTING, _E.FAILED): _S.FAILED,
    (_S.IN_DOUBT, _E.LOOKED_UP): _S.IN_DOUBT,
    (_S.IN_DOUBT, _E.SENT): _S.SUBMITTING,
    (_S.IN_DOUBT, _E.ACCEPTED): _S.ACCEPTED,
    (_S.IN_DOUBT, _E.MUST_PAY): _S.AWAITING_PAYMENT,
    (_S.IN_DOUBT, _E.COMPLETED): _S.COMPLETED,
    (_S.IN_DOUBT, _E.FAILED): _S.FAILED,
    (_S.IN_DOUBT, _E.LAPSED): _S.REJECTED,
    (_S.IN_DOUBT, _E.PROPOSED): _S.IN_DOUBT,
    (_S.IN_DOUBT, _E.OBJECTED): _S.IN_DOUBT,
    (_S.IN_DOUBT, _E.SETTLED_BOUGHT): _S.ACCEPTED,
    (_S.IN_DOUBT, _E.SETTLED_NOT_BOUGHT): _S.REJECTED,
    (_S.ACCEPTED, _E.POLLED): _S.ACCEPTED,
    (_S.ACCEPTED, _E.MUST_PAY): _S.AWAITING_PAYMENT,
    (_S.ACCEPTED, _E.COMPLETED): _S.COMPLETED,
    (_S.ACCEPTED, _E.FAILED): _S.FAILED,
    # People have settled that it was bought and the vendor knows nothing of it: they may be wrong.
    (_S.ACCEPTED, _E.PROPOSED): _S.ACCEPTED,
    (_S.ACCEPTED, _E.OBJECTED): _S.ACCEPTED,
    (_S.ACCEPTED, _E.SETTLED_BOUGHT): _S.ACCEPTED,
    (_S.ACCEPTED, _E.SETTLED_NOT_BOUGHT): _S.REJECTED,
    (_S.AWAITING_PAYMENT, _E.POLLED): _S.AWAITING_PAYMENT,
    (_S.AWAITING_PAYMENT, _E.PAYER): _S.AWAITING_PAYMENT,
    (_S.AWAITING_PAYMENT, _E.INSTRUCTED): _S.AWAITING_PAYMENT,
    (_S.AWAITING_PAYMENT, _E.REMINDED): _S.AWAITING_PAYMENT,
    (_S.AWAITING_PAYMENT, _E.SAID_PAID): _S.AWAITING_PAYMENT,
    (_S.AWAITING_PAYMENT, _E.CANCEL_ASKED): _S.AWAITING_PAYMENT,
    # What came back differs from what was approved; nothing was paid and it was taken back.
    (_S.AWAITING_PAYMENT, _E.ASKED_AGAIN): _S.PENDING_APPROVAL,
    (_S.AWAITING_PAYMENT, _E.PAID): _S.ACCEPTED,
    (_S.AWAITING_PAYMENT, _E.COMPLETED): _S.COMPLETED,
    (_S.AWAITING_PAYMENT, _E.CANCELLED): _S.CANCELLED,
    (_S.AWAITING_PAYMENT, _E.FAILED): _S.FAILED,
    (_S.COMPLETED, _E.REVERSED): _S.REVERSED,
    (_S.DENIED, _E.LATE_EVIDENCE): _S.COMPLETED,
    (_S.CANCELLED, _E.LATE_EVIDENCE): _S.COMPLETED,
    (_S.EXPIRED, _E.LATE_EVIDENCE): _S.COMPLETED,
    (_S.REJECTED, _E.LATE_EVIDENCE): _S.COMPLETED,
    (_S.FAILED, _E.LATE_EVIDENCE): _S.COMPLETED,
    (_S.DENIED, _E.REOPENED): _S.IN_DOUBT,
    (_S.CANCELLED, _E.REOPENED): _S.IN_DOUBT,
    (_S.EXPIRED, _E.REOPENED): _S.IN_DOUBT,
    (_S.REJECTED, _E.REOPENED): _S.IN_DOUBT,
    (_S.FAILED, _E.REOPENED): _S.IN_DOUBT,
}


class NotAllowed(Exception):
    """This event cannot happen to an order in this state."""

    def __init__(self, state: State, event: Event) -> None:
        super().__init__(f"{event} cannot happen to an order that is {state.words}")
        self.state = state
        self.event = event
