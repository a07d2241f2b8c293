"""The policy of today held against terms: when they are new, and again before money moves.

And what the vendor says that it costs, held against what limits and budgets were counted with.
"""

from bot.domain.money import grouped
from bot.domain.orders import Order, Terms
from bot.domain.policy import Denied, NeedsApproval, Request, decide
from bot.domain.quotes import PriceBand, Quote
from bot.workflow.desk import Desk


def decide_terms(desk: Desk, terms: Terms, requester: str) -> NeedsApproval | Denied:
    """Which rule decides these terms now, or why none allows them."""
    provider = desk.providers.get(terms.provider)
    request = Request(
        requester=requester,
        provider=terms.provider,
        asset=terms.asset,
        cost=terms.cost,
        has_reason=bool(terms.reason),
        priced=provider is not None and provider.sheet.quotes,
        has_max_price=terms.max_price is not None,
    )
    return decide(desk.policy, desk.directory.roster, request)


def rule_stands(desk: Desk, order: Order) -> bool:
    """The policy of today would decide this order by the very rule that people were shown, and let
    it draw on the very same budgets."""
    decision = decide_terms(desk, order.terms, order.requester)
    shown = (order.rule, order.budgets)
    return isinstance(decision, NeedsApproval) and (decision.rule, decision.budgets) == shown


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
