"""What somebody meant, as data: the words of ``/buy`` after parsing, before any rule is asked."""

from dataclasses import dataclass
from decimal import Decimal


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
    """Canonical name (``kriptomat``, ``coins_ph``, ``oak``), or as typed, lower case, if none."""
    max_price: Decimal | None = None
    outlet: str | None = None
    target: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """``status`` or ``status BUY-7K3FQ`` or just ``BUY-7K3FQ``."""

    order_id: str | None = None


@dataclass(frozen=True, slots=True)
class List:
    """``list open|mine|all``."""

    which: str = "open"


@dataclass(frozen=True, slots=True)
class Cancel:
    order_id: str


@dataclass(frozen=True, slots=True)
class Help:
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """Words that a later version understands; ``feature`` names them for the refusal."""

    feature: str


Intent = Buy | Status | List | Cancel | Help | Later
