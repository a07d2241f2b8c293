"""A price, from whom, until when; and the price band that people approve.

A quote dies in seconds and a human vote takes hours, so people never approve a quote: they approve
a band, and at execution the price is read again and held against it.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR, Context, Decimal

_CAUTIOUS = Context(prec=50, rounding=ROUND_FLOOR)
"""A vendor's price may have any number of digits; the limit made of it is never above the truth."""


def at_most(price: Decimal, drift: Decimal) -> Decimal:
    """The price that may be paid if it may rise by this fraction, with the decimals of the price.

    Never above the exact product.
    """
    return _CAUTIOUS.quantize(_CAUTIOUS.multiply(price, Decimal(1) + drift), price)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Currency per one unit of the asset, major units, as one vendor told it at one moment."""

    price: Decimal
    asset: str
    currency: str
    provider: str
    at: datetime
    source: str
    """Which of the vendor's pages said so, for the card: ``exchange-rate``."""
    fee: Decimal | None = None
    """What the vendor would add to the purchase that it was asked about; None: it did not say."""
    total: Decimal | None = None
    """What would leave the treasury for it, fees included; None: it did not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What people were told of an order before they were asked, beside its price."""

    at: datetime
    outlet: str | None = None
    """The outlet as the vendor calls it for people; None where there are no outlets."""
    fee: Decimal | None = None
    """What the vendor said that it adds; None where it did not say."""
    total: Decimal | None = None
    """What would leave the treasury, fees included; None where the vendor did not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBand:
    """The highest price at which the approved order may be sent; no lower bound.

    ``ceiling`` is what was typed after ``max``; ``reference`` is the quote people saw, and
    ``drift`` the fraction it may rise until sending (0.03 is three percent). Both absent means no
    price protection, and the card says so.
    """

    ceiling: Decimal | None = None
    reference: Decimal | None = None
    drift: Decimal = Decimal(0)
    wanted: bool = False
    """The provider can tell a price, or whether its outlet takes the order: the card waits."""
    told: Told | None = None
    """What people saw of that on the card; None while nothing has been read."""

    @property
    def limit(self) -> Decimal | None:
        """The price above which nothing is sent: the lower of ceiling and reference plus drift."""
        limits = [] if self.ceiling is None else [self.ceiling]
        if self.reference is not None:
            limits.append(_CAUTIOUS.multiply(self.reference, Decimal(1) + self.drift))
        return min(limits, default=None)

    @property
    def protects(self) -> bool:
        return self.limit is not None

    def allows(self, price: Decimal) -> bool:
        """True when a purchase at this price is what people approved."""
        return self.limit is None or price <= self.limit
