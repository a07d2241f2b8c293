"""Files for one person: what they are called and what is said beside them."""

from dataclasses import dataclass

from bot.domain.months import Month
from bot.domain.reports import Report
from bot.workflow.exporting import Totals, name_of
from commands.words import reports as words


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A file and the words beside it."""

    name: str
    content: bytes
    title: str
    comment: str
    alt_text: str = ""
    """A picture, for those who do not see it."""


def export(month: Month, content: bytes, totals: Totals) -> Parcel:
    """The rows of a month."""
    return Parcel(
        name=name_of(month),
        content=content,
        title=words.export_title(month),
        comment=words.exported(month, totals.orders, totals.spent),
    )


def chart(told: Report, picture: bytes) -> Parcel:
    """The picture of a month."""
    return Parcel(
        name=f"countersign-{told.month.text}.png",
        content=picture,
        title=words.title(told.month),
        comment=words.chart_comment(told.month),
        alt_text=words.alt_text(told),
    )
