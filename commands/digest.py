"""The digest becomes a message: one block a part, so that a long one never pushes out another."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.domain.orders import State
from bot.workflow.digesting import Digest
from commands.blocks import context, section
from commands.cards import Message, Setting
from commands.words import digest as words
from commands.words import fitting, freezing


def message(digest: Digest, setting: Setting, zone: ZoneInfo, *, repeated: bool) -> Message:
    """``repeated``: it may stand in the channel already."""
    heading = words.title(digest.at, zone)
    counts = digest.waiting.count, digest.under_way.count, digest.in_doubt.count
    text = words.summary(heading, *counts, digest.ended.get(State.COMPLETED, 0))
    parts = [f"*{heading}*", *_parts(digest, setting)]
    small = [words.log(digest.head.number, digest.head.hash)]
    if repeated:
        small.append(words.REPEATED)
    blocks = [*(section(fitting(part)) for part in parts), context(*small)]
    return Message(text=text, blocks=blocks)


def _parts(digest: Digest, setting: Setting) -> Iterable[str]:
    if digest.freezes:
        yield "\n".join(freezing.line(one, setting.titles) for one in digest.freezes)
    waiting, at = digest.waiting, digest.at
    yield words.part(
        "Waiting for approval",
        waiting.count,
        (words.waiting(one, setting.title(one), setting.roster, at) for one in waiting.orders),
    )
    for name, group in (("Under way", digest.under_way), ("In doubt", digest.in_doubt)):
        lines = (words.moving(one, setting.title(one), at) for one in group.orders)
        yield words.part(name, group.count, lines)
    yield words.ended(digest.ended, digest.spent, digest.since)
    yield words.part(
        "Recurring, next dates",
        digest.recurs,
        (words.coming(one, setting.titles) for one in digest.coming),
        more="`/buy schedules`",
    )
    yield words.compared(digest.comparisons, digest.unlisted, setting.titles, at)
    if digest.budgets:
        yield words.part("Budgets", len(digest.budgets), map(words.budget, digest.budgets))
