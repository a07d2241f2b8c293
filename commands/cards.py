"""An order in any state becomes a message: text, blocks, metadata. Pure.

The same card is posted once and edited for ever, so what stands where does not change with the
state: headline, state and what comes next, the terms, who decided, what was bought, buttons while
they do something. A card of terms that are no longer asked about keeps no buttons.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.budgets import Prospect
from bot.domain.capabilities import Lookup, Sheet
from bot.domain.freezes import Freeze, stopped_by
from bot.domain.orders import Order, State
from bot.domain.people import Roster
from bot.domain.policy import Policy
from bot.domain.requests import said_again
from bot.domain.schedules import Schedule
from bot.domain.steps import is_settleable
from bot.workflow.freezing import AFFECTED
from commands.blocks import (
    Block,
    actions,
    button,
    confirm,
    context,
    plain,
    section,
)
from commands.carried import carried
from commands.render import words
from commands.words import (
    budgets,
    closed,
    doubts,
    escape,
    forms,
    freezing,
    payments,
    person,
    telling,
    when,
)

APPROVE, DENY, CANCEL = "approve", "deny", "cancel"
WILL_PAY, HAVE_PAID = "will_pay", "have_paid"
CHECK, SETTLE, CONFIRM, OBJECT = "check_again", "settle", "confirm_settled", "object_settled"
EDIT = "edit_request"
"""Action ids of the buttons."""

NEVER_SENT = frozenset({State.DENIED, State.CANCELLED, State.EXPIRED})
"""How an order ends that people only talked about: it can be asked for anew, with other terms."""

EVENT_TYPE = "countersign_order"

VOTES_AT_MOST = 20
"""Votes named on a card, the newest; Slack takes 3000 characters."""

LONGEST_PLAIN = 2000
"""Slack's limit is 3000; a typed reason has at most 300 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What Slack is sent."""

    text: str
    blocks: list[dict[str, Any]]
    metadata: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a card needs besides its order: what the providers can do, the policy, who is who, and
    the freezes and figures of this moment."""

    sheets: Mapping[str, Sheet]
    policy: Policy
    roster: Roster
    freezes: tuple[Freeze, ...] = ()
    prospects: tuple[Prospect, ...] = ()
    """What the order would do to the budgets, while it waits for votes."""

    @property
    def titles(self) -> dict[str, str]:
        """The providers' names as people say them."""
        return {name: sheet.title for name, sheet in self.sheets.items()}

    def title(self, one: Order | Schedule) -> str:
        """Its provider as people say it."""
        sheet = self.sheets.get(one.terms.provider)
        return one.terms.provider if sheet is None else sheet.title

    def freeze(self, order: Order) -> Freeze | None:
        """What keeps this order from being sent now."""
        return stopped_by(self.freezes, order.terms) if order.state in AFFECTED else None


def card(order: Order, setting: Setting, *, revision: int | None = None) -> Message:
    """The card of the order's present revision, or of an older one, which is closed."""
    title = setting.title(order)
    if revision is not None and revision != order.revision:
        return _closed(order, title, closed.REPLACED)
    says = _next(order, setting)
    blocks = [
        section(f"*{telling.headline(order, title)}*   {order.id}", block_id="what"),
        section(
            f"{telling.SIGNS[order.state]} *{telling.state_words(order)}*\n{says}", block_id="state"
        ),
    ]
    if (freeze := setting.freeze(order)) is not None:
        blocks.append(section(freezing.line(freeze, setting.titles), block_id="freeze"))
    sheet = setting.sheets.get(order.terms.provider)
    if is_settleable(order):
        known = doubts.unknown_provider(order) if sheet is None else doubts.known(order, sheet)
        blocks.append(section(known, block_id="evidence"))
    blocks.append(section(fields=_fields(order, title), block_id="terms"))
    if setting.prospects:
        blocks.append(section(budgets.on_a_card(setting.prospects), block_id="budgets"))
    if order.alike and order.state in {State.PENDING_APPROVAL, State.APPROVED}:
        blocks.append(context(telling.alike(order), block_id="alike"))
    if order.terms.reason:
        blocks.append(context(reason(order.terms.reason), block_id="reason"))
    if decided := _decided(order):
        blocks.append(context(decided, block_id="decided"))
    if order.outcome.discrepancy:
        warning = f"⚠️ *Attention:* {escape(order.outcome.discrepancy)}."
        blocks.append(section(warning, block_id="discrepancy"))
    if buttons := _buttons(order, sheet):
        blocks.append(actions(buttons, block_id="decide", about=order.id))
    return Message(
        text=_fallback(order, title, setting, says),
        blocks=blocks,
        metadata=_metadata(order),
    )


def _fallback(order: Order, title: str, setting: Setting, says: str) -> str:
    """The whole meaning in one line; a freeze belongs to it."""
    says += budgets.in_short(setting.prospects)
    text = telling.fallback(order, title, says, setting.roster)
    freeze = setting.freeze(order)
    return text if freeze is None else f"{text} {freezing.line(freeze, setting.titles)}"


def _next(order: Order, setting: Setting) -> str:
    """What it waits for, or how it ended."""
    if order.state is State.APPROVED and setting.freeze(order) is not None:
        return freezing.waits(order.valid_until)
    sheet = setting.sheets.get(order.terms.provider)
    if order.state is State.AWAITING_PAYMENT and not (sheet and sheet.payment_step):
        return payments.elsewhere(order, setting.title(order))
    return telling.next_words(order, setting.title(order), setting.policy, setting.roster)


def reason(typed: str) -> Block:
    """What somebody typed, for small print: no letter of it is markup."""
    return plain(f"Reason: {typed}"[:LONGEST_PLAIN], emoji=False)


def _fields(order: Order, title: str) -> list[str]:
    rule = order.rule
    parts = {
        "Asked for by": f"{person(order.requester)} {when(order.created_at)}",
        "Costs at most": payments.at_most(order, title),
        "Rule": f"{escape(rule.name)} (up to {rule.up_to.human})",
        "Price": telling.protection(order, title),
    }
    if order.date is not None:
        parts["Date of"] = telling.date_of(order)
    if (outlet := payments.paid_by(order)) is not None:
        parts["Paid by"] = outlet
    if (wallet := payments.paid_to(order)) is not None:
        parts["To"] = wallet
    if order.outcome.chain:
        parts["Network"] = escape(order.outcome.chain)
    if order.outcome.settles_on:
        parts["Settles on"] = telling.settles_on(order.outcome.settles_on)
    if order.outcome.word:
        parts[f"{title} says"] = escape(order.outcome.word)
    return [f"*{name}*\n{value}" for name, value in parts.items()]


def _decided(order: Order) -> str:
    if order.envelope is not None:
        return telling.agreed(order.envelope)
    told = [f"👍 {person(vote.voter)} {when(vote.at)}" for vote in order.votes[-VOTES_AT_MOST:]]
    if (more := len(order.votes) - len(told)) > 0:
        told.insert(0, f"👍 {more} more")
    return "   ".join(told)


def _buttons(order: Order, sheet: Sheet | None) -> list[Block]:
    value = carried(order=order.id, digest=order.digest)
    if is_settleable(order):
        return _settling(order, sheet)
    sure = confirm(
        f"Cancel {order.id}?",
        "Nothing will be bought. This cannot be undone; a new request is needed then.",
        yes="Cancel the order",
        no="Keep it",
    )
    cancel = button("Cancel", CANCEL, value, sure=sure)
    if order.state is State.APPROVED:
        return [cancel]
    if order.state is State.AWAITING_PAYMENT and sheet is not None:
        return _paying(order, sheet, cancel)
    if order.state in NEVER_SENT and order.attempts == 0 and not order.look_first:
        said = words(said_again(order.terms))
        return [button(forms.EDIT, EDIT, said)] if len(said) <= LONGEST_PLAIN else []
    if order.state is not State.PENDING_APPROVAL:
        return []
    return [
        button("Approve", APPROVE, value, style="primary"),
        button("Deny", DENY, value, style="danger"),
        cancel,
    ]


def _paying(order: Order, sheet: Sheet, cancel: Block) -> list[Block]:
    """To be paid by people: who pays, that it is paid, or to take it back while it is not."""
    if order.paid_by is not None or order.closed_by is not None:
        return []
    value = carried(order=order.id)
    buttons = []
    if sheet.payment_step and order.payer is None:
        buttons.append(button("I will pay", WILL_PAY, value, style="primary"))
    if sheet.payment_step:
        buttons.append(button("I have paid", HAVE_PAID, value))
    return [*buttons, cancel] if sheet.cancellable else buttons


def _settling(order: Order, sheet: Sheet | None) -> list[Block]:
    """In doubt: have it looked up, say what became of it, confirm or refuse what was said.

    Where there is nothing to look at, there is no button for it.
    """
    mark = "" if order.proposal is None else order.proposal.mark
    value = carried(order=order.id, mark=mark)
    rest = [button("Settle", SETTLE, value)]
    by_number = order.state is State.ACCEPTED
    if sheet is not None and (by_number or sheet.lookup is not Lookup.NONE):
        rest.insert(0, button("Check again", CHECK, value))
    if order.proposal is None:
        return rest
    question, text = f"Confirm for {order.id}?", doubts.confirm_text(order)
    sure = confirm(question, text, yes="Confirm", no="Back")
    return [
        button("Confirm", CONFIRM, value, style="primary", sure=sure),
        button("Object", OBJECT, value, style="danger"),
        *rest,
    ]


def twin(order: Order, title: str) -> Message:
    """A second copy of a card, posted when Slack did not say that the first had arrived."""
    return _closed(order, title, closed.SPARE)


def _closed(order: Order, title: str, why: closed.Closed) -> Message:
    what = telling.headline(order, title)
    return shut(order.id, what, why, metadata=_metadata(order))


def shut(number: str, what: str, why: closed.Closed, *, metadata: dict[str, Any]) -> Message:
    """A card without buttons: what it was about, and why nothing can be done on it any more."""
    return Message(
        text=f"{number}: {what}. {why.state}: {why.says}",
        blocks=[
            section(f"*{what}*   {number}", block_id="what"),
            section(why.block, block_id="closed"),
        ],
        metadata=metadata,
    )


def _metadata(order: Order) -> dict[str, Any]:
    payload = {"order": order.id, "state": order.state.value}
    return {"event_type": EVENT_TYPE, "event_payload": payload}
