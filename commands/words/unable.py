"""What a provider cannot be asked for: why, what would be allowed, and what to do."""

from collections.abc import Callable, Mapping

from bot.domain.requests import Refusal, Why
from commands.words import escape, listed

ADMINISTRATOR = "the administrator of Countersign"

Parts = tuple[str, str, str]


def _or(allowed: tuple[str, ...], none: str) -> str:
    return listed([escape(one) for one in allowed], "or") or none


def _unknown(no: Refusal) -> Parts:
    reason = f"There is no provider called *{escape(no.given)}* here."
    todo = "Name one of them with `via`, or leave `via` out."
    return reason, _or(no.allowed, "none is set up"), todo


def _not_enabled(no: Refusal) -> Parts:
    reason = f"*{escape(no.given)}* is not set up for this team."
    todo = f"Name one of them with `via`, or ask {ADMINISTRATOR} to set it up."
    return reason, _or(no.allowed, "none is set up"), todo


def _ambiguous(no: Refusal) -> Parts:
    reason = f"More than one provider sells {escape(no.given)}."
    return reason, _or(no.allowed, "one of them"), "Say which, with `via`."


def _nobody(no: Refusal) -> Parts:
    reason = f"No provider that is set up here sells {escape(no.given)}."
    return reason, "what `/buy providers` shows", "Ask for something that one of them sells."


def _asset(no: Refusal) -> Parts:
    reason = f"{no.provider} does not offer {escape(no.given)} here."
    return reason, _or(no.allowed, "nothing"), "Ask for one of these, or at another provider."


def _currency(no: Refusal) -> Parts:
    reason = f"{no.provider} cannot be paid in {escape(no.given)}."
    takes = _or(no.allowed, "another currency")
    return reason, f"an amount of {takes}", "Ask in that currency, or at another provider."


def _money(no: Refusal) -> Parts:
    reason = f"{no.provider} takes an amount of money, not of {escape(no.given)}."
    takes = _or(no.allowed, "money")
    return reason, f"an amount of {takes}", "Say how much money to spend, as in `250 EUR btc`."


def _coins(no: Refusal) -> Parts:
    takes = _or(no.allowed, "the asset")
    reason = f"{no.provider} takes an amount of {takes}, not of {escape(no.given)}."
    return reason, f"an amount of {takes}", "Say how much of it to buy, as in `0.005 btc`."


def _bad(no: Refusal) -> Parts:
    reason = f"{escape(no.given)} is not an amount that {no.provider} can be sent."
    allowed = "a smaller amount, with no more decimals than its currency has"
    return reason, allowed, "Type another amount."


def _small(no: Refusal) -> Parts:
    least = _or(no.allowed, "more")
    reason = f"{escape(no.given)} is below the minimum of {no.provider}."
    return reason, f"{least} or more", f"Ask for at least {least}."


def _outlet(no: Refusal) -> Parts:
    reason = f"{no.provider} has no payment outlets."
    return reason, "the same without `using`", f"Leave `using {escape(no.given)}` out."


def _target(no: Refusal) -> Parts:
    reason = f"{no.provider} has no target called *{escape(no.given)}*."
    if not no.allowed:
        return reason, "the same without `to`: no address book is set up", "Leave `to` out."
    return reason, f"to {_or(no.allowed, 'nobody')}", "Name one of them with `to`, or leave it out."


def _no_target(no: Refusal) -> Parts:
    reason = f"{no.provider} has no account for the {escape(no.given)}, and no wallet is named."
    return reason, f"to {_or(no.allowed, 'a wallet of the address book')}", "Say which, with `to`."


def _ceiling(no: Refusal) -> Parts:
    reason = (
        f"What {escape(no.given)} may cost at most is not known, so no limit can be held to it."
    )
    return reason, "the same with `max`", "Add `max` and the highest price of one, at the end."


def _first(no: Refusal) -> Parts:
    most = _or(no.allowed, "less")
    reason = f"Nothing has been bought at {no.provider} yet; an order may cost {most} at most."
    todo = "Ask for less; once one order has been completed there, only the rules limit the next."
    return reason, f"up to {most} with fees", todo


UNABLE: Mapping[Why, Callable[[Refusal], Parts]] = {
    Why.PROVIDER_UNKNOWN: _unknown,
    Why.PROVIDER_NOT_ENABLED: _not_enabled,
    Why.PROVIDER_AMBIGUOUS: _ambiguous,
    Why.NOBODY_SELLS: _nobody,
    Why.ASSET_NOT_OFFERED: _asset,
    Why.CURRENCY_NOT_OFFERED: _currency,
    Why.AMOUNT_MUST_BE_MONEY: _money,
    Why.AMOUNT_MUST_BE_ASSET: _coins,
    Why.AMOUNT_BAD: _bad,
    Why.BELOW_MINIMUM: _small,
    Why.OUTLET_NOT_TAKEN: _outlet,
    Why.TARGET_UNKNOWN: _target,
    Why.TARGET_MISSING: _no_target,
    Why.FIRST_ORDER: _first,
    Why.CEILING_MISSING: _ceiling,
}
"""Reason, what would be allowed and what to do, for each refusal by what a provider can do."""
