"""The events of an order's life, as people read them."""

from commands.words import escape, person


def history_words(event: str, actor: str, facts: dict[str, object]) -> str:
    """One event of an order's life: who did what."""
    who = person(actor)
    reason = facts.get("reason")
    note = f" ({escape(str(reason))})" if reason else ""
    told = EVENTS.get(event, event.replace("_", " "))
    if (envelope := facts.get("envelope")) is not None:
        told = f"found it approved with all of {escape(str(envelope))}"
    return f"{who} {told}{note}"


EVENTS = {
    "requested": "asked for it",
    "priced": "read the price",
    "voted": "approved",
    "approved": "approved; that decided it",
    "over_budget": "approved, but a budget has not enough left",
    "denied": "denied it",
    "cancelled": "cancelled it",
    "expired": "let it expire",
    "asked_again": "asked everybody again",
    "held": "is waiting to send it",
    "sent": "sent it to the provider",
    "unavailable": "could not reach the provider",
    "refused": "was refused by the provider",
    "doubted": "does not know what became of it",
    "looked_up": "looked for it at the provider",
    "accepted": "got a reference from the provider",
    "must_pay": "was told that it must be paid",
    "completed": "was told that it is completed",
    "polled": "asked the provider",
    "failed": "was told that it failed",
    "payer": "will pay it",
    "instructed": "told the payer how to pay",
    "reminded": "reminded whom it waits for",
    "snoozed": "does not want to be reminded for a while",
    "said_paid": "said that it is paid",
    "cancel_asked": "wants it taken back at the provider",
    "paid": "said that it is paid",
    "lapsed": "found that it was never paid",
    "proposed": "said what became of it",
    "objected": "took what was said of it back",
    "settled_bought": "settled that it was bought",
    "settled_not_bought": "settled that nothing was bought",
    "reversed": "was told that it is reversed",
    "reopened": "found something that fits after it had ended",
    "late_evidence": "found that it was bought after all",
}
"""What each event is called when a person reads the history."""
