"""What Slack makes of the words that a person types after a slash command.

With ``should_escape`` on, a name picked from the list arrives as an id, an address as a link, and
``& < >`` as entities. Parsers meet exactly this, so the pretend Slack must write exactly this: a
bare ``coins.ph`` arrives as ``<http://coins.ph|coins.ph>``.
"""

import re
from collections.abc import Mapping
from html import escape

from bot.playground.workspace import Workspace

_ENDINGS = "com|org|net|io|ph|network|eu|si|app|dev|co|finance|exchange|ee|de|uk|ai|me|us"
_LINK = re.compile(
    r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<url>https?://[^\s<>|]+)"
    rf"|(?P<bare>(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:{_ENDINGS})(?![\w.-])(?:/[^\s<>|]*)?)",
    re.IGNORECASE,
)

_LABELLED = re.compile(r"<(@[UW][A-Z0-9]+|!subteam\^S[A-Z0-9]+)\|[^<>]*>")


def as_sent(typed: str, workspace: Workspace) -> str:
    """The ``text`` of the payload for what was typed, with ``should_escape`` on."""
    named = _named(workspace)
    choices = sorted(named, key=len, reverse=True)
    pattern = "|".join(re.escape(name) for name in choices)
    mention = re.compile(rf"(?<![\w.])(?:{pattern})(?!\w)", re.IGNORECASE) if choices else None
    sent: list[str] = []
    at = 0
    while at < len(typed):
        found = (mention.match(typed, at) if mention else None) or _LINK.match(typed, at)
        if found is None:
            sent.append(escape(typed[at], quote=False))
            at += 1
            continue
        sent.append(named.get(found.group(0).lower()) or _linked(found.groupdict()))
        at = found.end()
    return "".join(sent)


def as_written(typed: str, workspace: Workspace) -> str:
    """The ``text`` of a message for what was typed: as in a command, but ids come without names."""
    return _LABELLED.sub(r"<\1>", as_sent(typed, workspace))


def _linked(parts: Mapping[str, str | None]) -> str:
    if mail := parts.get("mail"):
        return f"<mailto:{mail}|{mail}>"
    if bare := parts.get("bare"):
        return f"<http://{bare}|{bare}>"
    return f"<{escape(parts.get('url') or '', quote=False)}>"


def _named(workspace: Workspace) -> dict[str, str]:
    named = {f"@{word}": f"<!{word}>" for word in ("here", "channel", "everyone")}
    for channel in workspace.channels.values():
        if channel.im_with is None:
            label = "" if channel.is_private else channel.name
            named[f"#{channel.name}".lower()] = f"<#{channel.id}|{label}>"
    for group in workspace.groups.values():
        named[f"@{group.handle}".lower()] = f"<!subteam^{group.id}|@{group.handle}>"
    for person in workspace.people.values():
        for name in (person.name, person.handle):
            named[f"@{name}".lower()] = f"<@{person.id}|{person.handle}>"
    return named
