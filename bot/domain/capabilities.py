"""What a provider can do, as data: the sheet that drives the workflow.

Nobody outside a vendor's own file asks "is this Kriptomat?"; they ask the sheet. A new vendor is a
new sheet, and every decision about retries, doubt, buttons and words follows from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.domain.money import Money


class Lookup(StrEnum):
    """By what a purchase whose reply was lost can be found again."""

    REFERENCE = "reference"
    """The vendor stores an id of ours and lists it: a match is proof."""
    ATTRIBUTES = "attributes"
    """Only amount, pair and time: a match is evidence, never proof by itself."""
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One provider's capabilities.

    Amounts are in major units. ``key_lifetime`` is ``None`` where the vendor has no idempotency
    key; where it has one but documents no lifetime, the configured assumption stands here.
    """

    provider: str
    """Canonical configuration name, such as ``kriptomat``."""
    title: str
    """What people call it, such as ``Kriptomat``."""
    currencies: frozenset[str]
    """ISO 4217 codes that can be spent."""
    assets: frozenset[str]
    """Lower-case asset codes that can be bought."""
    assets_because: str | None = None
    """Why it is these and no others, as a sentence; None: the configuration names them."""
    spends_currency: bool = True
    """``250 EUR btc``: the amount is money."""
    spends_asset: bool = False
    """``0.005 btc in php``: the amount is the asset's."""
    key_lifetime: timedelta | None = None
    """How long the vendor's own idempotency key protects a resend of the same body."""
    lookup: Lookup = Lookup.NONE
    looks_at: str = "its list of purchases"
    """Where a look-up looks, in words that follow "at Kriptomat, in"."""
    listing_lag: timedelta = timedelta(seconds=30)
    """How long a purchase may be missing from the listing: absence proves nothing before that."""
    free_until_paid: bool = False
    """An unpaid duplicate costs nothing (Coins.ph)."""
    payment_window: timedelta | None = None
    """How long an unpaid order can still be paid at the vendor; None where nothing is paid."""
    quotes: bool = False
    """A price can be read before buying."""
    sends_rate: bool = False
    """The price that was read right before sending goes into the request. Only without a key: with
    one, what is sent again must be the same to the byte."""
    cancellable: bool = False
    payment_step: bool = False
    outlets: bool = False
    """``using ...`` in the words means something here, and the vendor says what an outlet takes."""
    outlet: str | None = None
    """The outlet of an order whose words name none."""
    targets: Mapping[str, str] = field(default_factory=dict)
    """The address book: what ``to cold`` stands for, as the vendor names the wallet."""
    credited: str | None = None
    """Who receives what is bought without ``to``, as a phrase. None: it must be named, or cannot be
    where there are no ``targets``."""
    minimum: Decimal | None = None
    """The smallest order in the provider's currency, where known."""
    fee_allowance: Decimal = Decimal(0)
    """A fraction counted into limits until the vendor tells the real fee: 0.02 is two percent."""
    total_has_fees: bool = True
    """What the vendor books as the cost holds its fees; False: they may come on top."""
    survey_from: int | None = None
    """From so many purchases that are due together on, its list is read once for all of them
    instead of each by itself; None: it has no list to read."""
    poll_seconds: tuple[int, ...] = (0, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600)
    """Back-off between status reads; the last repeats until the order is final. The first is at
    once and the second soon: most are done by then, and somebody is looking at the card."""
    watch_seconds: tuple[int, ...] = (3600, 6 * 3600, 86400, 3 * 86400, 7 * 86400)
    """When an ended order that was sent is looked at again, each after the one before: a purchase
    may be reversed, or may turn up after everybody thought that there was none. Then no more."""
    settles_within: timedelta = timedelta(days=1)
    """How long a purchase usually takes from its sending to its end; one that takes longer is
    called out, and once more each day."""
    caution: str | None = None
    """What an operator must know before relying on it, as a sentence."""
    first_order_at_most: Money | None = None
    """The most that one order may cost until one has been completed here; None: no cap."""

    @property
    def has_list(self) -> bool:
        """There is a list in which a purchase can be looked for."""
        return self.lookup is not Lookup.NONE

    @property
    def has_native_key(self) -> bool:
        """Resending the same key and body inside ``key_lifetime`` cannot buy twice."""
        return self.key_lifetime is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a provider has answered lately, as its client has seen it since the process began."""

    failures: int = 0
    """Calls in a row that got no sane answer."""
    errors: int = 0
    """Calls that got none since the process began."""
    paused_until: datetime | None = None
    """Nothing is sent before then; None: calls are made as usual."""
    answered_at: datetime | None = None
    """The last sane answer."""
    trouble: str | None = None
    """Why the last call failed, as a phrase without a secret; None once one has been answered."""
