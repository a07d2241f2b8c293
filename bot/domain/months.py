"""Months: as people say them, and as the calendar of a time zone has them.

A month begins with its first moment where the team is, so the months of a zone follow each other
without a gap and without an overlap, whatever its clocks are set to on that night.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.windows import first_instant, window_at

NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

FIRST_YEAR, LAST_YEAR = 2000, 2099
"""Years that are meant when somebody types four digits."""

_ISO = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_NAMED = re.compile(r"([a-z]+)(?: (\d{4}))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """``number`` is 1 to 12."""

    year: int
    number: int

    @property
    def text(self) -> str:
        """``2026-11``."""
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def words(self) -> str:
        """``November 2026``."""
        return f"{NAMES[self.number - 1]} {self.year}"

    def plus(self, months: int) -> "Month":
        """So many months later, or earlier."""
        count = self.year * 12 + self.number - 1 + months
        return Month(count // 12, count % 12 + 1)

    def begins(self, zone: ZoneInfo) -> datetime:
        """Its first moment there, in UTC; that of a budget's window, too."""
        return first_instant(date(self.year, self.number, 1), zone)

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Its first moment and that of the next month, in UTC."""
        return self.begins(zone), self.plus(1).begins(zone)


def month_of(at: datetime, zone: ZoneInfo) -> Month:
    """The month in which a moment falls there."""
    local = window_at("month", zone.key, at).start.astimezone(zone)
    return Month(local.year, local.month)


@dataclass(frozen=True, slots=True)
class Said:
    """A month as somebody has said it: which one that is depends on the day.

    ``back``: so many months before the present one, and nothing else is said then.
    """

    number: int | None = None
    year: int | None = None
    back: int = 0

    @property
    def text(self) -> str:
        """As ``said`` reads it: nothing, ``last month``, ``november`` or ``2026-11``."""
        if self.number is None:
            return "last month" if self.back else ""
        if self.year is None:
            return NAMES[self.number - 1].lower()
        return Month(self.year, self.number).text


def said(text: str) -> Said:
    """``2026-11``, ``november``, ``nov 2026``, ``last month``, nothing. Raises ValueError."""
    words = " ".join(text.lower().split())
    if words in {"", "this month"}:
        return Said()
    if words == "last month":
        return Said(back=1)
    if found := _ISO.fullmatch(words):
        return _checked(int(found[2]), int(found[1]))
    found = _NAMED.fullmatch(words)
    number = _number(found[1]) if found else None
    if found is None or number is None:
        raise ValueError(f"{text!r} is no month")
    return _checked(number, int(found[2]) if found[2] else None)


def meant(one: Said, today: Month) -> Month:
    """The month that was meant; a name without a year is the latest one that has begun."""
    if one.number is None:
        return today.plus(-one.back)
    if one.year is not None:
        return Month(one.year, one.number)
    this_year = Month(today.year, one.number)
    return this_year if this_year <= today else this_year.plus(-12)


def _number(word: str) -> int | None:
    """``november`` or its first three letters (``sept`` too), or None."""
    for number, name in enumerate(NAMES, 1):
        full = name.lower()
        if word == full or (len(word) in {3, 4} and full.startswith(word)):
            return number
    return None


def _checked(number: int, year: int | None) -> Said:
    if not 1 <= number <= 12 or (year is not None and not FIRST_YEAR <= year <= LAST_YEAR):
        raise ValueError("there is no such month")
    return Said(number=number, year=year)
