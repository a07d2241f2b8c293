"""What somebody meant, as data: the words of ``/buy`` after parsing, before any rule is asked."""

from dataclasses import dataclass, field

from bot.domain.months import Said
from bot.domain.plans import Plan
from bot.domain.requests import Buy

__all__ = [
    "Budgets",
    "Buy",
    "Cancel",
    "Change",
    "Explain",
    "Export",
    "Freeze",
    "Help",
    "Intent",
    "List",
    "Plan",
    "Providers",
    "Report",
    "Schedules",
    "ShowPolicy",
    "Status",
    "Unfreeze",
]


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
class Schedules:
    """``schedules``: what recurs; ``schedules REC-7K3FQ``: all about one."""

    schedule_id: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """``pause|resume|skip|stop REC-7K3FQ``."""

    verb: str
    schedule_id: str


@dataclass(frozen=True, slots=True)
class Freeze:
    """``freeze REASON``, ``freeze only kriptomat: REASON``; ``only`` is a provider or an asset."""

    reason: str
    only: str | None = None


@dataclass(frozen=True, slots=True)
class Unfreeze:
    """``unfreeze`` (whatever is frozen), ``unfreeze only kriptomat``."""

    only: str | None = None


@dataclass(frozen=True, slots=True)
class Providers:
    """``providers``: what each can do and how it is."""


@dataclass(frozen=True, slots=True)
class Budgets:
    """``budget``: what has become of every budget."""


@dataclass(frozen=True, slots=True)
class Report:
    """``report [MONTH]``: what was spent in a month."""

    month: Said = field(default_factory=Said)


@dataclass(frozen=True, slots=True)
class Export:
    """``export [MONTH]``: a month as a file."""

    month: Said = field(default_factory=Said)


@dataclass(frozen=True, slots=True)
class Explain:
    """``explain BUY-7K3FQ``, ``explain 250 EUR btc``; alone, in a thread: the order of its card."""

    what: Buy | str | None = None


@dataclass(frozen=True, slots=True)
class ShowPolicy:
    """``policy``: all of it."""


@dataclass(frozen=True, slots=True)
class Help:
    topic: str | None = None


Intent = (
    Buy
    | Plan
    | Schedules
    | Change
    | Status
    | List
    | Cancel
    | Freeze
    | Unfreeze
    | Providers
    | Budgets
    | Report
    | Export
    | Explain
    | ShowPolicy
    | Help
)
