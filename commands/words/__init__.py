"""Every sentence the bot can say, one file an occasion; what all of them share stands here.

``telling`` (an order and its states) and ``schedules`` (what recurs) have the words that others
build on, ``refused`` and ``unable`` the four parts of a refusal, ``help`` how to ask. Each sentence
says what happened, what it means and what to do; each is safe to show: whatever a person or a
vendor wrote is escaped here and nowhere else.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

LONGEST_QUOTE = 300
"""Characters of somebody else's text that are shown; the whole of it is in the records."""


_ALIKE = str.maketrans({"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"})
"""Characters that read like Slack's marks of format and are none."""


OPERATOR = "operator "
"""How the records begin the name of somebody who works on the machine itself."""


def escape(text: str, *, longest: int = LONGEST_QUOTE) -> str:
    """Foreign text for Slack's mrkdwn: nothing in it can mention, link or format.

    A mark of format becomes one that only looks like it: an invisible character beside it would
    not keep two of them from pairing up. Controls, and what turns the reading direction round,
    become spaces.
    """
    flat = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    cut = flat if len(flat) <= longest else flat[: longest - 1] + "…"
    # Inside a word an underscore cannot begin a format; the joiner is dropped when it is typed.
    words = re.sub(r"(?<=[^\W_])_(?=[^\W_])", "\0", cut)
    safe = words.translate(_ALIKE).replace("\0", "_\u2060")
    return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def squeezed(text: str, *, room: int) -> str:
    """Foreign text that takes at most ``room`` characters once it is escaped, cut at its end."""
    longest = room
    while len(safe := escape(text, longest=longest)) > room:
        longest = longest * room // len(safe)
    return safe


def phrase(text: str) -> str:
    """Foreign text inside a sentence of ours, without the full stop that it may bring along."""
    return escape(text.rstrip(" .!"))


def person(user: str) -> str:
    """A mention; the bot is called by its name, and so is somebody who works on its machine."""
    if user.startswith(OPERATOR):
        return f"{escape(user.removeprefix(OPERATOR), longest=40)} (on the machine)"
    return "Countersign" if user == "bot" else f"<@{user}>"


def people(users: Iterable[str], *, at_most: int = 8) -> str:
    """``@Ana, @Ben and 3 more``."""
    names = [person(user) for user in sorted(users)]
    if len(names) > at_most:
        names = [*names[:at_most], f"{len(names) - at_most} more"]
    return listed(names)


_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")


def mentioned(text: str) -> set[str]:
    """The people whom a sentence of ours mentions."""
    return set(_MENTION.findall(text))


def listed(words: Iterable[str], last: str = "and") -> str:
    """``a, b and c``."""
    words = list(words)
    return " ".join([", ".join(words[:-1]), last, words[-1]]) if len(words) > 1 else "".join(words)


LONGEST_SECTION = 2900
"""Characters of one section; Slack takes 3000."""

LONGEST_TEXT = 3900
"""Characters of the text beside the blocks; Slack takes 4000."""


def fitting(text: str, *, longest: int = LONGEST_SECTION) -> str:
    """The text, or as much of it as ``cut`` leaves together, with a sign that there is more."""
    if len(text) <= longest:
        return text
    first = next(cut(text, longest=longest - 2))
    return f"{first}\n…"


def cut(text: str, *, longest: int = LONGEST_SECTION) -> Iterator[str]:
    """Whole lines, as many as fit; half a line could be half a mention. A line that is too long by
    itself loses its end."""
    held: list[str] = []
    for line in text.split("\n"):
        short = line if len(line) <= longest else f"{line[: longest - 1].rsplit(' ', 1)[0]}…"
        if held and sum(len(one) + 1 for one in held) + len(short) > longest:
            yield "\n".join(held)
            held = []
        held.append(short)
    yield "\n".join(held)


def when(at: datetime) -> str:
    """The moment in the reader's own time zone, with UTC for those who read plain text."""
    plain = at.strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{plain}>"


def day(local: datetime) -> str:
    """``Fri 4 Dec 2026 9:00``: a local time, as the clock on the wall of some zone shows it."""
    return f"{local:%a} {local.day} {local:%b %Y} {local.hour}:{local:%M}"


def duration(seconds: float) -> str:
    """``10 minutes``, ``1 hour``, ``2 days``: the largest unit that fits, rounded down."""
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            return count(int(seconds // size), unit)
    return count(int(seconds), "second")


def span(length: timedelta) -> str:
    """``1 hour 30 minutes``: exactly, to the second."""
    left, parts = int(length.total_seconds()), []
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        whole, left = divmod(left, size)
        parts += [count(whole, unit)] if whole else []
    return " ".join(parts) or "no time"


_MARKUP = re.compile(r"<(?:!date\^[^|>]*\||[@#])([^>]*)>|(?<!\w)[*_`](?=\S)|(?<=\S)[*_`](?!\w)")


def unmarked(text: str) -> str:
    """A sentence of ours for a terminal: dates as UTC, ids for people, no marks of format."""
    bare = _MARKUP.sub(lambda found: found[1] or "", text).replace("\u2060", "")
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def count(number: int, one: str, many: str | None = None) -> str:
    """``1 approval``, ``2 approvals``."""
    return f"{number} {one if number == 1 else many or one + 's'}"
