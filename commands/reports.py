"""``/buy report [MONTH]`` and ``/buy export [MONTH]``: what a month was, for readers.

The report is the answer itself. Files are owed, and follow into the asker's direct messages.
"""

from collections.abc import Iterator

from bot.domain.months import Month, Said, meant, month_of
from bot.domain.reports import Report
from bot.workflow import reporting
from commands.blocks import context, header, section
from commands.cards import Setting
from commands.room import Reply, Room
from commands.standing import not_a_reader
from commands.words import LONGEST_TEXT, fitting
from commands.words import reports as words


async def report(room: Room, said: Said, *, user: str) -> Reply:
    """The month in figures; its picture comes later, where there is somebody to draw it."""
    month = _month(room, user, said)
    if isinstance(month, Reply):
        return month
    told = await reporting.month(room.desk, month)
    drawn = bool(told.days) and room.draws
    if drawn:
        await reporting.owe_file(room.desk, reporting.CHART, month, user=user)
    return _message(room, told, drawn=drawn)


async def export(room: Room, said: Said, *, user: str) -> Reply:
    """The month as a file for the asker alone."""
    month = _month(room, user, said)
    if isinstance(month, Reply):
        return month
    await reporting.owe_file(room.desk, reporting.EXPORT, month, user=user)
    return Reply(text=words.export_comes(month))


def _month(room: Room, user: str, said: Said) -> Month | Reply:
    """Which month is meant, or why there is none for this person."""
    if (refusal := not_a_reader(room, user)) is not None:
        return refusal
    today = month_of(room.desk.now(), room.desk.zone)
    month = meant(said, today)
    return Reply(text=words.not_begun(month)) if month > today else month


def _message(room: Room, told: Report, *, drawn: bool) -> Reply:
    """Bars are for eyes: whoever listens hears the same in a sentence."""
    heading, notes = words.title(told.month), [words.small(told, room.desk.zone)]
    parts = list(_parts(told, room.setting()))
    days = words.alt_text(told) if told.days else ""
    shown = [*parts, *([words.bars(told)] if told.days else [])]
    notes += [words.CHART_COMES] if drawn else []
    blocks = [header(heading), *(section(fitting(part)) for part in shown), context(*notes)]
    text = "\n".join([f"*{heading}*", *parts, *([days] if days else []), *notes])
    return Reply(text=fitting(text, longest=LONGEST_TEXT), blocks=blocks)


def _parts(told: Report, setting: Setting) -> Iterator[str]:
    yield words.spent(told, setting.titles)
    if told.requesters:
        yield words.people("Asked for by", told.requesters, setting.roster)
    if told.approvers:
        yield words.people("Approved by", told.approvers, setting.roster)
    yield words.rest(told)
