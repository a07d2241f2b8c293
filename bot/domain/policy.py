"""May this person ask for this, and who must say yes? The first rule that matches decides.

No rule matches: refused. A rule that matches is not a yes: it names who has to agree. Each approver
counts once over all requirements of a rule, and the requester never counts. Everything is a pure
function of the policy, the roster and the request, and every answer tells which rules were tried
and why they did not fit. The values stand in ``rulebook``, who can agree in ``quorum``.
"""

from decimal import Decimal

from bot.domain.amounts import COMPARED
from bot.domain.budgets import drawn_on
from bot.domain.money import LIMIT, AmountFault, BadAmount, Money, decimal_text
from bot.domain.names import has
from bot.domain.people import Roster, Standing
from bot.domain.quorum import absent, eligible_anew, eligible_approvers, unmet
from bot.domain.rulebook import (
    Absent,
    Denied,
    Fault,
    Mismatch,
    NeedsApproval,
    Policy,
    Request,
    Requirement,
    Rule,
    Tried,
)

__all__ = [
    "Absent",
    "Denied",
    "Fault",
    "Mismatch",
    "NeedsApproval",
    "Policy",
    "Request",
    "Requirement",
    "Rule",
    "Tried",
    "cost_with_fees",
    "decide",
    "eligible_anew",
    "eligible_approvers",
    "rounded_up",
    "unmet",
]


def cost_with_fees(amount: Money, allowance: Decimal) -> Money:
    """The most that may leave the treasury: a limit is held against this, rounded up.

    Rounding is right here and nowhere else: this figure is compared, never sent or booked.
    """
    return rounded_up(amount.amount, Decimal(1) + allowance, amount.currency)


def rounded_up(number: Decimal, factor: Decimal, currency: str) -> Money:
    """The product as money, never less than it is. Raises BadAmount (too large)."""
    raw = COMPARED.multiply(number, factor)
    if raw > LIMIT:
        raise BadAmount(AmountFault.TOO_LARGE, decimal_text(raw))
    unit = Money.zero(currency).amount
    return Money.of(raw.quantize(unit, context=COMPARED), currency)


def decide(policy: Policy, roster: Roster, request: Request) -> NeedsApproval | Denied:
    """Find the rule that decides, and prove that its approvals can be met for this requester."""
    standing = roster.standing(request.requester)
    if standing is not Standing.MEMBER:
        return Denied(fault=Fault.NOT_A_MEMBER, standing=standing)
    tried: list[Tried] = []
    for rule in policy.rules:
        mismatch = _mismatch(policy, roster, rule, request)
        tried.append(Tried(rule=rule, mismatch=mismatch))
        if mismatch is None:
            return _allowed_by(policy, roster, rule, request, tuple(tried))
    return Denied(fault=Fault.NO_RULE, tried=tuple(tried))


def _mismatch(policy: Policy, roster: Roster, rule: Rule, request: Request) -> Mismatch | None:
    if rule.requesters is not None and not any(
        request.requester in policy.members(group, roster) for group in rule.requesters
    ):
        return Mismatch.REQUESTER
    if not has(rule.providers, request.provider):
        return Mismatch.PROVIDER
    if not has(rule.assets, request.asset):
        return Mismatch.ASSET
    if rule.up_to.currency != request.cost.currency:
        return Mismatch.CURRENCY
    if request.cost.amount > rule.up_to.amount:
        return Mismatch.AMOUNT
    return None


def _allowed_by(
    policy: Policy, roster: Roster, rule: Rule, request: Request, tried: tuple[Tried, ...]
) -> NeedsApproval | Denied:
    if rule.require_reason and not request.has_reason:
        return Denied(fault=Fault.REASON_MISSING, rule=rule, tried=tried)
    if (rule.quote_required or request.has_max_price) and not request.priced:
        return Denied(fault=Fault.NO_PRICE, rule=rule, tried=tried)
    drawn = drawn_on(
        policy.reaches(roster),
        requester=request.requester,
        provider=request.provider,
        asset=request.asset,
        currency=request.cost.currency,
    )
    if policy.budgets and not drawn:
        return Denied(fault=Fault.NO_BUDGET, rule=rule, tried=tried)
    eligible = eligible_approvers(policy, roster, rule, request.requester)
    missing = unmet(policy, roster, rule, eligible)
    if missing:
        return Denied(
            fault=Fault.TOO_FEW_APPROVERS,
            rule=rule,
            missing=missing,
            able=eligible,
            absent=absent(policy, roster, rule, request.requester),
            tried=tried,
        )
    return NeedsApproval(rule=rule, eligible=eligible, budgets=drawn, tried=tried)
