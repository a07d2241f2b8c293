"""From words to terms: which provider, in which currency, what may leave the treasury.

``resolve`` is pure and answers with ``Terms`` or with a ``Refusal`` that holds facts, from which
``commands.words`` makes one sentence: what is wrong, what was asked, what would be allowed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from bot.domain.budgets import Prospect
from bot.domain.capabilities import Sheet
from bot.domain.money import BadAmount, Money, Quantity
from bot.domain.orders import Terms
from bot.domain.policy import Denied, cost_with_fees, rounded_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Buy:
    """``250 EUR btc via kriptomat max 65000 using bdo_deposit to cold for rent``.

    ``amount`` is in ``unit``: an ISO 4217 code (upper case) or, when ``unit == asset`` (lower
    case), the asset itself. Whether provider, currency, outlet and target exist is asked later.
    """

    amount: Decimal
    unit: str
    asset: str
    currency: str | None = None
    """Only when the amount is the asset's: ``0.005 btc in php`` has ``PHP``."""
    provider: str | None = None
    """Canonical name (``kriptomat``, ``coins_ph``, ``oak``), or as typed when it is none."""
    max_price: Decimal | None = None
    outlet: str | None = None
    target: str | None = None
    reason: str | None = None


class Why(StrEnum):
    """Why a request is refused before any rule is asked."""

    POLICY = "policy"
    PROVIDER_UNKNOWN = "provider unknown"
    PROVIDER_NOT_ENABLED = "provider not enabled"
    PROVIDER_AMBIGUOUS = "provider ambiguous"
    NOBODY_SELLS = "nobody sells"
    ASSET_NOT_OFFERED = "asset not offered"
    CURRENCY_NOT_OFFERED = "currency not offered"
    AMOUNT_MUST_BE_MONEY = "amount must be money"
    AMOUNT_MUST_BE_ASSET = "amount must be the asset"
    AMOUNT_BAD = "amount bad"
    BELOW_MINIMUM = "below minimum"
    OUTLET_NOT_TAKEN = "outlet not taken"
    TARGET_UNKNOWN = "target unknown"
    TARGET_MISSING = "target missing"
    CEILING_MISSING = "ceiling missing"
    FIRST_ORDER = "first order"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """``given`` is what was asked, ``allowed`` what would do, ``provider`` whose rule it is."""

    why: Why
    given: str = ""
    allowed: tuple[str, ...] = ()
    provider: str | None = None
    because: str | None = None
    """Why the provider does not do it, as a sentence, where more is to be said."""
    denied: Denied | None = None
    short: tuple[Prospect, ...] = ()
    """The budgets that have not enough for it."""
    said: Buy | None = None
    """The words that are refused."""

    @property
    def costs(self) -> bool:
        """``given`` is what it may cost with fees: its words could be understood as terms."""
        return self.denied is not None or self.why in {Why.FIRST_ORDER, Why.BUDGET}


KNOWN = ("kriptomat", "coins_ph", "oak")
"""Every provider this version has words for, enabled or not."""


ALMOST = frozenset(
    {
        Why.AMOUNT_MUST_BE_MONEY,
        Why.AMOUNT_MUST_BE_ASSET,
        Why.OUTLET_NOT_TAKEN,
        Why.TARGET_UNKNOWN,
    }
)
"""The provider sells that, and other words would do: more use than that nobody sells it so."""


def resolve(buy: Buy, sheets: Mapping[str, Sheet]) -> Terms | Refusal:
    """The terms of an order, or why these words cannot become one."""
    sheet = _provider(buy, sheets)
    if isinstance(sheet, Refusal):
        return sheet
    if fault := _misfit(buy, sheet) or _incomplete(buy, sheet):
        return fault
    currency = buy.unit if buy.unit != buy.asset else buy.currency or min(sheet.currencies)
    try:
        spend = (
            Quantity.of(buy.amount, buy.asset)
            if buy.unit == buy.asset
            else Money.of(buy.amount, buy.unit)
        )
        most = spend if isinstance(spend, Money) else _ceiling(spend, buy.max_price, currency)
        cost = None if most is None else cost_with_fees(most, sheet.fee_allowance)
    except BadAmount as bad:
        return Refusal(why=Why.AMOUNT_BAD, given=bad.text, provider=sheet.title)
    if most is None or cost is None:
        return Refusal(why=Why.CEILING_MISSING, given=spend.human, provider=sheet.title)
    if sheet.minimum is not None and most.amount < sheet.minimum:
        least = Money.of(sheet.minimum, currency).human
        return Refusal(
            why=Why.BELOW_MINIMUM, given=most.human, allowed=(least,), provider=sheet.title
        )
    return Terms(
        provider=sheet.provider,
        asset=buy.asset,
        spend=spend,
        currency=currency,
        cost=cost,
        max_price=buy.max_price,
        # What the configuration calls the default today is not what it may call so tomorrow.
        outlet=buy.outlet or sheet.outlet,
        target=buy.target,
        recipient=sheet.credited if buy.target is None else sheet.targets[buy.target],
        reason=buy.reason,
    )


def said_again(terms: Terms) -> Buy:
    """The words that these terms came from: resolved once more they tell what stands today."""
    spend = terms.spend
    by_asset = isinstance(spend, Quantity)
    return Buy(
        amount=spend.amount,
        unit=spend.asset if isinstance(spend, Quantity) else spend.currency,
        asset=terms.asset,
        currency=terms.currency if by_asset else None,
        provider=terms.provider,
        max_price=terms.max_price,
        outlet=terms.outlet,
        target=terms.target,
        reason=terms.reason,
    )


def _provider(buy: Buy, sheets: Mapping[str, Sheet]) -> Sheet | Refusal:
    titles = tuple(sheet.title for sheet in sheets.values())
    if buy.provider is not None:
        if buy.provider in sheets:
            return sheets[buy.provider]
        known = buy.provider in KNOWN
        why = Why.PROVIDER_NOT_ENABLED if known else Why.PROVIDER_UNKNOWN
        return Refusal(why=why, given=buy.provider, allowed=titles)
    misfits = [(sheet, _misfit(buy, sheet)) for sheet in sheets.values()]
    able = [sheet for sheet, misfit in misfits if misfit is None]
    if len(able) == 1:
        return able[0]
    if able:
        names = tuple(sheet.title for sheet in able)
        return Refusal(why=Why.PROVIDER_AMBIGUOUS, given=buy.asset.upper(), allowed=names)
    if len(sheets) == 1:
        return next(iter(sheets.values()))
    paid = buy.currency if buy.unit == buy.asset else buy.unit
    for sheet, misfit in misfits:
        takes = paid is None or paid in sheet.currencies
        if misfit is not None and misfit.why in ALMOST and takes:
            return misfit
    given = buy.asset.upper() + (f" for {paid}" if paid else "")
    return Refusal(why=Why.NOBODY_SELLS, given=given)


def _misfit(buy: Buy, sheet: Sheet) -> Refusal | None:
    """Why this provider cannot do it; None: it can."""

    def no(why: Why, given: str, allowed: tuple[str, ...] = ()) -> Refusal:
        return Refusal(why=why, given=given, allowed=allowed, provider=sheet.title)

    if buy.asset not in sheet.assets:
        offered = tuple(asset.upper() for asset in sorted(sheet.assets))
        refusal = no(Why.ASSET_NOT_OFFERED, buy.asset.upper(), offered)
        return replace(refusal, because=sheet.assets_because)
    by_asset = buy.unit == buy.asset
    if by_asset and not sheet.spends_asset:
        return no(Why.AMOUNT_MUST_BE_MONEY, buy.asset.upper(), tuple(sorted(sheet.currencies)))
    if not by_asset and not sheet.spends_currency:
        return no(Why.AMOUNT_MUST_BE_ASSET, buy.unit, (buy.asset.upper(),))
    currency = buy.currency if by_asset else buy.unit
    if currency is not None and currency not in sheet.currencies:
        return no(Why.CURRENCY_NOT_OFFERED, currency, tuple(sorted(sheet.currencies)))
    if buy.outlet is not None and not sheet.outlets:
        return no(Why.OUTLET_NOT_TAKEN, buy.outlet)
    if buy.target is not None and buy.target not in sheet.targets:
        return no(Why.TARGET_UNKNOWN, buy.target, tuple(sorted(sheet.targets)))
    return None


def _incomplete(buy: Buy, sheet: Sheet) -> Refusal | None:
    """Nobody is credited by guessing, not even the only name in the address book."""
    if buy.target is not None or not sheet.targets or sheet.credited is not None:
        return None
    known, given = tuple(sorted(sheet.targets)), buy.asset.upper()
    return Refusal(why=Why.TARGET_MISSING, given=given, allowed=known, provider=sheet.title)


def _ceiling(quantity: Quantity, max_price: Decimal | None, currency: str) -> Money | None:
    """The most that a quantity may cost, rounded up; None while nothing says so."""
    if max_price is None:
        return None
    return rounded_up(quantity.amount, max_price, currency)
