"""The policy of today held against terms: when they are new, and again before money moves.

And what the vendor says that it costs, held against what limits and budgets were counted with.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.domain.capabilities import Sheet
from bot.domain.changes import Shown, changes, obstacle
from bot.domain.money import Money, grouped
from bot.domain.orders import Order, Terms
from bot.domain.policy import Denied, NeedsApproval, Request, decide, eligible_anew, unmet
from bot.domain.quotes import PriceBand, Quote, at_most
from bot.domain.requests import Refusal, resolve, said_again
from bot.workflow.desk import Desk

TOO_FEW = "too few of those who could approve it then are left"
"""Of the groups that could decide before, only those may vote who could then."""


@dataclass(frozen=True, slots=True)
class Today:
    """What a fresh card would show, and whose vote could count on it."""

    shown: Shown
    eligible: frozenset[str]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """It would not be asked about today: ``why`` is a phrase."""

    why: str


def sheets(desk: Desk) -> dict[str, Sheet]:
    """What every enabled provider can do."""
    return {name: provider.sheet for name, provider in desk.providers.items()}


def decide_terms(desk: Desk, terms: Terms, requester: str) -> NeedsApproval | Denied:
    """Which rule decides these terms now, or why none allows them."""
    provider = desk.providers.get(terms.provider)
    request = request_of(terms, requester, None if provider is None else provider.sheet)
    return decide(desk.policy, desk.directory.roster, request)


def request_of(terms: Terms, requester: str, sheet: Sheet | None) -> Request:
    """What of these terms a policy looks at; ``sheet``: of their provider, if there is one."""
    return Request(
        requester=requester,
        provider=terms.provider,
        asset=terms.asset,
        cost=terms.cost,
        has_reason=bool(terms.reason),
        priced=sheet is not None and sheet.quotes,
        has_max_price=terms.max_price is not None,
    )


def not_taken(no: Refusal) -> str:
    """Why words that once became terms do so no more, as a phrase."""
    return f"the provider no longer takes it ({no.why.value}: {no.given})"


def not_allowed(no: Denied, cost: Money) -> str:
    """Why what was allowed once is not any more, as a phrase."""
    return f"the policy no longer allows it: {obstacle(no, cost)}"


def today(desk: Desk, order: Order, *, whole: bool = False) -> Today | Forbidden:
    """The same words asked again at this moment: other fees, rules, people and addresses count.

    ``whole``: of an order in an envelope, the rule that fits the total is asked for as well.
    """
    terms = resolve(said_again(order.terms), sheets(desk))
    if isinstance(terms, Refusal):
        return Forbidden(not_taken(terms))
    decision = decide_terms(desk, terms, order.requester)
    if isinstance(decision, Denied):
        return Forbidden(not_allowed(decision, terms.cost))
    if order.envelope is not None and not whole:
        # It has never been asked about by itself, so whoever could be asked today may vote.
        shown = Shown(
            terms=terms, rule=decision.rule, budgets=decision.budgets, band=band_for(desk, terms)
        )
        return Today(shown, decision.eligible)
    if order.envelope is not None:
        all_of_it = replace(terms, cost=order.envelope.total)
        decision = decide_terms(desk, all_of_it, order.requester)
        if isinstance(decision, Denied):
            why = obstacle(decision, all_of_it.cost)
            return Forbidden(f"the policy no longer allows the whole of it: {why}")
    policy, roster, rule = desk.policy, desk.directory.roster, decision.rule
    eligible = eligible_anew(
        policy, roster, rule, order.requester, before=order.rule, then=order.eligible
    )
    if unmet(policy, roster, rule, eligible):
        return Forbidden(TOO_FEW)
    band = band_for(desk, terms)
    return Today(Shown(terms=terms, rule=rule, budgets=decision.budgets, band=band), eligible)


def differences(desk: Desk, order: Order) -> Sequence[str]:
    """Why votes for what was shown cannot count now, a phrase each; nothing: they can."""
    now = today(desk, order, whole=True)
    if isinstance(now, Forbidden):
        return [now.why]
    agreed = {vote.voter for vote in order.votes}
    agreed |= {vote.voter for vote in order.envelope.votes} if order.envelope else set()
    if agreed != order.agreed:
        return ["another version of Countersign shows more than its card did"]
    before = Shown(terms=order.terms, rule=order.rule, budgets=order.budgets, band=order.band)
    return changes(before, now.shown)


def said(found: Sequence[str]) -> str:
    """The differences as the reason for which people are asked anew."""
    return f"what was shown has changed: {'; '.join(found)}"


def lifted(desk: Desk, order: Order, price: Decimal) -> Order:
    """The order with a maximum under which it could be bought at this price and a little above.

    Of a quantity the most that it may cost rises with it.
    """
    ceiling = at_most(price, desk.policy.max_price_drift)
    terms = resolve(replace(said_again(order.terms), max_price=ceiling), sheets(desk))
    return order if isinstance(terms, Refusal) else replace(order, terms=terms)


def band_for(desk: Desk, terms: Terms) -> PriceBand:
    """The band before any price is known; a provider without quotes leaves it open."""
    provider = desk.providers.get(terms.provider)
    if provider is None or not provider.sheet.quotes:
        waits = provider is not None and provider.sheet.outlets
        return PriceBand(ceiling=terms.max_price, wanted=waits)
    return PriceBand(ceiling=terms.max_price, drift=desk.policy.max_price_drift, wanted=True)


def above_cost(terms: Terms, quote: Quote, title: str) -> str | None:
    """The vendor tells a total that is more than was counted, as a phrase; None: it does not."""
    if quote.total is None or quote.total <= terms.cost.amount:
        return None
    total = f"{grouped(quote.total)} {terms.currency}"
    return (
        f"{title} wants {total} in all, fees included, and only {terms.cost.human} was counted"
        f" against limits: fee_allowance of {terms.provider} has to be raised in the configuration"
    )
