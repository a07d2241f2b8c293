"""The policy of today held against terms: when they are new, and again before money moves."""

from bot.domain.orders import Order, Terms
from bot.domain.policy import Denied, NeedsApproval, Request, decide
from bot.domain.quotes import PriceBand
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
    """The policy of today would decide this order by the very rule that people were shown."""
    decision = decide_terms(desk, order.terms, order.requester)
    return isinstance(decision, NeedsApproval) and decision.rule == order.rule


def band_for(desk: Desk, terms: Terms) -> PriceBand:
    """The band before any price is known; a provider without quotes leaves it open."""
    provider = desk.providers.get(terms.provider)
    if provider is None or not provider.sheet.quotes:
        return PriceBand(ceiling=terms.max_price)
    return PriceBand(ceiling=terms.max_price, drift=desk.policy.max_price_drift, wanted=True)
