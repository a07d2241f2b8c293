"""What Slack sends as the text of a command, made readable: one line, as the person saw it.

Slack escapes three characters, wraps links and mentions in angle brackets, and its editors put in
typographic quotes, dashes and spaces. All of that is undone here, before any word is looked at.
Digits of other scripts stay as they are: they are refused as amounts, never translated.
"""

import re

_INVISIBLE = "\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_CHARACTERS: dict[int, str | None] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA1)), " "),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    **{ord(mark): None for mark in _INVISIBLE},
    **dict.fromkeys(range(0x2066, 0x206A)),
    **{ord(quote): "'" for quote in "\u2018\u2019\u201a\u201b\u2032"},
    **{ord(quote): '"' for quote in "\u201c\u201d\u201e\u201f\u2033"},
    **{ord(dash): "-" for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"},
}
"""Controls become spaces, half characters a mark, invisible ones nothing, typography ASCII."""

_LINK = re.compile(r"<([@#!]|[a-z][a-z0-9+.-]*:)([^<>|]*)(?:\|([^<>]*))?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}


def readable(text: str) -> str:
    """The same words without Slack's wrapping, spaces single, nothing at either end."""
    text = cleaned(text)
    text = _LINK.sub(_label, text)
    text = _ENTITY.sub(lambda entity: _ENTITIES[entity[1]], text)
    return " ".join(text.split())


def cleaned(text: str) -> str:
    """One line of visible characters, as it may be stored and shown."""
    return " ".join(text.translate(_CHARACTERS).split())


def escaped(text: str) -> str:
    """The inverse for the three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _label(link: re.Match[str]) -> str:
    """``<@U1|ben>`` is @ben, ``<#C1|money>`` is #money, ``<http://a.b|a.b>`` a.b."""
    sign, target, label = link[1], link[2], link[3]
    if sign in "@#":
        return sign + (label or target).lstrip(sign)
    if sign == "!":
        if target.startswith("date^"):
            return label or target
        return "@" + (label or target.removeprefix("subteam^")).lstrip("@")
    return label or sign + target
