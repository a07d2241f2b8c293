"""The ways in which words are not understood, as facts; ``commands.words`` has the sentences."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.money import BadAmount


class WordFault(StrEnum):
    """Why the words were not understood."""

    TOO_LONG = "too_long"
    """More than 1000 characters."""
    UNEXPECTED = "unexpected"
    """This word does not fit here."""
    INCOMPLETE = "incomplete"
    """The words end (``position`` is behind them) where ``expected`` must follow."""
    BAD_AMOUNT = "bad_amount"
    """The amount or price is not one we take: ``amount`` is the BadAmount with kind and hint."""
    MISSING_CURRENCY = "missing_currency"
    """``250 btc``: whole coins with no currency named, so that a forgotten EUR is likely."""
    UNKNOWN_CURRENCY = "unknown_currency"
    """``250 EUX btc``: not a currency of ISO 4217 that has amounts."""
    AMBIGUOUS_SYMBOL = "ambiguous_symbol"
    """The yen sign is also the yuan's: the code must be written."""
    OTHER_CURRENCY = "other_currency"
    """Two currencies where one must stand: ``€250 USD btc``, or a ``max`` in another currency."""
    NEEDLESS_CURRENCY = "needless_currency"
    """``250 EUR btc in php``: ``in`` goes only with an amount of the asset."""
    MISSING_ASSET = "missing_asset"
    """``250 EUR``: of what?"""
    NOT_AN_ASSET = "not_an_asset"
    """``250 EUR usd``: a currency or a malformed code where the asset must stand."""
    WORD_ORDER = "word_order"
    """``btc 250 EUR``: all there, in another order; ``suggestion`` has them in ours."""
    NEEDLESS_BUY = "needless_buy"
    """``/buy buy 250 EUR btc``: the command is the verb; ``suggestion`` is the rest."""
    REPEATED = "repeated"
    """An option stands twice."""
    REASON_TOO_LONG = "reason_too_long"
    """More than 300 characters after ``for``."""
    TYPED_ADDRESS = "typed_address"
    """``to bc1q...``: only names of the address book are taken."""
    BAD_ORDER_ID = "bad_order_id"
    """Not ``BUY-`` and five letters or digits."""
    BAD_SCHEDULE_ID = "bad_schedule_id"
    """Not ``REC-`` and five letters or digits."""
    BAD_MONTH = "bad_month"
    """``report octember``, ``export 2026-13``."""
    NO_TIME = "no_time"
    """``every friday``: at what time of day? ``choices`` has some."""
    WHICH_HALF = "which_half"
    """``at 9``: which half of the day? ``choices`` has both."""
    NOON_OR_MIDNIGHT = "noon_or_midnight"
    """``at 12 pm``: people mean both by it. ``choices`` has both."""
    BAD_TIME = "bad_time"
    """``at 24:10``: no clock shows that."""
    NO_DAY = "no_day"
    """``every week`` or ``every month``: on which day? ``choices`` has some."""
    SHORT_MONTHS = "short_months"
    """``on the 31st``: and in a month without one? ``choices`` has both."""
    NTH_OR_EVERY = "nth_or_every"
    """``every second friday``: of the month, or every two weeks? ``choices`` has both."""
    NO_SUCH_DAY = "no_such_day"
    """``on the 32nd``, ``on the fifth monday``."""
    OUT_OF_REACH = "out_of_reach"
    """``every 0 days``, ``every 60 weeks``."""
    UNKNOWN_ZONE = "unknown_zone"
    """``at 9:00 Europe/Lubljana``: not a name of the tz database."""
    BAD_DATE = "bad_date"
    """``until christmas``: a date is written ``2027-01-01``."""
    BAD_RUNS = "bad_runs"
    """``runs many``: a whole number from 1 to 366."""
    NO_END = "no_end"
    """A recurring purchase without ``runs`` and ``until``."""
    TWO_ENDS = "two_ends"
    """Both of them."""
    ONLY_RECURRING = "only_recurring"
    """``250 EUR btc runs 3``: how often, but not when."""
    ONLY_PURCHASES = "only_purchases"
    """``remind every friday ... missed all``: a reminder buys nothing that could be made up for."""
    NOT_RECURRING = "not_recurring"
    """``remind 250 EUR btc``: when?"""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that was perhaps meant: what it is called, and the whole command that says it."""

    label: str
    command: str


class NotUnderstood(ValueError):
    """The words mean nothing that we are sure of.

    text: the words as read (entities and links undone), which ``position`` and ``length`` count in;
    expected: literal words in lower case, or AMOUNT CURRENCY ASSET PROVIDER OUTLET TARGET REASON
    ORDER SCHEDULE SCOPE TOPIC TIME DAY DATE MONTH;
    suggestion: a word or a whole command to type instead; choices: commands, one for each thing
    that was perhaps meant; amount: for BAD_AMOUNT.
    """

    def __init__(
        self,
        kind: WordFault,
        text: str,
        position: int,
        length: int,
        *,
        expected: tuple[str, ...] = (),
        suggestion: str | None = None,
        choices: tuple[Choice, ...] = (),
        amount: BadAmount | None = None,
    ) -> None:
        super().__init__(f"{kind} at {position}")
        self.kind = kind
        self.text = text
        self.position = position
        self.length = length
        self.expected = expected
        self.suggestion = suggestion
        self.choices = choices
        self.amount = amount

    @property
    def found(self) -> str:
        """The offending words; empty when something is missing."""
        return self.text[self.position : self.position + self.length]
