"""What must be true at the moment money moves, and what happens when it is not.

A gate is closed in one of two ways. ``Hold``: the order waits and says so, the approval stands.
``AskAgain``: what people agreed to is no longer so, their votes are void and a fresh card asks.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from bot.domain.capabilities import Lookup
from bot.domain.freezes import stopped_by
from bot.domain.money import grouped
from bot.domain.orders import Event, Order, Terms, apply
from bot.domain.people import is_usergroup
from bot.domain.policy import Policy, eligible_approvers
from bot.domain.quotes import Quote
from bot.domain.voting import still_missing
from bot.workflow.anew import ask_anew
from bot.workflow.budgeting import overdrawn
from bot.workflow.desk import (
    HOLD_SECONDS,
    Desk,
    Unreachable,
    backoff,
    card_wish,
)
from bot.workflow.lookup import purchase_of, rivals
from bot.workflow.rules import above_cost, differences, said
from providers.base import Provider, ProviderError, Unavailable
from storage import earlier, freezes, orders
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Hold:
    """The order waits: ``reason`` is for the card, ``after`` the vendor's own wish in seconds."""

    reason: str
    after: float | None = None


@dataclass(frozen=True, slots=True)
class AskAgain:
    """People have to decide anew: ``reason`` is for the card, ``price`` what it would cost now."""

    reason: str
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """Nothing stands in the way. ``quote``: the price of this moment, where one was read."""

    quote: Quote | None = None


async def gates(desk: Desk, order: Order, provider: Provider) -> Hold | AskAgain | Open:
    """Everything that must be true at this moment for money to move.

    The voters are read from Slack again, the policy is asked again, the price is quoted again.
    """
    if (obstacle := await desk.db.read(lambda tx: stops(desk, tx, order))) is not None:
        return Hold(obstacle)
    if (paused := _pause(desk, provider)) is not None:
        return paused
    try:
        await provider.ready()
    except ProviderError as error:
        after = error.after if isinstance(error, Unavailable) else None
        return Hold(error.reason, after)
    try:
        roster = await desk.directory.confirm(
            [order.requester, *order.agreed],
            user_groups(desk.policy),
        )
    except Unreachable as error:
        return Hold(f"Slack cannot tell whether the approvers still are approvers: {error}")
    if found := differences(desk, order):
        return AskAgain(said(found))
    if still_missing(order, policy=desk.policy, roster=roster):
        able = eligible_approvers(desk.policy, roster, order.rule, order.requester)
        lost = [roster.name(voter) for voter in sorted(order.agreed - able)]
        return AskAgain(f"no longer an approver: {', '.join(lost)}")
    if (over := await desk.db.read(lambda tx: overdrawn(desk, tx, order))) is not None:
        return AskAgain(over)
    return await _priced(order, provider)


def user_groups(policy: Policy) -> set[str]:
    """Slack's user groups that any rule or budget depends on: who may ask decides which rule
    matches, and on which budgets an order draws."""
    named = {group for rule in policy.rules for group in rule.groups}
    named |= {group for budget in policy.budgets for group in budget.requesters or ()}
    return {one for group in named for one in policy.groups[group] if is_usergroup(one)}


async def _priced(order: Order, provider: Provider) -> Hold | AskAgain | Open:
    """The price of this moment is one that people agreed to, and so is all that it would cost."""
    if not order.band.protects and not provider.sheet.quotes:
        return Open()
    try:
        quote = await provider.quote(purchase_of(order))
    except ProviderError as error:
        return Hold(f"the price cannot be read: {error.reason}")
    if order.band.allows(quote.price):
        dearer = above_cost(order.terms, quote, provider.sheet.title)
        return Open(quote) if dearer is None else AskAgain(dearer)
    before = order.band.reference or order.band.limit or quote.price
    told = f"from {grouped(before)} to {grouped(quote.price)} {order.terms.currency}"
    return AskAgain(f"the price has risen {told}", quote.price)


def _pause(desk: Desk, provider: Provider) -> Hold | None:
    """The vendor has failed so often that nothing is sent for a while."""
    health, now = provider.health, desk.now()
    if health.paused_until is None or health.paused_until <= now:
        return None
    left = (health.paused_until - now).total_seconds()
    title = provider.sheet.title
    return Hold(f"{title} failed {health.failures} times in a row, sending is paused", left)


def stops(desk: Desk, tx: Tx, order: Order) -> str | None:
    """Why this order may not be sent at this moment; None: it may.

    Asked early, so that nobody is bothered for nothing, and again in the transaction that writes
    ``submitting``, where it decides.
    """
    if (freeze := stopped_by(freezes.active(tx), order.terms)) is not None:
        return f"frozen: {freeze.reason}"
    return over_cap(desk, tx, order.terms) or _behind(desk, tx, order)


def _behind(desk: Desk, tx: Tx, order: Order) -> str | None:
    """One that looks the same is being sent or in doubt, and what is found could be of either.

    With a key of ours the vendor itself tells two apart, and so does a reference. Where nothing is
    listed, nothing can be mistaken.
    """
    provider = desk.provider(order)
    sheet = None if provider is None else provider.sheet
    if sheet is None or sheet.has_native_key or sheet.lookup is not Lookup.ATTRIBUTES:
        return None
    others = rivals(tx, order)
    title = sheet.title
    return f"{others[0]} looks the same at {title} and is not settled yet" if others else None


def over_cap(desk: Desk, tx: Tx, terms: Terms) -> str | None:
    """The provider is new and this is more than its first order may cost, as a phrase."""
    provider = desk.providers.get(terms.provider)
    cap = None if provider is None else provider.sheet.first_order_at_most
    if provider is None or cap is None or cap.currency != terms.cost.currency:
        return None
    if terms.cost.amount <= cap.amount or earlier.has_completed(tx, terms.provider):
        return None
    return f"the first order at {provider.sheet.title} may cost at most {cap.human}"


async def hold(desk: Desk, order: Order, why: Hold) -> None:
    """It waits and says so; only a new reason is worth a new card."""
    pause = backoff(HOLD_SECONDS, order.tries)
    if why.after is not None:
        pause = max(pause, timedelta(seconds=why.after))
    due_at, tries = desk.now() + pause, order.tries + 1
    if why.reason == order.note:
        await desk.db.write(lambda tx: orders.touch(tx, order, tries=tries, due_at=due_at))
        return
    after = apply(order, Event.HELD, due_at=due_at, tries=tries, note=why.reason)
    await desk.move(
        order, after, Event.HELD, wishes=[card_wish(after)], facts={"reason": why.reason}
    )


async def ask_again(
    desk: Desk, order: Order, reason: str, *, told: bool = False, price: Decimal | None = None
) -> None:
    """The votes are void; a fresh card asks anew, under the rule of today. Twice at most."""
    anew = ask_anew(desk, order, reason, told=told, price=price)
    await desk.db.write(lambda tx: anew.save(tx, actor="bot", at=desk.now()))
