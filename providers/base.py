"""The port: what the workflow asks of a vendor, and the three errors that a vendor may answer.

Each vendor is one file beside this one. A vendor's file turns an order into the exact bytes that
will be sent (``draft``, pure), sends them (``buy``), and reads the truth back (``find``,
``status``, ``list_since``, ``quote``). It keeps no state of the order: what must survive a crash is
saved by the workflow before ``buy`` is called.

Errors are named by what the caller does next, see ``Refused``, ``Unavailable``, ``Uncertain``.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from bot.domain.capabilities import Health, Sheet
from bot.domain.money import Money, Quantity
from bot.domain.quotes import Quote


class ProviderError(Exception):
    """Anything a vendor's client may raise.

    ``reason`` is a clause for people. ``detail`` is what operators want to know besides, the class
    of the error and the host; neither holds a secret.
    """

    def __init__(self, reason: str, *, detail: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail

    @property
    def in_full(self) -> str:
        """For the log and the records."""
        return self.reason if self.detail is None else f"{self.reason} ({self.detail})"


class Refused(ProviderError):
    """A definitive no: no money moved and none will. The vendor's own words are the reason."""


class Unavailable(ProviderError):
    """Surely not executed: the same key may be sent again, after ``after`` seconds.

    ``after`` is what the vendor asked for; None means our own back-off.
    """

    def __init__(
        self, reason: str, after: float | None = None, *, detail: str | None = None
    ) -> None:
        super().__init__(reason, detail=detail)
        self.after = after


class Uncertain(ProviderError):
    """The purchase may have happened. Never retried blindly; only evidence settles it.

    ``exists`` is True when the vendor said that it has already seen our key (a duplicate-key reply
    without an id): a purchase is there, we only do not know which one.
    """

    def __init__(self, reason: str, *, exists: bool = False, detail: str | None = None) -> None:
        super().__init__(reason, detail=detail)
        self.exists = exists


class Progress(StrEnum):
    """A vendor's status word in our terms. An unknown word is UNDERWAY: not final, always shown."""

    UNDERWAY = "underway"
    AWAITING_PAYMENT = "awaiting payment"
    COMPLETED = "completed"
    FAILED = "failed"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """What to buy: the approved terms and the key, nothing that a vendor must not know."""

    order_id: str
    key: str
    """128 random bits in hex, minted with the order; the vendor's idempotency key if it has one."""
    asset: str
    spend: Money | Quantity
    """``250 EUR`` or ``0.005 btc``."""
    currency: str
    """ISO 4217 code of what leaves the treasury."""
    outlet: str | None = None
    target: str | None = None
    rate: Decimal | None = None
    """The price that was read right before sending, where the vendor is sent it
    (``sheet.sends_rate``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The exact request that will be sent, stored with its sha256 before the first byte leaves."""

    method: str
    path: str
    body: bytes
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The vendor's truth about one purchase, in our terms, with its raw words kept.

    Amounts are major units, exact Decimals; None where the vendor did not tell. ``raw`` is the row
    as received, with numbers as Decimal.
    """

    ref: str
    progress: Progress
    word: str
    """The vendor's own status word as it came; empty when none was given."""
    strange: bool = False
    """Nobody documents the word: it is shown, and proves nothing, not even that it was paid."""
    asset: str | None = None
    currency: str | None = None
    total: Decimal | None = None
    """What left the treasury, fees included unless ``sheet.total_has_fees`` says otherwise."""
    fee: Decimal | None = None
    quantity: Decimal | None = None
    """Asset received (or to be received)."""
    ordered: Decimal | None = None
    """Asset that was ordered, where that is told beside what was received and may differ."""
    price: Decimal | None = None
    """Currency per one unit of the asset."""
    at: datetime | None = None
    """The vendor's time of the purchase, aware UTC."""
    outlet: str | None = None
    """The payment outlet that the vendor booked."""
    wallet: str | None = None
    """Where the asset goes, as the vendor names it."""
    chain: str | None = None
    """The network on which the asset arrives."""
    pay_by: datetime | None = None
    """Until when an unpaid purchase can be paid, aware UTC."""
    settles_on: str | None = None
    """The day of settlement as the vendor writes it."""
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A purchase at the vendor that may be ours. ``exact``: matched by a reference of ours."""

    report: Report
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What one walk over a vendor's list has shown of the purchases that were looked for."""

    found: Mapping[str, Report]
    """By the vendor's reference."""
    whole: bool
    """The list was read to its end. If not, what is missing from ``found`` proves nothing."""
    pages: int
    """Calls that it took, for the choice between walking and asking one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructions:
    """How a purchase is to be paid: shown to the payer alone."""

    amount: Decimal | None
    """What the vendor's order says that has to be paid, major units; None where it does not. Fees
    may come on top where ``sheet.total_has_fees`` is False."""
    currency: str
    outlet: str
    """The outlet as people call it."""
    text: str
    """The vendor's own words, as they came."""
    pay_by: datetime | None = None


class Nonces(Protocol):
    """Numbers that only grow, also across restarts: what a signature may use once."""

    async def next(self, account: str, at_least: int) -> int:
        """A number above every one given for this account before, and not below ``at_least``."""
        ...


@runtime_checkable
class Payable(Protocol):
    """What a vendor with ``sheet.payment_step`` can do besides ``Provider``.

    ``instructions`` is a read. ``mark_paid`` and ``cancel`` change what is paid for or taken back;
    both may be repeated, and what they did is read back with ``status``.
    """

    async def instructions(self, ref: str) -> Instructions:
        """How to pay. Raises Unavailable or Refused."""
        ...

    async def mark_paid(self, ref: str, code: str | None) -> None:
        """Tell the vendor that it is paid. Raises Refused, Unavailable or Uncertain."""
        ...

    async def cancel(self, ref: str) -> None:
        """Take an unpaid purchase back. Raises Refused, Unavailable or Uncertain."""
        ...


@runtime_checkable
class Surveyor(Protocol):
    """What a vendor with ``sheet.survey_from`` can do besides ``Provider``."""

    async def survey(self, refs: Collection[str]) -> Survey:
        """Read the list until all of these were seen, or it ends. A read.

        A page that fails ends the walk, and what was seen until then counts. Raises Unavailable or
        Refused when no page could be read.
        """
        ...


@runtime_checkable
class Outlets(Protocol):
    """What a vendor with ``sheet.outlets`` can do besides ``Provider``."""

    async def takes(self, purchase: Purchase, *, price: Decimal | None) -> str:
        """The purchase can be paid where it says: the outlet as people call it. A read.

        ``price`` is for an amount of the asset; None where none is known. Raises Refused with a
        phrase that says what would do (not known, closed, outside its limits), or Unavailable.
        """
        ...


class Provider(Protocol):
    """A vendor. All methods but ``draft`` do network I/O and may raise the three errors.

    Reads (``find``, ``status``, ``list_since``, ``quote``, ``check``) raise only ``Unavailable``
    and ``Refused`` (of configuration: wrong credentials); never ``Uncertain``.
    """

    @property
    def sheet(self) -> Sheet: ...

    @property
    def health(self) -> Health:
        """How the vendor has answered lately; asking makes no call."""
        ...

    def draft(self, purchase: Purchase) -> Draft:
        """Pure: the bytes to send. Raises Refused when this vendor cannot express the purchase."""
        ...

    async def ready(self) -> None:
        """Do what must come before a purchase, such as a login. Raises Unavailable or Refused."""
        ...

    async def buy(self, draft: Draft) -> Report:
        """Send exactly the drafted bytes, once. Raises Refused, Unavailable or Uncertain."""
        ...

    async def find(self, purchase: Purchase, *, since: datetime) -> list[Found]:
        """Purchases at the vendor, not older than ``since``, that may be this one."""
        ...

    async def status(self, ref: str) -> Report | None:
        """The purchase under the vendor's reference; None while the vendor does not list it."""
        ...

    async def list_since(self, since: datetime) -> list[Report]:
        """All purchases since then, as the vendor lists them."""
        ...

    async def quote(self, purchase: Purchase) -> Quote:
        """The price now, and what this purchase would cost where the vendor says so.

        Raises Refused when this provider has no quote (``sheet.quotes``), or would not sell this.
        """
        ...

    async def check(self) -> str:
        """Log in and make one harmless read; a short sentence for ``countersign doctor``."""
        ...

    async def aclose(self) -> None: ...
