"""A request that is refused before anybody is asked: by whom, what was asked, what would do."""

from bot.domain.people import Standing
from bot.domain.policy import Denied, Fault, Mismatch, Requirement, Tried
from bot.domain.requests import Refusal, Why
from commands.words import budgets, count, escape, listed

NOTHING = "Nothing was requested."

PROVIDERS = {
    Why.PROVIDER_UNKNOWN: "There is no provider called *{given}* here. Set up: {allowed}.",
    Why.PROVIDER_NOT_ENABLED: "*{given}* is not set up for this team. Set up: {allowed}.",
    Why.PROVIDER_AMBIGUOUS: "{given} can be bought at {allowed}: say which, with `via`.",
    Why.NOBODY_SELLS: "No provider that is set up here sells {given}.",
    Why.ASSET_NOT_OFFERED: "{provider} does not offer {given} here. It offers {allowed}.",
    Why.CURRENCY_NOT_OFFERED: "{provider} cannot be paid in {given}. It takes {allowed}.",
    Why.AMOUNT_MUST_BE_MONEY: "{provider} takes an amount of money ({allowed}), not of {given}.",
    Why.AMOUNT_MUST_BE_ASSET: "{provider} takes an amount of {allowed}, not of {given}.",
    Why.AMOUNT_BAD: "{given} is not an amount that {provider} can be sent.",
    Why.BELOW_MINIMUM: "{given} is below the minimum of {provider}, {allowed}.",
    Why.OUTLET_NOT_TAKEN: "{provider} has no payment outlets: leave out `using {given}`.",
    Why.TARGET_UNKNOWN: "{provider} has no target called *{given}*. {targets}",
    Why.TARGET_MISSING: "Say which wallet receives the {given}, with `to`. {targets}",
    Why.FIRST_ORDER: "Nothing has been bought at {provider} yet, so the first order there may cost"
    " at most {allowed} with fees; this may cost {given}.",
    Why.CEILING_MISSING: "Say at most at which price {given} may be bought, with `max`.",
}
"""One sentence for each refusal by a provider's capabilities."""

STANDINGS = {
    Standing.GUEST: "Guests of this workspace cannot ask for purchases or decide on them.",
    Standing.BOT: "Apps cannot ask for purchases or decide on them.",
    Standing.DEACTIVATED: "This account is deactivated.",
    Standing.STRANGER: "Only members of this workspace can ask for purchases or decide on them;"
    " your account belongs to another one.",
    Standing.UNKNOWN: "I do not know you yet and am asking Slack who you are. Please try again in"
    " a few seconds.",
}
"""Why somebody is not a full member."""


def sentence(refusal: Refusal) -> str:
    """What is wrong, what was asked, what would be allowed, and that nothing has happened."""
    if refusal.short:
        return f"{budgets.refused(refusal.short)} {NOTHING}"
    if refusal.denied is not None:
        return f"{denied(refusal.denied, refusal)} {NOTHING}"
    allowed = listed([escape(one) for one in refusal.allowed], "or") or "none"
    known = f"Known: {allowed}." if refusal.allowed else "No address book is set up."
    text = PROVIDERS[refusal.why].format(
        given=escape(refusal.given),
        allowed=allowed,
        provider=refusal.provider,
        targets=known,
    )
    because = f" {refusal.because}" if refusal.because else ""
    return f"{text}{because} {NOTHING}"


def denied(no: Denied, refusal: Refusal) -> str:
    """Why the policy refuses."""
    rule = "" if no.rule is None else f"Rule “{escape(no.rule.name)}”"
    match no.fault:
        case Fault.NOT_A_MEMBER:
            return STANDINGS[no.standing or Standing.UNKNOWN]
        case Fault.REASON_MISSING:
            return f"{rule} wants a reason: add `for` and say why, at the end."
        case Fault.NO_PRICE:
            return (
                f"{rule} or your `max` needs a price, and {refusal.provider} cannot tell one"
                " before buying. Ask again without `max`, or at another provider."
            )
        case Fault.NO_BUDGET:
            return (
                f"No budget covers this ({refusal.given} with fees at {refusal.provider}) for you."
                " Ask the administrator of Countersign to name one that does."
            )
        case Fault.TOO_FEW_APPROVERS:
            return (
                f"{rule} needs {needs(no.missing)} more than there are besides you."
                " Ask the administrator of Countersign to name more approvers."
            )
        case Fault.NO_RULE:
            tried = "\n".join(f"• {_why_not(one, refusal)}" for one in no.tried[:10])
            return f"No rule of the policy allows this ({refusal.given} with fees):\n{tried}\n"


def needs(requirements: tuple[Requirement, ...]) -> str:
    """``1 person from approvers and 2 people from board``."""
    return listed(
        f"{count(need.count, 'person', 'people')} from {escape(need.group)}"
        for need in requirements
    )


def _why_not(tried: Tried, refusal: Refusal) -> str:
    rule = tried.rule
    name = f"“{escape(rule.name)}”"
    match tried.mismatch:
        case Mismatch.REQUESTER:
            return f"{name} is for {listed(rule.requesters or ())}, and you are not among them."
        case Mismatch.PROVIDER:
            return f"{name} is for {listed(rule.providers or ())}."
        case Mismatch.ASSET:
            assets = [asset.upper() for asset in rule.assets or ()]
            return f"{name} is for {listed(assets)}."
        case Mismatch.CURRENCY:
            return f"{name} is for orders in {rule.up_to.currency}."
        case _:
            return f"{name} allows up to {rule.up_to.human}; this may cost {refusal.given}."
